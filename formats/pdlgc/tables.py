"""Tables a person opens in a spreadsheet: CSV with ``;``, UTF-8 with a byte order mark, CRLF.

A spreadsheet runs a cell that begins with ``=`` and the like as a formula. A cell
whose first visible character is one of those, or an apostrophe, therefore gets
one apostrophe in front; a reader takes one apostrophe away from every cell that
begins with one. So nothing runs, and nothing is lost.
Source of the list of characters: OWASP, *CSV Injection*.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO, NamedTuple

from formats.errors import LimitExceeded, TableUnreadable
from formats.words import mark

MAX_CELL_CHARACTERS = 16 << 20
"""The longest cell read; a list of the record identities of one file stays far below."""

MAX_LINE_BYTES = 64 << 20
"""The longest line read; four bytes for every character of the longest cell."""

ESCAPED = "backslashreplace"
"""How half a surrogate pair is written, which UTF-8 has no bytes for."""
LONGEST_ESCAPE = 6
"""Characters, and bytes, that one character becomes at most."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Tells a spreadsheet that the table is UTF-8."""
GATHERED_ROWS = 64
"""Rows encoded together when a table is written."""

_RISKY = ("=", "+", "-", "@", "'", "＝", "＋", "－", "＠", "|", "%")


_HARMLESS = re.compile("[A-Za-z0-9]")
"""How most cells begin: nothing runs, and no apostrophe is needed."""


class _Lines(NamedTuple):
    """A file for ``csv`` to write into: each line becomes a member of ``lines``."""

    lines: list[str]

    def write(self, line: str) -> int:
        self.lines.append(line)
        return len(line)


def guard(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet takes it for a formula."""
    # A tab or line break in front is skipped by some programs, so what follows it counts too.
    if _HARMLESS.match(cell):
        return cell
    return f"'{cell}" if cell.lstrip().startswith(_RISKY) or cell[:1] in {"\t", "\r", "\n", "\0"} else cell


def unguard(cell: str) -> str:
    """Return what ``guard`` was given."""
    return cell[1:] if cell[:1] == "'" else cell


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the table in pieces, every cell quoted; half surrogates are written as ``\\udxxx``.

    Raises:
        LimitExceeded: for a cell or a line longer than ``read_table`` takes.
    """
    yield BYTE_ORDER_MARK
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in chain([columns], rows):
        writer.writerow(map(guard, row))
        if len(lines[-1]) * LONGEST_ESCAPE > min(MAX_CELL_CHARACTERS, MAX_LINE_BYTES):
            _require_readable(lines[-1], row)
        if len(lines) == GATHERED_ROWS:
            yield "".join(lines).encode("utf-8", ESCAPED)
            lines.clear()
    yield "".join(lines).encode("utf-8", ESCAPED)


def _require_readable(line: str, row: Iterable[str]) -> None:
    """Measure what was written as it will be read: escapes, apostrophes and quotation marks count."""
    for cell in row:
        length = len(guard(cell).encode("utf-8", ESCAPED).decode("utf-8"))
        _require(mark("the length of a cell in characters"), length, MAX_CELL_CHARACTERS)
    for part in line.encode("utf-8", ESCAPED).removesuffix(b"\n").split(b"\n"):
        _require(mark("the length of a line in bytes"), len(part) + 1, MAX_LINE_BYTES)


def _require(name: str, found: int, limit: int, where: str = "") -> None:
    if found > limit:
        raise LimitExceeded(where=where, name=name, found=found, limit=limit)


def row_bytes(row: Sequence[str]) -> int:
    """Return how many bytes ``row`` takes in a table."""
    return sum(map(len, write_table(row, ()))) - len(BYTE_ORDER_MARK)


def read_table(stream: BinaryIO, columns: Sequence[str], *, name: str) -> Iterator[dict[str, str]]:
    """Yield each row by column name.

    Raises:
        TableUnreadable: for other columns, a row of another length, or text that is not UTF-8.
        LimitExceeded: for a line longer than ``MAX_LINE_BYTES``.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_lines(stream, name), delimiter=";", strict=True)
    try:
        if next(reader, None) != list(columns):
            raise TableUnreadable(name=name, line=1, reason=mark("its columns are others"))
        for row in reader:
            if len(row) != len(columns):
                reason = mark("it has more or fewer cells than columns")
                raise TableUnreadable(name=name, line=reader.line_num, reason=reason)
            yield dict(zip(columns, map(unguard, row), strict=True))
    except (csv.Error, UnicodeDecodeError) as fault:
        reason = mark("it is not CSV in UTF-8")
        raise TableUnreadable(name=name, line=reader.line_num, reason=reason) from fault


def _lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """Yield the lines of ``stream``, which stays open; a line feed never splits a character of UTF-8."""
    encoding = "utf-8-sig"
    while line := stream.readline(MAX_LINE_BYTES + 1):
        _require(mark("the length of a line in bytes"), len(line), MAX_LINE_BYTES, where=name)
        yield line.decode(encoding)
        encoding = "utf-8"
