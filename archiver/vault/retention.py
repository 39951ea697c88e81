"""Retention of what a vault writes: on a storage that locks, every file of an object until the object's term ends.

The term of a deposit is the day from which its last unit may be destroyed, so that a lock never stands in the way of a
lawful destruction; where one unit states no term, the years of the vault from its acceptance. That of an object is the
longest of its deposits. What is written when the term is over, or nearly, is locked for ``SHORTEST``: no lock ends
before it begins. What belongs to no inventory and is locked cannot be removed: it is hidden below a delete marker, and
stays there until its lock ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import BinaryIO

from archiver.storage.errors import StorageObjectLocked
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import RetentionLock, Storage, StoredObject
from archiver.vault.deposit_receipt import ReadReceipt
from archiver.vault.description import VaultDescription
from archiver.vault.index import read_receipts
from archiver.vault.open_vault import Replica
from formats.digests import Digest
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

MAX_DAYS = 36_500
"""Days of the longest lock (Amazon S3 User Guide, “Object Lock”: 100 years); it begins when something is written."""
YEAR_DAYS = 365.25
SHORTEST = timedelta(days=1)
"""The shortest lock, of what is written at the end of a term or after it."""


class RetainingStorage:
    """The ``storage`` of a vault, on which everything that is written is locked until a moment, with its zone."""

    def __init__(self, storage: Storage, until: datetime) -> None:
        self._storage, self._lock = storage, RetentionLock(until=until)

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
        """Store what is left in ``stream``, locked; see ``Storage``."""
        lock = lock or self._lock
        return self._storage.put(key, stream, size=size, digest=digest, lock=lock, supersede=supersede)

    def open(self, key: str, start: int = 0, length: int | None = None) -> AbstractContextManager[BinaryIO]:
        """Open a range of an object; see ``Storage``."""
        return self._storage.open(key, start, length)

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object; see ``Storage``."""
        return self._storage.head(key)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``; see ``Storage``."""
        return self._storage.list(prefix)

    def extend_lock(self, key: str, until: datetime) -> StoredObject:
        """Lengthen the retention of an object; see ``Storage``."""
        return self._storage.extend_lock(key, until)

    def remove(self, key: str) -> None:
        """Remove an object; what a lock keeps is hidden; see ``Storage``."""
        try:
            self._storage.remove(key)
        except StorageObjectLocked:
            if not isinstance(self._storage, ObjectStore):
                raise
            self._storage.hide(key)


def retaining(replica: Replica, until: datetime) -> Storage:
    """Return the storage of ``replica``, which locks what is written until then if it is one that locks."""
    return RetainingStorage(replica.storage, until) if replica.entry.locks else replica.storage


def extend_locks(replica: Replica, object_id: str, until: datetime) -> None:
    """Lengthen the lock of every file of an object: a later deposit may have a later term than those before it.

    Raises:
        StorageLockUnheld, StorageUnreachable, StorageRefused: what the storage answered.
    """
    if replica.entry.locks:
        for one in list(replica.storage.list(f"{object_place(object_id)}/")):
            replica.storage.extend_lock(one.key, until)


def term_of(description: VaultDescription, accepted: datetime, destroy_from: date | None) -> datetime:
    """Return until when a deposit is retained: its own term, or without one that of the vault.

    A backup is locked for some days, and its locks are lengthened as long as it is needed.
    """
    if description.lock_days:
        until = accepted + timedelta(days=description.lock_days)
    elif destroy_from is not None:
        until = datetime.combine(destroy_from, time(), UTC)
    else:
        until = accepted + timedelta(days=min(MAX_DAYS, description.retention_years * YEAR_DAYS))
    until = min(accepted + timedelta(days=MAX_DAYS), max(until, accepted + SHORTEST))
    return until.astimezone(UTC).replace(microsecond=0)


def term_of_object(
    description: VaultDescription, found: Iterable[tuple[Replica, Inventory]], *, at: datetime
) -> datetime:
    """Return until when what is written ``at`` a moment into an object is retained: the longest term of its deposits.

    That of the vault's own object, and of one whose receipts no storage gives back, are the vault's years from ``at``.
    """
    try:
        receipts: list[ReadReceipt] = read_receipts(found)
    except Failure:
        receipts = []
    if not receipts:
        return term_of(description, at, None)
    terms = (
        term_of(
            description,
            datetime.fromisoformat(one.accepted_at),
            date.fromisoformat(one.destroy_from) if one.destroy_from else None,
        )
        for one in receipts
    )
    shortest = (at + SHORTEST).astimezone(UTC).replace(microsecond=0)
    return max(shortest, *terms)
