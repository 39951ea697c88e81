"""Process that reads a workbook (.xlsx, .xls, .ods) from standard input: its rows go to standard output as JSON lines.

A workbook of a few kilobytes can ask its reader for hundreds of gigabytes: members packed a thousandfold, a cell in
the last row and the last column, one long text in a million cells. The reader of all three kinds has no limits of its
own, so it has a process of its own, whose memory and time the system limits: it may fail in any manner, and nothing
else does.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from typing import IO, Any

import python_calamine

from formats.tables import limits
from formats.tables.rows import CELLS, PLACE, REFUSED, ROW, SHEET

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
MAX_TAG = 256 << 10
"""Bytes of the start of a cell; a formula in OpenDocument, of 64 Ki characters at most, is part of it."""
DAMAGE = (zipfile.BadZipFile, RuntimeError, EOFError, OSError, zlib.error)
"""What ``zipfile`` raises where it cannot unpack; the reader of workbooks says what is wrong."""


class Refusal(Exception):
    """Reason for which a workbook is not read, as a code; ``place`` is the cell it is about."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code)
        self.place = place


def workbook_lines(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the name of each sheet, and behind it the rows that are not empty, with their numbers.

    Raises:
        Refusal: past a limit, and for what is no workbook or needs a password.
    """
    _require_unpacked_size(data)
    _require_values(data)
    length = 0
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            if len(workbook.sheet_names) > limits.MAX_SHEETS:
                raise Refusal("sheets")
            for name in workbook.sheet_names:
                yield {SHEET: name}
                for number, row in enumerate(workbook.get_sheet_by_name(name).iter_rows(), 1):
                    cells = list(map(_text, row))
                    while cells and not cells[-1].strip():
                        cells.pop()
                    length += sum(map(len, cells)) + len(cells)
                    if length > limits.MAX_TABLE_BYTES:
                        raise Refusal("length")
                    if cells:
                        yield {ROW: number, CELLS: cells}
    except python_calamine.PasswordError as fault:
        raise Refusal("password") from fault
    except python_calamine.CalamineError as fault:
        raise Refusal("damaged") from fault


def _require_unpacked_size(data: bytes) -> None:
    """Refuse an archive that says it unpacks to too much; one that lies meets the limit of memory."""
    with suppress(zipfile.BadZipFile, NotImplementedError), zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > limits.MAX_WORKBOOK_BYTES:
            raise Refusal("unpacked")


def _require_values(data: bytes) -> None:
    """Refuse a workbook with an error in a cell, which its reader shows as an empty one.

    Of the binary kind (.xls) nobody can tell.
    """
    with suppress(*DAMAGE), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") or name == "content.xml":
                with archive.open(name) as member:
                    _refuse_error_cell(member)


def _refuse_error_cell(member: IO[bytes]) -> None:
    tag = b""  # the last one, which may go on in the next piece
    while piece := member.read(1 << 20):
        text = tag + piece
        whole = max(text.rfind(b"<"), 0)
        if found := ERROR_CELL.search(text, 0, whole):
            place = CELL_PLACE.search(found[0])
            raise Refusal("error-cell", place[1].decode("ascii") if place else "")
        tag = text[whole:] if len(text) - whole <= MAX_TAG else b""


def _text(value: object) -> str:
    """Return a cell as the same list in CSV would have it: ISO dates, numbers with all their digits or with E."""
    match value:
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case float():
            whole = value.is_integer() and abs(value) < EXACT
            return str(int(value)) if whole else repr(value).upper()
        case _:
            return str(value)


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    asked = {
        resource.RLIMIT_AS: limits.MAX_WORKBOOK_MEMORY,
        resource.RLIMIT_CPU: limits.MAX_WORKBOOK_SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in asked.items():
        with suppress(ValueError, OSError):  # a system that has a lower limit already
            resource.setrlimit(kind, (most, most))


def answer() -> None:
    """Answer one workbook."""
    _limit_resources()
    data = sys.stdin.buffer.read(limits.MAX_TABLE_BYTES + 1)
    with suppress(BrokenPipeError):  # whoever reads has seen enough
        try:
            for line in workbook_lines(data):
                sys.stdout.write(json.dumps(line) + "\n")
        except Refusal as refusal:
            sys.stdout.write(json.dumps({REFUSED: str(refusal), PLACE: refusal.place}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answer()
