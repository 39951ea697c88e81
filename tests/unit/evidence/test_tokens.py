"""Tokens by themselves: their shape, and the certificate that may make them."""

from __future__ import annotations

import pytest
from asn1crypto import cms, tsp, x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from archiver.evidence.build import build_records
from archiver.evidence.query import Query, read_answer
from archiver.evidence.verify import verify_record
from archiver.signing.errors import TokenInvalid
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import sign_manifest
from archiver.signing.signatures.tokens import MAX_TOKEN_BYTES, examine_token, read_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from archiver.verdict import State
from formats.digests import SHA256, Digest
from tests.packages import SIGNED, signer
from tests.unit.evidence.life import first, year

IMPRINT = Digest.of(b"data")
TIMES = ExtendedKeyUsageOID.TIME_STAMPING
MAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION


@pytest.fixture(scope="module")
def token():
    return first().at(year(2026))(IMPRINT)


def trust():
    return Trust(at=year(2027), tsa_roots=first().roots)


def test_what_it_says(token):
    token_info = read_token(token)
    assert (token_info.imprint, token_info.time) == (IMPRINT, year(2026))
    found = examine_token(token, IMPRINT, trust())
    assert (found.stamp.genuine, found.stamp.path_status) == (True, PathStatus.TRUSTED)
    assert [(use.name, use.bits) for use in found.uses] == [
        ("sha256", 0),
        ("sha256_ecdsa", 256),
        ("secp256r1", 0),
    ]
    assert (found.start, found.end) == (year(2026, 1), year(2031, 1))


def test_over_something_else_it_is_not_genuine(token):
    assert not examine_token(token, Digest(SHA256, bytes(32)), trust()).stamp.genuine


def test_an_imprint_of_another_length_equals_no_digest():
    """Whatever it says: it is read as it is stated, and is over something else."""
    token, _, response = stamped_with([TIMES], digest=Digest(SHA256, b"short"))
    assert read_token(token).imprint == Digest(SHA256, b"short")
    assert read_token(token).imprint != IMPRINT
    with pytest.raises(TokenInvalid, match="something else"):
        read_answer(response, Query(digest=IMPRINT, nonce=1))


def changed(token, change):
    content = cms.ContentInfo.load(token).copy()
    change(content["content"])
    return content.dump()


def doubled(signed):
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def emptied(signed):
    signed["certificates"] = cms.CertificateSet([])


def renamed(signed):
    signed["encap_content_info"]["content_type"] = "data"


@pytest.mark.parametrize(
    ("change", "reason"),
    [(doubled, "one signer"), (emptied, "missing or too many"), (renamed, "something else than a time")],
)
def test_another_shape_is_refused(token, change, reason):
    with pytest.raises(TokenInvalid, match=reason):
        read_token(changed(token, change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x00",
        b"no token",
        bytes(MAX_TOKEN_BYTES + 1),
        cms.ContentInfo({"content_type": "data"}).dump(),
    ],
)
def test_what_is_no_token_is_refused(data):
    with pytest.raises(TokenInvalid):
        read_token(data)


def stamped_with(purposes, *, critical=True, digest=IMPRINT):
    """Return a token made with a certificate of these purposes, and that certificate as its own root."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stamper")])
    built = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(year(2026, 1))
        .not_valid_after(year(2030))
    )
    if purposes:
        built = built.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    leaf = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    clock = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(leaf),
        tsa_key=PrivateKeyInfo.load(key.private_bytes(*form)),
        fixed_dt=year(2026),
    )
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest.value})
    request = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": 1, "cert_req": True})
    response = clock.request_tsa_response(request)
    return response["time_stamp_token"].dump(), leaf, response.dump()


OTHER_THINGS = pytest.mark.parametrize(
    ("purposes", "critical"), [([], True), ([MAIL], True), ([TIMES, MAIL], True), ([TIMES], False)]
)


@OTHER_THINGS
def test_a_certificate_for_other_things_is_nobodys_authority(purposes, critical):
    token, leaf, response = stamped_with(purposes, critical=critical)
    found = examine_token(token, IMPRINT, Trust(at=year(2027), tsa_roots=(leaf,)))
    assert (found.stamp.genuine, found.stamp.path_status) == (True, PathStatus.UNTRUSTED)
    # whoever asks for a time-stamp takes none of these
    with pytest.raises(TokenInvalid, match="time-stamps alone"):
        read_answer(response, Query(digest=IMPRINT, nonce=1))


@OTHER_THINGS
def test_beside_a_signature_and_in_evidence_it_proves_the_same(purposes, critical):
    """Nothing, and nothing in it is false: the same answer in both places."""
    leaves = []

    def stamp(digest):
        token, leaf, _ = stamped_with(purposes, critical=critical, digest=digest)
        leaves.append(leaf)
        return token

    signature = sign_manifest(b"<list/>", signer(), at=SIGNED, stamp=stamp)
    beside = answer_signature(
        signature, b"<list/>", Trust(at=year(2027), tsa_roots=tuple(leaves)), where="s"
    ).existed_at
    (record,) = build_records([[IMPRINT]], stamp)
    objects = {"unit": {SHA256: IMPRINT}}
    inside = verify_record(record, objects, Trust(at=year(2027), tsa_roots=tuple(leaves))).existed_at
    assert beside.state is inside.state is State.UNKNOWN
    assert beside.code == inside.code == "timestamp-untrusted"


def test_a_certificate_for_time_stamps_is_taken():
    token, leaf, response = stamped_with([TIMES])
    found = examine_token(token, IMPRINT, Trust(at=year(2027), tsa_roots=(leaf,)))
    assert (found.stamp.genuine, found.stamp.path_status) == (True, PathStatus.TRUSTED)
    assert read_answer(response, Query(digest=IMPRINT, nonce=1)) == token
    assert [(use.name, use.bits) for use in found.uses] == [("sha256", 0), ("sha256_rsa", 2048)]
