"""Fixity checks of a vault (SQLite): what each object on each storage came to, and when.

A check is written when its outcome is known, durably and by one process. So whatever is ended, a worker, the command,
the machine, takes nothing back, and what was not written is still due. No row ever says *ok* that nobody found out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from archiver import disk
from archiver.vault.errors import VaultTableUnreadable
from archiver.vault.sqlite_failures import is_spoilt, sqlite_failures
from formats.findings import Finding, Severity
from formats.words import mark

NAME = "checks.db"
_TABLES = """
CREATE TABLE IF NOT EXISTS checks (
    object TEXT NOT NULL, storage TEXT NOT NULL, checked_at TEXT NOT NULL, outcome TEXT NOT NULL,
    detail TEXT NOT NULL, size INTEGER NOT NULL, ok_at TEXT NOT NULL, PRIMARY KEY (object, storage)
) WITHOUT ROWID;
"""
_PUT = """
INSERT INTO checks VALUES (:object, :storage, :at, :outcome, :detail, :size, :ok_at)
ON CONFLICT DO UPDATE SET checked_at = :at, outcome = :outcome, detail = :detail, size = :size,
    ok_at = CASE WHEN :ok_at = '' THEN ok_at ELSE :ok_at END
"""


class CheckOutcome(StrEnum):
    """What a check came to: every file is as listed; something is not; or nobody could find out."""

    OK = "ok"
    DAMAGED = "damaged"
    UNCHECKED = "could-not-check"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The last check of an object on a storage: ``ok_at`` is when it was last found whole, or nothing.

    Moments are ISO 8601 in UTC; ``size`` is in bytes; ``detail`` says in English what is wrong.
    """

    object_id: str
    storage: str
    at: str
    outcome: CheckOutcome
    detail: str = ""
    size: int = 0
    ok_at: str = ""


class CheckTable:
    """The open table of checks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, checks: Iterable[Check]) -> None:
        """Write ``checks``, durably."""
        rows = [
            {
                "object": one.object_id,
                "storage": one.storage,
                "at": one.at,
                "outcome": one.outcome.value,
                "detail": one.detail,
                "size": one.size,
                "ok_at": one.at if one.outcome is CheckOutcome.OK else "",
            }
            for one in checks
        ]
        with self._connection:
            self._connection.executemany(_PUT, rows)

    def forget(self, object_id: str) -> None:
        """Remove what was found out about an object: it is on no storage any more, or another one has its place."""
        with self._connection:
            self._connection.execute("DELETE FROM checks WHERE object = ?", (object_id,))

    def forget_storage(self, storage: str) -> None:
        """Remove what was found out about a storage that was taken out of the vault."""
        with self._connection:
            self._connection.execute("DELETE FROM checks WHERE storage = ?", (storage,))

    def find(self, object_id: str, storage: str) -> Check | None:
        """Return the last check of an object on a storage."""
        query = "SELECT * FROM checks WHERE object = ? AND storage = ?"
        row = self._connection.execute(query, (object_id, storage)).fetchone()
        return _check(row) if row else None

    def __iter__(self) -> Iterator[Check]:
        """Yield every last check, by object and storage."""
        yield from map(_check, self._connection.execute("SELECT * FROM checks ORDER BY object, storage"))


def _check(row: tuple[str, str, str, str, str, int, str]) -> Check:
    return Check(
        object_id=row[0],
        storage=row[1],
        at=row[2],
        outcome=CheckOutcome(row[3]),
        detail=row[4],
        size=row[5],
        ok_at=row[6],
    )


@contextmanager
def open_checks(folder: Path, notice: Callable[[Finding], None]) -> Iterator[CheckTable]:
    """Open the checks of the vault in ``folder``; where there are none, everything is unverified.

    A file that is no table any more is put aside and stays: then there are none, and ``notice`` is given that.

    Raises:
        VaultTableUnreadable: when SQLite cannot read or write them; VaultBusy: when a program has the file open.
        DiskFull: when the disk is.
    """
    path = folder / NAME
    try:
        with sqlite_failures(path, VaultTableUnreadable), closing(_connected(path, notice)) as connection:
            yield CheckTable(connection)
    except ValueError as fault:
        raise VaultTableUnreadable(where=str(path), reason=str(fault)) from fault


def _connected(path: Path, notice: Callable[[Finding], None]) -> sqlite3.Connection:
    try:
        return _opened(path)
    except sqlite3.DatabaseError as fault:
        if not is_spoilt(fault):
            raise
    names = (path.with_name(f"{NAME}.damaged-{number}") for number in count(1))
    aside = next(one for one in names if not one.exists())
    disk.move_in_place(str(path), str(aside), settled=True)
    connection = _opened(path)
    notice(
        Finding(
            severity=Severity.WARNING,
            code="vault-checks-damaged",
            where=NAME,
            sentence=mark(
                "What audits found was in a file that is damaged: it is begun anew, and every copy counts as unverified"
                " until it is read again. The damaged file is {name} now."
            ),
            facts={"name": aside.name},
        )
    )
    return connection


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.executescript(_TABLES)
        connection.execute("SELECT count(ok_at) FROM checks WHERE FALSE")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
