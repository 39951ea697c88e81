"""Documents and pictures: `document` with its file, `mount` with its places."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from formats.databases.tables import MAX_CELL
from formats.errors import Fact, Failure, reason_of
from formats.findings import Severity
from formats.mapping.tooth_notations import parse_teeth
from formats.media_types import HEAD, media_type
from formats.model.documents import Attachment, Document
from formats.model.imaging import ImageFile, ImageKind
from formats.model.missing import MissingReason
from formats.opendental import codes
from formats.opendental.database.image_folder import FileMissing, ImageFolder
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, RecordLink, Yielded
from formats.opendental.records.mouth import many_teeth
from formats.reading import FileBody
from formats.words import mark

IN_DATABASE = "RawBase64"
"""Column that holds the file itself, as base64, where a practice keeps no image folder."""

_SCANS = frozenset({"model/stl", "model/ply", "model/obj"})


@dataclass(slots=True)
class Papers:
    """Reads ``document`` with the files of ``images``, ``None`` when there is no folder at hand.

    ``unsought`` counts the files nobody could look for.
    """

    images: ImageFolder | None
    unsought: int = 0

    def __call__(self, joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
        """Yield the file if it is found, then the document or picture."""
        row = joined.row
        body = self._body(row, context.patients[joined.patient].folder)
        if body:
            yield body
        attachment = body.attachment if body else None
        kind = _image_kind(row, attachment)
        if kind:
            yield _image(joined, context, kind, attachment)
            if row.number("MountItemNum"):
                context.mounted[row.number("MountItemNum")] = int(row.key)
        else:
            yield _document(joined, context, attachment)
            context.remember("document", row.key, joined.patient)

    def _body(self, row: Row, folder: str) -> FileBody | None:
        if row.text(IN_DATABASE):
            return _from_database(row)
        name = row.text("FileName")
        if self.images is None:
            self.unsought += 1
            row.unread["FileName"] = MissingReason.FILE_NOT_SOUGHT.value
            return None
        if not name or not folder:
            _missing(row, name or row.text("ExternalGUID"))
            return None
        try:
            return self.images.body(folder, name)
        except FileMissing:
            _missing(row, name)
        except Failure as fault:
            _refused(row, name, fault)
        except OSError as fault:
            _refused(row, name, reason_of(fault))
        return None


def _missing(row: Row, name: str) -> None:
    row.unread["FileName"] = MissingReason.FILE_MISSING.value
    row.notice(Severity.WARNING, FileMissing.code, FileMissing.sentence, name=name[:200])


def _refused(row: Row, name: str, reason: Fact) -> None:
    row.unread["FileName"] = MissingReason.FILE_REFUSED.value
    row.notice(
        Severity.ERROR,
        "opendental-file-refused",
        mark("The file “{name}” was not taken: {reason}"),
        name=name[:200],
        reason=reason,
    )


def _from_database(row: Row) -> FileBody | None:
    """Return the file a cell holds; the verbatim row then carries its digest instead of a second copy."""
    try:
        content = base64.b64decode("".join(row.text(IN_DATABASE).split()), validate=True)
    except binascii.Error:
        _refused(row, row.text("FileName") or IN_DATABASE, mark("the cell does not hold a file (Base64)"))
        return None
    if len(content) > MAX_CELL:
        _refused(row, IN_DATABASE, mark("it is too large"))
        return None
    kind = media_type(content[:HEAD], row.text("FileName"))
    digest = sha256(content).hexdigest()
    row.replaced[IN_DATABASE] = f"sha256:{digest}"
    opener: Callable[[], BytesIO] = lambda: BytesIO(content)  # noqa: E731 a name for the type of what FileBody opens
    return FileBody(attachment=Attachment(sha256=digest, size=len(content), media_type=kind), open=opener)


def _image_kind(row: Row, attachment: Attachment | None) -> ImageKind | None:
    """Radiographs and photographs are pictures; so is a scan in three dimensions, filed as whatever it be."""
    if attachment and attachment.media_type in _SCANS:
        return ImageKind.SCAN_3D
    kind = row.number("ImgType")
    return codes.IMAGE_KIND.get(codes.ImageType(kind)) if kind in set(codes.ImageType) else None


def _image(
    joined: JoinedRow, context: LookupContext, kind: ImageKind, attachment: Attachment | None
) -> ImageFile:
    row = joined.row
    return ImageFile(
        id=context.id("document", row.key),
        patient=context.patient(joined.patient),
        image=kind,
        title=row.text("Description") or _mount_title(row, context),
        original_name=row.text("FileName"),
        taken_at=row.moment("DateCreated"),
        teeth=_teeth(row, context),
        crop=_crop(row),
        rotation=round(row.real("DegreesRotated") or 0) % 360,
        flipped=bool(row.number("IsFlipped")),
        window=_window(row),
        practitioner=context.practitioner(row, "ProvNum"),
        note=row.text("Note"),
        attachment=attachment,
    )


def _document(joined: JoinedRow, context: LookupContext, attachment: Attachment | None) -> Document:
    row = joined.row
    return Document(
        id=context.id("document", row.key),
        patient=context.patient(joined.patient),
        title=row.text("Description"),
        original_name=row.text("FileName"),
        category=context.definition(row, "DocCategory"),
        created_at=row.moment("DateCreated"),
        practitioner=context.practitioner(row, "ProvNum"),
        note=row.text("Note"),
        attachment=attachment,
    )


def _mount_title(row: Row, context: LookupContext) -> str:
    item = context.mount_items.get(row.number("MountItemNum"))
    return context.mounts.get(item.mount, "") if item else ""


def _teeth(row: Row, context: LookupContext) -> tuple[str, ...]:
    """A picture that names no teeth shows those its place on the mount is for."""
    item = context.mount_items.get(row.number("MountItemNum"))
    if row.text("ToothNumbers") or item is None:
        return many_teeth(row, "ToothNumbers")
    return parse_teeth(item.teeth)[0]


def _crop(row: Row) -> tuple[int, ...]:
    found = tuple(row.number(column) for column in ("CropX", "CropY", "CropW", "CropH"))
    return found if found[2] > 0 and found[3] > 0 else ()


def _window(row: Row) -> tuple[int, ...]:
    """A window whose upper end is 0 means that there is none."""
    found = (row.number("WindowingMin"), row.number("WindowingMax"))
    return found if found[1] > 0 else ()


def mount(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``mount`` with its ``mountitem`` rows: they lead to the pictures shown in them."""
    for item in joined.of("mountitem"):
        number = context.mounted.get(int(item.key))
        if number is not None:
            yield RecordLink(row=item, record=context.id("document", number))
            yield RecordLink(row=joined.row, record=context.id("document", number))
