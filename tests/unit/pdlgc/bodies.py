"""Dossiers whose files really exist, and the plain archives made of them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from pydicom.data import get_testdata_file

from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.identity import Identifier, IdentifierType
from formats.model.imaging import ImageInstance
from formats.pdlgc.read import PatientArchive, read_patient_archive
from formats.pdlgc.sender import Sender
from formats.pdlgc.write import WrittenArchive, write_patient_archive

WRITTEN_AT = datetime(2026, 11, 21, 10, 15, tzinfo=UTC)
SENDER = Sender(
    name="Cabinet dentaire des Tilleuls",
    identifiers=(Identifier(type=IdentifierType.FINESS, system="1.2.250.1.71.4.2.2", value="750000001"),),
    software="archiver",
    software_version="0.0",
)

STATED = Sender(
    name=SENDER.name,
    identifiers=tuple(replace(one, type=IdentifierType.OTHER) for one in SENDER.identifiers),
)
"""Who sends, as the manifest of a package says it: no types, no contacts, no software."""

Bodies = dict[str, bytes]


class Pipe(io.RawIOBase):
    """A target that can only be written to, and takes less than it is given."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)[: 1 << 16]
        self.taken += piece
        return len(piece)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """An archive in memory, what its writer said, and the dossier and files it was made of."""

    data: bytes
    written: WrittenArchive
    dossier: Dossier
    bodies: Mapping[str, bytes]

    def read(self) -> PatientArchive:
        return read_patient_archive(io.BytesIO(self.data))


def attachment(data: bytes, media_type: str, bodies: Bodies) -> Attachment:
    """Return the attachment of ``data``, which joins ``bodies``."""
    digest = hashlib.sha256(data).hexdigest()
    bodies[digest] = data
    return Attachment(sha256=digest, size=len(data), media_type=media_type)


def with_files(dossier: Dossier) -> tuple[Dossier, Bodies]:
    """Return ``dossier`` with every made-up attachment replaced by one whose bytes exist."""
    bodies: Bodies = {}
    values: dict[str, Any] = {}
    for field in fields(dossier):
        values[field.name] = _real(getattr(dossier, field.name), bodies)
    return replace(dossier, **values), bodies


def _real(value: Any, bodies: Bodies) -> Any:
    if isinstance(value, ImageInstance):
        name = "CT_small.dcm" if value.attachment.size % 2 else "MR_small.dcm"
        body = Path(str(get_testdata_file(name))).read_bytes()
        return replace(value, attachment=attachment(body, "application/dicom", bodies))
    if isinstance(value, Attachment):
        body = repr((value.sha256, value.size)).encode()
        return attachment(body, value.media_type, bodies)
    if isinstance(value, tuple):
        return tuple(_real(each, bodies) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _real(getattr(value, field.name), bodies) for field in fields(value)}
        return replace(value, **changed)
    return value


def opener(bodies: Mapping[str, bytes]) -> Callable[[str], BinaryIO]:
    """Return a function that opens the bytes behind a digest."""
    return lambda digest: io.BytesIO(bodies[digest])


def make(dossier: Dossier, bodies: Mapping[str, bytes]) -> Made:
    """Return the archive of ``dossier``, written into a target that cannot seek."""
    target = Pipe()
    written = write_patient_archive(
        dossier, target, open_attachment=opener(bodies), written_at=WRITTEN_AT, sender=SENDER
    )
    return Made(data=bytes(target.taken), written=written, dossier=dossier, bodies=bodies)
