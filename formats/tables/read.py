"""Read a list as French or English spreadsheets save it.

The separator is ``;``, a comma or a tab, found in the heading; the text is
UTF-8 with or without a byte order mark, else Windows-1252. Headings are
compared without case, accents and punctuation, by any of their known names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from formats.errors import FormatFailure, LimitExceeded
from formats.names import comparable
from formats.words import mark

MAX_TABLE_BYTES = 64 << 20
"""A line of a list is about 100 bytes; 600,000 lines are more than anyone writes by hand."""
MAX_CELL = 32_768
"""Characters of one cell; spreadsheets themselves stop at 32,767."""
_SEPARATORS = (";", "\t", ",")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")


class TableUnreadable(FormatFailure):
    code = "table-unreadable"
    sentence = mark("This list cannot be read: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a list: its number in the file (the heading is 1) and its cells by column, trimmed."""

    number: int
    cells: Mapping[str, str]


def read_table(
    path: Path, columns: Mapping[str, Sequence[str]], *, required: Sequence[str]
) -> Iterator[Line]:
    """Yield the lines of the list at ``path``; blank ones are passed over.

    ``columns`` maps our name of a column to the headings people give it; every
    one in ``required`` must be there, and a column nobody knows is left alone.

    Raises:
        TableUnreadable: when it is no list, a required column is missing, a heading
            appears twice, or a line is longer than the heading.
        LimitExceeded: when the file or a cell is too long.
    """
    text = _text(path)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    heading = next(rows, [])
    places = _places(path, heading, columns, required)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            reason = mark("a quotation mark is not closed")
            raise TableUnreadable(where=f"{path.name} line {rows.line_num}", reason=reason) from fault
        if any(cell.strip() for cell in row):
            yield _line(path, rows.line_num, row, places, len(heading))


def _line(path: Path, number: int, row: list[str], places: Mapping[str, int], width: int) -> Line:
    where = f"{path.name} line {number}"
    if len(row) > width:
        raise TableUnreadable(where=where, reason=mark("the line has more cells than the heading"))
    longest = max(map(len, row))
    if longest > MAX_CELL:
        raise LimitExceeded(where=where, name=mark("the length of a cell"), found=longest, limit=MAX_CELL)
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
    return Line(number=number, cells=cells)


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
    except OSError as fault:
        raise TableUnreadable(where=str(path), reason=mark("the file cannot be opened")) from fault
    if size > MAX_TABLE_BYTES:
        name = mark("the size of the list in bytes")
        raise LimitExceeded(where=path.name, name=name, found=size, limit=MAX_TABLE_BYTES)
    data = path.read_bytes()
    if b"\0" in data:
        raise TableUnreadable(where=path.name, reason=mark("it is not text"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=heading.count)


def _places(
    path: Path, heading: list[str], columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> dict[str, int]:
    names = {comparable(alias): name for name, aliases in columns.items() for alias in (name, *aliases)}
    places: dict[str, int] = {}
    for at, title in enumerate(heading):
        name = names.get(comparable(title))
        if name in places:
            raise TableUnreadable(where=path.name, reason=mark("a column appears twice"))
        if name is not None:
            places[name] = at
    if not places.keys() >= set(required):
        raise TableUnreadable(where=path.name, reason=mark("a column is missing from its heading"))
    return places


def day(text: str) -> date | None:
    """Return the day ``text`` writes, in ISO 8601 or as in France; empty text is no day.

    Raises:
        ValueError: when it is something else.
    """
    if not text:
        return None
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)
