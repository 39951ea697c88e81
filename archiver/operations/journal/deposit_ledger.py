"""Ledger of deposits, for a comparison: what the journal says, and what lies in the storages (SQLite, temporary)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.vault.catalogue import Catalogue
from archiver.vault.deposit_receipt import RECEIPT
from archiver.vault.index import stored_bytes
from archiver.vault.journal.acts import RECEIPT_FACT, removes_whole
from archiver.vault.journal.entry import LoggedEntry, VaultAct
from archiver.vault.open_vault import Replica
from formats.digests import Digest
from formats.errors import Failure
from formats.findings import Finding
from formats.ocfl.inventory import Inventory

_TABLES = """
CREATE TABLE recorded (object TEXT, revision INTEGER, receipt TEXT, PRIMARY KEY (object, revision)) WITHOUT ROWID;
CREATE TABLE ended (object TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE stored (object TEXT, revision INTEGER, PRIMARY KEY (object, revision)) WITHOUT ROWID;
"""
_LOST = """
SELECT object, revision FROM recorded EXCEPT SELECT object, revision FROM stored ORDER BY object, revision
"""
AnsweredInventory = tuple[Replica, Inventory | Failure | None]
"""What a storage answers of an object: its inventory, nothing where it lacks the object, or why it does not say."""


class DepositLedger:
    """Deposits as entries say them, compared with the storages object by object; then those that are ``missing``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute

    def add(self, logged: LoggedEntry) -> None:
        """Take an entry of the journal."""
        entry = logged.entry
        if entry.act is VaultAct.DEPOSIT and RECEIPT_FACT in entry.facts:
            facts = (entry.object_id, entry.facts.get("revision", 0), entry.facts[RECEIPT_FACT])
            self._run("INSERT OR REPLACE INTO recorded VALUES (?, ?, ?)", facts)
        elif removes_whole(entry):
            self._run("INSERT OR REPLACE INTO ended VALUES (?)", (entry.object_id,))

    def compare(
        self, catalogue: Catalogue, name: str, answered: Sequence[AnsweredInventory], begun: str
    ) -> Iterator[Finding]:
        """Yield where the deposits of an object and the journal, which began at a moment, do not say the same.

        ``answered`` is what each storage answers of the object.
        """
        for one in catalogue.entries(name):
            revision = one.receipt.revision
            self._run("INSERT OR REPLACE INTO stored VALUES (?, ?)", (name, revision))
            row = self._run(
                "SELECT receipt FROM recorded WHERE object = ? AND revision = ?", (name, revision)
            ).fetchone()
            if row is None and catalogue.is_unfinished(name):
                continue  # the next command records it
            if row is None:
                accepted = datetime.fromisoformat(one.receipt.accepted_at)
                earlier = begun and accepted < datetime.fromisoformat(begun)
                code = codes.BEFORE if earlier else codes.UNRECORDED
                yield journal_finding(code, name, revision=revision)
            elif not self._ended(name):
                yield from _receipt_finding(answered, name, revision, row[0])

    def missing(self) -> Iterator[Finding]:
        """Yield the deposits of the journal that no object that was compared has."""
        for name, revision in self._run(_LOST).fetchall():
            if not self._ended(name):
                yield journal_finding(codes.LOST, name, revision=revision)

    def _ended(self, object_id: str) -> bool:
        return self._run("SELECT 1 FROM ended WHERE object = ?", (object_id,)).fetchone() is not None


def _receipt_finding(
    answered: Sequence[AnsweredInventory], object_id: str, revision: int, recorded: str
) -> Iterator[Finding]:
    """Yield that a receipt is another one, or that no storage gives it back."""
    path = RECEIPT.format(revision=revision)
    failed: Failure | None = None
    for replica, inventory in answered:
        if isinstance(inventory, Failure):
            failed = inventory
            continue
        if inventory is None or path not in inventory.logical_paths():
            continue
        try:
            if Digest.of(stored_bytes(replica, inventory, path)).hex != recorded:
                where = f"{replica.name}: {object_id}"
                yield journal_finding(codes.RECEIPT_OTHER, where, revision=revision)
        except Failure as failure:
            failed = failure
            continue
        return
    if failed is None:
        yield journal_finding(codes.LOST, object_id, revision=revision)
    else:
        yield journal_finding(codes.UNVERIFIED, object_id, reason=failed)


@contextmanager
def open_ledger() -> Iterator[DepositLedger]:
    """Open an empty ledger; SQLite keeps what is large in a file without a name."""
    with closing(sqlite3.connect("")) as connection:
        connection.executescript(_TABLES)
        yield DepositLedger(connection)
