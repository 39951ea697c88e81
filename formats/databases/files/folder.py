"""A folder of files, or one file, as a database: each table lies in a file or on a sheet of a workbook.

A table that is met in the order of a column is read by the places of its rows; what sorts them is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self

from formats.databases.files.delimited import DelimitedTable
from formats.databases.files.file_findings import FileNotices, NoTable, SheetUnclear
from formats.databases.files.joined_table import join_tables
from formats.databases.files.kinds import ENDINGS, is_memo_of, is_workbook_file, note_encoding, open_file
from formats.databases.files.row_spool import SpooledTable, SpoolFile
from formats.databases.files.table_file import FileTable, TableFile, distinct_name
from formats.databases.files.workbook_table import of_sheet, open_workbook
from formats.databases.tables import Cells, SourceTable, check_size
from formats.databases.text_order import MemorySorter, RowSorter, order_key
from formats.digests import digest_of_file
from formats.errors import FolderNotFound, LimitExceeded
from formats.findings import Finding
from formats.folders import NotAFolder
from formats.words import mark, plural

MAX_FILES = 5_000
"""Files right in a folder; a software has some 300 tables."""
NAMED = 5
"""Files that a finding names."""


class FileFolder:
    """The tables in the folder ``place``, or in that one file; ``files`` says how those that are known are written.

    Raises:
        FolderNotFound, NotAFolder: when nothing, or something else, is there.
        TableUnreadable, LimitExceeded: for a file that cannot be read to its end.
        NoTable: for a file of ``files`` of which it is not to be told what its rows are.
    """

    def __init__(
        self,
        place: Path,
        files: Mapping[str, TableFile],
        *,
        time_zone: str = "Europe/Paris",
        sorter: Callable[[], RowSorter[int]] = MemorySorter,
    ) -> None:
        self._place, self._files, self._zone, self._sorter = place, files, time_zone, sorter
        self._notices = FileNotices()
        self._tables: dict[str, FileTable] = {}
        self._closing = ExitStack()
        self._paths: dict[str, Path] = {}
        for path in _paths(place):
            folded = path.name.casefold()
            self._paths[f"{folded}/{path.name}" if folded in self._paths else folded] = path
        self._spools = SpoolFile()
        self._closing.callback(self._spools.close)
        try:
            self._open_all()
            check_size(self.tables(), str(place))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what was put aside."""
        self._closing.close()

    @property
    def name(self) -> str:
        """The name of the folder or the file."""
        return self._place.name

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return {name: table.table for name, table in self._tables.items()}

    def count(self, table: str) -> int:
        """Return how many rows were counted when the file was read to its end."""
        return self._tables[table].count

    def table_checksum(self, table: str) -> bytes | None:
        """Return the digest of the file of ``table`` where it is delimited text, which is then not taken apart for it.

        Of several files, and of a workbook, which tells when it was saved, the rows are digested.
        """
        found = self._tables[table]
        return digest_of_file(found.path)[0].value if isinstance(found, DelimitedTable) else None

    def notices(self) -> tuple[Finding, ...]:
        """Return what is odd about the files, and which were not read."""
        return tuple(self._notices.found)

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one, in the order of the file, or of the text of ``order_by``.

        Raises:
            TableUnreadable: when the file is no longer what it was.
        """
        if order_by:
            yield from self.rows_in_text_order(table, order_by)
        else:
            for _, cells in self._tables[table].rows():
                yield cells

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` by the code points of ``column``, as text without blanks around it.

        Raises:
            TableUnreadable: when the file is no longer what it was.
            LimitExceeded: for a key that is too long, or more rows than can be sorted.
        """
        places = self._sorter()
        for place, cells in self._tables[table].rows():
            places.add(order_key(cells.get(column), f"{self.name} {table}"), place)
        yield from self._tables[table].at(places)

    # -- which file is which table -------------------------------------------------------------------

    def _open_all(self) -> None:
        paths = {name: self._paths_of(name, file) for name, file in self._files.items()}
        used = {path for several in paths.values() for path in several}
        workbooks = [path for path in self._paths.values() if is_workbook_file(path, wanted=path in used)]
        for name, several in paths.items():
            books = [path for path in several if path in workbooks]
            if several and not books:
                self._open_files(name, several, self._files[name])
            elif len(several) > 1:
                reason = mark("a name with * stands for files of one table each, and for no workbook")
                raise NoTable(name=books[0].name, reason=reason)
        for path in workbooks:
            free = {name for name, found in paths.items() if not found and not self._files[name].file}
            named = {name for name, found in paths.items() if path in found}
            self._open_sheets(path, named, free - {name for name in free if name.lower() in self._tables})
        self._open_others([one for one in self._paths.values() if one not in used and one not in workbooks])

    def _open_files(self, name: str, paths: Sequence[Path], file: TableFile) -> None:
        found = []
        for path in paths:
            table = open_file(name, path, file, self._notices, time_zone=self._zone, spools=self._spools)
            self._closing.callback(table.close)
            found.append(table)
        self._tables[name.lower()] = found[0] if len(found) == 1 else join_tables(name, found)

    def _paths_of(self, name: str, file: TableFile) -> list[Path]:
        """Return the files of the table ``name``: those that the mapping names, or one with its name."""
        if "*" in file.file:
            pattern = re.compile(".*".join(map(re.escape, file.file.casefold().split("*"))))
            return [path for folded, path in self._paths.items() if pattern.fullmatch(folded)]
        if file.sheet and not file.file:
            return []
        endings = (*ENDINGS, ".txt") if file.widths else ENDINGS
        names = [file.file] if file.file else [f"{name}{ending}" for ending in endings]
        found = (self._paths.get(one.casefold()) for one in names)
        return list(islice(filter(None, found), 1))

    def _open_sheets(self, path: Path, named: set[str], free: set[str]) -> None:
        """Open a workbook: it is the file of the tables ``named``, and those that are ``free`` may be a sheet of it."""
        files = {name: file for name, file in self._files.items() if name in named | free}
        sheets = open_workbook(path, files, self._notices, self._spools)
        used: set[str] = set()
        for name, file in files.items():
            sheet = next((one for one in sheets if one.casefold() == of_sheet(name, file)), "")
            if not sheet and name in named:
                sheet = self._only_sheet(path, file, sheets)
            if sheet:
                if file.own_encoding:
                    note_encoding(self._notices, name, path, file)
                self._name(name, sheets[sheet])
                used.add(sheet)
        for sheet, table in sheets.items():
            if sheet not in used:
                self._name(
                    distinct_name(path.stem if len(sheets) == 1 else sheet, self._tables, fold=str.lower),
                    table,
                )

    def _only_sheet(self, path: Path, file: TableFile, sheets: Mapping[str, SpooledTable]) -> str:
        names = ", ".join(sheets)
        if file.sheet:
            sentence = mark("The workbook has no sheet {sheet} with rows; it has {names}.")
            self._notices.warn(
                "table-sheet-missing", path.name, sentence, sheet=file.sheet, names=names or "–"
            )
            return ""
        if len(sheets) > 1:
            raise SheetUnclear(name=path.name, names=names)
        return next(iter(sheets), "")

    def _name(self, name: str, table: SpooledTable) -> None:
        described = SourceTable(name=name, columns=table.table.columns)
        self._tables[name.lower()] = replace(table, table=described)

    def _open_others(self, paths: list[Path]) -> None:
        """Open the files of which nothing is known, and say which are no tables."""
        ignored: list[str] = []
        for path in paths:
            if path.suffix.lower() not in ENDINGS:
                if not is_memo_of(path, self._paths):
                    ignored.append(path.name)
                continue
            name = distinct_name(path.stem, self._tables, fold=str.lower)
            try:
                self._open_files(name, [path], TableFile())
            except NoTable as fault:
                sentence = mark("The file was not read: {reason}")
                self._notices.warn("table-file-unread", path.name, sentence, reason=fault)
        if ignored:
            sentence = plural(
                "{count} file of the folder is no table and was not read: {names}.",
                "{count} files of the folder are no tables and were not read: {names}.",
            )
            shown = ", ".join(ignored[:NAMED]) + (" …" if len(ignored) > NAMED else "")
            self._notices.note("table-files-ignored", self.name, sentence, count=len(ignored), names=shown)


def is_place_of_files(place: str) -> bool:
    """Tell whether ``place`` is a folder, or a file whose name ends as those of tables do."""
    path = Path(place)
    return path.is_dir() or (path.suffix.lower() in ENDINGS and path.is_file())


def has_tables(path: Path) -> bool:
    """Tell whether ``path`` is a file, or a folder with one, whose name ends as those of tables do; none is opened."""
    paths = islice(path.iterdir(), MAX_FILES) if path.is_dir() else [path]
    return any(one.suffix.lower() in ENDINGS for one in paths)


def _paths(place: Path) -> list[Path]:
    if place.is_file() and place.suffix.lower() in ENDINGS:
        return [place]
    if not place.is_dir():
        raise NotAFolder(folder=str(place)) if place.exists() else FolderNotFound(path=str(place))
    found = sorted(islice(place.iterdir(), MAX_FILES + 1))
    if len(found) > MAX_FILES:
        name = mark("the number of files")
        raise LimitExceeded(where=str(place), name=name, found=len(found), limit=MAX_FILES)
    return [path for path in found if path.is_file()]
