"""Workbooks (.xlsx, .xls, .ods): their rows, read by a process of its own that the system limits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from formats.errors import LimitExceeded, TableUnreadable
from formats.tables import limits
from formats.tables.rows import CELLS, PLACE, REFUSED, ROW, SHEET, ListRow, Sheet
from formats.words import mark

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How a workbook begins: as a ZIP archive, or as a compound file."""
REASONS = {
    "password": mark("it has a password: save it without one"),
    "error-cell": mark("a cell holds an error such as #N/A in place of what it should say: correct it"),
    "damaged": mark("it is no workbook, or is damaged: save it again, or as CSV"),
}
LIMITS = {
    "sheets": (mark("the number of sheets"), limits.MAX_SHEETS),
    "length": (mark("the length of the list"), limits.MAX_TABLE_BYTES),
    "unpacked": (mark("the size of the workbook when it is unpacked"), limits.MAX_WORKBOOK_BYTES),
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
    for title, rows in groupby(_rows(stream, name), key=lambda one: one[0]):
        yield Sheet(name=title, rows=(row for _, row in rows))


def _rows(stream: BinaryIO, name: str) -> Iterator[tuple[str, ListRow]]:
    """Yield every row with the name of its sheet."""
    stream.seek(0)
    data = stream.read(limits.MAX_TABLE_BYTES + 1)
    command = [sys.executable, "-I", "-m", "formats.tables.workbook_process"]
    with subprocess.Popen(  # noqa: S603 - our own module, nothing of it comes from outside
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield from _answered(process, data, name)
            whole = process.wait() == 0
        except (BrokenPipeError, ValueError):  # it ended before it had read or written everything
            whole = False
        finally:
            process.kill()
    if not whole:
        reason = mark("it asks for more memory or time than any list: save it as CSV")
        raise TableUnreadable(name=name, line=0, reason=reason)


def _answered(process: subprocess.Popen[bytes], data: bytes, name: str) -> Iterator[tuple[str, ListRow]]:
    if process.stdin is None or process.stdout is None:  # they are pipes
        return
    process.stdin.write(data)
    process.stdin.close()
    title = ""
    for text in process.stdout:
        line = json.loads(text)
        if REFUSED in line:
            raise _refusal(line[REFUSED], name, line[PLACE])
        title = line.get(SHEET, title)
        if ROW in line:
            yield title, ListRow(number=line[ROW], cells=line[CELLS])


def _refusal(code: str, name: str, place: str) -> TableUnreadable | LimitExceeded:
    if code in LIMITS:
        what, limit = LIMITS[code]
        return LimitExceeded(where=name, name=what, found=limit + 1, limit=limit)
    return TableUnreadable(name=name, line=0, reason=REASONS[code], where=place)
