"""Evidence that was judged (SQLite): of each object until when nothing of its evidence is due, and what that rests on.

It saves opening every package every night, and is nothing to rely on: where a row is missing, its object has another
version, the terms changed, the clock is before it, or it is older than the fixity interval, the object is judged anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archiver import disk
from archiver.vault.errors import VaultTableUnreadable
from archiver.vault.sqlite_failures import is_in_use, sqlite_failures

NAME = "evidence.db"
TOGETHER = 1000
"""Rows that are written together: what is lost is judged again."""
_TABLE = """
CREATE TABLE IF NOT EXISTS judged (
    object TEXT PRIMARY KEY, heads TEXT NOT NULL, terms TEXT NOT NULL, judged_at TEXT NOT NULL,
    ends_at TEXT NOT NULL, records INTEGER NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedEvidence:
    """What was found of an object's evidence ``judged_at`` a moment: ``records`` of them hold, none was due.

    ``heads`` are its versions on the storages, ``terms`` names by what it was judged, and ``ends_at`` is when the first
    thing under any record ends.
    """

    object_id: str
    heads: str
    terms: str
    judged_at: datetime
    ends_at: datetime
    records: int

    def holds(self, heads: str, terms: str, at: datetime, *, horizon: timedelta, lasting: timedelta) -> bool:
        """Tell whether nothing is due ``at`` a moment; a judgement is relied on for the time ``lasting``."""
        same = (self.heads, self.terms) == (heads, terms)
        return same and self.judged_at <= at < self.judged_at + lasting and self.ends_at > at + horizon


class JudgedTable:
    """The open table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting = 0

    def find(self, object_id: str) -> JudgedEvidence | None:
        """Return what was found of an object."""
        row = self._connection.execute("SELECT * FROM judged WHERE object = ?", (object_id,)).fetchone()
        if row is None:
            return None
        try:
            judged_at, ends_at = map(datetime.fromisoformat, row[3:5])
        except ValueError:  # somebody else wrote it
            return None
        return JudgedEvidence(
            object_id=row[0],
            heads=row[1],
            terms=row[2],
            judged_at=judged_at,
            ends_at=ends_at,
            records=row[5],
        )

    def put(self, one: JudgedEvidence) -> None:
        """Write what was found of an object."""
        moments = (one.judged_at.isoformat(), one.ends_at.isoformat())
        row = (one.object_id, one.heads, one.terms, *moments, one.records)
        self._run("INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget(self, object_id: str) -> None:
        """Remove an object: something is due, or does not hold."""
        self._run("DELETE FROM judged WHERE object = ?", (object_id,))

    def _run(self, statement: str, values: tuple[object, ...]) -> None:
        self._connection.execute(statement, values)
        self._waiting += 1
        if self._waiting == TOGETHER:
            self._connection.commit()
            self._waiting = 0


@contextmanager
def open_judged(folder: Path) -> Iterator[JudgedTable]:
    """Open the table of the vault in ``folder``; one that SQLite cannot read is begun anew.

    Raises:
        VaultTableUnreadable: when it cannot be written; VaultBusy: when a program has the file open; DiskFull.
    """
    path = folder / NAME
    with (
        sqlite_failures(path, VaultTableUnreadable),
        closing(_connected(path)) as connection,
        connection,
    ):
        yield JudgedTable(connection)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_TABLE)
        connection.execute("SELECT count(records) FROM judged WHERE FALSE")
    except sqlite3.DatabaseError as fault:
        connection.close()
        if is_in_use(fault):
            raise
    else:
        return connection
    disk.remove(path)
    connection = sqlite3.connect(path)
    connection.executescript(_TABLE)
    return connection
