"""Purge: everything below a prefix removed from a storage, every version of it, and looked for afterwards.

A storage that answers that it removed something and has it still is found by its own list.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from archiver.storage.errors import StorageKeepsRemoved
from archiver.storage.folder import FolderStorage
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import Storage


def purge(storage: Storage, prefix: str, *, preserve: AbstractSet[str] = frozenset()) -> int:
    """Remove what lies below ``prefix``, but for the newest version of the keys to ``preserve``; return how many.

    Versions, delete markers, unfinished uploads and files that an ended command left without a name go as well.

    Raises:
        StorageObjectLocked: when a lock keeps something; StorageKeepsRemoved: when something is there afterwards.
        StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
    """
    wanted = leftovers(storage, prefix, preserve=preserve)
    if isinstance(storage, ObjectStore):
        storage.abort_uploads(prefix)
    if isinstance(storage, FolderStorage):
        storage.remove_unfinished(prefix.rstrip("/"))
    for key, version in wanted:
        if version and isinstance(storage, ObjectStore):
            storage.remove_version(key, version)
        else:
            storage.remove(key)
    left = leftovers(storage, prefix, preserve=preserve)
    if left:
        raise StorageKeepsRemoved(where=left[0][0], count=len(left))
    return len(wanted)


def leftovers(
    storage: Storage, prefix: str, *, preserve: AbstractSet[str] = frozenset()
) -> list[tuple[str, str]]:
    """Return what ``purge`` would remove: keys, each with its version where the storage has versions.

    Raises:
        StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
    """
    if isinstance(storage, ObjectStore):
        return [
            (one.key, one.version)
            for one in storage.versions(prefix)
            if one.deletion or not one.newest or one.key not in preserve
        ]
    return [(one.key, "") for one in storage.list(prefix) if one.key not in preserve]


def locked_until(storage: Storage, prefix: str, *, at: datetime) -> datetime | None:
    """Return when the last lock below ``prefix`` ends that has not ended ``at`` a moment; nothing where none is left.

    Raises:
        StorageClockDiffers: when the clock of the storage is not ours; what the storage answered.
    """
    if not isinstance(storage, ObjectStore):
        return None
    ends = []
    for one in storage.versions(prefix):
        known = None if one.deletion else storage.find(one.key, one.version)
        if known is not None and known.lock is not None and known.lock.until > at:
            ends.append(known.lock.until)
    return max(ends, default=None)
