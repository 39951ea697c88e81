"""Reading certificates from outside: single, in a bundle, or in a folder."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate

from archiver.disk import failures_about
from archiver.errors import KeyUnreadable
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.certificates.loading import load_certificate, load_certificates
from formats.errors import LimitExceeded
from formats.regular_files import read_regular
from formats.words import mark

MAX_BUNDLE_BYTES = 8 << 20
"""The roots of every authority in Europe are about 1 MB."""
MAX_ROOT_FILES = 4096
"""Files in a folder of roots; systems ship some hundred and fifty."""
ENDINGS = frozenset({".pem", ".crt", ".cer"})


def fingerprint(certificate: bytes) -> Fingerprint:
    """Return the SHA-256 of a DER certificate."""
    return Fingerprint(load_certificate(certificate).fingerprint(hashes.SHA256()).hex())


def roots_of(chain: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the self-signed certificates among DER ``chain``."""
    return tuple(one for one in chain if may_have_issued(load_certificate(one), load_certificate(one)))


def has_issued(issuer: Certificate, certificate: Certificate) -> bool:
    """Say whether the key of ``issuer`` signed ``certificate``, which names it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def may_have_issued(issuer: Certificate, certificate: Certificate) -> bool:
    """Say whether ``issuer`` may have signed ``certificate``: by the name alone under SHA-1, which is not verified."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError):
        return False
    except (UnsupportedAlgorithm, ValueError):
        return True
    return True


def read_roots(path: Path) -> tuple[bytes, ...]:
    """Return the DER certificates in the PEM or DER file at ``path``, or in every such file of a folder.

    Raises:
        KeyUnreadable: when a file holds no certificate.
        LimitExceeded: when a file, or their number, goes past any known list.
        DiskFault: when the disk refuses.
    """
    with failures_about():
        files = [path]
        if path.is_dir():
            files = sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS)
    if len(files) > MAX_ROOT_FILES:
        raise LimitExceeded(
            where=str(path), name=mark("the number of files"), found=len(files), limit=MAX_ROOT_FILES
        )
    found = tuple(certificate for file in files for certificate in _read(file))
    if not found:
        raise KeyUnreadable(where=str(path), reason=mark("it holds no certificate"))
    return found


def write_pem(certificates: tuple[bytes, ...]) -> str:
    """Return DER ``certificates`` as PEM text."""
    loaded = map(load_certificate, certificates)
    return "".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in loaded)


def _read(file: Path) -> list[bytes]:
    with failures_about():
        data = read_regular(file, MAX_BUNDLE_BYTES, mark("the size of the file in bytes"))
    try:
        loaded = load_certificates(data) if b"-----BEGIN" in data else [load_certificate(data)]
    except ValueError as fault:
        raise KeyUnreadable(where=str(file), reason=mark("it holds no certificate")) from fault
    return [one.public_bytes(Encoding.DER) for one in loaded]
