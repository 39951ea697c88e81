"""Revocation lists and OCSP responses as they come from outside, and what one of them states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from archiver.disk import failures_about
from archiver.signing.certificates.loading import load_list
from archiver.signing.errors import RevocationUnreadable
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark

MAX_SOURCE_BYTES = 4 << 20
"""One list or response; the largest list of the French health authority we know of is under 3 MB."""
MAX_SOURCES = 16
"""Lists and responses with one signature or time-stamp: one per certificate of its chains."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Revocation lists (CertificateList DER) and OCSP responses (OCSPResponse DER)."""

    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()

    @property
    def present(self) -> bool:
        """Whether there is any."""
        return bool(self.lists or self.responses)


NO_SOURCES = Sources()


def read_sources(lists: Sequence[Path], responses: Sequence[Path]) -> Sources:
    """Read revocation lists (PEM or DER) and OCSP responses (DER) from files.

    Raises:
        RevocationUnreadable: when a file holds something else, or a response that is a refusal.
        LimitExceeded: when there are too many, or one is too long.
        DiskFault: when the disk refuses.
    """
    if len(lists) + len(responses) > MAX_SOURCES:
        found = len(lists) + len(responses)
        raise LimitExceeded(
            name=mark("the number of revocation lists and responses"), found=found, limit=MAX_SOURCES
        )
    return Sources(lists=tuple(map(_list_file, lists)), responses=tuple(map(_response_file, responses)))


def _list_file(path: Path) -> bytes:
    data = _read(path)
    try:
        return load_list(data).public_bytes(Encoding.DER)
    except ValueError as fault:
        raise RevocationUnreadable(where=str(path), reason=mark("it is no revocation list")) from fault


def _response_file(path: Path) -> bytes:
    data = _read(path)
    try:
        found = ocsp.load_der_ocsp_response(data)
    except ValueError as fault:
        raise RevocationUnreadable(where=str(path), reason=mark("it is no OCSP response")) from fault
    if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise RevocationUnreadable(where=str(path), reason=mark("it says that there is no answer"))
    return data


def _read(path: Path) -> bytes:
    with failures_about(), open_regular(path) as stream:
        data = stream.read(MAX_SOURCE_BYTES + 1)
    if len(data) > MAX_SOURCE_BYTES:
        name = mark("the size of the file in bytes")
        raise LimitExceeded(where=str(path), name=name, found=path.stat().st_size, limit=MAX_SOURCE_BYTES)
    return data
