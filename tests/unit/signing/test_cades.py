"""The signature itself: what is accepted, what is refused, and what a time-stamp or a revocation changes."""

import asyncio
import os
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, crl, keys, tsp, x509 as asn1_x509  # noqa: F401 - tsp before cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.signing.errors import SignatureInvalid
from archiver.signing.keys.key_file import SignerName, make_signer
from archiver.signing.signatures.answers import answer_signature
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from archiver.verdict import State
from tests.packages import SIGNED, counted, signer, trust
from tests.tools import need, run

DATA = b"<the list/>"


@pytest.fixture(scope="module")
def signature():
    return sign_manifest(DATA, signer(), at=SIGNED)


def test_a_good_signature(signature):
    found = examine_signature(signature, DATA, trust(signer()))
    assert (found.path_status, found.signed_at, found.stamp) == (PathStatus.TRUSTED, SIGNED, None)
    assert found.signer.fingerprint == signer().fingerprint
    assert found.signer.end - found.signer.start == timedelta(days=3653)


def test_the_same_data_and_time_give_the_same_signature(signature):
    assert sign_manifest(DATA, signer(), at=SIGNED) == signature


@pytest.mark.parametrize(("year", "form"), [(2049, "utc_time"), (2050, "generalized_time")])
def test_the_time_it_states_has_its_century_from_2050_on(tmp_path, year, form):
    by = make_signer(SignerName(name="Dr Anne Future"), at=datetime(2045, 1, 1, tzinfo=UTC), random=counted())
    at = datetime(year, 6, 1, 9, 30, tzinfo=UTC)
    signature = sign_manifest(DATA, by, at=at)
    (signed,) = cms.ContentInfo.load(signature)["content"]["signer_infos"]
    (stated,) = (one["values"][0] for one in signed["signed_attrs"] if one["type"].native == "signing_time")
    assert stated.name == form
    assert examine_signature(signature, DATA, trust(by, at=at)).signed_at == at
    (tmp_path / "roots.pem").write_text("".join(map(ssl.DER_cert_to_PEM_cert, by.roots)))
    (tmp_path / "signature").write_bytes(signature)
    (tmp_path / "data").write_bytes(DATA)
    run(
        need("openssl"), "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "signature",
        "-content", "data", "-CAfile", "roots.pem", "-purpose", "any", "-out", os.devnull,
        "-attime", str(int(at.timestamp())), cwd=tmp_path,
    )  # fmt: skip


def test_the_root_does_not_travel_inside(signature):
    inside = cms.ContentInfo.load(signature)["content"]["certificates"]
    assert [one.dump() for one in inside] == [signer().certificate]


def test_over_something_else(signature):
    with pytest.raises(SignatureInvalid, match="something else"):
        examine_signature(signature, DATA + b" ", trust(signer()))


@pytest.mark.parametrize("broken", [b"", b"0", b"\x30\x80", b"no signature", bytes(MAX_SIGNATURE_BYTES + 1)])
def test_what_is_no_signature(broken):
    with pytest.raises(SignatureInvalid):
        examine_signature(broken, DATA, trust(signer()))


def test_trailing_bytes_are_refused(signature):
    with pytest.raises(SignatureInvalid):
        examine_signature(signature + b"\x00", DATA, trust(signer()))


@pytest.mark.parametrize("step", range(7))
def test_no_flipped_byte_leaves_a_trusted_signature(signature, step):
    for position in range(step, len(signature), 28):
        broken = bytearray(signature)
        broken[position] ^= 0x20 if position % 2 else 1 << position % 7
        try:
            found = examine_signature(bytes(broken), DATA, trust(signer()))
        except SignatureInvalid:
            continue
        assert found.path_status is not PathStatus.TRUSTED, position


def resaved(signature, change):
    content = cms.ContentInfo.load(signature).copy()
    change(content["content"])
    return content.dump()


def test_a_certificate_that_is_not_of_the_chain_is_refused(signature):
    outsider = asn1_x509.Certificate.load(signer("Dr Paul Inconnu").certificate)
    with pytest.raises(SignatureInvalid, match="not of its chain"):
        changed = resaved(
            signature, lambda one: one["certificates"].append(cms.CertificateChoices("certificate", outsider))
        )
        examine_signature(changed, DATA, trust(signer()))


def test_two_signers_are_refused(signature):
    changed = resaved(signature, lambda one: one["signer_infos"].append(one["signer_infos"][0].copy()))
    with pytest.raises(SignatureInvalid, match="exactly one signer"):
        examine_signature(changed, DATA, trust(signer()))


# -- time-stamps and revocation -----------------------------------------------------------


class Authority:
    """A root of its own with one certificate below it, for a time-stamp or a signer."""

    def __init__(self, name, *, stamps):
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        # pyHanko's test authority stamps with RSA only
        self.key = (
            rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        )
        self.root = (
            self._built(name, self.root_key.public_key(), 1)
            .add_extension(x509.BasicConstraints(True, 0), True)
            .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), True)
            .sign(self.root_key, hashes.SHA256())
        )
        self.name = name
        leaf = self._built(name, self.key.public_key(), 2, f"{name} leaf").add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        if stamps:
            leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        self.leaf = leaf.sign(self.root_key, hashes.SHA256())

    def _built(self, issuer, key, number, subject=""):
        def named(text):
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        return (
            x509.CertificateBuilder()
            .issuer_name(named(issuer))
            .subject_name(named(subject or issuer))
            .public_key(key)
            .serial_number(number)
            .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2030, 1, 1, tzinfo=UTC))
        )

    def certificate(self):
        return asn1_x509.Certificate.load(self.leaf.public_bytes(serialization.Encoding.DER))

    def root_der(self):
        return self.root.public_bytes(serialization.Encoding.DER)

    def private(self):
        form = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return keys.PrivateKeyInfo.load(self.key.private_bytes(*form))

    def revocations(self, *revoked):
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(SIGNED)
            .next_update(SIGNED + timedelta(days=365))
        )
        for number in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(SIGNED).build()
            built = built.add_revoked_certificate(one)
        return built.sign(self.root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def signed_by(authority, *, timestamper=None):
    cms_signer = SimpleSigner(
        signing_cert=authority.certificate(),
        signing_key=authority.private(),
        cert_registry=SimpleCertificateStore(),
    )
    settings = PdfCMSSignedAttributes(signing_time=SIGNED)
    work = cms_signer.async_sign_general_data(
        DATA, "sha256", use_cades=True, signed_attr_settings=settings, timestamper=timestamper
    )
    return asyncio.run(work)


def stamped():
    practice, stamper = Authority("Practice", stamps=False), Authority("Stamper", stamps=True)
    clock = DummyTimeStamper(
        tsa_cert=stamper.certificate(), tsa_key=stamper.private(), fixed_dt=SIGNED + timedelta(minutes=5)
    )
    return practice, stamper, signed_by(practice, timestamper=clock).dump()


def test_a_time_stamp_is_read():
    practice, stamper, signature = stamped()
    accepted = Trust(at=SIGNED + timedelta(days=1), roots=(practice.root_der(),))
    both = replace(accepted, tsa_roots=(stamper.root_der(),))
    answers = answer_signature(signature, DATA, both, where="s")
    assert [one.state for one in (answers.signed_by, answers.existed_at, answers.trusted)] == [
        State.PROVEN
    ] * 3
    assert answers.existed_at.facts["moment"] == "2026-03-01T09:35:00+00:00"
    unsure = answer_signature(signature, DATA, accepted, where="s")
    assert (unsure.existed_at.state, unsure.existed_at.code) == (State.UNKNOWN, "timestamp-untrusted")
    assert unsure.trusted.state is State.PROVEN


def test_a_time_stamp_of_another_signature_is_refuted():
    practice, stamper, signature = stamped()
    token = cms.ContentInfo.load(signature)["content"]["signer_infos"][0]["unsigned_attrs"]
    other = signed_by(practice)
    other["content"]["signer_infos"][0]["unsigned_attrs"] = token
    accepted = Trust(at=SIGNED, roots=(practice.root_der(),), tsa_roots=(stamper.root_der(),))
    answers = answer_signature(other.dump(), DATA, accepted, where="s")
    assert answers.existed_at.code == "timestamp-invalid"


@pytest.mark.parametrize(("revoked", "code"), [((), "accepted-named"), ((2,), "certificate-revoked")])
def test_a_revocation_list_inside_is_heeded(revoked, code):
    practice = Authority("Practice", stamps=False)
    content = signed_by(practice)
    lists = cms.RevocationInfoChoices.load(b"\x31\x00")
    lists.append(cms.RevocationInfoChoice("crl", crl.CertificateList.load(practice.revocations(*revoked))))
    content["content"]["crls"] = lists
    accepted = Trust(at=SIGNED + timedelta(days=1), roots=(practice.root_der(),))
    assert answer_signature(content.dump(), DATA, accepted, where="s").trusted.code == code
