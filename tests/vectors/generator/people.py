"""The fictive people who sign, stamp and receive, with keys that grow from seeds."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.vectors.generator.chance import seeded

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
"""When everything in the corpus is signed, and for when readers judge it."""
PRIMES = Path(__file__).resolve().parents[3] / "build" / "primes"
REVOKED = datetime(2026, 2, 1, tzinfo=UTC)


EXPECTED = (
    *("Dr Anne Exemple", "Dr Paul Exemple", "Dr Ancien", "Dr Bref", "Dr Carte", "Dr Court", "Dr Dessous"),
    *("Dr secp224r1", "Dr secp256k1", "Dr ed25519", "Dr ed448", "Dr mldsa", "Dr rsa"),
)
"""Whom the root certified and readers of the corpus expect: it certifies many, and vouches for names alone."""
Modern = ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey | mldsa.MLDSA65PrivateKey
"""Keys that hash what they sign by themselves."""
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Modern


@dataclass(frozen=True, kw_only=True)
class Person:
    """A key with its certificate, and the certificates above it, root last."""

    key: Key
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key in PEM."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def sign(self, data: bytes, digest: hashes.HashAlgorithm | None = None) -> bytes:
        """Return the same signature over ``data`` every time (RFC 6979)."""
        under = digest or hashes.SHA256()
        if isinstance(self.key, Modern):
            return self.key.sign(data)
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), under)
        return self.key.sign(data, ec.ECDSA(under, deterministic_signing=True))


def key(label: str) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key of ``label``."""
    return ec.derive_private_key(int.from_bytes(seeded(f"key {label}", 31), "big") + 1, ec.SECP256R1())


def rsa_key(label: str, bits: int) -> rsa.RSAPrivateKey:
    """Return the RSA key of ``label``, the same every time: its primes are the first after what is seeded."""
    p, q = (_prime(seeded(f"prime {label} {one}", bits // 16)) for one in "pq")
    exponent = 65_537
    d = pow(exponent, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e=exponent, n=p * q)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


def ed25519_key(label: str) -> ed25519.Ed25519PrivateKey:
    """Return the Ed25519 key of ``label`` (RFC 8032)."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(seeded(f"ed25519 {label}", 32))


def ed448_key(label: str) -> ed448.Ed448PrivateKey:
    """Return the Ed448 key of ``label`` (RFC 8032)."""
    return ed448.Ed448PrivateKey.from_private_bytes(seeded(f"ed448 {label}", 57))


def mldsa_key(label: str) -> mldsa.MLDSA65PrivateKey:
    """Return the ML-DSA-65 key of ``label`` (FIPS 204)."""
    return mldsa.MLDSA65PrivateKey.from_seed_bytes(seeded(f"mldsa {label}", 32))


def _prime(seed: bytes) -> int:
    """Return the first prime after ``seed``, whose two highest bits are set: two make a product of full length.

    How far it is from the seed is written down: to look for it takes half a second, and each process of a run would.
    """
    number = int.from_bytes(seed, "big") | 3 << 8 * len(seed) - 2 | 1
    distance_file = PRIMES / hashlib.sha256(seed).hexdigest()
    if distance_file.exists():
        return number + int(distance_file.read_text("ascii"))
    distance = 0
    while not _is_prime(number + distance):
        distance += 2
    PRIMES.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=PRIMES, delete=False, encoding="ascii") as new:
        new.write(str(distance))
    Path(new.name).replace(distance_file)
    return number + distance


def _is_prime(number: int) -> bool:
    return all(number % small for small in range(3, 2_000, 2)) and pow(2, number - 1, number) == 1


def name(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def person(
    label: str,
    *,
    called: str = "",
    issuer: Person | None = None,
    authority: bool = False,
    stamps: bool = False,
    begin: datetime = BEGIN,
    end: datetime = END,
    own: Key | None = None,
    digest: hashes.HashAlgorithm | None = None,
) -> Person:
    """Return somebody whose certificate ``issuer`` gave, or themselves; ``digest`` is that of the certificate."""
    own = own or key(label)
    subject = name(called or label)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(int.from_bytes(seeded(f"serial {label}", 8), "big") | 1)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(_usage(authority), critical=True)
    )
    above = issuer.key if issuer else own
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    rfc6979 = isinstance(above, ec.EllipticCurvePrivateKey) or None
    under = None if isinstance(above, Modern) else digest or hashes.SHA256()
    certificate = builder.sign(above, under, ecdsa_deterministic=rfc6979)
    chain = (issuer.certificate, *issuer.above) if issuer else ()
    return Person(key=own, certificate=certificate, above=chain)


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def root() -> Person:
    """The authority every reader of the corpus accepts."""
    return person("Racine Exemple", authority=True)


@cache
def signer() -> Person:
    return person("Dr Anne Exemple", issuer=root())


@cache
def stamper() -> Person:
    return person("Horodatage Exemple", issuer=root(), stamps=True)


@cache
def impostor() -> Person:
    """Somebody who calls himself like the signer, under a root that is called like ours."""
    own = person("autre racine", called="Racine Exemple", authority=True)
    return person("Dr Faux", called="Dr Anne Exemple", issuer=own)


@cache
def impostor_authority() -> Person:
    """An authority for time-stamps under a root that is called like ours."""
    own = person("autre", called="Racine Exemple", authority=True)
    return person("Horodatage Faux", issuer=own, stamps=True)


@cache
def expired() -> Person:
    return person("Dr Passé", issuer=root(), end=datetime(2024, 1, 1, tzinfo=UTC))


@cache
def unborn() -> Person:
    return person("Dr Futur", issuer=root(), begin=datetime(2030, 1, 1, tzinfo=UTC))


@cache
def leaf_under_leaf() -> Person:
    """Somebody whose certificate the signer issued, who may not."""
    return person("Dr Sous", issuer=signer())


def alike(count: int, *, stamps: bool = False) -> tuple[Person, list[bytes]]:
    """Return somebody below so many authorities that are all called alike, and all certificates (DER).

    No certificate names the key above it, so that by its name each may have issued every other.
    """
    keys = [key(f"alike {number}") for number in range(count)]
    authorities = [_alike(one, "Alike", keys[place - 1], 100 + place) for place, one in enumerate(keys)]
    own = key("below alike")
    leaf = _alike(own, "Dr Alike", keys[0], 7, authority=False, stamps=stamps)
    certificates = [der_of(one) for one in (leaf, *authorities)]
    return Person(key=own, certificate=leaf), certificates


def _alike(
    own: ec.EllipticCurvePrivateKey,
    called: str,
    above: ec.EllipticCurvePrivateKey,
    number: int,
    *,
    authority: bool = True,
    stamps: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(called))
        .issuer_name(name("Alike"))
        .public_key(own.public_key())
        .serial_number(number)
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority), critical=True)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(above, hashes.SHA256(), ecdsa_deterministic=True)


@cache
def revocations(*, lists_signer: bool = True, by: Person | None = None) -> bytes:
    """Return a revocation list of the root, in DER."""
    return revocation_list(*([signer()] if lists_signer else []), by=by)


def revocation_list(
    *listed: Person,
    by: Person | None = None,
    issued: datetime = REVOKED,
    ends: datetime = END,
    since: datetime = REVOKED,
    delta: bool = False,
    numbers: Iterable[int] = (),
    extensions: Iterable[x509.ExtensionType] = (),
) -> bytes:
    """Return a list in DER that revokes ``listed``; each argument can make it another list (RFC 5280, 5).

    ``numbers`` are certificates of nobody that it revokes as well.
    """
    issuer = by or root()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(issued)
        .next_update(ends)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    if delta:
        builder = builder.add_extension(x509.DeltaCRLIndicator(1), critical=True)
    for number in (*(one.certificate.serial_number for one in listed), *numbers):
        entry = x509.RevokedCertificateBuilder().serial_number(number)
        builder = builder.add_revoked_certificate(entry.revocation_date(since).build())
    signed = builder.sign(issuer.key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.DER)


def ocsp_response(
    about: Person,
    *,
    by: Person | None = None,
    revoked: datetime | None = None,
    at: datetime = REVOKED,
    ends: datetime = END,
    reason: x509.ReasonFlags | None = None,
) -> bytes:
    """Return what the root, or ``by``, answers when asked about ``about`` (RFC 6960), in DER."""
    issuer = by or root()
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.certificate,
        issuer=root().certificate,
        algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=at,
        next_update=ends,
        revocation_time=revoked,
        revocation_reason=reason,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    if by is not None:
        builder = builder.certificates([by.certificate])
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def der_of(certificate: x509.Certificate) -> bytes:
    """Return ``certificate`` in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)
