"""An object storage behind a bad network, one that lies, and one that is killed: nothing counts that is not there."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from archiver.storage.address import ObjectStoreAddress
from archiver.storage.errors import (
    StorageClockDiffers,
    StorageDigestMismatch,
    StorageLockUnheld,
    StorageObjectExists,
    StorageUnreachable,
)
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import RetentionLock, StoredObject
from formats.digests import Digest
from tests.engines.seaweedfs import VAULT, SeaweedServer, running
from tests.tcp_proxy import BUSY, STORED, Mischief, TcpProxy, tcp_proxy

DATA = b"a sealed package"
LONG = os.urandom(6 << 20)
PART = 5 << 20
"""Bytes of the smallest part that S3 takes, so that ``LONG`` has two."""


@pytest.fixture
def proxy(seaweed: SeaweedServer) -> Iterator[TcpProxy]:
    with tcp_proxy(seaweed.port) as made:
        yield made


@pytest.fixture
def prefix() -> str:
    return uuid4().hex


@pytest.fixture
def store(proxy: TcpProxy, locking_bucket: str, prefix: str) -> ObjectStore:
    address = ObjectStoreAddress(endpoint=proxy.endpoint, bucket=locking_bucket, prefix=prefix)
    return ObjectStore(address, VAULT, part_bytes=PART, attempts=2)


def put(store: ObjectStore, key: str, data: bytes, lock: RetentionLock | None = None) -> StoredObject:
    return store.put(key, io.BytesIO(data), size=len(data), digest=Digest.of(data), lock=lock)


def read(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def locked(seconds: int = 60) -> RetentionLock:
    return RetentionLock(until=datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize("data", [DATA, LONG], ids=["one piece", "parts"])
def test_a_slow_network_and_one_that_is_busy_once_change_nothing(
    store: ObjectStore, proxy: TcpProxy, data: bytes
) -> None:
    proxy.mischief = Mischief(delay=0.1)
    put(store, "slow", data)
    proxy.mischief = Mischief(times=1, answer=BUSY)
    put(store, "busy", data, locked())
    proxy.mischief = Mischief(verb=b"GET", times=1, truncate=5000)
    assert read(store, "busy") == data


@pytest.mark.parametrize("verb", [b"PUT", b"POST", b"HEAD", b"GET"])
def test_a_server_that_stays_busy_is_unreachable_and_leaves_nothing_acknowledged(
    seaweed: SeaweedServer, locking_bucket: str, prefix: str, store: ObjectStore, proxy: TcpProxy, verb: bytes
) -> None:
    proxy.mischief = Mischief(verb=verb, answer=BUSY)
    with pytest.raises(StorageUnreachable) as caught:
        put(store, "one", LONG)
    assert "503" in str(caught.value)
    # a part that is not an object is no object: nothing is listed that was not stored whole
    direct = seaweed.store(locking_bucket, prefix)
    assert [one.size for one in direct.list()] in ([], [len(LONG)])
    assert (
        seaweed.client().list_multipart_uploads(Bucket=locking_bucket, Prefix=prefix).get("Uploads", []) == []
    )


@pytest.mark.parametrize("data", [DATA, LONG], ids=["one piece", "parts"])
@pytest.mark.parametrize("verb", [b"PUT", b"POST"])
def test_an_answer_that_is_lost_does_not_make_the_object_somebody_elses(
    store: ObjectStore, proxy: TcpProxy, verb: bytes, data: bytes
) -> None:
    """The request is sent again and answered that there is such an object: it is ours, and its bytes say so."""
    proxy.mischief = Mischief(verb=verb, times=1, reset_after_request=True)
    known = put(store, "one", data, locked())
    assert known.size == len(data)
    proxy.mischief = Mischief()
    with pytest.raises(StorageObjectExists):
        put(store, "one", data)


def test_a_server_that_answers_200_and_keeps_nothing_is_found(store: ObjectStore, proxy: TcpProxy) -> None:
    store.head("warm")
    proxy.mischief = Mischief(verb=b"PUT", answer=STORED)
    with pytest.raises(StorageDigestMismatch) as caught:
        put(store, "one", DATA)
    assert "it is not there" in str(caught.value)
    assert store.head("one") is None


def test_a_server_that_gives_other_bytes_back_is_found(store: ObjectStore, proxy: TcpProxy) -> None:
    proxy.mischief = Mischief(verb=b"GET", alter=(DATA, DATA.upper()))
    with pytest.raises(StorageDigestMismatch):
        put(store, "one", DATA)
    proxy.mischief = Mischief()
    assert store.head("one") is None


@pytest.mark.parametrize(
    ("header", "instead", "reason"),
    [
        (b"COMPLIANCE", b"GOVERNANCE", "governance mode"),
        (b"Object-Lock-Retain-Until-Date: 2", b"Object-Lock-Retain-Until-Date: 1", "earlier"),
        (b"X-Amz-Object-Lock", b"X-Amz-Object-Loss", "no lock is there"),
    ],
)
def test_a_lock_that_is_not_the_one_asked_for_is_found(
    store: ObjectStore, proxy: TcpProxy, header: bytes, instead: bytes, reason: str
) -> None:
    proxy.mischief = Mischief(verb=b"HEAD", alter=(header, instead))
    with pytest.raises(StorageLockUnheld) as caught:
        put(store, "one", DATA, locked(20))
    assert reason in str(caught.value)


def test_a_connection_that_is_cut_is_unreachable(store: ObjectStore, proxy: TcpProxy) -> None:
    put(store, "one", LONG)
    for mischief in (Mischief(truncate=0), Mischief(verb=b"GET", truncate=100_000)):
        proxy.mischief = mischief
        with pytest.raises(StorageUnreachable):
            read(store, "one")


def test_a_clock_that_differs_is_found_before_a_lock_means_anything(
    seaweed: SeaweedServer, locking_bucket: str, prefix: str
) -> None:
    late = seaweed.store(locking_bucket, prefix, clock=lambda: datetime.now(UTC) - timedelta(hours=2))
    with pytest.raises(StorageClockDiffers) as caught:
        put(late, "one", DATA, locked())
    assert 7100 < int(caught.value.facts["seconds"]) < 7300  # type: ignore[arg-type]
    assert seaweed.store(locking_bucket, prefix).head("one") is None


def test_memory_holds_a_part_and_no_more(store: ObjectStore) -> None:
    asked: list[int] = []

    class Source(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            asked.append(size if size is not None else -1)
            return super().read(size)

    store.put("one", Source(LONG), size=len(LONG), digest=Digest.of(LONG))
    assert max(asked) <= PART
    assert min(asked) > 0


def test_what_was_acknowledged_outlives_a_server_that_is_killed() -> None:
    with running() as server:
        bucket = server.bucket()
        store = server.store(bucket)
        lock = locked(600)
        known = [put(store, f"a/{number}", DATA * 1000 * (number + 1), lock) for number in range(5)]
        server.kill()
        with pytest.raises(StorageUnreachable):
            put(server.store(bucket, attempts=1), "late", DATA)
        server.start()
        again = server.store(bucket)
        for number, one in enumerate(known):
            assert again.head(one.key) == one
            assert read(again, one.key) == DATA * 1000 * (number + 1)
        assert again.head("late") is None
