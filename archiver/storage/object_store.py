"""Bucket of an object storage as a storage: S3 with versions and Object Lock, whatever the server says of itself.

1. What is sent is compared with what was announced before it is an object (``object_upload``).
2. It is created if nobody has its name; whoever supersedes makes a newer version, and the older stays.
3. Mode and date of a lock go with the request that makes the object: the default of a bucket is not relied on.
4. What was made is asked for again (HEAD): that it is there, its size, its lock, and the clock of who answers.
5. It is read back, and its digest compared. Only then does a ``put`` return.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, BinaryIO

from archiver.storage.address import ObjectStoreAddress
from archiver.storage.credentials import StorageCredentials
from archiver.storage.errors import (
    StorageDigestMismatch,
    StorageLockUnheld,
    StorageObjectExists,
    StorageObjectLocked,
    StorageObjectMissing,
    StorageRefused,
    StorageUnreachable,
)
from archiver.storage.object_answers import (
    RepeatedWrite,
    answers,
    compare_clocks,
    reader_answers,
    require_lock,
)
from archiver.storage.object_clients import ATTEMPTS, ObjectClients, open_clients
from archiver.storage.object_reader import RANGE_BYTES, ObjectRange
from archiver.storage.object_upload import PART_BYTES, Upload, abort_uploads, lock_headers
from archiver.storage.storage import ObjectVersion, RetentionLock, StoredObject
from formats.digests import Digest, chunks
from formats.errors import Failure
from formats.paths import safe_path
from formats.words import mark

LIST_OBJECTS = 1000
"""Objects of one answer of a list (Amazon S3 API reference, ListObjectsV2)."""


def system_clock() -> datetime:
    """Return what time it is."""
    return datetime.now(UTC)


class ObjectStore:
    """A bucket, or what lies under a prefix of one, that is a ``Storage``."""

    def __init__(
        self,
        address: ObjectStoreAddress,
        credentials: StorageCredentials,
        *,
        clock: Callable[[], datetime] = system_clock,
        part_bytes: int = PART_BYTES,
        attempts: int = ATTEMPTS,
    ) -> None:
        self._bucket, self._prefix = address.bucket, address.prefix and address.prefix + "/"
        self._address, self._clock, self._part_bytes = str(address), clock, part_bytes
        self._clients = open_clients(address, credentials, attempts=attempts)
        self._attempts, self._known = attempts, False
        options: dict[str, Any] = {"clock": clock, "part_bytes": part_bytes, "attempts": attempts}
        self._again = partial(_reopened, address, credentials, **options)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process of this machine open the same storage: connections are not sent to it."""
        return self._again, ()

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
        """Store what is left in ``stream``; see ``Storage``.

        Raises:
            StorageClockDiffers: when the clock of the storage is not ours.
        """
        name = self._name(key)
        if not supersede and self.find(key) is not None:
            raise StorageObjectExists(storage=self._address, key=key)
        upload = Upload(
            client=self._open().s3,
            storage=self._address,
            bucket=self._bucket,
            name=name,
            key=key,
            size=size,
            digest=digest,
            lock=lock,
            supersede=supersede,
        )
        try:
            version = upload.send(stream, self._part_bytes)
        except RepeatedWrite:
            try:
                return self._confirm(upload, "")
            except StorageDigestMismatch:
                raise StorageObjectExists(storage=self._address, key=key) from None
        try:
            return self._confirm(upload, version)
        except (StorageDigestMismatch, StorageLockUnheld):
            if version:
                with suppress(Failure):
                    self.remove_version(key, version)
            raise

    @contextmanager
    def open(
        self, key: str, start: int = 0, length: int | None = None, *, version: str = ""
    ) -> Iterator[BinaryIO]:
        """Open a range of an object, or of one ``version`` of it; see ``Storage``."""
        known = self.find(key, version)
        if known is None:
            raise StorageObjectMissing(storage=self._address, key=key)
        end = known.size if length is None else min(known.size, start + length)
        raw = ObjectRange(
            self._open().reader,
            self._address,
            self._name(key),
            key,
            version=known.version,
            start=start,
            end=end,
            attempts=self._attempts,
        )
        with io.BufferedReader(raw, RANGE_BYTES) as stream:
            yield stream

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object, its lock too; see ``Storage``."""
        return self.find(key)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``, without version and lock; see ``Storage``."""
        import obstore  # noqa: PLC0415 - an optional extra, which is there

        clients, before = self._open(), ""
        folder = (self._prefix + prefix).rpartition("/")[0]
        with reader_answers(self._address):
            for answer in obstore.list(clients.reader, folder or None, chunk_size=LIST_OBJECTS):
                for one in answer:
                    key = one["path"].removeprefix(self._prefix)
                    if key < before:
                        raise StorageRefused(storage=self._address, reason=mark("its list is not in order"))
                    before = key
                    if key.startswith(prefix):
                        yield StoredObject(key=key, size=one["size"])

    def versions(self, prefix: str = "") -> Iterator[ObjectVersion]:
        """Yield every version and delete marker of the objects whose keys begin with ``prefix``.

        Raises:
            StorageUnreachable, StorageRefused: what the storage answers.
        """
        pages = self._open().s3.get_paginator("list_object_versions")
        with answers(self._address):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for kind in ("Versions", "DeleteMarkers"):
                    for one in page.get(kind, ()):
                        yield ObjectVersion(
                            key=one["Key"].removeprefix(self._prefix),
                            version=one["VersionId"],
                            size=one.get("Size", 0),
                            newest=one["IsLatest"],
                            written=one["LastModified"].astimezone(UTC),
                            deletion=kind == "DeleteMarkers",
                        )

    def extend_lock(self, key: str, until: datetime) -> StoredObject:
        """Lengthen the retention of the newest version of an object; see ``Storage``.

        Raises:
            StorageClockDiffers: when the clock of the storage is not ours.
        """
        known = self.find(key)
        if known is None:
            raise StorageObjectMissing(storage=self._address, key=key)
        wanted = RetentionLock(until=until)
        if known.lock and known.lock.covers(wanted):
            return known
        headers = lock_headers(wanted)
        retention = {
            "Mode": headers["ObjectLockMode"],
            "RetainUntilDate": headers["ObjectLockRetainUntilDate"],
        }
        with answers(self._address, key):
            self._open().s3.put_object_retention(**self._place(key, known.version), Retention=retention)
        extended = self.find(key, known.version)
        if extended is None:
            raise StorageObjectMissing(storage=self._address, key=key)
        require_lock(self._address, extended, wanted)
        return extended

    def remove(self, key: str) -> None:
        """Remove all versions of an object, unless one is locked; see ``Storage``."""
        found = [one for one in self.versions(key) if one.key == key]
        if not found:
            raise StorageObjectMissing(storage=self._address, key=key)
        now = self._clock()
        for one in found:
            known = None if one.deletion else self.find(key, one.version)
            if known and known.lock and known.lock.until > now:
                until = known.lock.until.isoformat(timespec="seconds")
                raise StorageObjectLocked(storage=self._address, key=key, reason=until)
        for one in found:
            self.remove_version(key, one.version)
        if any(one.key == key for one in self.versions(key)):
            raise StorageRefused(storage=self._address, reason=mark("it removes nothing and says it did"))

    def remove_version(self, key: str, version: str) -> None:
        """Remove one version of an object, or a delete marker.

        Raises:
            StorageObjectLocked: when the storage refuses; StorageUnreachable, StorageClockDiffers.
        """
        try:
            with answers(self._address, key):
                self._open().s3.delete_object(**self._place(key, version))
        except StorageRefused as failure:
            raise StorageObjectLocked(
                storage=self._address, key=key, reason=failure.facts["reason"]
            ) from None

    def abort_uploads(self, prefix: str) -> None:
        """Abort what was begun in parts below ``prefix`` and never became an object: no list of objects shows it.

        Raises:
            StorageUnreachable, StorageRefused: what the storage answers.
        """
        with answers(self._address):
            abort_uploads(self._open().s3, self._bucket, self._prefix + prefix)

    def hide(self, key: str) -> None:
        """Hide an object below a delete marker: its versions, which a lock keeps, stay, and nothing has its name."""
        with answers(self._address, key):
            self._open().s3.delete_object(**self._place(key, ""))
        if self.find(key) is not None:
            raise StorageRefused(storage=self._address, reason=mark("it removes nothing and says it did"))

    def _open(self) -> ObjectClients:
        """Return the clients, once it is sure that the bucket is there: a wrong name is no empty storage."""
        if not self._known:
            try:
                with answers(self._address, self._bucket):
                    answer = self._clients.s3.head_bucket(Bucket=self._bucket)
            except StorageObjectMissing:
                raise StorageUnreachable(
                    storage=self._address, reason=mark("there is no such bucket")
                ) from None
            compare_clocks(answer, self._clock(), self._address)
            self._known = True
        return self._clients

    def _name(self, key: str) -> str:
        return self._prefix + str(safe_path(key))

    def _place(self, key: str, version: str) -> dict[str, Any]:
        place = {"Bucket": self._bucket, "Key": self._name(key)}
        return place | {"VersionId": version} if version else place

    def find(self, key: str, version: str = "") -> StoredObject | None:
        """Return what is known of one ``version`` of an object, or of the newest; see ``head``."""
        place = self._place(key, version)
        try:
            with answers(self._address, key):
                answer = self._open().s3.head_object(**place)
        except StorageObjectMissing:
            return None
        compare_clocks(answer, self._clock(), self._address)
        lock, until = None, answer.get("ObjectLockRetainUntilDate")
        if until is not None:
            compliance = answer.get("ObjectLockMode") == "COMPLIANCE"
            lock = RetentionLock(until=until.astimezone(UTC), compliance=compliance)
        named = answer.get("VersionId", "")
        return StoredObject(
            key=key, size=answer["ContentLength"], version="" if named == "null" else named, lock=lock
        )

    def _confirm(self, upload: Upload, version: str) -> StoredObject:
        """Return what was made, once it is there with its size and its lock, and gives its bytes back."""
        known = self.find(upload.key, version)
        if known is None or known.size != upload.size:
            reason = (
                mark("it answered that it has it, and it is not there")
                if known is None
                else mark("its size differs")
            )
            raise StorageDigestMismatch(storage=self._address, key=upload.key, reason=reason)
        if upload.lock is not None:
            require_lock(self._address, known, upload.lock)
        state = upload.digest.algorithm.new()
        with self.open(upload.key, version=known.version) as stream:
            for piece in chunks(stream):
                state.update(piece)
        if state.digest() != upload.digest.value:
            raise StorageDigestMismatch(
                storage=self._address, key=upload.key, reason=mark("its digest differs")
            )
        return known


@lru_cache(maxsize=16)
def _reopened(address: ObjectStoreAddress, credentials: StorageCredentials, **options: Any) -> ObjectStore:
    """Return the storage that another process sent; clients are made once in each process."""
    return ObjectStore(address, credentials, **options)
