"""Workbooks (.xlsx, .xls, .ods): their rows, read by a process of its own that the system limits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import FileIO
from itertools import groupby
from typing import Any, BinaryIO

from formats.errors import LimitExceeded, TableUnreadable
from formats.tables import limits
from formats.tables.rows import CELLS, PLACE, REFUSED, ROW, SHEET, TABLES_ARGUMENT, ListRow, Sheet, SheetRow
from formats.words import mark

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How a workbook begins: as a ZIP archive, or as a compound file."""
REASONS = {
    "password": mark("it has a password: save it without one"),
    "error-cell": mark("a cell holds an error such as #N/A in place of what it should say: correct it"),
    "no-result": mark("a cell has a formula without its result: open it in a spreadsheet and save it"),
    "damaged": mark("it is no workbook, or is damaged: save it again, or as CSV"),
}
LIMITS = {
    "file": mark("the size of the workbook in bytes"),
    "sheets": mark("the number of sheets"),
    "length": mark("the length of the list"),
    "unpacked": mark("the size of the workbook when it is unpacked"),
}
OF_LISTS = {
    "file": limits.MAX_TABLE_BYTES,
    "sheets": limits.MAX_SHEETS,
    "length": limits.MAX_TABLE_BYTES,
    "unpacked": limits.MAX_WORKBOOK_BYTES,
}
OF_TABLES = {
    "file": limits.MAX_TABLES_FILE,
    "sheets": limits.MAX_TABLES_SHEETS,
    "length": limits.MAX_TABLES_LENGTH,
    "unpacked": limits.MAX_TABLES_UNPACKED,
}


def is_workbook(start: bytes) -> bool:
    """Tell whether a file that starts with ``start``, eight bytes at least, may be a workbook."""
    return start.startswith(SIGNATURES)


def workbook_sheets(stream: BinaryIO, name: str) -> Iterator[Sheet]:
    """Yield the sheets of the workbook in ``stream``, each to be read before the next; refusals call it ``name``.

    Raises:
        TableUnreadable: when it is none, or damaged, or has a password.
        LimitExceeded: past a limit of workbooks.
    """
    for title, rows in groupby(_list_rows(stream, name), key=lambda one: one[0]):
        yield Sheet(name=title, rows=(row for _, row in rows))


def workbook_tables(stream: FileIO, name: str) -> Iterator[SheetRow]:
    """Yield the rows of every sheet of the workbook in the open file ``stream``; its reader alone reads it.

    Each sheet begins with a row without cells.

    Raises:
        TableUnreadable, LimitExceeded: as ``workbook_sheets``, with the limits of tables.
    """
    stream.seek(0)
    title = ""
    with _process([TABLES_ARGUMENT], stream, name) as process:
        for line in _answered(process, name, OF_TABLES):
            if SHEET in line:
                title = line[SHEET]
                yield SheetRow(sheet=title)
            else:
                yield SheetRow(sheet=title, number=line[ROW], cells=line[CELLS])


def _list_rows(stream: BinaryIO, name: str) -> Iterator[tuple[str, ListRow]]:
    """Yield every row with the name of its sheet."""
    stream.seek(0)
    data = stream.read(limits.MAX_TABLE_BYTES + 1)
    title = ""
    with _process([], subprocess.PIPE, name) as process:
        if process.stdin is not None:  # it is a pipe
            process.stdin.write(data)
            process.stdin.close()
        for line in _answered(process, name, OF_LISTS):
            title = line.get(SHEET, title)
            if ROW in line:
                yield title, ListRow(number=line[ROW], cells=line[CELLS])


@contextmanager
def _process(arguments: list[str], source: FileIO | int, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process that reads a workbook, and end it; raises ``TableUnreadable`` when it did not read it whole."""
    command = [sys.executable, "-I", "-m", "formats.tables.workbook_process", *arguments]
    with subprocess.Popen(  # noqa: S603 - our own module, nothing of it comes from outside
        command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
            whole = process.wait() == 0
        except (BrokenPipeError, json.JSONDecodeError):  # it ended before it had read or written everything
            whole = False
        finally:
            process.kill()
    if not whole:
        reason = mark("it asks for more memory or time than any list: save it as CSV")
        raise TableUnreadable(name=name, line=0, reason=reason)


def _answered(
    process: subprocess.Popen[bytes], name: str, most: Mapping[str, int]
) -> Iterator[Mapping[str, Any]]:
    for text in process.stdout or ():
        line = json.loads(text)
        if REFUSED in line:
            raise _refusal(line[REFUSED], name, line[PLACE], most)
        yield line


def _refusal(code: str, name: str, place: str, most: Mapping[str, int]) -> TableUnreadable | LimitExceeded:
    if code in LIMITS:
        return LimitExceeded(where=name, name=LIMITS[code], found=most[code] + 1, limit=most[code])
    return TableUnreadable(name=name, line=0, reason=REASONS[code], where=place)
