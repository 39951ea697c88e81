"""Read a list as spreadsheets, programs or people write it: workbooks and delimited text.

The headings are the first row that has every required column; what stands above is a title. They are compared without
case, accents and punctuation, by any of their known names. A number that a spreadsheet spoilt is mended where that can
be done for sure, and named where it cannot.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from formats.errors import FormatFailure, LimitExceeded, TableUnreadable, not_found
from formats.findings import Finding, Severity
from formats.model.dates import AnyDate, parse_date
from formats.regular_files import open_regular
from formats.tables import limits
from formats.tables.columns import Columns
from formats.tables.delimited import delimited_sheet
from formats.tables.rows import ListRow, Sheet
from formats.tables.workbook import is_workbook, workbook_sheets
from formats.tables.write import unguard_listed
from formats.words import mark, plural

ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"})
"""How names of lists end, in small letters."""
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?\Z")
_WITH_DECIMALS = re.compile(r"(?P<number>\d+)[.,]0+")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""A long number as a spreadsheet shows it: only its first digits are there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a list: ``number`` is where it starts in the file, ``cells`` the known columns, trimmed.

    ``others`` are cells of columns nobody knows with the headings of these columns, which are empty past the end
    of the headings. ``rounded`` are the columns whose number a spreadsheet cut to its first digits.
    """

    number: int
    cells: Mapping[str, str]
    others: tuple[tuple[str, str], ...] = ()
    rounded: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Headings:
    """A row of headings: its texts, our name for each column, and the required columns that it lacks."""

    row: ListRow
    names: Sequence[str]
    missing: tuple[str, ...]

    @property
    def texts(self) -> Sequence[str]:
        return self.row.cells


def read_list(path: Path, columns: Columns) -> Iterator[Line | Finding]:
    """Yield the lines of the list at ``path``; raises as ``read_lines``."""
    with _opened(path) as stream:
        yield from read_lines(stream, columns, name=path.name)


def read_lines(stream: BinaryIO, columns: Columns, *, name: str) -> Iterator[Line | Finding]:
    """Yield the lines that are not empty of the list in ``stream``, which stays open; refusals call it ``name``.

    Findings say what was passed over or mended; what the columns that nobody knows hold is in the lines.

    Raises:
        TableUnreadable: when it is no list, a required column is missing, or two sheets hold such a list.
        LimitExceeded: past the size of a list, a line, a heading or a workbook.
    """
    lacking: list[_Headings] = []
    read = False
    with closing(_sheets(stream, columns, name)) as sheets:
        for sheet in sheets:
            yield from sheet.findings
            headings, titles, rows = _headings(sheet, columns)
            if headings is None:
                continue
            if headings.missing:
                lacking.append(headings)
                if sheet.name:
                    yield _sheet_finding(sheet, name)
                continue
            if read:
                reason = mark("two of its sheets hold such a list: keep one")
                raise TableUnreadable(name=name, line=0, reason=reason, where=sheet.name)
            read = True
            if titles:
                yield _titles_finding(titles, name, headings)
            for row in rows:
                yield from _line(row, headings, columns, name)
    if not read:
        raise _without_columns(lacking, columns, name)


def has_columns(path: Path, columns: Columns) -> bool:
    """Tell whether ``path`` is a list whose headings have the required columns."""
    try:
        with _opened(path) as stream, closing(_sheets(stream, columns, path.name)) as sheets:
            found = (_headings(sheet, columns)[0] for sheet in sheets)
            return any(one is not None and not one.missing for one in found)
    except (FormatFailure, csv.Error):
        return False


def has_other_sheets(path: Path, columns: Columns) -> bool:
    """Tell whether ``path`` is a workbook with a table besides those that have the required columns."""
    with _opened(path) as stream, closing(_sheets(stream, columns, path.name)) as sheets:
        return any(_is_other_table(sheet, columns) for sheet in sheets if sheet.name)


def _is_other_table(sheet: Sheet, columns: Columns) -> bool:
    """Tell whether there are two rows of two cells at least, and none that has the headings of a list."""
    first = list(islice(sheet.rows, limits.MAX_TITLE_LINES + 1))
    listed = any(not columns.missing(_names(row.cells, columns)) for row in first)
    wide = [row for row in first if sum(bool(cell.strip()) for cell in row.cells) > 1]
    return not listed and len(wide) > 1


def ignored_columns(lines: Iterable[Line], name: str) -> Iterator[Finding]:
    """Yield a finding for each column of a list that no line was asked for, though it holds something."""
    for heading in dict.fromkeys(heading for line in lines for heading, _ in line.others if heading):
        yield Finding(
            severity=Severity.NOTE,
            code="list-column-ignored",
            where=name,
            sentence=mark("The column {heading} is not used."),
            facts={"heading": heading},
        )


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


def _sheets(stream: BinaryIO, columns: Columns, name: str) -> Generator[Sheet, None, None]:
    stream.seek(0)
    if is_workbook(stream.read(8)):
        yield from workbook_sheets(stream, name)
    else:
        yield from delimited_sheet(stream, columns, name)


def _headings(sheet: Sheet, columns: Columns) -> tuple[_Headings | None, int, Iterator[ListRow]]:
    """Return the headings of ``sheet``, how many rows stand above them, and the rows below.

    Where no row has every required column, it is the one that has most of them.
    """
    best: _Headings | None = None
    for place, row in enumerate(islice(sheet.rows, limits.MAX_TITLE_LINES + 1)):
        names = _names(row.cells, columns)
        headings = _Headings(
            row=ListRow(number=row.number, cells=[cell.strip() for cell in row.cells]),
            names=names,
            missing=columns.missing(names),
        )
        if not headings.missing:
            if len(row.cells) > limits.MAX_COLUMNS:
                raise LimitExceeded(
                    name=mark("the number of columns"), found=len(row.cells), limit=limits.MAX_COLUMNS
                )
            return headings, place, sheet.rows
        if best is None or len(headings.missing) < len(best.missing):
            best = headings
    return best, 0, iter(())


def _names(texts: Sequence[str], columns: Columns) -> list[str]:
    """Return our name for each column; empty for unknown ones and for the second of a kind."""
    names: list[str] = []
    for text in texts[: limits.MAX_COLUMNS]:
        name = columns.known(text)
        names.append("" if name in names else name)
    return names


def _without_columns(lacking: Sequence[_Headings], columns: Columns, name: str) -> TableUnreadable:
    best = min(lacking, key=lambda one: len(one.missing), default=None)
    missing, line = (best.missing, best.row.number) if best else (columns.required, 1)
    reason = mark("a column is missing from the heading")
    return TableUnreadable(name=name, line=line, reason=reason, where=", ".join(missing))


def _sheet_finding(sheet: Sheet, name: str) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code="list-sheet-ignored",
        where=name,
        sentence=mark("The sheet {sheet} is not such a list, and was not read."),
        facts={"sheet": sheet.name},
    )


def _titles_finding(count: int, name: str, headings: _Headings) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code="list-title-lines",
        where=f"{name}:{headings.row.number}",
        sentence=plural(
            "{count} line above the headings was passed over.",
            "{count} lines above the headings were passed over.",
        ),
        facts={"count": count},
    )


def _line(row: ListRow, headings: _Headings, columns: Columns, name: str) -> Iterator[Line | Finding]:
    """Yield one line, behind what was mended in it."""
    cells: dict[str, str] = {}
    others, rounded = [], []
    for place, cell in enumerate(row.cells):
        value = unguard_listed(cell.strip())
        column = headings.names[place] if place < len(headings.names) else ""
        heading = headings.texts[place] if place < len(headings.texts) else ""
        if not column:
            others += [(heading, value)] if value else []
            continue
        if column in columns.numbers and (decimals := _WITH_DECIMALS.fullmatch(value)):
            yield _mended(f"{name}:{row.number}", heading, value, decimals["number"])
            value = decimals["number"]
        if column in columns.numbers and _ROUNDED.fullmatch(value):
            rounded.append(column)
        cells[column] = value
    yield Line(number=row.number, cells=cells, others=tuple(others), rounded=tuple(rounded))


def _mended(where: str, heading: str, value: str, number: str) -> Finding:
    return Finding(
        severity=Severity.NOTE,
        code="list-number-mended",
        where=where,
        sentence=mark(
            "{value} in the column {heading} is what a spreadsheet made of {number}, and was read so."
        ),
        facts={"value": value, "heading": heading, "number": number},
    )


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
    """Return the day ``text`` writes, in ISO 8601 or as in France; empty text is no day, midnight no time.

    Raises:
        ValueError: when it is something else.
    """
    if not text:
        return None
    day = _MIDNIGHT.sub("", text)
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(day, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)
