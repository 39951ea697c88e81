"""Reading certificates from outside: single, in a bundle, or in a folder."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.disk import told
from archiver.errors import KeyUnreadable
from archiver.signing.loading import load_certificate, load_certificates
from formats.errors import LimitExceeded
from formats.words import mark

MAX_BUNDLE_BYTES = 8 << 20
"""The roots of every authority in Europe are about 1 MB."""
MAX_ROOT_FILES = 4096
"""Files in a folder of roots; systems ship some hundred and fifty."""
ENDINGS = frozenset({".pem", ".crt", ".cer"})


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a DER certificate as 64 lower-case hexadecimal digits."""
    return load_certificate(certificate).fingerprint(hashes.SHA256()).hex()


def plain_fingerprint(text: str) -> str:
    """Return a fingerprint as people write it (capitals, colons, spaces) in its plain form.

    Raises:
        KeyUnreadable: when it is not 64 hexadecimal digits.
    """
    plain = "".join(text.split()).replace(":", "").lower()
    if len(plain) != 64 or set(plain) - set("0123456789abcdef"):
        raise KeyUnreadable(reason=mark("a SHA-256 fingerprint has 64 hexadecimal digits"))
    return plain


def roots_of(chain: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the self-issued certificates among DER ``chain``."""
    loaded = ((one, load_certificate(one)) for one in chain)
    return tuple(one for one, certificate in loaded if certificate.subject == certificate.issuer)


def read_roots(path: Path) -> tuple[bytes, ...]:
    """Return the DER certificates in the PEM or DER file at ``path``, or in every such file of a folder.

    Raises:
        KeyUnreadable: when a file holds no certificate.
        LimitExceeded: when a file, or their number, goes past any known list.
        DiskFault: when the disk refuses.
    """
    with told():
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
    with told():
        size = file.stat().st_size
        if size > MAX_BUNDLE_BYTES:
            name = mark("the size of the file in bytes")
            raise LimitExceeded(where=str(file), name=name, found=size, limit=MAX_BUNDLE_BYTES)
        data = file.read_bytes()
    try:
        loaded = load_certificates(data) if b"-----BEGIN" in data else [load_certificate(data)]
    except ValueError as fault:
        raise KeyUnreadable(where=str(file), reason=mark("it holds no certificate")) from fault
    return [one.public_bytes(Encoding.DER) for one in loaded]
