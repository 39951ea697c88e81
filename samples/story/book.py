"""The rows of one practice while it is being told, and their writing as INSERT statements or SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from samples.story.columns import EMPTY, Value, tables

ROWS_PER_INSERT = 50
"""Rows of one INSERT statement: short enough to read, far below max_allowed_packet."""

HEADER = (
    "-- {title}: fictive practice, every person and number invented (CC0-1.0 or Apache-2.0).\n"
    "-- Rows only. Load after the tables of Open Dental 21.1, emptied, with sql_mode=''.\n"
)


class Book:
    """Rows by table; a row not given a number gets the next one."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.rows: dict[str, list[dict[str, Value]]] = {name: [] for name in tables()}
        self._next: dict[str, int] = {}

    def add(self, table: str, **values: Value) -> int:
        """Add one row, every column filled, and return its number."""
        described = tables()[table]
        unknown = values.keys() - described.columns.keys()
        if unknown:
            raise KeyError(f"{table} has no column {sorted(unknown)}")
        value = values.get(described.key)
        number = value if isinstance(value, int) else self._next.get(table, 1)
        self._next[table] = max(number + 1, self._next.get(table, 1))
        row = {name: values.get(name, EMPTY[kind]) for name, kind in described.columns.items()}
        self.rows[table].append(row | {described.key: number})
        return number

    def counts(self) -> dict[str, int]:
        """Return the number of rows of every table."""
        return {name: len(rows) for name, rows in self.rows.items()}

    def sql(self) -> str:
        """Return the INSERT statements, valid for MariaDB, MySQL and SQLite alike."""
        return HEADER.format(title=self.title) + "".join(self._statements())

    def _statements(self) -> Iterator[str]:
        for name, rows in self.rows.items():
            columns = ",".join(f"`{column}`" for column in tables()[name].columns)
            for start in range(0, len(rows), ROWS_PER_INSERT):
                lines = (
                    "(" + ",".join(literal(value) for value in row.values()) + ")"
                    for row in rows[start : start + ROWS_PER_INSERT]
                )
                yield f"INSERT INTO `{name}` ({columns}) VALUES\n" + ",\n".join(lines) + ";\n"


def literal(value: Value) -> str:
    """Return ``value`` as a literal that MariaDB and SQLite read alike; a backslash has no such form."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        if "\\" in value or "\r" in value:
            raise ValueError(f"no literal common to MariaDB and SQLite: {value!r}")
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def build_sqlite(statements: str, target: Path) -> None:
    """Write the SQLite copy of a practice: the tables of the sample, then the very same INSERT statements."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    try:
        shape = "".join(table.sqlite() for table in tables().values())
        connection.executescript(f"BEGIN;\n{shape}{statements}COMMIT;\n")
    finally:
        connection.close()
