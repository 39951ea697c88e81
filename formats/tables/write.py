"""CSV that a person opens in a spreadsheet: every list and table the program writes is written here.

A spreadsheet computes a cell that begins like a formula, so such a cell gets one apostrophe in front
(OWASP, *CSV Injection*). There are two rules for it, because there are two kinds of readers:

- ``guard``: tables that programs alone write (``docs/en/format/patient-archive.md``, 8). Cells that begin with
  an apostrophe are marked too, so that a reader takes one away from every cell that begins with one.
- ``guard_listed``: lists that people write as well, who mark nothing and begin names with apostrophes.
  A reader takes one away only in front of what would have been marked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import tee
from typing import NamedTuple

from formats.errors import LimitExceeded
from formats.tables import limits
from formats.words import mark

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Tells a spreadsheet that the table is UTF-8."""
ESCAPED = "backslashreplace"
"""How half a surrogate pair is written, which UTF-8 has no bytes for."""
_MARK = "'"
"""In front of a cell, it makes a spreadsheet take the rest as text."""
_FORMULA = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what a spreadsheet lets a formula begin, in wide letters too."""
_SKIPPED = frozenset("\t\r\n\0")
"""What some spreadsheets take off the front of a cell, so that what follows it counts."""
_HARMLESS = re.compile(r"[A-Za-z0-9]|\Z")
"""How most cells begin."""
_NUMBER = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")
"""A number below nought, which a spreadsheet takes for itself."""


class _Lines(NamedTuple):
    """A file for ``csv`` to write into: each line becomes a member of ``lines``."""

    lines: list[str]

    def write(self, line: str) -> int:
        self.lines.append(line)
        return len(line)


def _computed(cell: str) -> bool:
    """Tell whether a spreadsheet might compute ``cell``."""
    if _HARMLESS.match(cell) or _NUMBER.fullmatch(cell):
        return False
    return cell[:1] in _SKIPPED or cell.lstrip().startswith(_FORMULA)


def guard(cell: str) -> str:
    """Return ``cell`` as a table holds it; ``unguard_row`` takes it back."""
    if _HARMLESS.match(cell):
        return cell
    return _MARK + cell if cell.lstrip().startswith(_MARK) or _computed(cell) else cell


def unguard_row(row: Sequence[str]) -> list[str]:
    """Return what ``guard`` was given for each cell of ``row``; a million rows make this worth a plain loop."""
    return [cell[1:] if cell[:1] == _MARK else cell for cell in row]


def guard_listed(cell: str) -> str:
    """Return ``cell`` as a list that people write too holds it; ``unguard_listed`` takes it back."""
    return _MARK + cell if _computed(cell.lstrip(_MARK)) else cell


def unguard_listed(cell: str) -> str:
    """Return what ``guard_listed`` was given, and what a person wrote as it stands."""
    return cell.removeprefix(_MARK) if _computed(cell.lstrip(_MARK)) else cell


def table_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield each row of a table as its line, every cell quoted and guarded."""
    return _written(rows, guard, quoting=csv.QUOTE_ALL)


def list_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a list that people fill in or write too, in UTF-8; cells are quoted where they have to be.

    Raises:
        LimitExceeded: for a list that ``formats.tables.read`` would not take.
    """
    made = bytearray(BYTE_ORDER_MARK)
    for line in list_lines(rows):
        made += line
    _require(mark("the length of the list"), len(made), limits.MAX_TABLE_BYTES)
    return bytes(made)


def list_lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield each row of such a list as its line.

    Raises:
        LimitExceeded: for a row that ``formats.tables.read`` would not take.
    """
    written, measured = tee(rows)
    for text, row in zip(_written(written, guard_listed, quoting=csv.QUOTE_MINIMAL), measured, strict=True):
        line = text.encode("utf-8", ESCAPED)
        if len(line) >= limits.MAX_LINE or len(row) > limits.MAX_COLUMNS:
            _require_readable(line.decode("utf-8"), row)
        yield line


def _require_readable(line: str, row: Sequence[str]) -> None:
    """Measure what was written as it will be read: physical lines, and cells that go over several."""
    longest = max(map(len, io.StringIO(line, newline="")))
    _require(mark("the length of a line"), longest, limits.MAX_LINE - 1)
    cells = (guard_listed(cell).encode("utf-8", ESCAPED).decode("utf-8") for cell in row)
    _require(mark("the length of a cell"), max(map(len, cells), default=0), limits.MAX_LINE - 1)
    _require(mark("the number of columns"), len(row), limits.MAX_COLUMNS)


def _require(name: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitExceeded(name=name, found=found, limit=limit)


def _written(rows: Iterable[Sequence[str]], guarded: Callable[[str], str], *, quoting: int) -> Iterator[str]:
    line = _Lines([])
    # csv quotes a line end inside a cell only where it is part of the end of a row: hence CRLF everywhere
    writer = csv.writer(line, delimiter=";", quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    for row in rows:
        writer.writerow(map(guarded, row))
        yield line.lines.pop()
