"""The database of a practice that uses Open Dental, in which a journey lets days go by; another one is in MariaDB."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class OpenDentalSource(Protocol):
    """A database that ``archiver collect opendental`` reads at ``address``."""

    @property
    def address(self) -> str:
        """What stands on the command line."""

    def run(self, *statements: str) -> None:
        """Run statements (SQL) one after the other, in one session."""

    def tables_with(self, column: str) -> list[str]:
        """Return the tables that have a column of this name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SqliteSource:
    """A copy of the tables in SQLite."""

    path: Path

    @property
    def address(self) -> str:
        """The file."""
        return str(self.path)

    def run(self, *statements: str) -> None:
        """Run statements, and keep what they changed."""
        with closing(sqlite3.connect(self.path)) as db, db:
            for statement in statements:
                db.execute(statement)

    def tables_with(self, column: str) -> list[str]:
        """Return the tables that have a column of this name."""
        query = (
            "SELECT one.name FROM sqlite_master AS one, pragma_table_info(one.name) AS named"
            " WHERE one.type = 'table' AND named.name = ?"
        )
        with closing(sqlite3.connect(self.path)) as db:
            return [name for (name,) in db.execute(query, (column,))]
