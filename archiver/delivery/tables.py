"""The records of dossiers as tables for a spreadsheet: one file a kind, and what each column means.

A workbook may have all of them besides, each on a sheet, numbers as numbers, and a database with its foreign keys.

1. A record becomes the rows that the practice store has of it, so that no field is forgotten.
2. In front of them stands whose they are: number and names. Several texts in one cell are parted by commas.
3. Rows are counted by kind, and compared with the dossiers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from archiver import disk
from archiver.delivery.data_package import DATA_PACKAGE, data_package
from archiver.delivery.table_codes import CODE_HEADINGS, code_rows
from archiver.delivery.table_database import TableDatabase
from archiver.delivery.table_meanings import HEADINGS, WHOSE, is_of_patient, meanings
from archiver.delivery.write import DossierSource
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.kinds import require_counts
from archiver.practice.columns import StoreTable, rows_of_value, table_of
from archiver.practice.schema import KINDS
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.dossier import PATIENT_KINDS
from formats.model.record import Record
from formats.tables.write import BYTE_ORDER_MARK, ESCAPED, table_lines
from formats.tables.xlsx import MAX_CELL, WorkbookOfTables
from formats.words import plural

COLUMNS_SHEET = "COLUMNS"

COLUMNS = "COLUMNS.CSV"
"""The table that says what every column means."""
CODES = "CODES.CSV"
"""The table that says what every code is called."""
WORKBOOK = "TABLES.XLSX"
"""The workbook of all tables; its first sheet says what the columns mean."""
CUT = plural(
    "{count} text is longer than the {limit} characters of a cell: cut in the workbook, whole in {file}.",
    "{count} texts are longer than the {limit} characters of a cell: cut in the workbook, whole in {file}.",
)


class TableFolder:
    """Writes the tables of one dossier after the other into ``folder``; a file is made with its first row.

    ``book`` and ``database`` have them besides, where there are such.
    """

    def __init__(
        self, folder: Path, book: WorkbookOfTables | None = None, database: TableDatabase | None = None
    ) -> None:
        self._folder = folder
        self._book = book
        self._database = database
        if book:
            book.begin(COLUMNS_SHEET, HEADINGS)
        self._files: dict[str, BinaryIO] = {}
        self._open = ExitStack()
        self._known: set[str] = set()
        self.rows: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with disk.failures_about():
            self._open.close()

    def add(self, source: DossierSource) -> None:
        """Write the records of a dossier; the practice and its practitioners once.

        Raises:
            CountsDiffer: when another number of rows was written than the dossier has records.
            DiskFull, DiskFault: what the disk answered.
        """
        dossier, before = source.dossier, self.rows.copy()
        traits = patient_traits(dossier.patient)
        family = traits.get("used_family") or traits.get("family", "")
        whose = (traits.get("number", ""), family, traits.get("given", ""))
        for record in (dossier.practice, *dossier.practitioners):
            if record.id not in self._known:
                self._known.add(record.id)
                self._write(record, whose)
        self._write(dossier.patient, whose)
        for each in dossier.records():
            self._write(each, whose)
        counts = dossier.counts()
        kinds = [kind.kind for kind in PATIENT_KINDS]
        written = {kind: self.rows[kind] - before[kind] for kind in kinds}
        require_counts({kind: counts[kind] for kind in kinds}, written)

    def finish(self, at: datetime) -> None:
        """Write what the columns mean, what the codes are called, and the description of both for programs."""
        tables = [table for kind in KINDS for table in table_of(kind).family if self.rows[table.name]]
        rows = [row for table in tables for row in meanings(table)]
        self._append(COLUMNS, HEADINGS, rows)
        if self._book:
            for row in rows:
                self._book.add(COLUMNS_SHEET, row)
        self._append(CODES, CODE_HEADINGS, (row for table in tables for row in code_rows(table)))
        described = data_package(tables, {"columns": COLUMNS, "codes": CODES}, at)
        with disk.failures_about(), disk.open_new(self._folder / DATA_PACKAGE) as stream:
            stream.write(described)
        if self._database:
            self._database.finish()

    def findings(self) -> Iterator[Finding]:
        """Yield what the workbook does not hold whole, table by table."""
        for table, count in self._book.cut.items() if self._book else ():
            facts: dict[str, Fact] = {"count": count, "limit": MAX_CELL, "file": f"{table}.csv"}
            yield Finding(
                severity=Severity.WARNING, code="cells-cut", where=WORKBOOK, sentence=CUT, facts=facts
            )

    def _write(self, record: Record, whose: tuple[str, ...]) -> None:
        for table, row in rows_of_value(table_of(type(record)), record):
            self.rows[table.name] += 1
            if self._database:
                self._database.add(table, row)
            of_patient = is_of_patient(table)
            headings = (*(WHOSE if of_patient else ()), *table.names)
            cells = (*(whose if of_patient else ()), *_cells(table, row))
            if self._book:
                if table.name not in self._book.tables:
                    self._book.begin(table.name, headings)
                self._book.add(table.name, cells)
            texts = tuple("" if cell is None else str(cell) for cell in cells)
            self._append(f"{table.name}.csv", headings, [texts])

    def _append(self, name: str, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
        with disk.failures_about():
            if name not in self._files:
                self._files[name] = self._open.enter_context(disk.open_new(self._folder / name))
                self._files[name].write(BYTE_ORDER_MARK)
                rows = (headings, *rows)
            for line in table_lines(rows):
                self._files[name].write(line.encode("utf-8", ESCAPED))


def _cells(table: StoreTable, row: tuple[Any, ...]) -> Iterator[str | int | None]:
    keys = len(table.names) - len(table.stored)
    yield from row[:keys]
    for column, cell in zip(table.stored, row[keys:], strict=True):
        if cell is None or isinstance(cell, int):
            yield cell
        else:
            yield ", ".join(map(str, json.loads(cell))) if column.several else str(cell)
