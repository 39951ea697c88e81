"""PKCS#12 files with every kind of certification path above a signing key, good and bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, load_pem_private_key, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from tests.tools import need, run

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)
DOCUMENTS = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
MAIL, SERVERS = ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.SERVER_AUTH
TIMES, ANY = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
OCSP, CODE = ExtendedKeyUsageOID.OCSP_SIGNING, ExtendedKeyUsageOID.CODE_SIGNING
SIGNS = ("digital_signature", "content_commitment")
ISSUES = ("key_cert_sign", "crl_sign")

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody with a key and a certificate."""

    key: Key
    certificate: x509.Certificate


def certified(
    name: str,
    by: Holder | None = None,
    *,
    key: Key | None = None,
    usage: Sequence[str] | None = SIGNS,
    purposes: Sequence[ObjectIdentifier] = (),
    authority: bool = False,
    depth: int | None = None,
    number: str = "",
    end: datetime = END,
) -> Holder:
    """Return somebody whom ``by`` certified, or themselves."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    texts = [(NameOID.COMMON_NAME, name), *([(NameOID.SERIAL_NUMBER, number)] if number else [])]
    subject = x509.Name([x509.NameAttribute(kind, text) for kind, text in texts])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
    )
    usage = ISSUES if authority else usage
    if usage is not None:
        names = (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        )
        built = built.add_extension(x509.KeyUsage(**{one: one in usage for one in names}), critical=True)
    if purposes:
        built = built.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Holder(key=key, certificate=built.sign(by.key if by else key, hashes.SHA256()))


@cache
def root() -> Holder:
    return certified("Racine des praticiens", authority=True)


@cache
def inter() -> Holder:
    return certified("Autorité des praticiens", root(), authority=True)


@cache
def leaf() -> Holder:
    return certified("Dr Malo Kerbrat", inter(), number="99900000029")


@cache
def short_key() -> rsa.RSAPrivateKey:
    """Return an RSA key of 1024 bits, which the library behind us makes no more."""
    pem = run(need("openssl"), "genrsa", "1024").encode()
    loaded = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


@cache
def sha1_inter(folder: Path) -> Holder:
    """Return an authority whose certificate the root signed with SHA-1, as openssl still does."""
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "root.key").write_bytes(_pem(root().key))
    (folder / "root.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    (folder / "inter.key").write_bytes(_pem(key))
    (folder / "ca.cnf").write_text(
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
    )
    openssl = need("openssl")
    run(openssl, "req", "-new", "-key", "inter.key", "-subj", "/CN=Autorite SHA-1", "-out", "csr", cwd=folder)
    run(
        *(openssl, "x509", "-req", "-in", "csr", "-CA", "root.pem", "-CAkey", "root.key", "-sha1"),
        *("-set_serial", "99", "-days", "9000", "-extfile", "ca.cnf", "-out", "inter.pem"),
        cwd=folder,
    )
    return Holder(key=key, certificate=x509.load_pem_x509_certificate((folder / "inter.pem").read_bytes()))


def _pem(key: Key) -> bytes:
    from cryptography.hazmat.primitives.serialization import PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_p12(path: Path, who: Holder, *beside: Holder) -> Path:
    """Write the key of ``who`` with the certificates ``beside``, in that order."""
    others = [one.certificate for one in beside]
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"k", who.key, who.certificate, others, NoEncryption())
    )
    return path


def pem(*those: Holder) -> str:
    """Return certificates as PEM text."""
    return "".join(one.certificate.public_bytes(Encoding.PEM).decode("ascii") for one in those)


def der(who: Holder) -> bytes:
    """Return a certificate in DER."""
    return who.certificate.public_bytes(Encoding.DER)
