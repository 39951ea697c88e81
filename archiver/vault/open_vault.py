"""Open a vault: its description, and its storages, each of which has to be one of this vault."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archiver.storage.address import SCHEME
from archiver.storage.credentials import require_credentials_file
from archiver.storage.open_storage import open_storage
from archiver.storage.storage import Storage
from archiver.vault.description import StorageEntry, VaultDescription, description_of
from archiver.vault.errors import StorageForeign
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place


@dataclass(frozen=True, kw_only=True, slots=True)
class Replica:
    """One storage of a vault, opened: a whole copy of everything, or one that is being filled."""

    entry: StorageEntry
    storage: Storage

    @property
    def name(self) -> str:
        """What the vault calls it."""
        return self.entry.name

    @property
    def whole(self) -> bool:
        """Whether it counts as a copy: one that is being filled does not yet."""
        return not self.entry.filling


@dataclass(frozen=True, kw_only=True, slots=True)
class Vault:
    """A vault in ``folder``."""

    folder: Path
    description: VaultDescription
    replicas: tuple[Replica, ...]

    @property
    def whole_replicas(self) -> tuple[Replica, ...]:
        """The replicas that count as copies: those that are being filled do not yet."""
        return tuple(one for one in self.replicas if one.whole)


def open_vault(folder: Path, credentials: Path | None = None) -> Vault:
    """Return the vault in ``folder``; no storage is asked anything yet.

    The ``credentials`` of object storages are in a file, each in the section of the storage's name or ``[default]``, or
    in the environment; in the vault there are none.

    Raises:
        NotAVault, VaultNewer, VaultInvalid, DiskFault: when there is none that can be read.
        FileNotFound, NotARegularFile: when the named file of credentials is none.
        StorageCredentialsUnusable, ExtraMissing: when an object storage cannot be opened.
    """
    description = description_of(folder)
    require_credentials_file(credentials)
    return Vault(
        folder=folder,
        description=description,
        replicas=tuple(open_replica(folder, one, credentials) for one in description.storages),
    )


def open_replica(folder: Path, entry: StorageEntry, credentials: Path | None = None) -> Replica:
    """Return the replica on the storage of ``entry``; a folder that is relative is so to the vault's ``folder``.

    Raises:
        StorageAddressInvalid, StorageCredentialsUnusable, ExtraMissing: why there is none.
    """
    address = entry.address if entry.address.startswith(SCHEME) else str(folder / entry.address)
    storage = open_storage(address, credentials=credentials, environment=os.environ, profile=entry.name)
    return Replica(entry=entry, storage=storage)


def refuse_foreign(vault: Vault) -> None:
    """Refuse a storage that is not one of ``vault``.

    Raises:
        StorageForeign, StorageUnreachable, StorageRefused, DiskFault: what each storage answers.
    """
    for one in vault.replicas:
        refuse_foreign_storage(one, vault.description.id)


def refuse_foreign_storage(replica: Replica, vault_id: str) -> None:
    """Refuse a storage that is none of a vault.

    Raises:
        StorageForeign, StorageUnreachable, StorageRefused, DiskFault: what the storage answers.
    """
    if is_foreign(replica.storage, vault_id):
        raise StorageForeign(storage=replica.entry.address)


def is_foreign(storage: Storage, vault_id: str) -> bool:
    """Tell whether a storage has nothing of the object of a vault: another disk is in its place.

    One that has lost a file of that object, were it the declaration, is damaged, and is repaired.

    Raises:
        StorageUnreachable, StorageRefused, DiskFault: what the storage answers.
    """
    place = object_place(vault_id)
    if storage.head(f"{place}/{OBJECT_DECLARATION}") is not None:
        return False
    return next(iter(storage.list(f"{place}/")), None) is None
