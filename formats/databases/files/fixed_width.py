"""A file of records of fixed width as a table: each column has its number of characters.

Where the mapping says how many bytes a record has, there are no line ends: record n starts n - 1 times that behind the
beginning, widths count bytes, and what stands behind the last column travels in one of its own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from formats.databases.files.delimited import note_ms_dos
from formats.databases.files.file_findings import CHANGED, FileNotices, table_fault
from formats.databases.files.table_file import TableFile, distinct
from formats.databases.files.text_lines import TextForm, text_form
from formats.databases.tables import Cells, SourceTable, check_count
from formats.regular_files import open_regular
from formats.words import mark, plural

REST = "rest"
"""The column of what stands behind the last one that has a width."""
PADDING = " \0"
"""What fills a column up behind its content."""
_END = "\x1a"
"""End of a file of MS-DOS (Ctrl-Z)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedWidthTable:
    """A file that was looked through; ``edges`` are where columns begin, and the last one ends."""

    path: Path
    table: SourceTable
    form: TextForm
    edges: tuple[int, ...]
    record: int
    number: str
    count: int = 0

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the records that are not empty, each with its place in the file.

        Raises:
            TableUnreadable: when the file is no longer what it was.
        """
        for place, number, text in self.texts():
            yield place, self._row(number, text)

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the records that start at ``places``.

        Raises:
            TableUnreadable: when one is not there any more.
        """
        with open_regular(self.path) as stream:
            for place in places:
                number = place // self.record + 1 if self.record else 0
                try:
                    text = self._text(stream, place)
                except UnicodeError:
                    text = ""
                if not text.strip(PADDING + _END):  # an empty record has no place
                    raise table_fault(self.path.name, number, CHANGED)
                yield self._row(number, text)

    def close(self) -> None:
        """Nothing stays open between two records."""

    def texts(self) -> Iterator[tuple[int, int, str]]:
        """Yield place, number and text of every record that is not empty."""
        with open_regular(self.path) as stream:
            texts = self._records(stream) if self.record else self._lines(stream)
            number = 0
            try:
                for number, (place, text) in enumerate(texts, 1):
                    if text.strip(PADDING + _END):
                        yield place, number, text
            except UnicodeError as fault:
                reason = mark("its characters are not of the encoding that the mapping names")
                raise table_fault(self.path.name, number + 1, reason) from fault

    def _lines(self, stream: BinaryIO) -> Iterator[tuple[int, str]]:
        lines = self.form.lines(stream)
        before = lines.position
        for line in lines:
            yield before, line.rstrip("\r\n")
            before = lines.position

    def _records(self, stream: BinaryIO) -> Iterator[tuple[int, str]]:
        place = 0
        stream.seek(0)
        while data := stream.read(self.record):
            if len(data) < self.record:
                if data.strip(b"\x1a\0\r\n "):
                    reason = mark(
                        "its last record is shorter than the others: it is cut, or a record has other bytes"
                    )
                    raise table_fault(self.path.name, place // self.record + 1, reason)
                return
            yield place, self._decoded(data)
            place += self.record

    def _text(self, stream: BinaryIO, place: int) -> str:
        if self.record:
            stream.seek(place)
            return self._decoded(stream.read(self.record))
        return next(iter(self.form.lines(stream, place)), "").rstrip("\r\n")

    def _decoded(self, data: bytes) -> str:
        """Return a record whose widths count bytes as text whose widths count characters."""
        text = data.decode(self.form.encoding)
        if len(text) == len(data):
            return text
        pieces = [(data[start:end], end - start) for start, end in pairwise(self.edges)]
        rest = data[self.edges[-1] :].decode(self.form.encoding)
        return "".join(piece.decode(self.form.encoding).ljust(width) for piece, width in pieces) + rest

    def _row(self, number: int, text: str) -> Cells:
        found: Cells = {self.number: number} if self.number else {}
        for column, (start, end) in zip(self.table.columns[len(found) :], pairwise(self.edges), strict=False):
            if start < len(text):
                found[column] = text[start:end].rstrip(PADDING)
        if rest := text[self.edges[-1] :].rstrip(PADDING + _END):
            found[self.table.columns[-1]] = rest
        return found


def open_fixed_width(name: str, path: Path, file: TableFile, notices: FileNotices) -> FixedWidthTable:
    """Return the table ``name`` in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be.
    """
    with open_regular(path) as stream:
        form = text_form(stream, path.name, file.encoding)
    note_ms_dos(notices, name, file, form)
    columns = distinct((*([file.number] if file.number else []), *file.headings, REST))
    made = FixedWidthTable(
        path=path,
        table=SourceTable(name=name, columns=columns),
        form=form,
        edges=(0, *accumulate(file.widths)),
        record=file.record,
        number=file.number,
    )
    rows = longer = 0
    for _, _, text in made.texts():
        rows += 1
        longer += bool(text[made.edges[-1] :].rstrip(PADDING + _END))
    if longer and not file.record:
        sentence = plural(
            "{count} line is longer than its widths say; what is behind travels in the column “{column}”.",
            "{count} lines are longer than their widths say; what is behind travels in the column “{column}”.",
        )
        notices.warn("table-lines-long", name, sentence, count=longer, column=columns[-1])
    check_count(rows, path.name)
    return replace(made, count=rows)
