"""A locked object of a real object storage: whatever is tried, its versions stay, and so does the end of the lock."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from archiver.storage.errors import StorageLockUnheld, StorageObjectLocked, StorageRefused, StorageUnreachable
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import RetentionLock, StoredObject
from formats.digests import Digest
from tests.engines.seaweedfs import ADMIN, VAULT, SeaweedServer

DATA = b"a sealed package"
LONG = bytes(range(256)) * (66 << 10)
"""16.5 MiB, which is sent in parts."""


def soon(seconds: int = 120) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def put(
    store: ObjectStore, key: str, data: bytes, until: datetime | None, *, supersede: bool = False
) -> StoredObject:
    lock = RetentionLock(until=until) if until else None
    return store.put(
        key, io.BytesIO(data), size=len(data), digest=Digest.of(data), lock=lock, supersede=supersede
    )


def read(store: ObjectStore, key: str, version: str = "") -> bytes:
    with store.open(key, version=version) as stream:
        return stream.read()


@pytest.mark.parametrize("data", [DATA, LONG], ids=["one piece", "parts"])
def test_a_lock_goes_with_the_object_and_is_read_back(object_store: ObjectStore, data: bytes) -> None:
    until = soon()
    known = put(object_store, "a/one", data, until)
    assert known.lock is not None
    assert known.lock.compliance
    assert until <= known.lock.until < until + timedelta(seconds=1)
    assert object_store.head("a/one") == known
    assert read(object_store, "a/one") == data


REQUESTS: dict[str, Callable[[Any, dict[str, str], datetime], object]] = {
    "the version is deleted": lambda s3, at, until: s3.delete_object(**at),
    "the version is deleted with bypass": lambda s3, at, until: s3.delete_object(
        **at, BypassGovernanceRetention=True
    ),
    "the lock is shortened": lambda s3, at, until: s3.put_object_retention(
        **at, Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until - timedelta(seconds=60)}
    ),
    "the lock is shortened with bypass": lambda s3, at, until: s3.put_object_retention(
        **at,
        Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until - timedelta(seconds=60)},
        BypassGovernanceRetention=True,
    ),
    "the mode is lowered": lambda s3, at, until: s3.put_object_retention(
        **at,
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until + timedelta(seconds=60)},
        BypassGovernanceRetention=True,
    ),
    "the lock is taken away": lambda s3, at, until: s3.put_object_retention(
        **at, Retention={}, BypassGovernanceRetention=True
    ),
}


@pytest.mark.parametrize("credentials", [VAULT, ADMIN], ids=["user", "administrator"])
@pytest.mark.parametrize("attempt", REQUESTS)
def test_nothing_deletes_or_shortens(
    seaweed: SeaweedServer, locking_bucket: str, attempt: str, credentials: Any
) -> None:
    store = seaweed.store(locking_bucket, prefix := uuid4().hex)
    known = put(store, "one", DATA, soon())
    assert known.lock is not None
    place = {"Bucket": locking_bucket, "Key": f"{prefix}/one", "VersionId": known.version}
    with pytest.raises(ClientError):
        REQUESTS[attempt](seaweed.client(credentials), place, known.lock.until)
    assert store.head("one") == known
    assert read(store, "one") == DATA


@pytest.mark.parametrize("credentials", [VAULT, ADMIN], ids=["user", "administrator"])
def test_a_batch_deletes_nothing_and_versions_are_not_suspended(
    seaweed: SeaweedServer, credentials: Any
) -> None:
    bucket = seaweed.bucket()
    store = seaweed.store(bucket)
    known = put(store, "one", DATA, soon())
    client = seaweed.client(credentials)
    answer = client.delete_objects(
        Bucket=bucket,
        Delete={"Objects": [{"Key": "one", "VersionId": known.version}]},
        BypassGovernanceRetention=True,
    )
    assert answer["Errors"]
    with pytest.raises(ClientError):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(ClientError):
        client.delete_bucket(Bucket=bucket)
    assert store.head("one") == known


def test_what_hides_an_object_takes_nothing_away(seaweed: SeaweedServer, locking_bucket: str) -> None:
    """Whoever has the credentials can lay a delete marker or other bytes on top; the locked version stays below."""
    store = seaweed.store(locking_bucket, prefix := uuid4().hex)
    known = put(store, "one", DATA, soon())
    client = seaweed.client(VAULT)
    client.put_object(Bucket=locking_bucket, Key=f"{prefix}/one", Body=b"ransom")
    client.delete_object(Bucket=locking_bucket, Key=f"{prefix}/one")
    assert store.head("one") is None
    found = list(store.versions("one"))
    assert sorted((one.deletion, one.size) for one in found) == [(False, 6), (False, len(DATA)), (True, 0)]
    assert known.version in {one.version for one in found}
    assert read(store, "one", known.version) == DATA


def test_a_lock_is_lengthened_and_never_shortened(object_store: ObjectStore) -> None:
    until = soon()
    known = put(object_store, "one", DATA, until)
    later = object_store.extend_lock("one", until + timedelta(seconds=60))
    assert known.lock is not None
    assert later.lock is not None
    assert later.lock.until == known.lock.until + timedelta(seconds=60)
    assert object_store.extend_lock("one", until) == later


def test_a_locked_object_is_not_removed_and_a_free_one_with_all_versions(
    seaweed: SeaweedServer, object_store: ObjectStore
) -> None:
    put(object_store, "free", b"first", None)
    put(object_store, "free", b"second", None, supersede=True)
    put(object_store, "freedom", b"third", None)
    object_store.remove("free")
    assert [one.key for one in object_store.versions()] == ["freedom"]
    put(object_store, "half", DATA, soon())
    put(object_store, "half", b"without", None, supersede=True)
    with pytest.raises(StorageObjectLocked):
        object_store.remove("half")
    assert len(list(object_store.versions("half"))) == 2


def test_what_supersedes_leaves_the_older_version(object_store: ObjectStore) -> None:
    first = put(object_store, "inventory.json", b"first", soon())
    second = put(object_store, "inventory.json", b"second", soon(), supersede=True)
    assert first.version != second.version
    assert read(object_store, "inventory.json") == b"second"
    assert read(object_store, "inventory.json", first.version) == b"first"


def test_a_bucket_without_locks_is_found_when_a_lock_is_asked_for(seaweed: SeaweedServer) -> None:
    store = seaweed.store(seaweed.bucket(locking=False))
    with pytest.raises((StorageRefused, StorageLockUnheld)):
        put(store, "one", DATA, soon())
    assert store.head("one") is None


def test_a_bucket_that_is_not_there_is_no_empty_storage(seaweed: SeaweedServer) -> None:
    store = seaweed.store("not-there")
    for act in (lambda: store.head("one"), lambda: list(store.list()), lambda: put(store, "one", DATA, None)):
        with pytest.raises(StorageUnreachable):
            act()


def test_wrong_credentials_are_refused_and_not_said(seaweed: SeaweedServer, locking_bucket: str) -> None:
    from archiver.storage.credentials import StorageCredentials

    wrong = StorageCredentials(key_id="vault", secret="another-secret")
    store = ObjectStore(seaweed.address(locking_bucket), wrong)
    with pytest.raises(StorageRefused) as caught:
        store.head("one")
    with pytest.raises(StorageRefused) as listed:
        put(store, "one", DATA, None)
    shown = f"{caught.value} {listed.value} {wrong!r} {store!r}"
    assert "another-secret" not in shown


def test_what_a_lock_keeps_is_hidden_and_its_name_is_free_again(object_store: ObjectStore) -> None:
    locked = put(object_store, "a/one", DATA, soon())
    put(object_store, "a/other", DATA, None)
    object_store.hide("a/one")
    assert object_store.head("a/one") is None
    assert [one.key for one in object_store.list("a/")] == ["a/other"]
    assert read(object_store, "a/one", locked.version) == DATA
    again = put(object_store, "a/one", b"other bytes", soon())
    assert read(object_store, "a/one") == b"other bytes" and again.version != locked.version
    assert read(object_store, "a/one", locked.version) == DATA
