"""Purge of an object: what stays of it takes its place on a storage, then everything else of it is removed.

What stays is a tombstone, or the package without some of its units; it is an object of one version.

1. Its files, under their content paths in the first version, and the inventory of that version.
2. The inventory of the object, which is then what stays, and its digest; the declaration is there.
3. Everything below the object's place but what stays is removed, older versions in a bucket as well, and the copies
   of damaged files that repairs preserved; then both places are listed again.

Ended before step 2, the object is what it was, or damaged; within it or afterwards, what stays with files that no
inventory names. Whoever does the same again finishes it.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from datetime import datetime

from archiver.storage.purge import leftovers, locked_until, purge
from archiver.storage.storage import Storage
from archiver.vault.objects import ContentFile, find_inventory
from archiver.vault.open_vault import Replica
from archiver.vault.retention import extend_locks, retaining
from formats.digests import SHA512, Digest, chunks
from formats.ocfl.inventory import NAME, OBJECT_DECLARATION, OBJECT_TEXT, Inventory
from formats.ocfl.layout import object_place
from formats.ocfl.write import inventory_bytes, sidecar_bytes, sidecar_name

DAMAGED = "extensions/archiver-damaged/"
"""How the keys of copies begin that repairs preserve (``operations.vault.repair_object``)."""


def purge_object(
    replica: Replica, remains: Inventory, content: Mapping[str, ContentFile], *, until: datetime
) -> None:
    """Put what ``remains`` in the place of an object on a storage; where it locks, until then.

    Raises:
        StorageObjectLocked: when a lock keeps something; StorageKeepsRemoved: when something is there afterwards.
        DiskFull, DiskFault, StorageUnreachable and others: what the storage answered.
    """
    place, head = object_place(remains.id), remains.head
    data = inventory_bytes(remains)
    sidecar, beside = sidecar_bytes(Digest.of(data, algorithm=SHA512)), sidecar_name(remains)
    files = {f"{place}/{path}": one for path, one in content.items()}
    small = {f"{place}/{head}/{NAME}": data, f"{place}/{head}/{beside}": sidecar}
    small |= {f"{place}/{NAME}": data, f"{place}/{beside}": sidecar}
    small |= {f"{place}/{OBJECT_DECLARATION}": OBJECT_TEXT}
    storage = retaining(replica, until)
    for key, one in files.items():
        _put_file(storage, key, one)
    for key, text in small.items():
        _put(storage, key, text)
    for prefix in (f"{place}/", f"{DAMAGED}{place}/"):
        purge(replica.storage, prefix, preserve=files.keys() | small.keys())
    extend_locks(replica, remains.id, until)


def is_purged(replica: Replica, remains: Inventory, content: Collection[str]) -> bool:
    """Tell whether the storage has of an object nothing but what ``remains``: its ``content``, by content path."""
    place, beside = object_place(remains.id), sidecar_name(remains)
    own = {
        *content,
        NAME,
        beside,
        OBJECT_DECLARATION,
        f"{remains.head}/{NAME}",
        f"{remains.head}/{beside}",
    }
    keys = {f"{place}/{one}" for one in own}
    there = {one.key for one in replica.storage.list(f"{place}/")}
    return (
        there == keys
        and find_inventory(replica.storage, remains.id) == remains
        and not any(
            leftovers(replica.storage, prefix, preserve=keys)
            for prefix in (f"{place}/", f"{DAMAGED}{place}/")
        )
    )


def object_locked_until(replica: Replica, object_id: str, *, at: datetime) -> datetime | None:
    """Return when the last lock of an object on a storage ends that has not ended ``at`` a moment, or nothing."""
    place = object_place(object_id)
    ends = [locked_until(replica.storage, prefix, at=at) for prefix in (f"{place}/", f"{DAMAGED}{place}/")]
    return max((one for one in ends if one), default=None)


def _put_file(storage: Storage, key: str, one: ContentFile) -> None:
    """Store a file of what remains, unless it is there with this digest already."""
    known = storage.head(key)
    if known is not None and known.size == one.size:
        state = one.digest.algorithm.new()
        with storage.open(key) as stream:
            for piece in chunks(stream):
                state.update(piece)
        if state.digest() == one.digest.value:
            return
    with one.open() as stream:
        storage.put(key, stream, size=one.size, digest=one.digest, supersede=known is not None)


def _put(storage: Storage, key: str, text: bytes) -> None:
    """Store an inventory, its digest or the declaration, unless it is there with these bytes already."""
    known = storage.head(key)
    if known is not None and known.size == len(text):
        with storage.open(key) as stream:
            if stream.read(len(text) + 1) == text:
                return
    digest = Digest.of(text, algorithm=SHA512)
    storage.put(key, io.BytesIO(text), size=len(text), digest=digest, supersede=known is not None)
