"""Find a vault again from one of its storages alone, when the machine that knew it is gone.

1. The storage is searched for the object that has the description of the vault (docs/en/format/vault.md, section 2).
2. The catalogue is made from the files, in a folder for the time of the work; the vault is only read.

Of a bucket it may be what it was at a moment: before somebody deleted or overwrote it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.backup.errors import BackupAbsent
from archiver.errors import DiskFault
from archiver.operations.vault.rebuild import rebuild
from archiver.operations.vault.storages.absent_storages import absent_storages
from archiver.storage.errors import StorageRefused, StorageUnreachable
from archiver.storage.object_store import ObjectStore
from archiver.storage.open_storage import open_storage
from archiver.storage.past_storage import PastStorage
from archiver.storage.storage import Storage
from archiver.storage.tree import StorageTree
from archiver.temporary_files import scratch
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.description import (
    MAX_DESCRIPTION_BYTES,
    Hosting,
    StorageEntry,
    VaultDescription,
    read_description,
)
from archiver.vault.index import stored_bytes
from archiver.vault.objects import inventory_at
from archiver.vault.open_vault import Replica, Vault
from formats.errors import Failure
from formats.findings import Finding
from formats.ocfl.check_root import check_root

_NOBODY = Hosting()
_DESCRIPTION = re.compile(r"description/revision-[0-9]{3}\.json")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundVault:
    """A vault to read from, and its catalogue; ``absent`` are its storages that do not answer as one of it.

    A newer run may lie there.
    """

    vault: Vault
    catalogue: Catalogue
    absent: tuple[Finding, ...] = ()


@contextmanager
def found_vault(
    address: str, credentials: Path | None, moment: datetime | None, folder: Path | None = None
) -> Iterator[FoundVault]:
    """Open the vault of which a storage is at ``address``, for reading; ``folder`` is where to work.

    Raises:
        BackupAbsent: when no vault has it as a storage.
        StorageUnreachable, StorageRefused, DiskFault, StorageCredentialsUnusable, StorageAddressInvalid: what it
            answered.
    """
    storage = _past(open_storage(address, credentials=credentials, environment=os.environ), address, moment)
    description = _description(storage, address)
    entry = next((one for one in description.storages if one.address == address), description.storages[0])
    with _reading(
        folder, description, (Replica(entry=replace(entry, address=address), storage=storage),)
    ) as found:
        yield found


@contextmanager
def past_vault(vault: Vault, moment: datetime | None, folder: Path | None = None) -> Iterator[FoundVault]:
    """Open ``vault`` for reading, its buckets as they were at a ``moment``, or are; raises as ``found_vault``."""
    replicas = tuple(
        replace(one, storage=_past(one.storage, one.entry.address, moment)) for one in vault.replicas
    )
    absent = tuple(absent_storages(vault))
    with _reading(folder, vault.description, replicas) as found:
        yield replace(found, absent=absent)


@contextmanager
def _reading(
    folder: Path | None, description: VaultDescription, replicas: tuple[Replica, ...]
) -> Iterator[FoundVault]:
    with scratch(folder) as working:
        vault = Vault(folder=working, description=description, replicas=_answering(replicas))
        rebuild(vault)
        with open_catalogue(working, reading=True) as catalogue:
            yield FoundVault(vault=vault, catalogue=catalogue)


def _answering(replicas: tuple[Replica, ...]) -> tuple[Replica, ...]:
    """Return those of ``replicas`` that answer; the first where none does, so that its answer is heard."""
    answering = []
    for one in replicas:
        try:
            next(iter(one.storage.list()), None)
        except Failure:
            continue
        answering.append(one)
    return tuple(answering) or replicas[:1]


def _past(storage: Storage, address: str, moment: datetime | None) -> Storage:
    if moment is None or not isinstance(storage, ObjectStore):
        return storage
    return PastStorage(storage, moment, address=address)


def _description(storage: Storage, address: str) -> VaultDescription:
    """Follow step 1; what a storage may have, and does not give, is no reason to say that it has none."""
    unanswered: Failure | None = None
    entry = StorageEntry(name=address, address=address, hosting=_NOBODY)
    for place in check_root(StorageTree(storage)):
        if isinstance(place, Finding):
            continue
        try:
            inventory = inventory_at(storage, place)
            logical = sorted(filter(_DESCRIPTION.fullmatch, inventory.logical_paths())) if inventory else []
            if inventory and logical:
                replica = Replica(entry=entry, storage=storage)
                data = stored_bytes(replica, inventory, logical[-1], MAX_DESCRIPTION_BYTES)
                return read_description(data, logical[-1])
        except (StorageUnreachable, StorageRefused, DiskFault) as fault:
            unanswered = unanswered or fault
        except Failure:
            continue  # a damaged object is no description
    raise unanswered or BackupAbsent(path=address)
