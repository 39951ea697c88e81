"""A certification authority for practitioners, made up: root, intermediate, signers, revocations, OCSP."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.signing.keys.key_file import KeySigner

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)
"""How long a practitioner's certificate is valid: a card lasts three years."""
FAR = datetime(2056, 1, 1, tzinfo=UTC)

Key = ec.EllipticCurvePrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


class Practitioners:
    """A root, an authority below it, and what it issues and publishes."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self.issue(title, self.root_key, by=None, number=1, end=FAR, ca=1)
        self.above = self.issue(
            f"{title} CA", self.key, by=(self.root, self.root_key), number=2, end=FAR, ca=0
        )

    @property
    def issuing(self) -> tuple[x509.Certificate, Key]:
        """The authority that issues, and its key: what speaks of revocations."""
        return self.above, self.key

    def issue(
        self, subject: str, key: Key | rsa.RSAPrivateKey, *, by: tuple[x509.Certificate, Key] | None, number: int,
        end: datetime = END, ca: int | None = None, ocsp_signing: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        issuer = by[0].subject if by else name(subject)
        built = (
            x509.CertificateBuilder()
            .issuer_name(issuer)
            .subject_name(name(subject))
            .public_key(key.public_key())
            .serial_number(number)
            .not_valid_before(START)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca is not None, ca), True)
            .add_extension(
                x509.KeyUsage(
                    ca is None, ca is None, False, False, False, ca is not None, ca is not None, False, False
                ),
                True,
            )
        )
        if ocsp_signing:
            built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
        return built.sign(by[1] if by else key, hashes.SHA256())

    @cache  # noqa: B019 - lives as long as the tests
    def signer(self, subject: str = "Dr Anne Exemple") -> KeySigner:
        """Return a practitioner with the whole chain."""
        return self._signer(subject, ec.generate_private_key(ec.SECP256R1()))

    @cache  # noqa: B019 - lives as long as the tests
    def rsa_signer(self, subject: str = "Dr Anne Exemple", end: datetime = END) -> KeySigner:
        """Return a practitioner with an RSA key, as cards have them."""
        return self._signer(subject, rsa.generate_private_key(65537, 3072), end)

    def _signer(self, subject: str, key: Key | rsa.RSAPrivateKey, end: datetime = END) -> KeySigner:
        number = int.from_bytes(hashlib.sha256(f"{self.title} {subject}".encode()).digest()[:8])
        leaf = self.issue(subject, key, by=(self.above, self.key), number=number, end=end)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return KeySigner(key=private, certificate=der(leaf), chain=(der(self.above), der(self.root)))

    def revocations(
        self, *revoked: tuple[bytes, datetime], at: datetime, days: int = 7, by_root: bool = False
    ) -> bytes:
        """Return a list of the authority (or of the root) published ``at``."""
        issuer, key = (self.root, self.root_key) if by_root else (self.above, self.key)
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(at)
            .next_update(at + timedelta(days=days))
        )
        for certificate, moment in revoked:
            number = x509.load_der_x509_certificate(certificate).serial_number
            one = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(moment).build()
            built = built.add_revoked_certificate(one)
        return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def response(
        self, certificate: bytes, *, at: datetime, revoked: datetime | None = None, delegated: bool = True
    ) -> bytes:
        """Return an OCSP response about ``certificate``, signed by a delegate or by the authority."""
        key, responder = self.key, self.above
        if delegated:
            key = ec.generate_private_key(ec.SECP256R1())
            responder = self.issue("OCSP", key, by=(self.above, self.key), number=7, ocsp_signing=True)
        built = ocsp.OCSPResponseBuilder().add_response(
            cert=x509.load_der_x509_certificate(certificate),
            issuer=self.above,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=at,
            next_update=at + timedelta(days=2),
            revocation_time=revoked,
            revocation_reason=None,
        )
        built = built.responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
        if delegated:
            built = built.certificates([responder])
        return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@cache
def practitioners(title: str = "Autorité des praticiens") -> Practitioners:
    """Return an authority made once per run."""
    return Practitioners(title)
