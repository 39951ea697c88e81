"""What goes into a signature goes in as it is, and as fast, whatever its lengths end in.

asn1crypto takes a header that ends in the byte 80 for one of indefinite length (its issue 249). A length of two bytes
ends in it once in 256, so each test goes through as many in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.encoding import encode_element, encoding_of
from archiver.signing.keys.key_file import KeySigner
from archiver.signing.revocation.sources import Sources
from archiver.signing.signatures.cades import examine_signature, sign_manifest
from archiver.signing.signatures.creation import enclose
from archiver.signing.signatures.der import SEQUENCE, SET, der_elements
from archiver.signing.signatures.signed_data import read_signature
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from formats.digests import SHA256, Digest
from tests.packages import SIGNED, signer
from tests.tsa import authority
from tests.vectors.watch import watching

LENGTHS = range(64, 64 + 256)
OCTETS, BITS = 0x04, 0x03
SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
MADE_UP = x509.ObjectIdentifier("1.3.6.1.4.1.99999.1")
BASIC_CONSTRAINTS = bytes.fromhex("0603551d13")


def split(data: bytes) -> list[bytes]:
    """Return the parts of the one element that ``data`` is."""
    (whole,) = der_elements(memoryview(data))
    return [bytes(one.whole) for one in der_elements(whole.content)]


def lengthened(signed: bytes, count: int) -> bytes:
    """Return a signature or token whose value is ``count`` bytes of nothing: nobody has to believe it here."""
    kind, explicit = split(signed)
    *before, signers = split(split(explicit)[0])
    parts = split(split(signers)[0])
    place = next(place for place, part in enumerate(parts) if part[0] == OCTETS)
    parts[place] = encode_element(OCTETS, bytes(count))
    info = encode_element(SET, encode_element(SEQUENCE, *parts))
    return encode_element(SEQUENCE, kind, encode_element(0xA0, encode_element(SEQUENCE, *before, info)))


@cache
def genuine() -> bytes:
    return sign_manifest(b"<the list/>", signer(), at=SIGNED)


@cache
def genuine_token() -> bytes:
    return authority().at(datetime(2026, 3, 1, 10, tzinfo=UTC))(Digest(SHA256, bytes(32)))


def of_signature(count: int) -> tuple[bytes, bytes]:
    return lengthened(genuine(), count), genuine_token()


def of_token(count: int) -> tuple[bytes, bytes]:
    return genuine(), lengthened(genuine_token(), count)


@pytest.mark.parametrize("made", [of_signature, of_token])
def test_a_time_stamp_goes_in_as_it_is_whatever_the_lengths(
    made: Callable[[int], tuple[bytes, bytes]],
) -> None:
    steps = []
    for count in LENGTHS:
        signature, token = made(count)
        with watching() as watch:
            found = enclose(signature, token=token, sources=Sources())
        steps.append(watch.steps)
        assert token in found
        parts = read_signature(found)
        before = read_signature(signature)
        assert parts.signer["signature"].native == before.signer["signature"].native
        assert parts.signer["unsigned_attrs"][0]["values"][0].contents == cms.ContentInfo.load(token).contents
    assert max(steps) < 2 * min(steps)


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(2**200 + 1, ec.SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@cache
def root() -> bytes:
    made = (
        x509.CertificateBuilder(
            named("Root"), named("Root"), key().public_key(), 1, SIGNED, SIGNED + timedelta(days=9)
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key(), hashes.SHA256(), ecdsa_deterministic=True)
    )
    return made.public_bytes(serialization.Encoding.DER)


def certificate(count: int) -> bytes:
    """Return a certificate lengthened by ``count`` bytes that says in so many words what goes without: cA FALSE."""
    who = named("Dr Exemple")
    made = (
        x509.CertificateBuilder(named("Root"), who, key().public_key(), 7, SIGNED, SIGNED + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(SIGNING, critical=True)
        .add_extension(x509.UnrecognizedExtension(MADE_UP, bytes(count)), critical=False)
        .sign(key(), hashes.SHA256(), ecdsa_deterministic=True)
        .public_bytes(serialization.Encoding.DER)
    )
    return _with_extension(made, encode_element(SEQUENCE, b"\x01\x01\x00"))


def _with_extension(certificate: bytes, constraints: bytes) -> bytes:
    body, algorithm, _ = split(certificate)
    *fields, explicit = split(body)
    extensions = [
        encode_element(SEQUENCE, BASIC_CONSTRAINTS, b"\x01\x01\xff", encode_element(OCTETS, constraints))
        if BASIC_CONSTRAINTS in one
        else one
        for one in split(split(explicit)[0])
    ]
    again = encode_element(0xA3, encode_element(SEQUENCE, *extensions))
    changed = encode_element(SEQUENCE, *fields, again)
    value = key().sign(changed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return encode_element(SEQUENCE, changed, algorithm, encode_element(BITS, b"\x00" + value))


def test_a_certificate_is_the_bytes_that_were_read() -> None:
    for one in map(certificate, LENGTHS):
        parsed = parse_certificate(one)
        assert parsed.ca is False  # everything inside was looked at
        assert encoding_of(parsed) == one
        assert encoding_of(parsed) == one


def signed_with(one: bytes) -> bytes:
    secret = key().private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return sign_manifest(b"<the list/>", KeySigner(key=secret, certificate=one, chain=()), at=SIGNED)


def lengths_around(part: bytes, whole: bytes) -> Iterator[int]:
    """Yield the length of each element of ``whole`` that holds ``part``."""
    for element in der_elements(memoryview(whole)):
        if part in bytes(element.whole):
            yield len(element.content)
            if part != element.whole:
                yield from lengths_around(part, bytes(element.content))


def telling_lengths() -> list[int]:
    """Return by how much a certificate must be lengthened so that something of it, or around it, ends in 80."""
    first = LENGTHS[-1]
    body = split(certificate(first))[0]
    lengths = [*lengths_around(body, signed_with(certificate(first)))]
    assert len(lengths) == 6  # content, explicit tag, SignedData, certificates, certificate, its body
    return [first, *(first + (0x80 - length) % 256 for length in lengths)]


def test_a_certificate_leads_to_its_root_whatever_its_length() -> None:
    trust = Trust(at=SIGNED + timedelta(hours=1), roots=(root(),))
    for one in map(certificate, telling_lengths()):
        found = examine_signature(signed_with(one), b"<the list/>", trust)
        assert found.path_status is PathStatus.TRUSTED


def test_signing_with_a_certificate_takes_as_long_whatever_its_length() -> None:
    steps = []
    for one in map(certificate, telling_lengths()):
        with watching() as watch:
            signature = signed_with(one)
        steps.append(watch.steps)
        assert one in signature
    assert max(steps) < 2 * min(steps)
