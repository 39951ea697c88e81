"""Ledger of versions (SQLite, temporary): which versions of which objects the entries of a journal are about.

A destruction begins the object of a package anew: what takes its place is version 1, which the entry of the beginning
records. Before the first entry that names a version, a journal says nothing of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from archiver.vault.journal.acts import DESTRUCTION_BEGUN, DESTRUCTION_DONE, DESTRUCTION_FACT
from archiver.vault.journal.entry import VERSION_FACT, LoggedEntry, VaultAct
from formats.ocfl.inventory import Inventory

_TABLES = """
CREATE TABLE versions (object TEXT, version TEXT, PRIMARY KEY (object, version)) WITHOUT ROWID;
CREATE TABLE begun (object TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class VersionLedger:
    """Versions as the entries of a journal say them; ``own`` is the object of the vault, of which entries name none."""

    def __init__(self, connection: sqlite3.Connection, own: str) -> None:
        self._run, self._own = connection.execute, own
        self._since: datetime | None = None

    def add(self, logged: LoggedEntry) -> None:
        """Take the next entry of the journal."""
        entry = logged.entry
        if entry.act is VaultAct.DESTRUCTION and entry.outcome == DESTRUCTION_BEGUN:
            self._run("DELETE FROM versions WHERE object = ?", (entry.object_id,))
            self._run("INSERT INTO versions VALUES (?, 'v1')", (entry.object_id,))
            self._run("INSERT OR REPLACE INTO begun VALUES (?)", (entry.object_id,))
        elif entry.act is VaultAct.DESTRUCTION and entry.outcome == DESTRUCTION_DONE:
            self._run("DELETE FROM begun WHERE object = ?", (entry.object_id,))
        version = entry.facts.get(VERSION_FACT)
        if isinstance(version, str):
            if self._since is None:
                self._since = datetime.fromisoformat(logged.at)
            name = entry.facts.get(DESTRUCTION_FACT) or entry.object_id or self._own
            self._run("INSERT OR REPLACE INTO versions VALUES (?, ?)", (name, version))

    def has(self, object_id: str, version: str) -> bool:
        """Tell whether an entry is about a version of an object."""
        query = "SELECT 1 FROM versions WHERE object = ? AND version = ?"
        return self._run(query, (object_id, version)).fetchone() is not None

    def unrecorded(self, inventory: Inventory) -> Iterator[str]:
        """Yield the versions of an object that no entry is about, though the journal names versions by then."""
        if self._run("SELECT 1 FROM begun WHERE object = ?", (inventory.id,)).fetchone():
            return
        for name, version in inventory.versions.items():
            late = self._since is not None and version.created >= self._since
            if late and not self.has(inventory.id, name):
                yield name


@contextmanager
def open_version_ledger(own: str) -> Iterator[VersionLedger]:
    """Open an empty ledger; SQLite keeps what is large in a file without a name."""
    with closing(sqlite3.connect("")) as connection:
        connection.executescript(_TABLES)
        yield VersionLedger(connection, own)
