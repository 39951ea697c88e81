"""Make a vault: empty storage roots, its description in each, a catalogue, a journal; the folder's description last.

A bucket is probed before anything is made: whether it locks is part of the description.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.operations.vault.storages.begin_storage import (
    probed_entry,
    refuse_unexplained,
    storage_address,
    write_root,
)
from archiver.operations.vault.storages.distinct_storages import refuse_shared
from archiver.operations.vault.storages.revise_description import write_description
from archiver.parity.program import find_program
from archiver.storage.address import SCHEME
from archiver.storage.credentials import require_credentials_file
from archiver.vault import catalogue
from archiver.vault.description import (
    FIXITY_DAYS,
    MAX_DESCRIPTION_BYTES,
    NAME,
    RETENTION_YEARS,
    Hosting,
    StorageEntry,
    VaultDescription,
    description_bytes,
    read_description,
)
from archiver.vault.journal.log_key import make_log_key
from archiver.vault.journal.write import begin
from archiver.vault.open_vault import Vault, open_replica
from archiver.vault.retention import retaining, term_of
from formats.ocfl.layout import object_place
from formats.regular_files import read_regular
from formats.words import mark

OWN_STORAGE = "storage"
"""Folder of the only storage of a vault for which nobody named one."""
BEGUN = f"{NAME}.new"
"""File of the description while a vault is being made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultRequest:
    """What a vault is to be: its storages, folders or addresses of buckets, who hosts them, and its terms.

    ``credentials`` is the file with those of the buckets; ``unlocked`` says why one is taken that may not lock;
    ``lock_days`` is of the vault of a backup, ``parity_percent`` the redundancy of parity (``VaultDescription``).
    """

    folder: Path
    name: str
    storages: Sequence[Path | str]
    hosting: Hosting
    identifier: str
    credentials: Path | None = None
    unlocked: str = ""
    fixity_days: int = FIXITY_DAYS
    retention_years: int = RETENTION_YEARS
    lock_days: int = 0
    parity_percent: int = 0


def init_vault(request: VaultRequest, *, clock: Callable[[], datetime]) -> Vault:
    """Make the vault of ``request``.

    Raises:
        HostingUnexplained: when neither a certificate nor a reason is stated.
        AlreadyExists: when a vault lies there; StorageOccupied: when a storage has anything.
        StorageShared: when two storages are one place.
        StorageLockUnheld: when a bucket does not lock by a probe, and nobody says why it is taken all the same.
        ExtraMissing: when deposits are to get parity, and its program is not there.
        DiskFull, DiskFault, FolderNotFound and others: what a storage answered.
    """
    refuse_unexplained(request.hosting)
    if request.parity_percent:
        find_program()
    folder = request.folder
    if (folder / NAME).exists():
        raise AlreadyExists(path=str(folder / NAME))
    require_credentials_file(request.credentials)
    refuse_shared(folder, [one.address for one in _entries(request)])
    entries = tuple(
        probed_entry(one, request.credentials, request.unlocked, clock=clock) for one in _entries(request)
    )
    replicas = tuple(open_replica(folder, one, request.credentials) for one in entries)
    disk.make_private_folder(folder)
    for one in entries:
        if not one.address.startswith(SCHEME):
            disk.make_private_folder(folder / one.address)
    description = _begun(request, entries, clock().replace(microsecond=0))
    vault = Vault(folder=folder, description=description, replicas=replicas)
    until = term_of(description, clock(), None)
    for replica in replicas:
        write_root(retaining(replica, until), replica.entry.address, object_place(description.id))
    write_description(replicas, description, until=until)
    path = folder / catalogue.NAME
    disk.remove(path)
    disk.make_private(path)
    catalogue.create_catalogue(path)
    begin(vault, at=description.created)
    disk.write_text(folder / NAME, description_bytes(description).decode(), mode=disk.PRIVATE)
    disk.remove(folder / BEGUN)
    return vault


def _begun(request: VaultRequest, entries: tuple[StorageEntry, ...], at: datetime) -> VaultDescription:
    """Return the description that is to be, written aside first: what an ended command began is gone on with."""
    path = request.folder / BEGUN
    identifier = f"urn:uuid:{request.identifier}"
    if path.is_file():
        with disk.failures_about(path):
            before = read_description(
                read_regular(path, MAX_DESCRIPTION_BYTES, mark("the description of the vault in bytes")),
                str(path),
            )
        identifier, at = before.id, before.created
    description = VaultDescription(
        id=identifier,
        name=request.name,
        created=at,
        storages=entries,
        fixity_days=request.fixity_days,
        retention_years=request.retention_years,
        journal_key=str(make_log_key(request.folder, identifier).public),
        lock_days=request.lock_days,
        parity_percent=request.parity_percent,
    )
    disk.write_text(path, description_bytes(description).decode(), mode=disk.PRIVATE, replace=True)
    return description


def _entries(request: VaultRequest) -> tuple[StorageEntry, ...]:
    addresses = [storage_address(one, request.folder) for one in request.storages] or [OWN_STORAGE]
    return tuple(
        StorageEntry(name=f"storage-{number}", address=address, hosting=request.hosting)
        for number, address in enumerate(dict.fromkeys(addresses), 1)
    )
