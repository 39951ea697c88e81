"""Catalogue of a vault (SQLite): an index of what lies in the storages, made from inventories and receipts alone.

Nothing is decided from it: whether a package is there, the storages say. An object that a command is about to write
is noted as unfinished first, so that whoever comes after a crash reads that one again from the files.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from archiver.vault.deposit_receipt import ReadReceipt, TermCount
from archiver.vault.disposal.tombstone import TOMBSTONE, destroyed_at
from archiver.vault.disposal.unit_tombstone import read_unit_tombstone
from archiver.vault.errors import CatalogueUnreadable
from archiver.vault.sqlite_failures import sqlite_failures
from formats.words import mark

NAME = "catalogue.db"
_TABLES = """
CREATE TABLE deposits (
    object TEXT NOT NULL, package TEXT NOT NULL, kind TEXT NOT NULL, revision INTEGER NOT NULL,
    accepted_at TEXT NOT NULL, created TEXT NOT NULL, sender TEXT NOT NULL, sender_numbers TEXT NOT NULL,
    receiver TEXT NOT NULL, units INTEGER NOT NULL, destroy_from TEXT NOT NULL, holds INTEGER NOT NULL,
    files INTEGER NOT NULL, size INTEGER NOT NULL, terms TEXT NOT NULL, PRIMARY KEY (object, revision)
) WITHOUT ROWID;
CREATE TABLE replicas (
    object TEXT NOT NULL, replica TEXT NOT NULL, head TEXT NOT NULL, PRIMARY KEY (object, replica)
) WITHOUT ROWID;
CREATE TABLE statements (
    object TEXT NOT NULL, path TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (object, path)
) WITHOUT ROWID;
CREATE TABLE unfinished (object TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unrecorded (
    object TEXT NOT NULL, version TEXT NOT NULL, entries TEXT NOT NULL, PRIMARY KEY (object, version)
) WITHOUT ROWID;
CREATE INDEX by_acceptance ON deposits (accepted_at, object, revision);
"""
_ALL_TABLES = "SELECT count(terms) FROM deposits, replicas, statements, unfinished, unrecorded WHERE FALSE"
_INSERT = "INSERT INTO deposits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = "SELECT * FROM deposits ORDER BY accepted_at, object, revision"
_SELECT_BY_OBJECT = "SELECT * FROM deposits ORDER BY object, revision"
_SELECT_ONE = "SELECT * FROM deposits WHERE object = ? ORDER BY accepted_at, revision"
_OBJECT_IDS = "SELECT DISTINCT object FROM replicas WHERE object > ? ORDER BY object LIMIT ?"
TOGETHER = 1000
"""Objects that are read from the catalogue at once."""
_FIELDS = (
    *("package", "kind", "revision", "accepted_at", "created", "sender", "sender_numbers", "receiver"),
    *("units", "destroy_from", "holds", "files", "size", "terms"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """One deposit, a revision of a package; ``replicas`` are the storages that have it.

    ``destroyed`` is when it was lawfully destroyed (ISO 8601), or nothing; ``units_destroyed`` counts the units that
    were taken out of it by law.
    """

    object_id: str
    receipt: ReadReceipt
    replicas: tuple[str, ...]
    destroyed: str = ""
    units_destroyed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexedObject:
    """What the files of an object say: its receipts, its ``statements`` (holds, destruction) by logical path.

    ``heads`` are names of replicas, each with the last version there.
    """

    object_id: str
    receipts: Sequence[ReadReceipt]
    statements: Sequence[tuple[str, str]]
    heads: Sequence[tuple[str, str]]


class Catalogue:
    """The open catalogue of a vault."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, *object_ids: str, entries: Iterable[tuple[str, str, str]] = ()) -> None:
        """Note, durably, that the objects are about to be written.

        ``entries`` are those that the journal has to get: object, version, and their text.
        """
        with self._connection:
            rows = [(one,) for one in object_ids]
            self._connection.executemany("INSERT OR REPLACE INTO unfinished VALUES (?)", rows)
            self._connection.executemany("INSERT OR REPLACE INTO unrecorded VALUES (?, ?, ?)", entries)

    def unfinished(self) -> list[str]:
        """Return the objects that a command began to write and did not note as written."""
        return [one for (one,) in self._connection.execute("SELECT object FROM unfinished ORDER BY object")]

    def is_unfinished(self, object_id: str) -> bool:
        """Tell whether ``unfinished`` has an object."""
        query = "SELECT 1 FROM unfinished WHERE object = ?"
        return self._connection.execute(query, (object_id,)).fetchone() is not None

    def unrecorded(self, object_id: str) -> list[tuple[str, str]]:
        """Return the versions of an object that a command began to write, each with the entries about it."""
        query = "SELECT version, entries FROM unrecorded WHERE object = ? ORDER BY version"
        return list(self._connection.execute(query, (object_id,)))

    def finish(self, object_id: str) -> None:
        """Note that an object is written and recorded, in a transaction of the caller's."""
        self._connection.execute("DELETE FROM unfinished WHERE object = ?", (object_id,))
        self._connection.execute("DELETE FROM unrecorded WHERE object = ?", (object_id,))

    def write(self, found: IndexedObject) -> None:
        """Replace what is known of an object, in a transaction of the caller's."""
        object_id = found.object_id
        run = self._connection.execute
        run("DELETE FROM deposits WHERE object = ?", (object_id,))
        run("DELETE FROM replicas WHERE object = ?", (object_id,))
        run("DELETE FROM statements WHERE object = ?", (object_id,))
        self.finish(object_id)
        self._connection.executemany(_INSERT, [_row(object_id, one) for one in found.receipts])
        rows = [(object_id, *one) for one in found.heads]
        self._connection.executemany("INSERT INTO replicas VALUES (?, ?, ?)", rows)
        stated = [(object_id, *one) for one in found.statements]
        self._connection.executemany("INSERT INTO statements VALUES (?, ?, ?)", stated)

    def forget_replica(self, replica: str) -> None:
        """Remove what is known of a storage that was taken out of the vault."""
        with self._connection:
            self._connection.execute("DELETE FROM replicas WHERE replica = ?", (replica,))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run what is in the block as one transaction."""
        with self._connection:
            yield

    def entries(self, object_id: str = "") -> Iterator[CatalogueEntry]:
        """Yield the deposits of one object, or all, by the moment of their acceptance."""
        if object_id:
            return self._entries(_SELECT_ONE, object_id)
        return self._entries(_SELECT)

    def entries_by_object(self) -> Iterator[CatalogueEntry]:
        """Yield all deposits, those of an object one after another, by their revision."""
        return self._entries(_SELECT_BY_OBJECT)

    def _entries(self, query: str, *values: str) -> Iterator[CatalogueEntry]:
        for row in self._connection.execute(query, values):
            replicas = self._connection.execute(
                "SELECT replica FROM replicas WHERE object = ? ORDER BY replica", (row[0],)
            )
            tombstone = self._connection.execute(
                "SELECT document FROM statements WHERE object = ? AND path = ?", (row[0], TOMBSTONE)
            ).fetchone()
            yield CatalogueEntry(
                object_id=row[0],
                receipt=_receipt(row),
                replicas=tuple(one for (one,) in replicas),
                destroyed=destroyed_at(tombstone[0], TOMBSTONE) if tombstone else "",
                units_destroyed=sum(
                    len(read_unit_tombstone(text, path).units)
                    for _, path, text in self.statements("destruction/units-%", row[0])
                ),
            )

    def statements(self, like: str, object_id: str = "") -> Iterator[tuple[str, str, str]]:
        """Yield object, logical path and text of each statement whose path is ``like`` a pattern of SQL (``%``)."""
        one = "object = ? AND " if object_id else ""
        yield from self._connection.execute(
            f"SELECT object, path, document FROM statements WHERE {one}path LIKE ? ORDER BY object, path",  # noqa: S608
            (object_id, like) if object_id else (like,),
        )

    def objects(self) -> Iterator[tuple[str, str, str]]:
        """Yield each object on each replica: identifier, replica, last version."""
        yield from self._connection.execute(
            "SELECT object, replica, head FROM replicas ORDER BY object, replica"
        )

    def heads(self, object_id: str) -> str:
        """Return the versions of an object on its storages, as a text that is the same as long as they are."""
        query = "SELECT replica || ' ' || head FROM replicas WHERE object = ? ORDER BY replica"
        return "\n".join(one for (one,) in self._connection.execute(query, (object_id,)))

    def object_ids(self) -> Iterator[str]:
        """Yield each object once; others may be written meanwhile."""
        last = ""
        while rows := self._connection.execute(_OBJECT_IDS, (last, TOGETHER)).fetchall():
            yield from (one for (one,) in rows)
            last = rows[-1][0]


def _row(object_id: str, one: ReadReceipt) -> tuple[object, ...]:
    numbers = "\n".join(one.sender_numbers)
    return (
        *(object_id, one.package, one.kind, one.revision, one.accepted_at, one.created, one.sender, numbers),
        *(one.receiver, one.units, one.destroy_from, one.holds, one.files, one.size),
        json.dumps([asdict(term) for term in one.terms]),
    )


def _receipt(row: Sequence[object]) -> ReadReceipt:
    values = dict(zip(_FIELDS, row[1:], strict=True))
    values["sender_numbers"] = tuple(one for one in str(values["sender_numbers"]).split("\n") if one)
    values["terms"] = tuple(TermCount(**one) for one in json.loads(str(values["terms"])))
    return ReadReceipt(**values)  # type: ignore[arg-type]


@contextmanager
def open_catalogue(folder: Path, *, reading: bool = False) -> Iterator[Catalogue]:
    """Open the catalogue of the vault in ``folder``.

    Raises:
        CatalogueUnreadable: when there is none, or SQLite cannot read it. VaultBusy: when a program has it open.
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
    address = f"{path.absolute().as_uri()}?mode={mode}"
    with (
        sqlite_failures(path, CatalogueUnreadable),
        closing(sqlite3.connect(address, uri=True)) as connection,
    ):
        connection.execute("PRAGMA query_only = ON" if reading else "PRAGMA synchronous = EXTRA")
        connection.execute(_ALL_TABLES)
        yield Catalogue(connection)


def create_catalogue(path: Path) -> None:
    """Make an empty catalogue at ``path``, where nothing lies.

    Raises:
        CatalogueUnreadable, DiskFull: what SQLite says of the disk.
    """
    with sqlite_failures(path, CatalogueUnreadable), closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
