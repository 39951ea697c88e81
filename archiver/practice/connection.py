"""A connection to the store's file, on a disk that may be full, foreign, damaged or closed to writers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archiver import disk
from archiver.errors import DiskFault, DiskFull
from archiver.practice import schema
from archiver.practice.errors import ReferenceMissing, StoreBusy, StoreReadOnly, StoreUnreadable
from archiver.practice.migrations import migrate
from archiver.practice.rows import statements
from archiver.practice.transactions import transaction
from formats.regular_files import open_regular
from formats.words import mark

FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
"""What SQLite answers on a full disk; the second when not even its shared memory finds room."""
_MAGIC = b"SQLite format 3\0"
"""How every database begins (sqlite.org/fileformat2.html, 1.3)."""
PAGE = 8192
"""Bytes of a page of a new store: twice SQLite's own, which puts records with less work and writes no more."""
_CLOSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
"""Primary codes of what it answers where it cannot write even what it needs for reading."""


def spill_beside(db: sqlite3.Connection, path: Path) -> bool:
    """Let SQLite put what it sorts aside into the folder of the store at ``path``, never into one of others.

    Where nothing can be written there, or this SQLite knows no such folder, it stays in memory: return whether not.
    """
    folder = str(path.resolve().parent).replace("'", "''")
    try:
        db.execute(f"PRAGMA temp_store_directory = '{folder}'")
        there = db.execute("PRAGMA temp_store_directory").fetchone()
    except sqlite3.OperationalError:
        there = None
    beside = there is not None and there[0] == str(path.resolve().parent)
    if not beside:
        db.execute("PRAGMA temp_store = MEMORY")
    return beside


def open_database(path: Path, *, new: bool, reading: bool) -> sqlite3.Connection:
    """Return a connection to the store at ``path``: a ``new`` one gets its tables, an old one its migrations.

    Raises:
        StoreUnreadable, StoreReadOnly, DiskFault: as for ``connect``.
        StoreNewer: when a newer version of this program made it.
    """
    db = _open_file(path) if new else connect(path, reading=reading)
    try:
        spill_beside(db, path)
        if new:
            db.execute(f"PRAGMA page_size = {PAGE}")
            db.execute("PRAGMA journal_mode = WAL")
            with transaction(db):
                if not _tables(db):
                    schema.create(db)
        else:
            migrate(db, path)
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def is_begun(path: Path) -> bool:
    """Tell whether the file at ``path`` is a store that a killed command began to make: a database without any table.

    Raises:
        DiskFault, NotARegularFile: when it cannot be read.
    """
    with disk.failures_about(path), open_regular(path) as stream:
        start = stream.read(len(_MAGIC))
    if start not in {b"", _MAGIC}:
        return False
    with closing(_open_file(path)) as db:
        try:
            return not _tables(db) and not db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            return False


def _tables(db: sqlite3.Connection) -> int:
    number: int = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return number


def _open_file(path: Path) -> sqlite3.Connection:
    """Return a connection to the file at ``path``; outside a transaction, each statement is one of its own."""
    return sqlite3.connect(path, isolation_level=None)


def connect(path: Path, *, reading: bool) -> sqlite3.Connection:
    """Return a connection to the store at ``path``, which is one.

    A store is kept in WAL mode, for which even a reader has to write beside it.
    Where that is impossible, ``reading`` takes the file as one that nobody
    changes: SQLite then looks neither for locks nor for what waits in a ``-wal``.

    Raises:
        StoreUnreadable: when it is something else, or changes wait beside it that cannot be read so.
        StoreReadOnly: when nothing can be written there, without ``reading``.
        DiskFault: when it cannot even be read.
    """
    with disk.failures_about(path), open_regular(path):
        pass
    db = _open_file(path)
    try:
        _check(db, path)
    except sqlite3.OperationalError as fault:
        db.close()
        if fault.sqlite_errorcode & 0xFF not in _CLOSED:
            raise
        if not reading:
            raise StoreReadOnly(where=str(path)) from fault
        return _unchanging(path)
    except BaseException:
        db.close()
        raise
    return db


def is_database(path: Path) -> bool:
    """Tell whether the file at ``path`` is a SQLite database, or there is nothing; a package is neither.

    Raises:
        DiskFault, NotARegularFile: when it cannot be read.
    """
    if not path.exists():
        return True
    if path.is_dir():
        return False
    with disk.failures_about(path), open_regular(path) as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def _unchanging(path: Path) -> sqlite3.Connection:
    waiting = path.with_name(f"{path.name}-wal")
    with disk.failures_about(waiting):
        if waiting.exists() and waiting.stat().st_size:
            reason = mark("changes wait beside it in a -wal file; copy both to where you may write")
            raise StoreUnreadable(where=str(path), reason=reason)
    db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, isolation_level=None)
    try:
        _check(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _check(db: sqlite3.Connection, path: Path) -> None:
    try:
        found = db.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as fault:
        raise StoreUnreadable(where=str(path), reason=mark("it is not a SQLite file")) from fault
    if found != schema.APPLICATION_ID:
        raise StoreUnreadable(where=str(path), reason=mark("it is another kind of SQLite file"))


@contextmanager
def store_failures(path: Path | None = None) -> Iterator[None]:
    """Turn what SQLite says about the disk and the file into failures with a code."""
    where = str(path or "")
    try:
        yield
    except sqlite3.IntegrityError as fault:
        raise ReferenceMissing(reason=str(fault)) from fault
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode in FULL:
            raise DiskFull from fault
        if fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            raise StoreReadOnly(where=where) from fault
        if fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise StoreBusy(where=where) from fault
        raise DiskFault(where=where, reason=str(fault)) from fault
    except sqlite3.DatabaseError as fault:
        raise StoreUnreadable(where=where, reason=mark("it is damaged")) from fault


@contextmanager
def references_last(db: sqlite3.Connection, wanted: bool) -> Iterator[None]:
    """Let no reference (foreign key) be looked up row by row in the block, outside a transaction, where ``wanted``.

    For an empty store that is about to be filled: whoever fills it calls ``check_references`` before the commit.
    """
    if wanted:
        db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if wanted:
            db.execute("PRAGMA foreign_keys = ON")


def check_references(db: sqlite3.Connection) -> None:
    """Look up every reference of the store.

    Raises:
        sqlite3.IntegrityError: when one points to what is not there.
    """
    lost = db.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")


def holds_nothing(db: sqlite3.Connection | None) -> bool:
    """Tell whether nothing was ever kept in the store."""
    try:
        return db is None or not db.execute(statements.HOLDS_SOMETHING).fetchone()[0]
    except sqlite3.Error:  # not even the tables are there
        return True
