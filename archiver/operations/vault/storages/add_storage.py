"""Add a storage to a vault in service: from then on everything new is written there, too; then it is filled.

1. An empty place is taken, and nothing else: a storage with another vault, or with an old copy of this one, is refused.
   Of a bucket it is tried whether it locks.
2. What is about to be done is noted in the folder of the vault, so that a command that is ended there is gone on with.
3. The storage root, and the object of the vault, so that the storage says whose it is.
4. The description, on every storage, names it as one that is being filled, and the journal says so, which is written
   there from then on. It counts as no copy yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.operations.vault.fixity_coverage import fixity_moment
from archiver.operations.vault.storages.begin_storage import (
    probed_entry,
    refuse_unexplained,
    storage_address,
    write_root,
)
from archiver.operations.vault.storages.distinct_storages import refuse_shared
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.operations.vault.storages.revise_description import revise_description
from archiver.storage.address import SCHEME
from archiver.vault.description import MAX_STORAGES, Hosting, StorageEntry, VaultDescription
from archiver.vault.errors import StorageForeign, StorageFormerCopy, StorageListed
from archiver.vault.found_object import find_object, newest_inventory
from archiver.vault.journal.acts import STORAGE_ADDED, storage_entry
from archiver.vault.objects import bring_up, find_inventory, settle_head
from archiver.vault.open_vault import Replica, Vault, open_replica
from archiver.vault.retention import retaining, term_of
from archiver.vault.settle import settled_vault
from formats.errors import LimitExceeded
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place
from formats.regular_files import read_regular
from formats.words import mark

NOTE = "storage.new"
"""File in the folder of the vault while a storage is being added: its name and address."""
MAX_NOTE_BYTES = 64 << 10
"""Bytes of that file; a name and an address have some hundred."""
_NAME = re.compile(r"storage-([0-9]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageAddition:
    """A storage that is to be added: its ``address``, who hosts it, and ``unlocked``, why it is taken without locks.

    A refusal names one of ``commands`` as the next thing to do.
    """

    address: str
    hosting: Hosting
    credentials: Path | None = None
    unlocked: str = ""
    commands: StorageCommands = STORAGE_COMMANDS


def find_filling(vault: Vault, address: str) -> Replica | None:
    """Return the storage at ``address`` that is being filled, or nothing where it is not one of the vault.

    Raises:
        StorageListed: when it is a whole copy already; StorageAddressInvalid.
    """
    wanted = storage_address(address, vault.folder)
    for one in vault.replicas:
        if one.entry.address == wanted:
            if one.whole:
                raise StorageListed(storage=wanted, name=one.name)
            return one
    return None


def add_storage(
    vault: Vault, addition: StorageAddition, *, clock: Callable[[], datetime]
) -> tuple[Vault, str]:
    """Add a storage, and return the vault with it, and its name; the caller holds the lock of the vault.

    Every storage has to answer. One that is being filled already is gone on with, whatever is said of its host.

    Raises:
        StorageListed, StorageShared, StorageFormerCopy, StorageOccupied, HostingUnexplained, StorageLockUnheld: why it
            is not added.
        StorageAddressInvalid, StorageCredentialsUnusable, DiskFull, DiskFault and others: what a storage answered.
    """
    vault = _all_open(settled_vault(vault, at=clock()), addition.credentials)
    filling = find_filling(vault, addition.address)
    if filling is not None:
        disk.remove(vault.folder / NOTE)
        return vault, filling.name
    description, folder = vault.description, vault.folder
    refuse_unexplained(addition.hosting)
    if len(description.storages) == MAX_STORAGES:
        name = mark("the number of storages")
        raise LimitExceeded(name=name, found=MAX_STORAGES + 1, limit=MAX_STORAGES)
    # 1. an empty place
    entry = StorageEntry(
        name=_free_name(description),
        address=storage_address(addition.address, folder),
        hosting=addition.hosting,
        filling=fixity_moment(clock()),
    )
    refuse_shared(folder, [*(one.address for one in description.storages), entry.address])
    begun = _begun(folder) == (entry.name, entry.address)
    is_folder = not entry.address.startswith(SCHEME)
    if is_folder and not (folder / entry.address).exists():
        disk.make_private_folder(folder / entry.address)
    replica = open_replica(folder, entry, addition.credentials)
    own = object_place(description.id)
    if not begun and replica.storage.head(f"{own}/{OBJECT_DECLARATION}") is not None:
        raise StorageFormerCopy(storage=entry.address, command=addition.commands.of("clear"))
    entry = probed_entry(entry, addition.credentials, addition.unlocked, clock=clock)
    replica = replace(replica, entry=entry)
    until = term_of(description, clock(), None)
    write_root(retaining(replica, until), entry.address, own if begun else "")
    # 2. what is being done
    disk.write_text(folder / NOTE, f"{entry.name}\n{entry.address}\n", mode=disk.PRIVATE, replace=True)
    # 3. whose it is
    _bring_own_object(vault, replica, until)
    # 4. in service
    return _in_service(vault, replica, clock), entry.name


def _in_service(vault: Vault, replica: Replica, clock: Callable[[], datetime]) -> Vault:
    """Follow step 4; return the vault with the storage."""
    description, entry = vault.description, replica.entry
    wider = replace(vault, replicas=(*vault.replicas, replica))
    changed = replace(description, storages=(*description.storages, entry))
    facts: dict[str, str | int] = {
        "revision": description.revision + 1,
        "certificate": entry.hosting.certificate,
    }
    noted = storage_entry(STORAGE_ADDED, entry.name, facts)
    revised = revise_description(wider, changed, noted, clock=clock)
    disk.remove(vault.folder / NOTE)
    return replace(wider, description=revised)


def _all_open(vault: Vault, credentials: Path | None) -> Vault:
    """Return ``vault`` with all storages of its description: an ended command may have added one."""
    there = {one.name for one in vault.replicas}
    more = [
        open_replica(vault.folder, one, credentials)
        for one in vault.description.storages
        if one.name not in there
    ]
    return replace(vault, replicas=(*vault.replicas, *more))


def _free_name(description: VaultDescription) -> str:
    """Return a name that no storage has or had: notes of the journal go by names."""
    names = [one.name for one in description.storages] + [one.entry.name for one in description.former]
    numbers = [int(one[1]) for one in map(_NAME.fullmatch, names) if one]
    return f"storage-{max(numbers, default=0) + 1}"


def _begun(folder: Path) -> tuple[str, str] | None:
    """Return name and address of the storage that an ended command was adding, or nothing."""
    path = folder / NOTE
    if not path.is_file():
        return None
    with disk.failures_about(path):
        data = read_regular(path, MAX_NOTE_BYTES, mark("the note of a storage in bytes"))
    name, _, address = data.decode("utf-8", "replace").strip().partition("\n")
    return name, address


def _bring_own_object(vault: Vault, replica: Replica, until: datetime) -> None:
    found = find_object(vault, vault.description.id)
    newest = newest_inventory(found)
    if newest is None:
        raise StorageForeign(storage=vault.replicas[0].entry.address)
    source = next(one for one, inventory in found if inventory == newest)
    settle_head(source.storage, newest)
    before = find_inventory(replica.storage, newest.id)
    if before != newest:
        bring_up(source.storage, retaining(replica, until), newest, before)
