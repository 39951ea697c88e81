"""Detached signatures beside a file: each bears the whole name of the file, the signer's fingerprint, and ``.p7s``."""

from __future__ import annotations

from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

SIGNATURE = ".p7s"
"""Ending of a signature's file."""
MAX_SIGNATURES = 16
"""Signatures beside one file; there are two practitioners as a rule."""
SHORT_FINGERPRINT = 16
"""Digits of the fingerprint in the name of a signature."""


def beside(path: Path, ending: str) -> Path:
    """Return the file beside ``path`` that has its whole name and ``ending``."""
    return path.with_name(path.name + ending)


def signatures_beside(path: Path) -> list[Path]:
    """Return the signatures that lie beside ``path``, by name.

    Raises:
        LimitExceeded: when there are more than anybody makes.
    """
    with disk.failures_about(path.parent):
        found = sorted(one for one in path.parent.iterdir() if _is_signature(one, path))
    if len(found) > MAX_SIGNATURES:
        name = mark("the number of signatures beside the file")
        raise LimitExceeded(name=name, found=len(found), limit=MAX_SIGNATURES)
    return found


def _is_signature(one: Path, path: Path) -> bool:
    return one.name.startswith(f"{path.name}.") and one.name.endswith(SIGNATURE)


def signature_bytes(path: Path) -> bytes:
    """Return the signature at ``path``.

    Raises:
        LimitExceeded: when it is longer than any.
    """
    with disk.failures_about(path), open_regular(path) as stream:
        data = stream.read(MAX_SIGNATURE_BYTES + 1)
    if len(data) > MAX_SIGNATURE_BYTES:
        name = mark("the length of a signature")
        raise LimitExceeded(where=path.name, name=name, found=len(data), limit=MAX_SIGNATURE_BYTES)
    return data


def free_signature_place(path: Path, certificate: bytes) -> Path:
    """Return where the signature of the holder of ``certificate`` (DER) goes beside ``path``.

    Raises:
        AlreadyExists: when there is one.
    """
    target = beside(path, f".{fingerprint(certificate)[:SHORT_FINGERPRINT]}{SIGNATURE}")
    if target.exists():
        raise AlreadyExists(path=str(target))
    return target
