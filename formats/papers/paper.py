"""One line of a list of documents, with the file it describes, before anyone has said whose it is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO
from zoneinfo import ZoneInfo

from formats.model.care import Note, NoteKind
from formats.model.dates import AnyDate, AnyMoment, contradict, without_time
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageKind
from formats.model.record import record_id
from formats.names import comparable
from formats.reading import FileBody
from formats.tables.read import parse_any_date

TABLE = "papers"
"""Name of the source table in the identity of a record; fixed for ever."""

KIND_WORDS = {
    ImageKind.RADIOGRAPH: (
        *("radiograph", "radiography", "radiographie", "radio", "rx", "xray", "panoramic", "panoramique"),
        *("pano", "bitewing", "retroalveolaire", "retrocoronaire", "teleradiographie", "cephalometric"),
    ),
    ImageKind.PHOTOGRAPH: ("photograph", "photographie", "photo", "picture"),
    ImageKind.SCAN_3D: ("scan 3d", "3d", "empreinte", "empreinte optique", "optical impression", "stl"),
    ImageKind.OTHER: ("image", "imaging", "imagerie"),
}
"""How people call each kind of image, in either language."""
IMAGE_WORDS = {comparable(word): kind for kind, words in KIND_WORDS.items() for word in words}
MESHES = frozenset({"model/stl", "model/ply", "model/obj"})
PICTURES = "image/"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_FRENCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: +(?:à )?(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperPatient:
    """What a line says about the patient; nothing of it is checked against the practice."""

    number: str = ""
    issuer: str = ""
    family: str = ""
    given: str = ""
    birth_date: AnyDate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPaper:
    """A line of the list; without ``attachment`` its file is missing or unreadable, and ``open`` is ``None``.

    ``name`` is the file as the line writes it, ``occurrence`` tells apart lines
    about the same file. ``dated`` is what the line says, ``photographed_at``
    what the camera wrote; both without a zone unless the source names one.
    ``others`` are cells of unknown columns. What has a ``text`` is a note, not a document.
    """

    line: int
    patient: PaperPatient
    name: str
    occurrence: int = 0
    title: str = ""
    kind: str = ""
    dated: AnyMoment | None = None
    practitioner: str = ""
    others: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    photographed_at: datetime | date | None = None
    attachment: Attachment | None = None
    open: Callable[[], BinaryIO] | None = None

    @property
    def image(self) -> ImageKind | None:
        """What kind of image this is; ``None`` for a document.

        The content decides between picture, mesh and document, the line which
        picture it is. A picture that the line calls a letter is a letter.
        """
        known_kind = IMAGE_WORDS.get(comparable(self.kind))
        if self.attachment is None:
            return known_kind
        if self.attachment.media_type in MESHES:
            return ImageKind.SCAN_3D
        if not self.attachment.media_type.startswith(PICTURES):
            return None
        if known_kind is None and not self.kind:
            return ImageKind.PHOTOGRAPH if self.photographed_at else ImageKind.OTHER
        return known_kind

    @property
    def body(self) -> FileBody | None:
        """The bytes behind a document or an image, to be opened when they are copied."""
        if self.attachment is None or self.open is None or self.text is not None:
            return None
        return FileBody(attachment=self.attachment, open=self.open)


def document_record(
    found: FoundPaper,
    patient: str,
    practice: uuid.UUID | str,
    practitioner_id: str | None = None,
    *,
    zone: str = "Europe/Paris",
) -> Document | ImageFile | Note:
    """Return ``found`` as a record of the patient; the same line keeps its identity when collected again.

    ``zone`` is the IANA zone of the practice, for times that carry none. A
    practitioner without ``practitioner_id`` and the unknown columns become the note.
    """
    content = found.attachment.sha256 if found.attachment else ""
    key = "/".join((patient, str(found.occurrence), content, found.name or found.title))
    identity = record_id(practice, TABLE, key)
    if found.text is not None:
        return Note(
            id=identity,
            patient=patient,
            note=NoteKind.CLINICAL,
            text=found.text,
            written_at=_zoned(found.dated, zone),
            practitioner=practitioner_id,
            author="" if practitioner_id else found.practitioner,
        )
    note = "\n".join(_note(found, named=practitioner_id is None))
    image = found.image
    if image is None:
        return Document(
            id=identity,
            patient=patient,
            title=found.title,
            original_name=found.name,
            category=found.kind,
            created_at=_zoned(found.dated, zone),
            practitioner=practitioner_id,
            note=note,
            attachment=found.attachment,
        )
    return ImageFile(
        id=identity,
        patient=patient,
        image=image,
        title=found.title,
        original_name=found.name,
        taken_at=_zoned(_taken(found), zone),
        practitioner=practitioner_id,
        note=note,
        attachment=found.attachment,
    )


def _taken(found: FoundPaper) -> AnyMoment | None:
    """The line decides the day, for someone wrote it on purpose; the camera adds the time of that day."""
    taken, dated = found.photographed_at, found.dated
    if taken is None or isinstance(dated, datetime) or contradict(dated, without_time(taken)):
        return dated
    return taken


def _zoned(moment: AnyMoment | None, zone: str) -> AnyMoment | None:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(zone))
    return moment


def _note(found: FoundPaper, *, named: bool) -> list[str]:
    cells = [("practitioner", found.practitioner)] if named and found.practitioner else []
    if found.image is not None and found.kind and IMAGE_WORDS.get(comparable(found.kind)) != found.image:
        cells.append(("kind", found.kind))
    return [f"{column}: {value}" if column else value for column, value in (*cells, *found.others)]


def birth_date_of(text: str) -> AnyDate | None:
    """Return the date of what ``moment_in`` reads; else ``None``."""
    found = moment_in(text)
    return None if found is None else without_time(found)


def moment_in(text: str) -> AnyMoment | None:
    """Return what ``day_of`` reads, or the year or the month of a day; else ``None``."""
    found = day_of(text)
    if found is not None:
        return found
    try:
        return parse_any_date(text)
    except ValueError:
        return None


def day_of(text: str) -> date | datetime | None:
    """Return a day, or a time without a zone, written in ISO 8601 or day first; else ``None``."""
    iso, french = _ISO.fullmatch(text), _FRENCH.fullmatch(text)
    if iso:
        year, month, day = iso.group(1, 2, 3)
    elif french:
        day, month, year = french.group(1, 2, 3)
    else:
        return None
    clock = (iso or french).group(4, 5, 6)  # type: ignore[union-attr]
    try:
        on = date(int(year), int(month), int(day))
        hour, minute, second = (int(part or 0) for part in clock)
        return datetime.combine(on, time(hour, minute, second)) if clock[0] else on
    except ValueError:
        return None
