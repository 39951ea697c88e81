"""Catalogue of a vault (SQLite): an index of what lies in the storages, made from inventories and receipts alone.

Nothing is decided from it: whether a package is there, the storages say. An object that a command is about to write
is noted as unfinished first, so that whoever comes after a crash reads that one again from the files.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archiver.vault.deposit_receipt import ReadReceipt
from archiver.vault.errors import CatalogueUnreadable
from formats.words import mark

NAME = "catalogue.db"
_TABLES = """
CREATE TABLE deposits (
    object TEXT NOT NULL, package TEXT NOT NULL, kind TEXT NOT NULL, revision INTEGER NOT NULL,
    accepted_at TEXT NOT NULL, created TEXT NOT NULL, sender TEXT NOT NULL, sender_numbers TEXT NOT NULL,
    receiver TEXT NOT NULL, units INTEGER NOT NULL, destroy_from TEXT NOT NULL, holds INTEGER NOT NULL,
    files INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (object, revision)
) WITHOUT ROWID;
CREATE TABLE replicas (
    object TEXT NOT NULL, replica TEXT NOT NULL, head TEXT NOT NULL, PRIMARY KEY (object, replica)
) WITHOUT ROWID;
CREATE TABLE unfinished (object TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX by_sender ON deposits (sender);
"""
_INSERT = "INSERT INTO deposits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = "SELECT * FROM deposits WHERE ? IN ('', object) ORDER BY accepted_at, object, revision"
_FIELDS = (
    *("package", "kind", "revision", "accepted_at", "created", "sender", "sender_numbers", "receiver"),
    *("units", "destroy_from", "holds", "files", "size"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """One deposit, a revision of a package; ``replicas`` are the storages that have it."""

    object_id: str
    receipt: ReadReceipt
    replicas: tuple[str, ...]


class Catalogue:
    """The open catalogue of a vault."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, object_id: str) -> None:
        """Note, durably, that the object is about to be written."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO unfinished VALUES (?)", (object_id,))

    def unfinished(self) -> list[str]:
        """Return the objects that a command began to write and did not note as written."""
        return [one for (one,) in self._connection.execute("SELECT object FROM unfinished ORDER BY object")]

    def put(self, object_id: str, receipts: Iterable[ReadReceipt], heads: Iterable[tuple[str, str]]) -> None:
        """Replace what is known of an object; ``heads`` are names of replicas, each with the last version there."""
        with self._connection:
            self.write(object_id, receipts, heads)

    def write(
        self, object_id: str, receipts: Iterable[ReadReceipt], heads: Iterable[tuple[str, str]]
    ) -> None:
        """Replace what is known of an object, in a transaction of the caller's."""
        run = self._connection.execute
        run("DELETE FROM deposits WHERE object = ?", (object_id,))
        run("DELETE FROM replicas WHERE object = ?", (object_id,))
        run("DELETE FROM unfinished WHERE object = ?", (object_id,))
        self._connection.executemany(_INSERT, [_row(object_id, one) for one in receipts])
        rows = [(object_id, *one) for one in heads]
        self._connection.executemany("INSERT INTO replicas VALUES (?, ?, ?)", rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run what is in the block as one transaction."""
        with self._connection:
            yield

    def entries(self, object_id: str = "") -> Iterator[CatalogueEntry]:
        """Yield the deposits of one object, or all, by the moment of their acceptance."""
        for row in self._connection.execute(_SELECT, (object_id,)):
            replicas = self._connection.execute(
                "SELECT replica FROM replicas WHERE object = ? ORDER BY replica", (row[0],)
            )
            yield CatalogueEntry(
                object_id=row[0], receipt=_receipt(row), replicas=tuple(one for (one,) in replicas)
            )

    def objects(self) -> Iterator[tuple[str, str, str]]:
        """Yield each object on each replica: identifier, replica, last version."""
        yield from self._connection.execute(
            "SELECT object, replica, head FROM replicas ORDER BY object, replica"
        )


def _row(object_id: str, one: ReadReceipt) -> tuple[object, ...]:
    numbers = "\n".join(one.sender_numbers)
    return (
        *(object_id, one.package, one.kind, one.revision, one.accepted_at, one.created, one.sender, numbers),
        *(one.receiver, one.units, one.destroy_from, one.holds, one.files, one.size),
    )


def _receipt(row: Sequence[object]) -> ReadReceipt:
    values = dict(zip(_FIELDS, row[1:], strict=True))
    values["sender_numbers"] = tuple(one for one in str(values["sender_numbers"]).split("\n") if one)
    return ReadReceipt(**values)  # type: ignore[arg-type]


@contextmanager
def open_catalogue(folder: Path, *, reading: bool = False) -> Iterator[Catalogue]:
    """Open the catalogue of the vault in ``folder``.

    Raises:
        CatalogueUnreadable: when there is none, or SQLite cannot read it.
    """
    with open_catalogue_at(folder / NAME, reading=reading) as found:
        yield found


@contextmanager
def open_catalogue_at(path: Path, *, reading: bool = False) -> Iterator[Catalogue]:
    """Open the catalogue at ``path``; see ``open_catalogue``."""
    if not path.is_file():
        raise CatalogueUnreadable(where=str(path), reason=mark("there is no such file or folder"))
    # what a killed command left in its journal is taken back by whoever opens next, and only who may write can do that
    mode = "rw" if not reading or os.access(path, os.W_OK) else "ro"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON" if reading else "PRAGMA synchronous = FULL")
            connection.execute("SELECT count(*) FROM deposits, replicas, unfinished WHERE FALSE")
            yield Catalogue(connection)
    except sqlite3.Error as fault:
        raise CatalogueUnreadable(where=str(path), reason=str(fault)) from fault


def create_catalogue(path: Path) -> None:
    """Make an empty catalogue at ``path``, where nothing lies."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
