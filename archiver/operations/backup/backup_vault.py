"""Open a backup: its description, its vault, the keys of the machine, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.backup.description import KEYS, VAULT, BackupDescription, read_backup_description
from archiver.backup.errors import BackupVaultMissing
from archiver.backup.run_list import RunList
from archiver.backup.state import BackupState, read_state, state_moment, write_state
from archiver.operations.backup.stored_runs import newest_run
from archiver.operations.vault.storages.next_commands import StorageCommands, backup_storage_commands
from archiver.signing.certificates.reading import read_roots
from archiver.signing.keys.key_file import ROOTS, SIGNER, KeySigner, load_signer
from archiver.signing.trust.anchors import Trust
from archiver.storage.folder import FolderStorage
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.checks import CheckTable, open_checks
from archiver.vault.errors import NotAVault
from archiver.vault.index import index_object
from archiver.vault.lock import vault_lock
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Vault, open_vault
from archiver.vault.retention import retaining
from formats.findings import Finding
from formats.ocfl.layout import object_place


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """A backup in ``folder``; its vault is not asked anything yet. ``roots`` are those of the key that signs."""

    folder: Path
    description: BackupDescription
    vault: Vault
    roots: tuple[bytes, ...]

    @property
    def storage_commands(self) -> StorageCommands:
        """The commands about its storages that a message names."""
        return backup_storage_commands(self.folder, self.vault.folder, self.description.credentials)

    def signer(self) -> KeySigner:
        """Return the key of the machine that signs packages, lists and receipts.

        Raises:
            KeyUnreadable, FileNotFound, DiskFault: when it cannot be read.
        """
        return load_signer(self.folder / KEYS / SIGNER, None)

    def trust(self, at: datetime) -> Trust:
        """Return whom the backup accepts as signer: itself."""
        return Trust(at=at, roots=self.roots)


def open_backup(folder: Path) -> Backup:
    """Return the backup in ``folder``.

    Raises:
        NotABackup, BackupNewer, BackupInvalid, BackupVaultMissing, VaultInvalid, KeyUnreadable and others: why there
            is none.
    """
    description = read_backup_description(folder)
    try:
        vault = open_vault(folder / VAULT, description.credentials)
    except NotAVault as failure:
        raise BackupVaultMissing(path=str(folder / VAULT)) from failure
    return Backup(
        folder=folder,
        description=description,
        vault=vault,
        roots=tuple(read_roots(folder / KEYS / ROOTS)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingBackup:
    """A backup whose vault this process has to itself, with its tables, its ``state`` and the list of its ``last`` run.

    ``rebuilt`` says that the state was lost, or is another's, and the list comes from the vault.
    """

    backup: Backup
    catalogue: Catalogue
    table: CheckTable
    state: BackupState
    last: RunList | None
    rebuilt: bool = False


def settle_unfinished(vault: Vault, catalogue: Catalogue) -> None:
    """Read anew what an ended command was writing; what never became an object is removed, or hidden if it is locked.

    Raises:
        Failure: what a storage answered.
    """
    for name in catalogue.unfinished():
        for one in vault.replicas:
            if find_inventory(one.storage, name) is None:
                storage = retaining(one, vault.description.created)
                for key in [found.key for found in storage.list(f"{object_place(name)}/")]:
                    storage.remove(key)
                if isinstance(one.storage, FolderStorage):
                    one.storage.remove_unfinished(object_place(name))
        index_object(vault, catalogue, name)


@contextmanager
def working_backup(
    backup: Backup, command: str, *, clock: Callable[[], datetime], notice: Callable[[Finding], None]
) -> Iterator[WorkingBackup]:
    """Take the lock of the vault for ``command``, and read what is remembered, or the vault where that is lost.

    ``notice`` is given what a person should know at once.

    Raises:
        VaultBusy: when another process has it; CatalogueUnreadable, BackupForeign, BackupListInvalid, DiskFault.
    """
    with (
        vault_lock(backup.vault.folder, command, at=clock()),
        open_catalogue(backup.vault.folder) as catalogue,
        open_checks(backup.vault.folder, notice) as table,
    ):
        state, last = read_state(backup.folder)
        rebuilt = last is None or bool(state.pending)
        if rebuilt:
            trust = backup.trust(clock())
            last = newest_run(backup.vault, catalogue, trust, backup=backup.description.id)
        if last is not None and rebuilt:
            covered = max(state.covered, state_moment(last.at))
            state = replace(state, number=last.number, covered=covered, store="", pending=0)
        yield WorkingBackup(
            backup=backup,
            catalogue=catalogue,
            table=table,
            state=state,
            last=last,
            rebuilt=rebuilt and last is not None,
        )


def remember_failure(folder: Path, code: str, at: datetime) -> None:
    """Write down, for ``backup status``, that a run ended with the failure ``code``.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """
    state, _ = read_state(folder)
    if state.number:
        write_state(folder, replace(state, failure=code, failed=state_moment(at)))
