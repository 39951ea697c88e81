"""Files of documents and images: those that a column names, and those that a column holds."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

from formats.databases.tables import Value
from formats.errors import Failure, reason_of
from formats.findings import Severity
from formats.media_types import HEAD, media_type
from formats.model.documents import Attachment
from formats.model.missing import MissingReason
from formats.reading import FileBody
from formats.sources.mapped.rows.found_records import FoundRecords
from formats.sources.mapped.rows.row import MappedRow
from formats.words import mark


def file_reader(
    found: FoundRecords,
    names: list[Callable[[MappedRow], str]],
    content: Callable[[MappedRow], Value] | None,
    folder: str,
    column: str,
) -> Callable[[MappedRow], Attachment | None]:
    """Return the reader of a file: its bytes wait in the row, the record gets what describes them."""

    def read(row: MappedRow) -> Attachment | None:
        data = content(row) if content else None
        name = "/".join(part for part in (folder, *(one(row) for one in names)) if part) if names else ""
        if inside := _as_bytes(data):
            body: FileBody | None = _inside(inside, name)
        elif not any(one(row) for one in names):
            return None
        else:
            body = _named(found, row, name.replace("\\", "/"), column)
        if body is None:
            return None
        row.bodies.append(body)
        return body.attachment

    return read


def pieces_reader(
    piece: Callable[[MappedRow], Value], place: int
) -> Callable[[MappedRow], Attachment | None]:
    """Return the reader of a file whose pieces are the children at ``place``, in the order of their keys."""

    def read(row: MappedRow) -> Attachment | None:
        ordered = sorted(row.children[place], key=lambda child: (len(child.key), child.key))
        pieces = [_as_bytes(piece(child)) for child in ordered]
        if not pieces:
            return None
        if not all(pieces):
            sentence = mark("A piece of the file of this row is empty or too large; it was not put together.")
            row.notice(Severity.ERROR, "mapped-file-in-pieces", sentence)
            return None
        body = _inside(b"".join(pieces), "")
        row.bodies.append(body)
        return body.attachment

    return read


def _as_bytes(value: Value) -> bytes:
    """Return a piece of a file, or nothing for a cell that is none."""
    return value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else b""


def _inside(data: bytes, name: str) -> FileBody:
    kind = media_type(data[:HEAD], name)
    attachment = Attachment(sha256=sha256(data).hexdigest(), size=len(data), media_type=kind)
    return FileBody(attachment=attachment, open=lambda: BytesIO(data))


def _named(found: FoundRecords, row: MappedRow, name: str, column: str) -> FileBody | None:
    if found.files is None:
        found.unsought += 1
        row.unread[column] = MissingReason.FILE_NOT_SOUGHT.value
        return None
    try:
        body = found.files.body(name)
    except (Failure, OSError) as fault:
        reason = reason_of(fault) if isinstance(fault, OSError) else fault
        sentence = mark("The file “{name}” could not be taken: {reason}.")
        row.unread[column] = MissingReason.FILE_REFUSED.value
        row.notice(Severity.ERROR, "mapped-file-refused", sentence, column=column, name=name, reason=reason)
        return None
    if body is None:
        sentence = mark("The file “{name}” is not in the folder of documents.")
        row.unread[column] = MissingReason.FILE_MISSING.value
        row.notice(Severity.WARNING, "mapped-file-missing", sentence, column=column, name=name)
    return body
