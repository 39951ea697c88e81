"""Transactions of SQLite, and savepoints inside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(db: sqlite3.Connection, *, immediate: bool = False) -> Iterator[None]:
    """Transaction (SQL) of what the block changes: all of it or nothing. Inside another one, a savepoint.

    ``immediate``: from its beginning nobody else can write.
    """
    if db.in_transaction:
        with _savepoint(db):
            yield
        return
    db.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # some faults, a full disk among them, have ended it
            db.execute("ROLLBACK")
        raise


@contextmanager
def _savepoint(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("SAVEPOINT block")  # of several with this name, the innermost is meant
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK TO block")
            db.execute("RELEASE block")
        raise
    db.execute("RELEASE block")
