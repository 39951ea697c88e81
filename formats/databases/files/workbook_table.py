"""The sheets of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) as tables.

A process of its own reads the workbook once (``formats.tables.workbook_process``); rows are put aside. A number is a
number, a date is its ISO 8601 text, yes and no are the words ``true`` and ``false``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice
from operator import attrgetter
from pathlib import Path

from formats.databases.files.delimited import headings_of, known_headings, note_ragged, note_titles
from formats.databases.files.file_findings import FileNotices, table_fault
from formats.databases.files.row_spool import RowSpool, SpooledTable, SpoolFile, spool_table
from formats.databases.files.table_file import HeadingRows, TableFile, distinct
from formats.databases.tables import Cells
from formats.regular_files import open_raw
from formats.tables import limits
from formats.tables.rows import SheetRow
from formats.tables.workbook import workbook_tables
from formats.words import mark


def open_workbook(
    path: Path, files: Mapping[str, TableFile], notices: FileNotices, spools: SpoolFile
) -> dict[str, SpooledTable]:
    """Return the tables in the workbook at ``path`` by the names of their sheets; one without rows is said.

    ``files`` are the tables that may lie in it.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be read to its end.
    """
    found: dict[str, SpooledTable] = {}
    with open_raw(path) as stream:
        for sheet, of_one in groupby(workbook_tables(stream, path.name), key=attrgetter("sheet")):
            rows = (row for row in of_one if row.number)  # a sheet begins with one that has none
            spool = RowSpool(f"{path.name} {sheet}", spools)
            made = _table(path, sheet, rows, _expected(sheet, files), notices, spool)
            if made is not None:
                found[sheet] = made
    return found


def of_sheet(name: str, file: TableFile) -> str:
    """Return the name of the sheet that the table ``name`` may lie on, folded: that of the mapping, or its own."""
    return (file.sheet or name).casefold()


def _expected(sheet: str, files: Mapping[str, TableFile]) -> TableFile:
    """Return what is known of the table on ``sheet``."""
    named = [file for name, file in files.items() if of_sheet(name, file) == sheet.casefold()]
    free = [file for file in files.values() if not file.sheet]
    return next(iter(named), free[0] if len(free) == 1 else TableFile())


def _table(
    path: Path,
    sheet: str,
    rows: Iterator[SheetRow],
    file: TableFile,
    notices: FileNotices,
    spool: RowSpool,
) -> SpooledTable | None:
    first = list(islice(rows, limits.MAX_TITLE_LINES + 1))
    where = spool.name
    if not first:
        notices.note("table-sheet-empty", where, mark("The sheet has no row."))
        return None
    headings, titles = file.headings, 0
    if not headings:
        texts = [[str(cell).strip() for cell in row.cells] for row in first]
        titles = headings_of(texts, known_headings(file))
        headings = tuple(texts[titles])
        note_titles(notices, where, titles)
        titles += 1
    columns = distinct(headings)
    spool.declare(columns)
    ragged = _put_aside(path, chain(first[titles:], rows), columns, file, spool)
    note_ragged(notices, where, ragged)
    return spool_table(sheet, spool)


def _put_aside(
    path: Path, rows: Iterator[SheetRow], columns: tuple[str, ...], file: TableFile, spool: RowSpool
) -> int:
    """Put ``rows`` aside, and return how many have cells beyond the headings."""
    longer = 0
    second = HeadingRows(frozenset(columns) | frozenset(file.expected))
    for row in rows:
        if second.is_one(row.cells):
            reason = mark("a second row of headings stands there: make two sheets of it")
            raise table_fault(path.name, row.number, reason, where=row.sheet)
        cells: Cells = dict(zip(columns, row.cells, strict=False))
        for place, cell in enumerate(row.cells[len(columns) :], len(columns) + 1):
            if cell != "":
                cells[f"column {place}"] = cell
        longer += len(row.cells) > len(columns)
        spool.add(cells)
    return longer
