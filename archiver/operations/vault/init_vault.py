"""Make a vault: empty storage roots, the description of the vault in each, and an empty catalogue; the folder last.

A bucket is probed before anything is made: whether it locks is part of the description.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.storage.address import SCHEME, read_address
from archiver.storage.credentials import read_credentials, require_credentials_file
from archiver.storage.errors import StorageLockUnheld
from archiver.storage.probe import LOCKED, PLACE as PROBES, ProbeRequest, probe_storage
from archiver.storage.probe_report import ProbeOutcome
from archiver.storage.storage import Storage
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
from archiver.vault.errors import HostingUnexplained, StorageOccupied
from archiver.vault.objects import ContentFile, find_inventory, read_small, write_version
from archiver.vault.open_vault import Replica, Vault, open_replica
from archiver.vault.retention import extend_locks, retaining, term_of
from formats.digests import SHA512, Digest
from formats.ocfl.inventory import NewFile, VersionAuthor, next_version
from formats.ocfl.layout import object_place, root_files
from formats.regular_files import read_regular
from formats.words import mark

OWN_STORAGE = "storage"
"""Folder of the only storage of a vault for which nobody named one."""
BEGUN = f"{NAME}.new"
"""File of the description while a vault is being made."""
MAX_BEGUN = 16
"""Files of a storage of which a vault has been begun; the root has three, the object of the vault six, a probe two."""
DESCRIPTION = "description/revision-{revision:03}.json"
"""Logical path of a description in the object of the vault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultRequest:
    """What a vault is to be: its storages, folders or addresses of buckets, who hosts them, and its terms.

    ``credentials`` is the file with those of the buckets; ``unlocked`` says why one is taken that may not lock.
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


def init_vault(request: VaultRequest, *, clock: Callable[[], datetime]) -> Vault:
    """Make the vault of ``request``.

    Raises:
        HostingUnexplained: when neither a certificate nor a reason is stated.
        AlreadyExists: when a vault lies there; StorageOccupied: when a storage has anything.
        StorageLockUnheld: when a bucket does not lock by a probe, and nobody says why it is taken all the same.
        DiskFull, DiskFault, FolderNotFound and others: what a storage answered.
    """
    _refuse_unexplained(request.hosting)
    folder = request.folder
    if (folder / NAME).exists():
        raise AlreadyExists(path=str(folder / NAME))
    require_credentials_file(request.credentials)
    entries = tuple(_probed(one, request, clock) for one in _entries(request))
    replicas = tuple(open_replica(folder, one, request.credentials) for one in entries)
    disk.make_private_folder(folder)
    for one in entries:
        if not one.address.startswith(SCHEME):
            disk.make_private_folder(folder / one.address)
    description = _begun(request, entries, clock().replace(microsecond=0))
    until = term_of(description, clock(), None)
    for replica in replicas:
        _write_root(retaining(replica, until), replica.entry.address, object_place(description.id))
    write_description(replicas, description, at=description.created, until=until)
    path = folder / catalogue.NAME
    disk.remove(path)
    disk.make_private(path)
    catalogue.create_catalogue(path)
    disk.write_text(folder / NAME, description_bytes(description).decode(), mode=disk.PRIVATE)
    disk.remove(folder / BEGUN)
    return Vault(folder=folder, description=description, replicas=replicas)


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
    )
    disk.write_text(path, description_bytes(description).decode(), mode=disk.PRIVATE, replace=True)
    return description


def write_description(
    replicas: Sequence[Replica], description: VaultDescription, *, at: datetime, until: datetime
) -> None:
    """Write ``description`` to each of ``replicas``, as the next version of the object of the vault.

    Where a storage locks, its files are retained ``until`` then.

    Raises:
        DiskFull, DiskFault and others: what a storage answered.
    """
    data = description_bytes(description)
    digest = Digest.of(data, algorithm=SHA512)
    logical = DESCRIPTION.format(revision=description.revision)
    before = find_inventory(replicas[0].storage, description.id) if description.revision > 1 else None
    inventory, places = next_version(
        before,
        description.id,
        (NewFile(logical=logical, digest=digest),),
        created=at,
        message="description of the vault",
        author=vault_author(description),
    )
    content = {
        place: ContentFile(path=place, size=len(data), digest=digest, open=lambda: io.BytesIO(data))
        for place in places.values()
    }
    write_version([retaining(one, until) for one in replicas], inventory, content)
    if before is not None:
        for one in replicas:
            extend_locks(one, description.id, until)


def vault_author(description: VaultDescription) -> VersionAuthor:
    """Return the vault as the author of versions."""
    return VersionAuthor(name=description.name, address=description.id)


def _refuse_unexplained(hosting: Hosting) -> None:
    if not (hosting.certificate and hosting.until) and not hosting.reason:
        raise HostingUnexplained


def _entries(request: VaultRequest) -> tuple[StorageEntry, ...]:
    addresses = [_address(one, request.folder) for one in request.storages] or [OWN_STORAGE]
    return tuple(
        StorageEntry(name=f"storage-{number}", address=address, hosting=request.hosting)
        for number, address in enumerate(dict.fromkeys(addresses), 1)
    )


def _probed(entry: StorageEntry, request: VaultRequest, clock: Callable[[], datetime]) -> StorageEntry:
    """Return ``entry`` with what a probe of it says; a folder has no locks, and is not asked.

    Raises:
        StorageLockUnheld: when a bucket does not lock, and nobody says why it is taken all the same.
    """
    place = read_address(entry.address)
    if isinstance(place, Path):
        return entry
    credentials = read_credentials(request.credentials, os.environ, entry.name)
    report = probe_storage(ProbeRequest(address=place, credentials=credentials), clock=clock)
    if report.outcome is ProbeOutcome.ENFORCED:
        return replace(entry, locks=True)
    if not request.unlocked:
        reason = mark("a probe does not find that it does; --unlocked says why it is taken all the same")
        raise StorageLockUnheld(storage=entry.address, key=mark("anything"), reason=reason)
    locked = any(one.id == LOCKED and one.outcome is ProbeOutcome.ENFORCED for one in report.results)
    return replace(entry, locks=locked, unlocked=request.unlocked)


def _address(storage: Path | str, folder: Path) -> str:
    """Return the address of a storage: relative where it lies in the vault, so that the whole can be moved."""
    place = read_address(str(storage))
    if not isinstance(place, Path):
        return str(place)
    absolute, inside = place.absolute(), folder.absolute()
    if absolute != inside and absolute.is_relative_to(inside):
        return absolute.relative_to(inside).as_posix()
    return str(absolute)


def _write_root(storage: Storage, address: str, own: str) -> None:
    """Write an empty storage root; what an unfinished command wrote of it, and ``own`` object, is the beginning."""
    files = root_files()
    passed = (f"{own}/", f"{PROBES}/")
    there = {one.key for one in islice(storage.list(), MAX_BEGUN) if not one.key.startswith(passed)}
    foreign = [key for key in sorted(there) if key not in files or read_small(storage, key) != files[key]]
    if foreign:
        raise StorageOccupied(storage=address, key=foreign[0])
    for key, data in files.items():
        if key not in there:
            digest = Digest.of(data, algorithm=SHA512)
            storage.put(key, io.BytesIO(data), size=len(data), digest=digest)


def revise_hosting(
    vault: Vault, storage: str, hosting: Hosting, *, clock: Callable[[], datetime]
) -> VaultDescription:
    """Write down who hosts ``storage`` from now on; the description before stays in the storages.

    Raises:
        HostingUnexplained; LookupError: when the vault has no such storage; DiskFull, DiskFault and others.
    """
    _refuse_unexplained(hosting)
    before = vault.description
    if storage not in {one.name for one in before.storages}:
        raise LookupError(storage)
    storages = tuple(replace(one, hosting=hosting) if one.name == storage else one for one in before.storages)
    description = replace(before, storages=storages, revision=before.revision + 1)
    at = clock().replace(microsecond=0)
    write_description(vault.replicas, description, at=at, until=term_of(description, at, None))
    text = description_bytes(description).decode()
    disk.write_text(vault.folder / NAME, text, mode=disk.PRIVATE, replace=True)
    return description
