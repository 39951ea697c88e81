"""Tables of the patient archive: CSV with ``;``, UTF-8 with a byte order mark, CRLF, every cell quoted.

No cell of them is a formula, and nothing is lost by that: ``formats.tables.write`` says how.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, tee
from typing import BinaryIO

from formats.errors import LimitExceeded, TableUnreadable
from formats.tables.write import BYTE_ORDER_MARK, ESCAPED, guard, table_lines, unguard_row
from formats.words import mark

MAX_CELL_CHARACTERS = 16 << 20
"""The longest cell read; a list of the record identities of one file stays far below."""

MAX_LINE_BYTES = 64 << 20
"""The longest line read; four bytes for every character of the longest cell."""

LONGEST_ESCAPE = 6
"""Characters, and bytes, that one character becomes at most."""
GATHERED_ROWS = 64
"""Rows encoded together when a table is written."""


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the table in pieces, every cell quoted; half surrogates are written as ``\\udxxx``.

    Raises:
        LimitExceeded: for a cell or a line longer than ``read_rows`` takes.
    """
    yield BYTE_ORDER_MARK
    lines: list[str] = []
    written, measured = tee(chain([columns], rows))
    for line, row in zip(table_lines(written), measured, strict=True):
        if len(line) * LONGEST_ESCAPE > min(MAX_CELL_CHARACTERS, MAX_LINE_BYTES):
            _require_readable(line, row)
        lines.append(line)
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


def read_rows(stream: BinaryIO, columns: Sequence[str], *, name: str) -> Iterator[dict[str, str]]:
    """Yield each row by column name.

    Raises:
        TableUnreadable: for other columns, a row of another length, or text that is not UTF-8.
        LimitExceeded: for a line longer than ``MAX_LINE_BYTES``.
    """
    return read_any_table(stream, {name: columns}, name=name)


def read_any_table(
    stream: BinaryIO, tables: Mapping[str, Iterable[str]], *, name: str = "CSV"
) -> Iterator[dict[str, str]]:
    """Yield each row of a table that has the columns of one of ``tables``; raises as ``read_rows``."""
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_lines(stream, name), delimiter=";", strict=True)
    try:
        columns = next(reader, None)
        if columns is None or columns not in map(list, tables.values()):
            raise TableUnreadable(name=name, line=1, reason=mark("its columns are others"))
        for row in reader:
            if len(row) != len(columns):
                reason = mark("it has more or fewer cells than columns")
                raise TableUnreadable(name=name, line=reader.line_num, reason=reason)
            yield dict(zip(columns, unguard_row(row), strict=True))
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
