"""Versions that add files to the objects of a vault: a deposit, evidence, a hold, what remains of a destruction.

1. Every storage is brought to the newest version that any of them has, and its locks lengthened.
2. Where the journal could not take an entry of it afterwards, nothing is done. The object is noted as unfinished in the
   catalogue, with the entries that the journal is to get; the version is written to every storage, or to none
   (``archiver.vault.objects``). Where a storage locks, all files of the object are retained until its term ends.
3. The journal gets the entries, each with the version that it is about.
4. The catalogue is made anew from what lies there, and the object is no longer unfinished.

Whoever comes after a command that was ended does what is left of it (``archiver.vault.settle``). The object of the
vault itself, its description, is in the catalogue only while it is unfinished.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.vault.catalogue import Catalogue
from archiver.vault.errors import VaultObjectUnknown
from archiver.vault.found_object import bring_up_all, find_object, lasting, newest_inventory, vault_author
from archiver.vault.index import index_object, index_objects
from archiver.vault.journal.entry import JournalEntry, entries_text, in_version
from archiver.vault.journal.write import record, require_recordable
from archiver.vault.objects import (
    ContentFile,
    NewVersion,
    Opener,
    write_versions,
)
from archiver.vault.open_vault import Vault
from archiver.vault.retention import extend_locks, retaining, term_of_object
from archiver.vault.settle import settle_objects
from formats.digests import SHA512, Digest, chunks
from formats.errors import Failure
from formats.ocfl.inventory import Inventory, NewFile, next_version
from formats.regular_files import open_regular


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedFile:
    """One file that a version adds: its ``logical`` path, size in bytes, digest, further ones, and what opens it."""

    logical: str
    size: int
    digest: Digest
    open: Opener
    fixity: tuple[Digest, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionAddition:
    """A version to be written: what it adds, until when it is retained at least, and what it says of itself.

    ``entries`` are what the journal says of it; without any the caller has recorded it before.
    """

    files: Sequence[AddedFile]
    message: str
    at: datetime
    entries: Sequence[JournalEntry]
    until: datetime | None = None


def add_files(
    vault: Vault, catalogue: Catalogue, object_id: str, before: Inventory | None, addition: VersionAddition
) -> Inventory:
    """Follow steps 2 to 4 for an object that every storage has as ``before``, or none has.

    Raises:
        ValueError: when a logical path has another file already.
        DiskFull, DiskFault, StorageDigestMismatch and others: what a storage answered.
    """
    one = ObjectAddition(object_id=object_id, before=before, addition=addition)
    return add_files_each(vault, catalogue, [one])[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectAddition:
    """A version of an object that every storage has as ``before``, or none has."""

    object_id: str
    before: Inventory | None
    addition: VersionAddition


def add_files_each(vault: Vault, catalogue: Catalogue, each: Sequence[ObjectAddition]) -> list[Inventory]:
    """Do what ``add_files`` does for several objects, each step for all of them; return their inventories in order.

    Raises:
        ValueError, Failure: as ``add_files``; when a storage refused before its step 2, no object has its version.
    """
    if each:
        require_recordable(vault, at=each[0].addition.at)
    versions, terms = [], []
    for one in each:
        inventory, content = _prepared(vault, one.object_id, one.before, one.addition)
        terms.append(lasting(_until(vault, one), one.addition.at))
        storages = [retaining(replica, terms[-1]) for replica in vault.replicas]
        versions.append(NewVersion(inventory=inventory, content=content, storages=storages))
    entries = [_entries(one, version.inventory) for one, version in zip(each, versions, strict=True)]
    noted = (
        (one.object_id, version.inventory.head, entries_text(own))
        for one, version, own in zip(each, versions, entries, strict=True)
        if own
    )
    catalogue.begin(*(one.object_id for one in each), entries=noted)
    write_versions(versions)
    for one, until in zip(each, terms, strict=True):
        for replica in vault.replicas if one.before is not None else ():
            extend_locks(replica, one.object_id, until)
    if each:
        record(vault, [entry for own in entries for entry in own], at=each[0].addition.at)
    _index(vault, catalogue, [one.object_id for one in each])
    return [one.inventory for one in versions]


def _entries(one: ObjectAddition, inventory: Inventory) -> list[JournalEntry]:
    return [in_version(entry, inventory.head) for entry in one.addition.entries]


def _index(vault: Vault, catalogue: Catalogue, names: Sequence[str]) -> None:
    """Follow step 4; the object of the vault itself is only finished."""
    if vault.description.id in names:
        with catalogue.transaction():
            catalogue.finish(vault.description.id)
    index_objects(vault, catalogue, [one for one in names if one != vault.description.id])


def _until(vault: Vault, one: ObjectAddition) -> datetime:
    """Return until when an object is retained, with what is added; where no storage locks nobody needs to know."""
    until = one.addition.until or one.addition.at
    if one.before is None or not any(replica.entry.locks for replica in vault.replicas):
        return until
    holders = [(replica, one.before) for replica in vault.replicas]
    return max(until, term_of_object(vault.description, holders, at=one.addition.at))


def _prepared(
    vault: Vault, object_id: str, before: Inventory | None, addition: VersionAddition
) -> tuple[Inventory, dict[str, ContentFile]]:
    """Return the inventory with the next version, and what has to be written of it, by content path."""
    files = {one.logical: one for one in addition.files}
    inventory, places = next_version(
        before,
        object_id,
        tuple(NewFile(logical=one.logical, digest=one.digest, fixity=one.fixity) for one in files.values()),
        created=addition.at,
        message=addition.message,
        author=vault_author(vault.description),
    )
    content = {
        place: ContentFile(
            path=place, size=files[logical].size, digest=files[logical].digest, open=files[logical].open
        )
        for logical, place in places.items()
    }
    return inventory, content


def add_version(
    vault: Vault,
    catalogue: Catalogue,
    object_id: str,
    files: Mapping[str, bytes | Path],
    *,
    message: str,
    at: datetime,
    entries: Sequence[JournalEntry],
) -> Inventory:
    """Add ``files``, by logical path, to an object of ``vault`` as its next version, and return its inventory.

    Files that are there under the same path with the same bytes are not added again; when nothing is new, no version
    is written, and nothing recorded. What an ended command left of the object is finished before. The caller holds the
    lock of the vault.

    Raises:
        VaultObjectUnknown: when no storage has the object.
        ValueError: when a logical path has another file already.
        DiskFull, DiskFault, StorageDigestMismatch, StorageUnreachable and others: what a storage answered; the
            version is then on every storage after the next addition, or on none.
    """
    at = at.replace(microsecond=0)
    if catalogue.is_unfinished(object_id):
        settle_objects(vault, catalogue, [object_id], at=at)
    found = find_object(vault, object_id)
    newest = newest_inventory(found)
    if newest is None:
        raise VaultObjectUnknown(package=object_id)
    if bring_up_all(vault, catalogue, found, newest, at=at) and object_id != vault.description.id:
        index_object(vault, catalogue, object_id)
    added = [_added(logical, one) for logical, one in files.items()]
    if not _lacks(newest, added):
        return newest
    addition = VersionAddition(files=added, message=message, at=at, entries=entries)
    return add_files(vault, catalogue, object_id, newest, addition)


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedAddition:
    """Files, by logical path, that are added to an object as its next version.

    ``entries`` are those of ``VersionAddition``.
    """

    object_id: str
    files: Mapping[str, bytes | Path]
    message: str
    entries: Sequence[JournalEntry]


def add_versions(
    vault: Vault, catalogue: Catalogue, each: Sequence[NamedAddition], *, at: datetime
) -> Iterator[NamedAddition]:
    """Do what ``add_version`` does for several objects, and yield each when it is done.

    Those that every storage has alike are written together.

    Raises:
        As ``add_version``: what was yielded is done.
    """
    at = at.replace(microsecond=0)
    alike: dict[str, ObjectAddition] = {}
    for one in each:
        found = find_object(vault, one.object_id)
        newest = newest_inventory(found)
        alone = one.object_id in alike or catalogue.is_unfinished(one.object_id)
        if newest is None or alone or any(known != newest for _, known in found):
            continue
        files = [_added(logical, content) for logical, content in one.files.items()]
        if _lacks(newest, files):
            addition = VersionAddition(files=files, message=one.message, at=at, entries=one.entries)
            alike[one.object_id] = ObjectAddition(object_id=one.object_id, before=newest, addition=addition)
    done: set[str] = set()
    if len(alike) > 1:
        with suppress(Failure):  # what was refused is met again, by the object that it is about
            add_files_each(vault, catalogue, [*alike.values()])
            done |= alike.keys()
    for one in each:
        if one.object_id in done:
            done.remove(
                one.object_id
            )  # a further addition to the same object was not written with the others
        else:
            add_version(
                vault, catalogue, one.object_id, one.files, message=one.message, at=at, entries=one.entries
            )
        yield one


def _lacks(inventory: Inventory, files: Iterable[AddedFile]) -> bool:
    there = inventory.logical_paths()
    return any(there.get(one.logical) != one.digest for one in files)


def added_bytes(logical: str, data: bytes) -> AddedFile:
    """Return ``data`` as a file to be added."""
    digest = Digest.of(data, algorithm=SHA512)
    return AddedFile(logical=logical, size=len(data), digest=digest, open=lambda: io.BytesIO(data))


def _added(logical: str, content: bytes | Path) -> AddedFile:
    if isinstance(content, bytes):
        return added_bytes(logical, content)
    state, size = SHA512.new(), 0
    with disk.failures_about(content), open_regular(content) as stream:
        for piece in chunks(stream):
            state.update(piece)
            size += len(piece)
    digest = Digest(SHA512, state.digest())
    return AddedFile(logical=logical, size=size, digest=digest, open=lambda: open_regular(content))
