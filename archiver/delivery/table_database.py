"""The tables of a delivery as one SQLite database: keys, foreign keys, and two tables that explain the others.

Every table of the model is there, with or without rows, so that a query works on every delivery. ``COLUMNS`` says
what each column means, ``CODES`` what each code is called. Several texts in one cell are a JSON array, as in the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.delivery.table_codes import CODE_HEADINGS, code_rows
from archiver.delivery.table_meanings import HEADINGS, WHOSE, meanings
from archiver.errors import DiskFault, DiskFull
from archiver.practice.columns import StoreTable, table_of
from archiver.practice.schema import KINDS
from formats.tables.write import ESCAPED

DATABASE = "TABLES.SQLITE"
"""The database of all tables."""
_TYPES = {int: "INTEGER", float: "REAL", str: "TEXT"}


def every_table() -> Iterator[StoreTable]:
    """Yield every table of the model, those of records before those of their parts."""
    for kind in KINDS:
        yield from table_of(kind).family


class TableDatabase:
    """Writes rows into the new database at ``path``, which only its owner may read; ``close`` makes it whole."""

    def __init__(self, path: Path) -> None:
        with disk.failures_about(path):
            disk.open_new(path).close()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._inserts: dict[str, str] = {}
        with _faults():
            # it lies aside until it is whole: nothing is undone, and everything is made durable at once
            for sentence in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "BEGIN"):
                self._connection.execute(sentence)
            for table in every_table():
                self._connection.execute(_create(table))
                self._inserts[table.name] = _insert(table.name, table.names)
            for name, headings in (("COLUMNS", HEADINGS), ("CODES", CODE_HEADINGS)):
                columns = ", ".join(f'"{one}" TEXT NOT NULL' for one in headings)
                self._connection.execute(f'CREATE TABLE "{name}" ({columns})')
                self._inserts[name] = _insert(name, headings)

    def add(self, table: StoreTable, row: Sequence[Any]) -> None:
        """Write a row of ``table``, as the store has it."""
        insert = self._inserts[table.name]
        with _faults():
            try:
                self._connection.execute(insert, row)
            except UnicodeEncodeError:  # half a surrogate pair
                self._connection.execute(insert, [_encodable(cell) for cell in row])

    def finish(self) -> None:
        """Write what the columns mean and what the codes are called."""
        with _faults():
            for table in every_table():
                explained = [row for row in meanings(table) if row[1] not in WHOSE]
                self._connection.executemany(self._inserts["COLUMNS"], explained)
                self._connection.executemany(self._inserts["CODES"], code_rows(table))
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def _create(table: StoreTable) -> str:
    parts = [
        f'"{one}" {"TEXT" if number == 0 else "INTEGER"} NOT NULL' for number, one in enumerate(_keys(table))
    ]
    for column in table.stored:
        required = " NOT NULL" if column.required else ""
        refers = column.refers if column.refers in _names() and not column.several else ""
        leads = f' REFERENCES "{refers}" ("id")' if refers else ""
        parts.append(f'"{column.name}" {_TYPES[column.type]}{required}{leads}')
    parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    if table.owner:
        parts.append(f'FOREIGN KEY ("owner") REFERENCES "{table.owner}" ("id")')
    return f'CREATE TABLE "{table.name}" ({", ".join(parts)})'


def _keys(table: StoreTable) -> Sequence[str]:
    return table.names[: len(table.names) - len(table.stored)]


def _names() -> frozenset[str]:
    return frozenset(table.name for table in every_table())


def _insert(name: str, columns: Sequence[str]) -> str:
    return f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 - a table of the model


def _encodable(cell: Any) -> Any:
    return cell.encode("utf-8", ESCAPED).decode("utf-8") if isinstance(cell, str) else cell


def _quoted(name: str) -> str:
    return f'"{name}"'


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what SQLite says of the disk into failures with a code."""
    try:
        yield
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull from fault
        raise DiskFault(reason=str(fault)) from fault
