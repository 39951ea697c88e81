"""Process that reads a workbook (.xlsx, .xls, .ods) from standard input: its rows go to standard output as JSON lines.

With the argument ``tables`` cells are typed and the limits are those of tables of a practice; without, cells are the
texts of a list. No formula is ever worked out: a cell has the result that lies beside it, and a workbook in which one
has none is refused, as is one whose members are not of the sizes that it gives.

A workbook of a few kilobytes can ask its reader for hundreds of gigabytes: members packed a thousandfold, a cell in
the last row and the last column, one long text in a million cells. The reader of all three kinds has no limits of its
own, so it has a process of its own, whose memory and time the system limits: it may fail in any manner, and nothing
else does.
"""

from __future__ import annotations

import io
import json
import math
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import python_calamine

from formats.tables import limits
from formats.tables.rows import CELLS, PLACE, REFUSED, ROW, SHEET, TABLES_ARGUMENT

if sys.platform != "win32":  # Windows limits no process so
    import resource

EXACT = 1 << 53
"""From here on a number of a spreadsheet no longer has all its digits."""


ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=\s)[^<]*\st\s*=\s*["']e["'][^<]*"""
    rb"""|<table:(?:covered-)?table-cell(?=\s)[^<]*\scalcext:value-type\s*=\s*["']error["'][^<]*"""
)
"""Start of a cell whose value is an error, in Office Open XML (ECMA-376, 18.18.11) and in OpenDocument.

Attributes come in any order. A formula in one may hold ``>``, and never ``<``; a cell has no text but in elements.
"""
CELL_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["']""")
NO_RESULT = re.compile(
    rb"""<(?:\w+:)?c(?=[\s>])(?![^<>]*\st\s*=\s*["']str["'])[^<>]*>\s*"""
    rb"""<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
"""A formula in Office Open XML whose result is not there, which a text that is empty (``str``) is not."""
NO_RESULT_START = re.compile(
    rb"""<table:(?:covered-)?table-cell(?=\s)(?=[^<]*\stable:formula\s*=)(?![^<]*\soffice:value-type\s*=)[^<]*"""
)
"""Start of the same in OpenDocument."""
MAX_TAG = 256 << 10
"""Bytes of the start of a cell; a formula in OpenDocument, of 64 Ki characters at most, is part of it."""
MAX_FORMULA = 64 << 10
"""Bytes of a cell with a formula in Office Open XML, which has 8,192 characters at most."""
UNPACKABLE = (zipfile.BadZipFile, EOFError, zlib.error)
"""What ``zipfile`` raises for a member that is damaged, or of another size than the archive says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mode:
    """What a workbook may be, and how a cell of it is told."""

    file: int
    unpacked: int
    memory: int
    seconds: int
    sheets: int
    length: int
    cell: Callable[[object], str | int | float]


class Refusal(Exception):
    """Reason for which a workbook is not read, as a code; ``place`` is the cell it is about."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code)
        self.place = place


def workbook_lines(data: bytes, mode: Mode) -> Iterator[dict[str, Any]]:
    """Yield the name of each sheet, and behind it the rows that are not empty, with their numbers.

    Raises:
        Refusal: past a limit, and for what is no workbook or needs a password.
    """
    if len(data) > mode.file:
        raise Refusal("file")
    _require_unpacked_size(data, mode)
    _require_members(data)
    length = 0
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            if len(workbook.sheet_names) > mode.sheets:
                raise Refusal("sheets")
            for name in workbook.sheet_names:
                yield {SHEET: name}
                for number, row in enumerate(workbook.get_sheet_by_name(name).iter_rows(), 1):
                    cells = list(map(mode.cell, row))
                    while cells and not str(cells[-1]).strip():
                        cells.pop()
                    length += sum(map(_length, cells)) + len(cells)
                    if length > mode.length:
                        raise Refusal("length")
                    if cells:
                        yield {ROW: number, CELLS: cells}
    except python_calamine.PasswordError as fault:
        raise Refusal("password") from fault
    except python_calamine.CalamineError as fault:
        raise Refusal("damaged") from fault


def _require_unpacked_size(data: bytes, mode: Mode) -> None:
    """Refuse an archive that says it unpacks to too much."""
    with suppress(zipfile.BadZipFile, NotImplementedError), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > mode.unpacked:
            raise Refusal("unpacked")


def _require_members(data: bytes) -> None:
    """Refuse an archive that lies about its sizes, and a cell that its reader would show as an empty one.

    That is an error, or a formula without its result. Of the binary kinds (.xls, .xlsb) nobody can tell.
    """
    with (
        suppress(zipfile.BadZipFile, NotImplementedError, OSError),
        zipfile.ZipFile(io.BytesIO(data)) as archive,
    ):
        for member in archive.infolist():
            cells = member.filename.startswith("xl/worksheets/") or member.filename == "content.xml"
            try:
                with archive.open(member) as stream:
                    size = _scanned(stream, cells=cells)
            except RuntimeError:  # a password, or a way of packing that zipfile does not know
                continue
            except UNPACKABLE as fault:
                raise Refusal("damaged") from fault
            if size != member.file_size:
                raise Refusal("damaged")


def _scanned(member: IO[bytes], *, cells: bool) -> int:
    """Return how many bytes ``member`` has; where there are ``cells`` in it, they are looked at."""
    before = tag = b""  # what may go on in the next piece: a cell with a formula, the start of a cell
    size = 0
    while piece := member.read(1 << 20):
        size += len(piece)
        if not cells:
            continue
        text = tag + piece
        whole = max(text.rfind(b"<"), 0)
        if found := ERROR_CELL.search(text, 0, whole):
            raise Refusal("error-cell", _place(found[0]))
        if found := NO_RESULT_START.search(text, 0, whole) or NO_RESULT.search(before + piece):
            raise Refusal("no-result", _place(found[0]))
        before = piece[-MAX_FORMULA:]
        tag = text[whole:] if len(text) - whole <= MAX_TAG else b""
    return size


def _place(cell: bytes) -> str:
    place = CELL_PLACE.search(cell)
    return place[1].decode("ascii") if place else ""


def _length(cell: str | float) -> int:
    return len(cell) if isinstance(cell, str) else 8


def _text(value: object) -> str:
    """Return a cell as the same list in CSV would have it: ISO dates, numbers with all their digits or with E."""
    match value:
        case bool():
            return str(value).lower()
        case date() | timedelta():
            return _time_text(value)
        case float():
            whole = value.is_integer() and abs(value) < EXACT
            return str(int(value)) if whole else repr(value).upper()
        case _:
            return str(value)


def _time_text(value: date | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")


def _typed(value: object) -> str | int | float:
    """Return a cell of a table: a number that has all its digits as a number, everything else as its text."""
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT
        return int(value) if whole else value if math.isfinite(value) else str(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else _text(value)


LIST = Mode(
    file=limits.MAX_TABLE_BYTES,
    unpacked=limits.MAX_WORKBOOK_BYTES,
    memory=limits.MAX_WORKBOOK_MEMORY,
    seconds=limits.MAX_WORKBOOK_SECONDS,
    sheets=limits.MAX_SHEETS,
    length=limits.MAX_TABLE_BYTES,
    cell=_text,
)
TABLES = Mode(
    file=limits.MAX_TABLES_FILE,
    unpacked=limits.MAX_TABLES_UNPACKED,
    memory=limits.MAX_TABLES_MEMORY,
    seconds=limits.MAX_TABLES_SECONDS,
    sheets=limits.MAX_TABLES_SHEETS,
    length=limits.MAX_TABLES_LENGTH,
    cell=_typed,
)


def _limit_resources(mode: Mode) -> None:
    if sys.platform == "win32":
        return
    asked = {
        resource.RLIMIT_AS: mode.memory,
        resource.RLIMIT_CPU: mode.seconds,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in asked.items():
        with suppress(ValueError, OSError):  # a system that has a lower limit already
            resource.setrlimit(kind, (most, most))


def answer() -> None:
    """Answer one workbook."""
    mode = TABLES if sys.argv[1:] == [TABLES_ARGUMENT] else LIST
    _limit_resources(mode)
    data = sys.stdin.buffer.read(mode.file + 1)
    with suppress(BrokenPipeError):  # whoever reads has seen enough
        try:
            for line in workbook_lines(data, mode):
                sys.stdout.write(json.dumps(line) + "\n")
        except Refusal as refusal:
            sys.stdout.write(json.dumps({REFUSED: str(refusal), PLACE: refusal.place}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer()
