"""What SQLite says of a file of a vault, as a failure with a next step: full, in use, or unreadable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archiver.errors import DiskFull
from archiver.vault.errors import CatalogueUnreadable, VaultBusy, VaultTableUnreadable
from formats.words import mark

_PRIMARY = 0xFF
"""Bits of a result code that say what happened; the others say where."""
_IN_USE = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_SPOILT = frozenset((sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT))


@contextmanager
def sqlite_failures(
    path: Path, unreadable: type[CatalogueUnreadable | VaultTableUnreadable]
) -> Iterator[None]:
    """Turn what SQLite says of the file at ``path`` into a failure.

    Raises:
        DiskFull; VaultBusy: when another program has the file open and does not let go of it; else ``unreadable``.
    """
    try:
        yield
    except sqlite3.Error as fault:
        if _code(fault) == sqlite3.SQLITE_FULL:
            raise DiskFull from fault
        if is_in_use(fault):
            raise VaultBusy(where=str(path), holder=mark("a program has this file open")) from fault
        raise unreadable(where=str(path), reason=str(fault)) from fault


def is_in_use(fault: sqlite3.Error) -> bool:
    """Tell whether another program has the file open, and works on it."""
    return _code(fault) in _IN_USE


def is_spoilt(fault: sqlite3.Error) -> bool:
    """Tell whether the file is no database of SQLite any more."""
    return _code(fault) in _SPOILT


def _code(fault: sqlite3.Error) -> int:
    return int(getattr(fault, "sqlite_errorcode", 0)) & _PRIMARY
