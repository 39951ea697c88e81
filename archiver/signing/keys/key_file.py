"""A signer's key and certificate: made, kept and read again.

ECDSA over P-256 with the nonce of RFC 6979: ETSI TS 119 312 sets it no end, where
RSA after PKCS#1 v1.5 ends in 2029, stock OpenSSL verifies it, and the same bytes
signed at the same time give the same signature, so that a package can be rebuilt
bit for bit. Keys of others, on a card for instance, may be RSA. The certificate is
issued by a root made for it alone, whose key is forgotten at once: nobody can ever
issue a second certificate under that root.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from archiver import disk
from archiver.errors import KeyUnreadable, WrongPassphrase
from archiver.signing.certificates.chain import path_above, root_name
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.certificates.loading import load_certificate
from archiver.signing.certificates.reading import fingerprint, roots_of, write_pem
from archiver.signing.keys.key_rounds import require_few_rounds
from formats.regular_files import open_regular
from formats.words import mark

SIGNER = "signer.p12"
ROOTS = "roots.pem"
VALIDITY = timedelta(days=3653)
"""Ten years: a practice signs several times with one key; time-stamps carry the proof past the end."""
KDF_ROUNDS = 600_000
"""PBKDF2-HMAC-SHA256 over the passphrase of the key file (OWASP password storage, 2023)."""
MAX_KEY_BYTES = 1 << 20
"""A key with its chain is about 5 kB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignerName:
    """Who signs: a practitioner or a practice; ``number`` is an RPPS, FINESS or SIRET number."""

    name: str
    organisation: str = ""
    number: str = ""
    country: str = "FR"


class Signer(Protocol):
    """Whoever can sign: a key in memory, or one that never leaves its device."""

    @property
    def certificate(self) -> bytes:
        """The certificate (X.509 DER)."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates above it (X.509 DER), as far as they are known."""

    @property
    def left_out(self) -> tuple[bytes, ...]:
        """The certificates (X.509 DER) that were given with the key and are not above its own."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the SHA-256 of ``data``: PKCS#1 v1.5 with RSA, DER with ECDSA."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeySigner:
    """A private key (PKCS#8 DER), its certificate and the path above it (X.509 DER, root last).

    ``left_out`` are certificates that lay beside the key and are not above its own: they are not signed with.
    """

    key: bytes = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...]
    left_out: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> Fingerprint:
        """The SHA-256 of the certificate, which people compare."""
        return fingerprint(self.certificate)

    @property
    def roots(self) -> tuple[bytes, ...]:
        """The self-signed certificates of the chain: what others must accept."""
        return roots_of(self.chain)

    def sign(self, data: bytes) -> bytes:
        """Return the signature over the SHA-256 of ``data``."""
        key = serialization.load_der_private_key(self.key, password=None)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        raise KeyUnreadable(reason=mark("it lacks a certificate with an RSA or EC key"))


Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def make_signer(name: SignerName, *, at: datetime, random: Callable[[int], bytes]) -> KeySigner:
    """Make a key, valid from ``at`` on; ``random`` gives serial numbers, the key draws its own chance.

    Raises:
        KeyUnreadable: when a name is empty or too long for a certificate.
    """
    above, leaf_name = _x509_name(name, root_name(name.name)), _x509_name(name, name.name)
    root_key, key = _new_key(), _new_key()
    root = (
        _certificate(above, above, root_key.public_key(), at=at, random=random)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(above, leaf_name, key.public_key(), at=at, random=random)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    return _signer(key, leaf, [root])


def write_signer(folder: Path, signer: KeySigner, passphrase: str | None) -> None:
    """Write ``signer.p12`` for the owner alone, and ``roots.pem`` for everybody.

    Raises:
        AlreadyExists: when either is there; a key is never replaced.
        DiskFull, DiskFault: what the disk answered.
    """
    with disk.write_aside(folder / SIGNER, mode=disk.PRIVATE) as stream:
        stream.write(_pkcs12(signer, passphrase))
    disk.write_text(folder / ROOTS, write_pem(signer.roots))


def load_signer(path: Path, passphrase: str | None) -> KeySigner:
    """Read the PKCS#12 file at ``path``, ours or any authority's.

    Raises:
        WrongPassphrase: when the file opens with another passphrase, or with one at all.
        KeyUnreadable: when it is no PKCS#12 file, or lacks a key we can sign with.
        LimitExceeded: when it asks for more work than any key file.
        DiskFault: when the disk refuses.
    """
    with disk.failures_about(), open_regular(path) as stream:
        data = stream.read(MAX_KEY_BYTES + 1)
    _resemble_pkcs12(data, path)
    require_few_rounds(data, str(path))
    secret = passphrase.encode("utf-8") if passphrase else None
    try:
        key, leaf, others = pkcs12.load_key_and_certificates(data, secret)
    except ValueError as fault:
        # the library gives one error for a wrong passphrase and for damage behind the encryption
        raise WrongPassphrase(where=str(path)) from fault
    except Exception as fault:  # any other complaint of the parser is about the file
        raise KeyUnreadable(where=str(path), reason=mark("it is damaged")) from fault
    if leaf is None or not isinstance(key, Key):
        raise KeyUnreadable(where=str(path), reason=mark("it lacks a certificate with an RSA or EC key"))
    if key.public_key() != leaf.public_key():
        reason = mark("its key and its certificate do not belong together")
        raise KeyUnreadable(where=str(path), reason=reason)
    return _signer(key, leaf, others)


def _resemble_pkcs12(data: bytes, path: Path) -> None:
    """Refuse what cannot be a PKCS#12 file, so that nobody is asked for another passphrase in vain."""
    if len(data) > MAX_KEY_BYTES:
        raise KeyUnreadable(where=str(path), reason=mark("it is too long to be a key"))
    if not _is_pfx(data):
        raise KeyUnreadable(where=str(path), reason=mark("it is not a PKCS#12 file"))


def _is_pfx(data: bytes) -> bool:
    """Say whether ``data`` is one ASN.1 sequence that begins with version 3 (RFC 7292, section 4)."""
    if len(data) < 8 or data[0] != 0x30:
        return False
    extra = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + extra], "big") if extra else data[1]
    indefinite = data[1] == 0x80
    return (indefinite or len(data) == 2 + extra + length) and data[2 + extra :][:3] == b"\x02\x01\x03"


def _signer(key: Key, leaf: x509.Certificate, others: list[x509.Certificate]) -> KeySigner:
    certificate = leaf.public_bytes(Encoding.DER)
    beside = [one.public_bytes(Encoding.DER) for one in others]
    chain = path_above(certificate, beside)
    return KeySigner(
        key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate=certificate,
        chain=chain,
        left_out=tuple(one for one in dict.fromkeys(beside) if one not in {certificate, *chain}),
    )


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _x509_name(name: SignerName, common_name: str) -> x509.Name:
    attributes = [
        (NameOID.COUNTRY_NAME, name.country),
        (NameOID.ORGANIZATION_NAME, name.organisation),
        (NameOID.SERIAL_NUMBER, name.number),
        (NameOID.COMMON_NAME, common_name),
    ]
    try:
        if not common_name.strip():
            raise ValueError(common_name)
        return x509.Name([x509.NameAttribute(kind, text) for kind, text in attributes if text])
    except ValueError as fault:
        raise KeyUnreadable(reason=mark("a name is empty or too long for a certificate")) from fault


def _certificate(
    issuer: x509.Name,
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    *,
    at: datetime,
    random: Callable[[int], bytes],
) -> x509.CertificateBuilder:
    # RFC 5280, 4.1.2.2: positive, at most 20 bytes; the top bit is cleared so that it stays positive
    serial = int.from_bytes(random(16), "big") >> 1 or 1
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(at)
        .not_valid_after(at + VALIDITY)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pkcs12(signer: KeySigner, passphrase: str | None) -> bytes:
    key = serialization.load_der_private_key(signer.key, password=None)
    if not isinstance(key, Key):
        raise KeyUnreadable(reason=mark("it lacks a certificate with an RSA or EC key"))
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(KDF_ROUNDS)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .hmac_hash(hashes.SHA256())
            .build(passphrase.encode("utf-8"))
        )
    leaf = load_certificate(signer.certificate)
    chain = [load_certificate(one) for one in signer.chain]
    return pkcs12.serialize_key_and_certificates(b"signer", key, leaf, chain, protection)
