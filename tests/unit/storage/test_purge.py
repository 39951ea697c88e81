"""Purge of a place in a real object storage: every version, every delete marker, every unfinished upload."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from archiver.storage.errors import StorageObjectLocked
from archiver.storage.object_store import ObjectStore
from archiver.storage.purge import leftovers, locked_until, purge
from archiver.storage.storage import RetentionLock
from formats.digests import SHA512, Digest
from tests.engines.seaweedfs import VAULT, SeaweedServer

LOCK = timedelta(seconds=4)


def put(store: ObjectStore, key: str, data: bytes, *, until: datetime, supersede: bool = False) -> None:
    store.put(
        key,
        io.BytesIO(data),
        size=len(data),
        digest=Digest.of(data, algorithm=SHA512),
        lock=RetentionLock(until=until),
        supersede=supersede,
    )


def test_after_the_last_lock_everything_goes_and_before_it_nothing(
    seaweed: SeaweedServer, locking_bucket: str
) -> None:
    prefix = uuid4().hex
    store = seaweed.store(locking_bucket, prefix)
    until = datetime.now(UTC) + LOCK
    for data in (b"first", b"second"):
        put(store, "place/kept", data, until=until, supersede=data == b"second")
    put(store, "place/v1/gone", b"gone", until=until)
    put(store, "place/v1/hidden", b"hidden", until=until)
    put(store, "places/other", b"other", until=until)
    store.hide("place/v1/hidden")
    client = seaweed.client(VAULT)
    client.create_multipart_upload(Bucket=locking_bucket, Key=f"{prefix}/place/v1/unfinished")

    found = locked_until(store, "place/", at=datetime.now(UTC))
    assert found is not None and abs(found - until) < timedelta(seconds=1)
    with pytest.raises(StorageObjectLocked):
        purge(store, "place/", preserve={"place/kept"})
    versions = [one for one in store.versions("place/") if not one.deletion]
    assert len(versions) == 4, "a lock keeps every version"

    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 1)
    assert locked_until(store, "place/", at=datetime.now(UTC)) is None
    assert purge(store, "place/", preserve={"place/kept"}) >= 3
    assert leftovers(store, "place/", preserve={"place/kept"}) == []
    (newest,) = store.versions("place/")
    with store.open(newest.key) as stream:
        assert stream.read() == b"second"
    uploads = client.list_multipart_uploads(Bucket=locking_bucket, Prefix=f"{prefix}/place/")
    assert not uploads.get("Uploads")
    assert [one.key for one in store.list("places/")] == ["places/other"]
