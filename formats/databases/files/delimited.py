"""A file of delimited text as a table.

It is read twice: first to its end, so that one that is cut or spoilt is refused before anything is taken, and its rows
are counted; then row by row. A place is where a row starts in the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from io import SEEK_END
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from formats.databases.files.file_findings import CHANGED, FileNotices, table_fault
from formats.databases.files.table_file import HeadingRows, TableFile, by_name, distinct
from formats.databases.files.text_lines import TextForm, text_form
from formats.databases.tables import Cells, SourceTable, check_count
from formats.names import comparable
from formats.regular_files import open_regular
from formats.tables import limits
from formats.tables.delimited import MS_DOS, likely_separator, named_separator
from formats.words import mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class DelimitedTable:
    """A file that was looked through: its table, how it is written, where its first row starts."""

    path: Path
    table: SourceTable
    form: TextForm
    separator: str
    quotes: bool
    start: int
    skipped: int
    count: int = 0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows that are not empty, each with its place in the file.

        Raises:
            TableUnreadable: when the file is no longer what it was.
        """
        for place, cells, _ in self.cells():
            yield place, by_name(self.table.columns, cells)

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the rows that start at ``places``.

        Raises:
            TableUnreadable: when one is not there any more.
        """
        with open_regular(self.path) as stream:
            for place in places:
                rows = _reader(self.form.lines(stream, place), self.separator, quotes=self.quotes)
                try:
                    cells = next(rows, None)
                except (csv.Error, UnicodeError):
                    cells = None
                if cells is None:
                    raise table_fault(self.path.name, 0, CHANGED)
                yield by_name(self.table.columns, cells)

    def close(self) -> None:
        """Nothing stays open between two rows."""

    def cells(self) -> Iterator[tuple[int, list[str], int]]:
        """Yield place, cells and number of the last line of every row."""
        with open_regular(self.path) as stream:
            lines = self.form.lines(stream, self.start)
            reader = _reader(lines, self.separator, quotes=self.quotes)
            try:
                before = self.start
                for cells in reader:
                    if any(cells):
                        yield before, cells, self.skipped + lines.number
                    before = lines.position
            except (csv.Error, UnicodeError) as fault:
                reason = mark("a quotation mark or a character is out of place, or the file is cut")
                raise table_fault(self.path.name, self.skipped + lines.number, reason) from fault


def open_delimited(name: str, path: Path, file: TableFile, notices: FileNotices) -> DelimitedTable:
    """Return the table ``name`` in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be.
    """
    csv.field_size_limit(limits.MAX_TABLE_BYTES)  # one limit for the whole program: ours is that of a line
    with open_regular(path) as stream:
        made = _headed(name, path, file, notices, stream)
        ended = _has_last_line_end(stream, made.form)
    ragged = rows = last = line = 0
    second = HeadingRows(frozenset(made.table.columns) | frozenset(file.expected))
    for _, cells, line in made.cells():
        rows += 1
        last = len(cells)
        ragged += last != len(made.table.columns)
        if second.is_one(cells):
            raise table_fault(
                path.name, line, mark("a second row of headings stands there: make two files of it")
            )
    if ragged == 1 and last < len(made.table.columns) and not ended:
        reason = mark(
            "its last line has fewer cells than there are headings, and no line end: it is cut, or lacks a line end"
        )
        raise table_fault(path.name, line, reason)
    note_ragged(notices, name, ragged)
    check_count(rows, path.name)
    return replace(made, count=rows)


def _has_last_line_end(stream: BinaryIO, form: TextForm) -> bool:
    """Tell whether the text in ``stream`` ends with the end of a line."""
    size = stream.seek(0, SEEK_END)
    stream.seek(max(size - 2, 0))
    return stream.read().decode(form.encoding, "replace").endswith(("\n", "\r", "\x1a"))


def note_ragged(notices: FileNotices, name: str, ragged: int) -> None:
    """Say how many rows of the table ``name`` have other cells than there are headings."""
    if ragged:
        sentence = plural(
            "{count} row has more or fewer cells than there are headings.",
            "{count} rows have more or fewer cells than there are headings.",
        )
        notices.warn("table-rows-ragged", name, sentence, count=ragged)


def note_titles(notices: FileNotices, name: str, titles: int) -> None:
    """Say how many lines above the headings of the table ``name`` were passed over."""
    if titles:
        sentence = plural(
            "{count} line above the headings was passed over.",
            "{count} lines above the headings were passed over.",
        )
        notices.note("table-title-lines", name, sentence, count=titles)


def headings_of(rows: list[list[str]], known: Callable[[str], object]) -> int:
    """Return the place of the row of headings in ``rows``: the one with most cells that are ``known``."""
    counts = [sum(bool(known(cell)) for cell in cells) for cells in rows]
    return counts.index(max(counts))


def known_headings(file: TableFile) -> Callable[[str], object]:
    """Return what tells a heading: one that is expected, or any text where nothing is."""
    expected = {comparable(one) for one in file.expected}
    return (lambda cell: comparable(cell) in expected) if expected else str.strip


def note_ms_dos(notices: FileNotices, name: str, file: TableFile, form: TextForm) -> None:
    """Say that the text of the table ``name`` was taken for MS-DOS, where nobody said so."""
    if form.encoding == MS_DOS and not file.encoding:
        notices.note("table-ms-dos", name, mark("The table was read as text of MS-DOS (code page 850)."))


def _headed(name: str, path: Path, file: TableFile, notices: FileNotices, stream: BinaryIO) -> DelimitedTable:
    form = text_form(stream, path.name, file.encoding)
    note_ms_dos(notices, name, file, form)
    starts, lines = _first_lines(form, stream, path.name)
    named = named_separator(lines[0]) if lines else ""
    known = known_headings(file)
    first = 1 if named else 0
    separator = file.separator or named or likely_separator(lines[first:], known)
    headings = file.headings
    if not headings and lines[first:]:
        found = [_cells(line, separator, quotes=file.quotes) for line in lines[first:]]
        best = headings_of(found, known)
        note_titles(notices, name, sum(bool(any(cells)) for cells in found[:best]))
        first += best + 1
        headings = tuple(cell.strip() for cell in found[best])
    return DelimitedTable(
        path=path,
        table=SourceTable(name=name, columns=distinct(headings)),
        form=form,
        separator=separator,
        quotes=file.quotes,
        start=starts[first],
        skipped=first,
    )


def _first_lines(form: TextForm, stream: BinaryIO, name: str) -> tuple[list[int], list[str]]:
    """Return the lines among which the headings are, and where each starts, and what is behind the last."""
    lines = form.lines(stream)
    starts, found = [lines.position], []
    try:
        for line in islice(lines, limits.MAX_TITLE_LINES + 1):
            found.append(line)
            starts.append(lines.position)
    except UnicodeDecodeError as fault:
        reason = mark("its characters are not of the encoding that the mapping names")
        raise table_fault(name, lines.number, reason) from fault
    return starts, found


def _reader(lines: Iterable[str], separator: str, *, quotes: bool) -> Iterator[list[str]]:
    if quotes:
        return csv.reader(iter(lines), delimiter=separator, strict=True)
    return csv.reader(iter(lines), delimiter=separator, quoting=csv.QUOTE_NONE)


def _cells(line: str, separator: str, *, quotes: bool) -> list[str]:
    """Return the cells of a line that is a whole row; none of one that is not."""
    try:
        return next(_reader([line], separator, quotes=quotes), [])
    except csv.Error:
        return []
