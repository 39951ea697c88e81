"""Probe of an object storage: does it really lock? Everything that should be refused is tried on objects of its own.

1. A locked object is made, in one piece and in parts, and its lock asked for again.
2. Each attempt of ``ATTEMPTS`` is made with each account; after it the version must be there, with its bytes and lock.
3. Two create the same object at once; a wrong checksum is sent; an object is copied into a bucket with a default lock.
4. What is not locked is removed, and what an earlier probe left; the rest stays until its short lock ends.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from archiver.storage.address import ObjectStoreAddress
from archiver.storage.credentials import StorageCredentials
from archiver.storage.errors import StorageLockUnheld
from archiver.storage.object_answers import answers
from archiver.storage.object_clients import open_clients
from archiver.storage.object_store import ObjectStore, system_clock
from archiver.storage.probing.attempts import (
    ATTEMPTS,
    PARTS_ATTEMPT,
    SHORTER,
    ProbeAttempt,
    ProbeTarget,
    VersionsSuspended,
)
from archiver.storage.probing.report import ProbeIdentity, ProbeOutcome, ProbeReport, ProbeResult
from archiver.storage.storage import RetentionLock, StoredObject
from formats.digests import Digest
from formats.errors import Failure
from formats.words import mark

PLACE = "extensions/archiver-probe"
"""Prefix below which every probe works, and nothing else lies; in an OCFL storage root it is no object."""
LOCKED = "lock"
"""The check of which all others need the outcome: an object was locked when it was made."""
LOCK_SECONDS = 120
"""How long what a probe locks stays: time enough for its requests, and for little else."""
MARGIN = 2 * SHORTER
"""How long before its end a lock is not tried any more."""
PART_BYTES = 5 << 20
"""Bytes of the smallest part (Amazon S3 User Guide, “Multipart upload limits”)."""
DATA = b"archiver vault probe: this object may be removed when its lock has ended\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeRequest:
    """What is probed, with which account, and with one that has every right, if it is given."""

    address: ObjectStoreAddress
    credentials: StorageCredentials
    administrator: StorageCredentials | None = None
    lock_seconds: int = LOCK_SECONDS


def probe_storage(request: ProbeRequest, *, clock: Callable[[], datetime] = system_clock) -> ProbeReport:
    """Probe the storage at the address of ``request``.

    Raises:
        StorageUnreachable, StorageRefused, StorageClockDiffers: when not even an object without a lock can be made.
    """
    return _Probe(request, clock).run()


class _Probe:
    def __init__(self, request: ProbeRequest, clock: Callable[[], datetime]) -> None:
        self._request, self._clock = request, clock
        address = request.address
        self._run = f"{PLACE}/{secrets.token_hex(4)}"
        prefix = f"{address.prefix}/" if address.prefix else ""
        self._names = f"{prefix}{self._run}/"
        self._all = self._store(replace(address, prefix=prefix + PLACE))
        self._own = self._store(replace(address, prefix=prefix + self._run))
        self._user = open_clients(address, request.credentials, attempts=1).s3
        self._identities = {ProbeIdentity.USER: self._user}
        if request.administrator is not None:
            administrator = open_clients(address, request.administrator, attempts=1).s3
            self._identities[ProbeIdentity.ADMINISTRATOR] = administrator

    def _store(self, address: ObjectStoreAddress) -> ObjectStore:
        return ObjectStore(address, self._request.credentials, clock=self._clock, part_bytes=PART_BYTES)

    def run(self) -> ProbeReport:
        at = self._clock()
        self._put("unlocked", DATA, locked=False)
        results = tuple(self._results())
        left = self._clean()
        ends = [one.lock.until for one in left if one.lock is not None]
        return ProbeReport(
            storage=str(self._request.address),
            at=at,
            results=results,
            left=len(left),
            left_until=max(ends, default=at),
            place=self._names if left else "",
        )

    def _results(self) -> Iterator[ProbeResult]:
        whole = yield from self._locked(LOCKED, mark("lock an object for a time"), DATA)
        if whole is not None:
            for by, client in self._identities.items():
                for attempt in ATTEMPTS:
                    # what an attempt broke, or a lock that ends, must not make the next one look broken
                    if whole.until - self._clock() < MARGIN or not self._is_intact(whole):
                        whole = self._made(f"{attempt.id}-{by.value}", DATA)
                    yield self._tried(attempt, by, client, whole)
        parts = yield from self._locked(
            "lock-parts", mark("lock an object that is sent in parts"), DATA * (PART_BYTES // len(DATA) + 2)
        )
        if parts is not None:
            yield self._tried(PARTS_ATTEMPT, ProbeIdentity.USER, self._user, parts)
        yield self._created_twice()
        yield self._wrong_checksum()
        yield self._copied()

    def _put(self, key: str, data: bytes, *, locked: bool) -> StoredObject:
        lock = None
        if locked:
            until = self._clock() + timedelta(seconds=self._request.lock_seconds)
            lock = RetentionLock(until=until.replace(microsecond=0))
        return self._own.put(key, io.BytesIO(data), size=len(data), digest=Digest.of(data), lock=lock)

    def _made(self, key: str, data: bytes) -> ProbeTarget:
        known = self._put(key, data, locked=True)
        if known.lock is None or not known.version:
            raise StorageLockUnheld(
                storage=str(self._request.address), key=key, reason=mark("no lock is there")
            )
        return ProbeTarget(
            bucket=self._request.address.bucket,
            name=self._names + key,
            version=known.version,
            until=known.lock.until,
        )

    def _locked(
        self, key: str, sentence: str, data: bytes
    ) -> Generator[ProbeResult, None, ProbeTarget | None]:
        try:
            target = self._made(key, data)
        except Failure as failure:
            yield ProbeResult(id=key, sentence=sentence, outcome=ProbeOutcome.BROKEN, answer=failure.code)
            return None
        yield ProbeResult(id=key, sentence=sentence, outcome=ProbeOutcome.ENFORCED)
        return target

    def _tried(
        self, attempt: ProbeAttempt, by: ProbeIdentity, client: Any, target: ProbeTarget
    ) -> ProbeResult:
        answer, suspended = "", False
        try:
            with answers(str(self._request.address)):
                attempt.act(client, target)
        except VersionsSuspended:
            suspended = True
        except Failure as failure:
            answer = failure.code
        try:
            outcome = (
                ProbeOutcome.ENFORCED if self._is_intact(target) and not suspended else ProbeOutcome.BROKEN
            )
        except Failure as failure:
            outcome, answer = ProbeOutcome.UNKNOWN, failure.code
        return ProbeResult(id=attempt.id, sentence=attempt.sentence, outcome=outcome, answer=answer, by=by)

    def _is_intact(self, target: ProbeTarget) -> bool:
        """Tell whether the version is there, with its bytes, and locked as long and as firmly as it was."""
        key = target.name.removeprefix(self._names)
        found = [one for one in self._own.versions(key) if one.version == target.version]
        if not found:
            return False
        with self._own.open(key, version=target.version) as stream:
            if stream.read(len(DATA)) != DATA:
                return False
        with answers(str(self._request.address), key):
            known = self._user.head_object(**target.place)
        until = known.get("ObjectLockRetainUntilDate")
        return known.get("ObjectLockMode") == "COMPLIANCE" and until is not None and until >= target.until

    def _created_twice(self) -> ProbeResult:
        """Two create one object at the same moment: exactly one may succeed."""
        place = {"Bucket": self._request.address.bucket, "Key": f"{self._names}twice"}
        barrier = Barrier(2)

        def create(content: bytes) -> bool:
            barrier.wait()
            try:
                with answers(str(self._request.address), "twice"):
                    self._user.put_object(**place, Body=content, IfNoneMatch="*")
            except Failure:
                return False
            return True

        with ThreadPoolExecutor(2) as both:
            made = sum(both.map(create, (b"one", b"two")))
        outcome = (ProbeOutcome.UNKNOWN, ProbeOutcome.ENFORCED, ProbeOutcome.BROKEN)[made]
        return ProbeResult(
            id="create-twice", sentence=mark("create one object twice at once"), outcome=outcome
        )

    def _wrong_checksum(self) -> ProbeResult:
        """Send bytes with the checksum of others; a vault reads back what it stores, and does not rely on this."""
        place = {"Bucket": self._request.address.bucket, "Key": f"{self._names}checksum"}
        answer, outcome = "", ProbeOutcome.BROKEN
        try:
            with answers(str(self._request.address), "checksum"):
                self._user.put_object(**place, Body=DATA, ChecksumSHA256=Digest.of(b"other").base64)
        except Failure as failure:
            answer, outcome = failure.code, ProbeOutcome.ENFORCED
        return ProbeResult(
            id="checksum",
            sentence=mark("send a wrong checksum"),
            outcome=outcome,
            answer=answer,
            essential=False,
        )

    def _copied(self) -> ProbeResult:
        """Copy an object with a short lock: where the bucket locks by default, the copy is locked by that."""
        bucket, storage = self._request.address.bucket, str(self._request.address)
        sentence = mark("copy an object past the default lock of the bucket")
        source = {"Bucket": bucket, "Key": f"{self._names}source"}
        try:
            with answers(storage, "copy"):
                default = self._user.get_object_lock_configuration(Bucket=bucket)
                if not default["ObjectLockConfiguration"].get("Rule"):
                    return ProbeResult(
                        id="copy", sentence=sentence, outcome=ProbeOutcome.ENFORCED, essential=False
                    )
                lock = self._put("source", DATA, locked=True).lock
                self._user.copy_object(Bucket=bucket, Key=f"{self._names}copy", CopySource=source)
            known = self._own.head("copy")
        except Failure as failure:
            return ProbeResult(
                id="copy",
                sentence=sentence,
                outcome=ProbeOutcome.UNKNOWN,
                answer=failure.code,
                essential=False,
            )
        # the default is a day at least (S3: Days, Years); a copy that took over the short lock has passed it by
        enforced = False
        if known and known.lock and lock:
            enforced = known.lock.until > lock.until
        return ProbeResult(
            id="copy",
            sentence=sentence,
            outcome=ProbeOutcome.ENFORCED if enforced else ProbeOutcome.BROKEN,
            essential=False,
        )

    def _clean(self) -> list[StoredObject]:
        """Remove what lies below ``PLACE`` and is not locked; return what stays of this probe."""
        for one in list(self._all.versions()):
            with suppress(Failure), answers(str(self._request.address), one.key):
                place = {
                    "Bucket": self._request.address.bucket,
                    "Key": self._names.rpartition(self._run)[0] + f"{PLACE}/{one.key}",
                    "VersionId": one.version,
                }
                self._user.delete_object(**place)
        left = [one for one in self._own.versions() if not one.deletion]
        return [known for one in left if (known := self._own.find(one.key, one.version)) is not None]
