"""Objects of a vault on its storages: read, written in whole versions, and brought to where another storage is.

What is written to a storage is written in this order, each file durable before the next:

1. the content of the version, its inventory and the digest of that;
2. the inventory of the object, and its digest;
3. of a new object, its declaration: before it, nobody takes the folder for an object.

Step 1 is done on every storage before step 2 on any. A command that is ended in between leaves files that no
inventory names, and the next deposit of the package writes over them. One that is ended within step 2 leaves an
inventory without its digest, which is the inventory of the new version: it is read as that.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from archiver.storage.errors import StorageObjectMissing
from archiver.storage.storage import RetentionLock, Storage
from formats.digests import SHA512, Digest
from formats.errors import Failure, LimitExceeded
from formats.ocfl.codes import broken_rule
from formats.ocfl.inventory import (
    MAX_INVENTORY_BYTES,
    NAME,
    OBJECT_DECLARATION,
    OBJECT_TEXT,
    Inventory,
)
from formats.ocfl.layout import object_place
from formats.ocfl.read import ocfl_failure, read_inventory
from formats.ocfl.write import inventory_bytes, sidecar_bytes, sidecar_name
from formats.words import mark

Opener = Callable[[], AbstractContextManager[BinaryIO]]
WRITERS = 8
"""Objects that are written at a time: on ext4 4 and more wrote ten times as many files a second as one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentFile:
    """A file that is to be written: its content path in the object, size in bytes, digest, and what opens it."""

    path: str
    size: int
    digest: Digest
    open: Opener


def read_small(storage: Storage, key: str, limit: int = MAX_INVENTORY_BYTES) -> bytes:
    """Return the bytes of a small object.

    Raises:
        LimitExceeded: when there are more than ``limit``; what the storage answered.
    """
    with storage.open(key) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise LimitExceeded(where=key, name=mark("the number of bytes"), found=len(data), limit=limit)
    return data


def find_inventory(storage: Storage, identifier: str) -> Inventory | None:
    """Return the inventory of the object ``identifier``, or nothing where none is declared.

    Raises:
        OcflInvalid: when it breaks a rule; LimitExceeded, StorageUnreachable, StorageRefused, DiskFault.
    """
    place = object_place(identifier)
    if storage.head(f"{place}/{OBJECT_DECLARATION}") is None:
        return None
    return inventory_at(storage, place)


def sound_inventory(storage: Storage, identifier: str) -> Inventory | None:
    """Return the inventory of an object, whose bytes another file vouches for: a next version may be made from it.

    That is its digest beside it, or, where a command was ended within step 2, the inventory of its last version.

    Raises:
        OcflInvalid: when it breaks a rule, E060 where neither vouches for it; as ``find_inventory``.
    """
    inventory = find_inventory(storage, identifier)
    if inventory is None:
        return None
    place = object_place(identifier)
    sidecar = sidecar_bytes(Digest.of(inventory_bytes(inventory), algorithm=SHA512))
    with suppress(StorageObjectMissing):
        if read_small(storage, f"{place}/{sidecar_name(inventory)}") == sidecar:
            return inventory
    if inventory_at(storage, f"{place}/{inventory.head}") != inventory:
        raise ocfl_failure(broken_rule("E060", f"{place}/{NAME}"))
    return inventory


def inventory_at(storage: Storage, place: str) -> Inventory | None:
    """Return the inventory of the object at ``place``; see ``find_inventory``."""
    try:
        return read_inventory(read_small(storage, f"{place}/{NAME}"), f"{place}/{NAME}")
    except StorageObjectMissing:
        return None


def write_version(
    storages: Iterable[Storage], inventory: Inventory, content: Mapping[str, ContentFile]
) -> None:
    """Write the last version of ``inventory`` to each of ``storages``; ``content`` is by content path.

    Raises:
        DiskFull, DiskFault, StorageDigestMismatch and others: what a storage answered; step 2 is then begun on none,
        unless that is what it refused.
    """
    each = tuple(storages)
    place = f"{object_place(inventory.id)}/{inventory.head}/"
    try:
        for one in each:
            _write_content(one, inventory, content)
    except Failure:
        for one in each:
            _remove_unfinished(one, place)
        raise
    for one in each:
        _write_head(one, inventory)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewVersion:
    """The last version of ``inventory``, its ``content`` by content path, and the storages to which it is written."""

    inventory: Inventory
    content: Mapping[str, ContentFile]
    storages: Sequence[Storage]


def write_versions(versions: Sequence[NewVersion]) -> None:
    """Write versions of so many objects, some at a time: each step is done for all before the next one for any.

    A disk makes durable together what is written together, and a server answers many requests in the time of one.

    Raises:
        Failure: as ``write_version``.
    """
    if len(versions) == 1:
        write_version(versions[0].storages, versions[0].inventory, versions[0].content)
        return
    each = [(storage, one) for one in versions for storage in one.storages]
    with ThreadPoolExecutor(WRITERS) as writers:
        try:
            _all_done(writers, [partial(_write_content, to, one.inventory, one.content) for to, one in each])
        except Failure:
            for storage, one in each:
                _remove_unfinished(storage, f"{object_place(one.inventory.id)}/{one.inventory.head}/")
            raise
        _all_done(writers, [partial(_write_head, to, one.inventory) for to, one in each])


def _all_done(writers: Executor, tasks: Iterable[Callable[[], None]]) -> None:
    """Return when all ``tasks`` are done, or, when one failed, those that were begun."""
    begun = [writers.submit(one) for one in tasks]
    try:
        wait(begun, return_when=FIRST_EXCEPTION)
    finally:
        for one in begun:
            one.cancel()
        wait(begun)
    for one in begun:
        if not one.cancelled():
            one.result()


def bring_up(source: Storage, target: Storage, inventory: Inventory, before: Inventory | None) -> None:
    """Write to ``target`` what ``source`` has of the object of ``inventory`` beyond ``before``, which is there.

    Raises:
        StorageDigestMismatch: when the source does not give back what the inventory lists; as ``write_version``.
    """
    place = object_place(inventory.id)
    there = before.content_paths() if before else {}
    files = {
        path: _stored(source, place, path, digest)
        for path, digest in inventory.content_paths().items()
        if path not in there
    }
    for version in [*inventory.versions][len(before.versions) if before else 0 :]:
        known = inventory_at(source, f"{place}/{version}")
        if known is None:
            raise StorageObjectMissing(key=f"{place}/{version}/{NAME}", storage=mark("the other storage"))
        own = {path: one for path, one in files.items() if path.startswith(f"{version}/")}
        _write_content(target, known, own)
        _write_head(target, known)


def _stored(source: Storage, place: str, path: str, digest: Digest) -> ContentFile:
    known = source.head(f"{place}/{path}")
    return ContentFile(
        path=path,
        size=known.size if known else 0,
        digest=digest,
        open=lambda: source.open(f"{place}/{path}"),
    )


def _write_content(storage: Storage, inventory: Inventory, content: Mapping[str, ContentFile]) -> None:
    """Follow step 1; what an unfinished command left of the version is written over, or removed."""
    place = f"{object_place(inventory.id)}/{inventory.head}"
    left = {one.key for one in storage.list(f"{place}/")}
    data = inventory_bytes(inventory)
    small = {
        f"{place}/{NAME}": data,
        f"{place}/{sidecar_name(inventory)}": sidecar_bytes(Digest.of(data, algorithm=SHA512)),
    }
    wanted = {f"{object_place(inventory.id)}/{path}": one for path, one in content.items()}
    for key in sorted(left - wanted.keys() - small.keys()):
        storage.remove(key)
    for key, one in wanted.items():
        with one.open() as stream:
            storage.put(key, stream, size=one.size, digest=one.digest, supersede=key in left)
    for key, text in small.items():
        _put(storage, key, text, supersede=key in left)


def _remove_unfinished(storage: Storage, place: str) -> None:
    """Remove what was written of a version that no inventory names; what cannot be removed is written over later."""
    with suppress(Failure):
        for one in list(storage.list(place)):
            with suppress(Failure):
                storage.remove(one.key)


def _write_head(storage: Storage, inventory: Inventory) -> None:
    """Follow steps 2 and 3."""
    place, data = object_place(inventory.id), inventory_bytes(inventory)
    _put(storage, f"{place}/{NAME}", data, supersede=True)
    sidecar = sidecar_bytes(Digest.of(data, algorithm=SHA512))
    _put(storage, f"{place}/{sidecar_name(inventory)}", sidecar, supersede=True)
    if storage.head(f"{place}/{OBJECT_DECLARATION}") is None:
        _put(storage, f"{place}/{OBJECT_DECLARATION}", OBJECT_TEXT, supersede=False)


def settle_head(storage: Storage, inventory: Inventory) -> None:
    """Finish step 2 where a command was ended within it: the digest of the inventory is then that of the one before.

    Raises:
        DiskFull, DiskFault and others: what the storage answered.
    """
    place, data = object_place(inventory.id), inventory_bytes(inventory)
    sidecar = sidecar_bytes(Digest.of(data, algorithm=SHA512))
    key = f"{place}/{sidecar_name(inventory)}"
    try:
        settled = read_small(storage, key) == sidecar
    except StorageObjectMissing:
        settled = False
    version = inventory_at(storage, f"{place}/{inventory.head}")
    if not settled and version == inventory:
        known = storage.head(f"{place}/{NAME}")  # what it is the digest of is locked by the same term
        _put(storage, key, sidecar, supersede=True, lock=known.lock if known else None)


def _put(
    storage: Storage, key: str, data: bytes, *, supersede: bool, lock: RetentionLock | None = None
) -> None:
    digest = Digest.of(data, algorithm=SHA512)
    storage.put(key, io.BytesIO(data), size=len(data), digest=digest, supersede=supersede, lock=lock)
