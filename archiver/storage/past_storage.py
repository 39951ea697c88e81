"""A bucket as it was at a moment: versions that were written later, and delete markers set later, are passed over.

What a lock keeps is there however often somebody deletes or overwrites it, and this is how it is found again. The
moment is by the clock of the storage. Every version is listed once, when the first key is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import BinaryIO

from archiver.storage.errors import StorageObjectMissing, StorageRefused
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import ObjectVersion, RetentionLock, StoredObject
from formats.digests import Digest
from formats.words import mark

READ_ONLY = mark("what was at a moment that has passed can only be read")


class PastStorage:
    """The bucket behind ``store`` as it was at ``moment``, which has a zone; it can only be read."""

    def __init__(self, store: ObjectStore, moment: datetime, *, address: str) -> None:
        self._store, self._moment, self._address = store, moment, address

    @cached_property
    def _versions(self) -> dict[str, ObjectVersion]:
        newest: dict[str, ObjectVersion] = {}
        for (
            one
        ) in self._store.versions():  # of one key the newest comes first; a marker may be listed behind it
            known = newest.get(one.key)
            if one.written <= self._moment and (known is None or one.written > known.written):
                newest[one.key] = one
        return {key: one for key, one in sorted(newest.items()) if not one.deletion}

    def open(self, key: str, start: int = 0, length: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Open a range of an object; see ``Storage``."""
        if key not in self._versions:
            raise StorageObjectMissing(storage=self._address, key=key)
        return self._store.open(key, start, length, version=self._versions[key].version)

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object; see ``Storage``."""
        return self._store.find(key, self._versions[key].version) if key in self._versions else None

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``; see ``Storage``."""
        for key, one in self._versions.items():
            if key.startswith(prefix):
                yield StoredObject(key=key, size=one.size, version=one.version)

    def put(
        self,
        key: str,
        stream: BinaryIO,
        *,
        size: int,
        digest: Digest,
        lock: RetentionLock | None = None,
        supersede: bool = False,
    ) -> StoredObject:
        """Refuse: see ``Storage``."""
        del stream, size, digest, lock, supersede
        raise self._refusal(key)

    def extend_lock(self, key: str, until: datetime) -> StoredObject:
        """Refuse: see ``Storage``."""
        del until
        raise self._refusal(key)

    def remove(self, key: str) -> None:
        """Refuse: see ``Storage``."""
        raise self._refusal(key)

    def _refusal(self, key: str) -> StorageRefused:
        return StorageRefused(where=key, storage=self._address, reason=READ_ONLY)
