"""A folder of delimited text files as a database: each file is a table.

A file is read twice: first to its end, so that one that is cut or spoilt is refused before anything is taken, and its
rows are counted; then row by row. A table that is met in the order of a column is read by the places of its rows:
8 bytes a row are held, never the rows.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Self

from formats.databases.tables import Cells, SourceTable, check_count, check_size
from formats.errors import FolderNotFound, LimitExceeded, TableUnreadable, not_found
from formats.findings import Finding, Severity
from formats.folders import NotAFolder
from formats.names import comparable
from formats.regular_files import open_regular
from formats.tables import limits
from formats.tables.delimited import MS_DOS, likely_separator, named_separator, text_encoding
from formats.words import mark, plural

MAX_FILE_BYTES = 16 << 30
"""Bytes of one table; the access log of twenty years of a large practice is some two gigabytes."""
ENDINGS = (".csv", ".tsv")
"""How names of tables end, in small letters, where nobody says which files they are."""
_WIDE = "utf-16"
"""Encodings of which a line end is more than one byte."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableFile:
    """How the file of a table is written; what is empty is found out.

    ``headings`` are those of a file that has none, ``expected`` some that one with headings has.
    """

    file: str = ""
    encoding: str = ""
    separator: str = ""
    quotes: bool = True
    headings: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Text:
    """A file that was looked through: its table, how it is written, where its first row starts."""

    path: Path
    table: SourceTable
    encoding: str
    separator: str
    quotes: bool
    start: int
    skipped: int
    rows: int


@dataclass(slots=True)
class _Lines:
    """Lines of a file as text, and where the next one starts."""

    stream: BinaryIO
    encoding: str
    position: int = 0
    number: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.stream.readline(limits.MAX_LINE * 4):
            if len(line) == limits.MAX_LINE * 4:
                name = mark("the length of a line")
                raise LimitExceeded(name=name, found=len(line), limit=limits.MAX_LINE * 4 - 1)
            self.position += len(line)
            self.number += 1
            yield line.decode(self.encoding)


class DelimitedFolder:
    """The tables of ``folder``; ``files`` says how those that are known are written, by name.

    Raises:
        FolderNotFound, NotAFolder: when the folder is not there.
        TableUnreadable, LimitExceeded: for a file that cannot be read to its end.
    """

    def __init__(self, folder: Path, files: Mapping[str, TableFile]) -> None:
        if not folder.is_dir():
            raise NotAFolder(folder=str(folder)) if folder.exists() else FolderNotFound(path=str(folder))
        self._folder = folder
        self._notices: list[Finding] = []
        csv.field_size_limit(limits.MAX_TABLE_BYTES)
        described = {name: self._path(name, file) for name, file in files.items()}
        taken = {path.name.casefold() for path in described.values()}
        others = (
            path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and path.is_file()
        )
        paths = {name: path for name, path in described.items() if path.is_file()}
        paths |= {path.stem: path for path in others if path.name.casefold() not in taken}
        self._texts = {
            name.lower(): self._text(name, path, files.get(name, TableFile())) for name, path in paths.items()
        }
        check_size(self.tables(), str(folder))

    def _path(self, name: str, file: TableFile) -> Path:
        wanted = (file.file or f"{name}{ENDINGS[0]}").casefold()
        return next(
            (one for one in self._folder.iterdir() if one.name.casefold() == wanted), self._folder / wanted
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open between two tables."""

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self._folder.name

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return {name: text.table for name, text in self._texts.items()}

    def count(self, table: str) -> int:
        """Return how many rows were counted when the file was looked through."""
        return self._texts[table].rows

    def notices(self) -> tuple[Finding, ...]:
        """Return what is odd about the files."""
        return tuple(self._notices)

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one, in the order of the file, or of the text of ``order_by``.

        Raises:
            TableUnreadable: when the file is no longer what it was.
        """
        if order_by:
            yield from self.rows_in_text_order(table, order_by)
            return
        text = self._texts[table]
        for cells, _ in _rows(text):
            yield _by_name(text.table.columns, cells)

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` by the code points of ``column``, as text without blanks around it."""
        text = self._texts[table]
        place = text.table.columns.index(column)
        keys: list[str] = []
        places = array("q")
        for cells, position in _rows(text):
            keys.append(cells[place].strip() if place < len(cells) else "")
            places.append(position)
        order = sorted(range(len(keys)), key=keys.__getitem__)
        del keys
        with open_regular(text.path) as stream:
            for one in order:
                stream.seek(places[one])
                lines = _Lines(stream, text.encoding)
                cells = next(_reader(lines, text.separator, quotes=text.quotes))
                yield _by_name(text.table.columns, cells)

    # -- looking through ----------------------------------------------------------------------------

    def _text(self, name: str, path: Path, file: TableFile) -> _Text:
        try:
            with open_regular(path) as stream:
                encoding = file.encoding or text_encoding(stream, path.name, limit=MAX_FILE_BYTES)
                made = self._headed(name, path, file, encoding, stream)
        except FileNotFoundError as fault:
            raise not_found(path) from fault
        ragged = rows = 0
        for cells, _ in _rows(made):
            rows += 1
            ragged += len(cells) != len(made.table.columns)
        if ragged:
            self._notice(
                "table-rows-ragged",
                name,
                plural(
                    "{count} row has more or fewer cells than there are headings.",
                    "{count} rows have more or fewer cells than there are headings.",
                ),
                ragged,
            )
        check_count(rows, path.name)
        return replace(made, rows=rows)

    def _headed(self, name: str, path: Path, file: TableFile, encoding: str, stream: BinaryIO) -> _Text:
        if encoding == MS_DOS and not file.encoding:
            sentence = mark("The table was read as text of MS-DOS (code page 850).")
            self._notice("table-ms-dos", name, sentence, 0)
        if encoding.replace("_", "-").startswith(_WIDE):
            reason = mark("its characters have two bytes: save it as UTF-8")
            raise TableUnreadable(name=path.name, line=0, reason=reason)
        stream.seek(0)
        start = [stream.readline(limits.MAX_LINE * 4) for _ in range(limits.MAX_TITLE_LINES + 1)]
        lines = [_decoded(line, encoding, path) for line in start]
        named = named_separator(lines[0])
        expected = {comparable(one) for one in file.expected}
        known: Callable[[str], object] = (
            (lambda cell: comparable(cell) in expected) if expected else str.strip
        )
        first = 1 if named else 0
        separator = file.separator or named or likely_separator(lines[first:], known)
        headings = file.headings
        if not headings:
            first, headings = self._headings(lines, first, separator, known, quotes=file.quotes)
        return _Text(
            path=path,
            table=SourceTable(name=name, columns=_distinct(headings)),
            encoding=encoding.removesuffix("-sig"),
            separator=separator,
            quotes=file.quotes,
            start=sum(map(len, start[:first])) or (3 if start[0].startswith(b"\xef\xbb\xbf") else 0),
            skipped=first,
            rows=0,
        )

    def _headings(
        self, lines: list[str], first: int, separator: str, known: Callable[[str], object], *, quotes: bool
    ) -> tuple[int, tuple[str, ...]]:
        """Return how many lines stand before the rows, and the headings: the line with most that are known."""
        found = [_cells(line, separator, quotes=quotes) for line in lines[first:]]
        counts = [sum(bool(known(cell)) for cell in cells) for cells in found]
        best = counts.index(max(counts))
        return first + best + 1, tuple(cell.strip() for cell in found[best])

    def _notice(self, code: str, where: str, sentence: str, count: int) -> None:
        severity = Severity.WARNING if count else Severity.NOTE
        self._notices.append(
            Finding(severity=severity, code=code, where=where, sentence=sentence, facts={"count": count})
        )


def _decoded(line: bytes, encoding: str, path: Path) -> str:
    try:
        return line.decode(encoding)
    except (UnicodeDecodeError, LookupError) as fault:
        reason = mark("its characters are not of the encoding that the mapping names")
        raise TableUnreadable(name=path.name, line=0, reason=reason) from fault


def _distinct(headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``headings`` so that no two are alike and none is empty."""
    seen: dict[str, None] = {}
    for place, heading in enumerate(headings, 1):
        name, again = heading or f"column {place}", 1
        while name in seen:
            again += 1
            name = f"{heading} ({again})"
        seen[name] = None
    return tuple(seen)


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


def _rows(text: _Text) -> Iterator[tuple[list[str], int]]:
    """Yield the rows that are not empty, each with its place in the file."""
    with open_regular(text.path) as stream:
        stream.seek(text.start)
        lines = _Lines(stream, text.encoding, text.start)
        reader = _reader(lines, text.separator, quotes=text.quotes)
        try:
            before = text.start
            for cells in reader:
                if any(cells):
                    yield cells, before
                before = lines.position
        except (csv.Error, UnicodeError) as fault:
            reason = mark("a quotation mark or a character is out of place, or the file is cut")
            raise TableUnreadable(
                name=text.path.name, line=text.skipped + lines.number, reason=reason
            ) from fault


def _by_name(columns: tuple[str, ...], cells: list[str]) -> Cells:
    """Return a row by column; cells past the headings have a name of their own."""
    if len(cells) == len(columns):
        return dict(zip(columns, cells, strict=True))
    found: Cells = dict(zip(columns, cells, strict=False))
    for place, cell in enumerate(cells[len(columns) :], len(columns) + 1):
        if cell:
            found[f"column {place}"] = cell
    return found
