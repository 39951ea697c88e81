"""Storage: the protocol that every place speaks in which the files of a vault lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from formats.digests import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionLock:
    """Retention of an object (S3 Object Lock): ``until`` has a zone; in ``compliance`` mode nobody shortens it."""

    until: datetime
    compliance: bool = True

    def covers(self, wanted: RetentionLock) -> bool:
        """Tell whether it keeps at least as long and as firmly as ``wanted``, to the second."""
        if wanted.compliance and not self.compliance:
            return False
        return self.until >= wanted.until.replace(microsecond=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredObject:
    """One object: ``key`` is separated by ``/``, relative to the root; ``size`` in bytes.

    ``version`` is the version id where the storage has versions.
    """

    key: str
    size: int
    version: str = ""
    lock: RetentionLock | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectVersion:
    """Version of an object, ``written`` by the storage's clock; a ``deletion`` hides those before it, without bytes."""

    key: str
    version: str
    size: int
    newest: bool
    written: datetime
    deletion: bool = False


class Storage(Protocol):
    """Where the files of a vault lie: create-only, read by ranges, listed; removal is for lawful destruction alone."""

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
        """Store what is left in ``stream`` under ``key``: durable, size and digest compared, when this returns.

        With ``supersede`` a newer version takes the place of an object, as OCFL's root inventory does; a storage
        with versions keeps the older. A lock that was asked for is read back.

        Raises:
            StorageObjectExists: when ``key`` is there and ``supersede`` is false.
            StorageDigestMismatch: when what was stored is not what was announced; nothing has the name then.
            StorageLockUnheld: when the storage answered, and the lock is not there.
            StorageUnreachable, StorageRefused, DiskFull, DiskFault: what the storage answered.
        """

    def open(self, key: str, start: int = 0, length: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Open ``length`` bytes of an object from ``start`` on; without ``length``, all that follow.

        Raises:
            StorageObjectMissing, StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
        """

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object without its bytes; ``None`` where there is none.

        Raises:
            StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
        """

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``, sorted by key.

        Raises:
            StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
        """

    def extend_lock(self, key: str, until: datetime) -> StoredObject:
        """Lengthen the retention of an object to ``until``, and read it back; nothing shortens it.

        Raises:
            StorageObjectMissing, StorageLockUnheld, StorageUnreachable, StorageRefused: what the storage answered.
        """

    def remove(self, key: str) -> None:
        """Remove all versions of an object: for lawful destruction, and for what no inventory names.

        Raises:
            StorageObjectMissing, StorageObjectLocked, StorageUnreachable, StorageRefused: what the storage answered.
        """
