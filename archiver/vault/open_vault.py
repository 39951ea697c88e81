"""Open a vault: its description, and its storages, each of which has to be one of this vault."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archiver.storage.folder import FolderStorage
from archiver.storage.storage import Storage
from archiver.vault.description import StorageEntry, VaultDescription, description_of
from archiver.vault.errors import StorageForeign
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place


@dataclass(frozen=True, kw_only=True, slots=True)
class Replica:
    """One storage of a vault, opened: a whole copy of everything."""

    entry: StorageEntry
    storage: Storage

    @property
    def name(self) -> str:
        """What the vault calls it."""
        return self.entry.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Vault:
    """A vault in ``folder``."""

    folder: Path
    description: VaultDescription
    replicas: tuple[Replica, ...]


def open_vault(folder: Path) -> Vault:
    """Return the vault in ``folder``; no storage is asked anything yet.

    Raises:
        NotAVault, VaultNewer, VaultInvalid, DiskFault: when there is none that can be read.
    """
    description = description_of(folder)
    return Vault(
        folder=folder,
        description=description,
        replicas=tuple(open_replica(folder, one) for one in description.storages),
    )


def open_replica(folder: Path, entry: StorageEntry) -> Replica:
    """Return the replica on the storage of ``entry``; an address that is relative is so to the vault's ``folder``."""
    return Replica(entry=entry, storage=FolderStorage(folder / entry.address))


def refuse_foreign(vault: Vault) -> None:
    """Refuse a storage that is not one of ``vault``.

    Raises:
        StorageForeign, StorageUnreachable, StorageRefused, DiskFault: what each storage answers.
    """
    key = f"{object_place(vault.description.id)}/{OBJECT_DECLARATION}"
    for one in vault.replicas:
        if one.storage.head(key) is None:
            raise StorageForeign(storage=one.entry.address)
