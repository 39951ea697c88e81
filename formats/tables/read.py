"""Read a list as French or English spreadsheets, or a person, write it.

UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1252 are
told apart; the separator (``;``, comma or tab) is the one under which most
columns of the heading are known. Headings are compared without case, accents
and punctuation, by any of their known names.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from formats.digests import chunks
from formats.errors import FormatFailure, LimitExceeded, TableUnreadable, not_found
from formats.model.dates import AnyDate, parse_date
from formats.regular_files import open_regular
from formats.tables import limits
from formats.tables.columns import Columns
from formats.tables.write import unguard_listed
from formats.words import mark

SEPARATORS = (";", ",", "\t")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a list: ``number`` is where it starts in the file, ``cells`` the known columns, trimmed.

    ``others`` are cells of columns nobody knows with the headings of these
    columns, which are empty past the end of the heading.
    """

    number: int
    cells: Mapping[str, str]
    others: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_list(path: Path, columns: Columns) -> Iterator[Line]:
    """Yield the lines of the list at ``path``; raises as ``read_lines``."""
    with _opened(path) as stream:
        yield from read_lines(stream, columns, name=path.name)


def read_lines(stream: BinaryIO, columns: Columns, *, name: str) -> Iterator[Line]:
    """Yield the lines that are not empty of the list in ``stream``, which stays open; refusals call it ``name``.

    Raises:
        TableUnreadable: when it is no list, or a required column is missing.
        LimitExceeded: past the size of a list, a line or a heading.
    """
    # the csv module has one limit for the whole program: wide enough here, so that ours decides
    csv.field_size_limit(limits.MAX_TABLE_BYTES)
    with _as_text(stream, name) as text:
        rows = csv.reader(_bounded(text), delimiter=_separator(text, columns), strict=True)
        try:
            heading = [cell.strip() for cell in next(rows, [])]
            _bound_cells(heading)
            names = _names(name, heading, columns)
            before = rows.line_num
            for row in rows:
                _bound_cells(row)
                if any(cell.strip() for cell in row):
                    yield _line(before + 1, heading, names, row)
                before = rows.line_num
        except (csv.Error, UnicodeError) as fault:
            reason = mark("a quotation mark or a character is out of place, or a cell is too long")
            raise TableUnreadable(name=name, line=rows.line_num, reason=reason) from fault


def has_columns(path: Path, columns: Columns) -> bool:
    """Tell whether the first line of ``path`` is a heading with the required columns."""
    try:
        with _opened(path) as stream, _as_text(stream, path.name) as text:
            separator = _separator(text, columns)
            heading = next(csv.reader(_bounded(text), delimiter=separator), [])
            return set(columns.required) <= set(_names(path.name, heading, columns))
    except (FormatFailure, csv.Error):
        return False


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = open_regular(path)
    except FileNotFoundError as fault:
        raise not_found(path) from fault
    except OSError as fault:
        raise TableUnreadable(name=str(path), line=0, reason=mark("the file cannot be opened")) from fault
    with stream:
        yield stream


@contextmanager
def _as_text(stream: BinaryIO, name: str) -> Iterator[TextIO]:
    encoding = _encoding(stream, name)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _encoding(stream: BinaryIO, name: str) -> str:
    start = stream.read(4)
    size = stream.seek(0, io.SEEK_END)
    if size > limits.MAX_TABLE_BYTES:
        length = mark("the length of the list")
        raise LimitExceeded(name=length, found=size, limit=limits.MAX_TABLE_BYTES, where=name)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for piece in chunks(stream):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        return encoding
    reason = mark("its characters are neither UTF-8 nor Windows-1252")
    raise TableUnreadable(name=name, line=0, reason=reason)


def _separator(text: TextIO, columns: Columns) -> str:
    """Return the separator under which most columns are known, and go back to the start."""
    first = text.readline(limits.MAX_LINE)
    text.seek(0)

    def known(separator: str) -> int:
        row = next(csv.reader([first], delimiter=separator), [])
        return sum(bool(columns.known(cell)) for cell in row[: limits.MAX_COLUMNS])

    return max(SEPARATORS, key=known)


def _bounded(text: TextIO) -> Iterator[str]:
    """Yield lines, each of bounded length."""
    while line := text.readline(limits.MAX_LINE):
        if len(line) == limits.MAX_LINE:
            raise LimitExceeded(
                name=mark("the length of a line"), found=limits.MAX_LINE, limit=limits.MAX_LINE - 1
            )
        yield line


def _bound_cells(row: Sequence[str]) -> None:
    """Refuse a cell past the limit; the csv module's own limit belongs to whoever set it last."""
    longest = max(map(len, row), default=0)
    if longest >= limits.MAX_LINE:
        raise LimitExceeded(name=mark("the length of a cell"), found=longest, limit=limits.MAX_LINE - 1)


def _names(place: str, heading: list[str], columns: Columns) -> list[str]:
    """Return our name for each column; empty for unknown ones and for the second of a kind."""
    if len(heading) > limits.MAX_COLUMNS:
        raise LimitExceeded(name=mark("the number of columns"), found=len(heading), limit=limits.MAX_COLUMNS)
    names: list[str] = []
    for cell in heading:
        name = columns.known(cell)
        names.append("" if name in names else name)
    missing = [name for name in columns.required if name not in names]
    if missing:
        reason = mark("a column is missing from the heading")
        raise TableUnreadable(name=place, line=1, reason=reason, where=", ".join(missing))
    return names


def _line(number: int, heading: list[str], names: list[str], row: list[str]) -> Line:
    cells: dict[str, str] = {}
    others = []
    for place, cell in enumerate(row):
        value = unguard_listed(cell.strip())
        name = names[place] if place < len(names) else ""
        if name:
            cells[name] = value
        elif value:
            others.append((heading[place] if place < len(heading) else "", value))
    return Line(number=number, cells=cells, others=tuple(others))


def parse_any_date(text: str) -> AnyDate | None:
    """Return the day ``text`` writes as ``parse_day`` reads it, or the year or month, as ``1983-05`` or ``05/1983``.

    Raises:
        ValueError: when it is something else.
    """
    month, slash, year = text.partition("/")
    try:
        return parse_date(f"{year}-{month:0>2}" if slash else text)
    except ValueError:
        return parse_day(text)


def parse_day(text: str) -> date | None:
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
