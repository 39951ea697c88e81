"""Vaults with a journal, for tests: two storages in folders, and ways to look at what lies there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.signing.validity import Stamping
from archiver.vault.description import Hosting
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.open_journal import current_head, open_journal
from archiver.vault.journal.record_file import JournalRecord, read_journal_record
from archiver.vault.journal.seal import Seal, seal_journal
from archiver.vault.open_vault import Vault, open_vault

AT = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
CHECK = JournalEntry(act=VaultAct.CHECK, object_id="urn:uuid:1", outcome="ok", facts={"storage": "storage-1"})
ACCESS = JournalEntry(act=VaultAct.ACCESS, object_id="urn:uuid:1", outcome="granted")


def new_vault(folder: Path, identifier: str = "6b1f7ea8-1f2d-4a5f-9a39-0c3f5a2b9f10") -> Vault:
    """Return a vault in ``folder``, whose storages are ``a`` and ``b`` beside it."""
    request = VaultRequest(
        folder=folder / "vault",
        name="Archives Exemple",
        storages=[folder / "a", folder / "b"],
        hosting=Hosting(reason="Essai"),
        identifier=identifier,
    )
    init_vault(request, clock=lambda: AT)
    return open_vault(folder / "vault")


def journals(vault: Vault) -> list[Path]:
    """Return the folders of the journal: the vault's own, and those on the storages."""
    places = [vault.folder.parent / name / "extensions" / "archiver-journal" for name in "ab"]
    return [vault.folder / "journal", *places]


def records(folder: Path) -> list[JournalRecord]:
    return [read_journal_record(one.read_bytes()) for one in sorted((folder / "records").iterdir())]


def seal(vault: Vault, at: datetime = AT, stamp: Stamping | None = None) -> Seal | None:
    with open_journal(vault, at=at) as journal:
        return seal_journal(journal, current_head(journal, at=at), stamp)[1]
