"""Files as they were made or received; their bytes are kept apart, once, by SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from formats.model.dates import AnyMoment
from formats.model.record import PatientRecord, reference


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """The bytes of a file: lower-case hex SHA-256, length in bytes, media type by content."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document(PatientRecord):
    """A letter, form, scan or other file; without ``attachment`` it was missing in the source, or could not be taken.

    ``original_name`` is the name in the source; ``code`` a LOINC document type where known.
    """

    kind: ClassVar[str] = "documents"
    title: str = ""
    original_name: str = ""
    category: str = ""
    code: str = ""
    created_at: AnyMoment | None = None
    practitioner: str | None = reference("practitioners")
    note: str = ""
    attachment: Attachment | None = None
