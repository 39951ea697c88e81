"""One suite for every storage: create-only, durable and compared, read by ranges, listed in order, removed."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.storage.errors import (
    StorageDigestMismatch,
    StorageLockUnheld,
    StorageObjectExists,
    StorageObjectMissing,
    StorageUnreachable,
)
from archiver.storage.folder import FolderStorage
from archiver.storage.storage import RetentionLock, Storage
from formats.digests import SHA512, Digest
from formats.errors import UnsafeName

MEMBERS = {"folder": "folder_storage", "object store": "object_store"}
"""The fixture that opens each kind of storage, empty."""
LONG = bytes(range(256)) * 9000
UNTIL = datetime(2046, 1, 1, tzinfo=UTC)


@pytest.fixture
def folder_storage(tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path)


@pytest.fixture(params=MEMBERS)
def storage(request: pytest.FixtureRequest) -> Storage:
    found: Storage = request.getfixturevalue(MEMBERS[request.param])
    return found


def put(storage: Storage, key: str, data: bytes, *, supersede: bool = False) -> None:
    known = storage.put(
        key, io.BytesIO(data), size=len(data), digest=Digest.of(data, algorithm=SHA512), supersede=supersede
    )
    assert (known.key, known.size) == (key, len(data))


def read(storage: Storage, key: str, *span: int) -> bytes:
    with storage.open(key, *span) as stream:
        return stream.read()


def test_what_was_put_comes_back_whole_and_by_ranges(storage: Storage) -> None:
    put(storage, "a/b/long", LONG)
    assert read(storage, "a/b/long") == LONG
    assert read(storage, "a/b/long", 70_000, 300) == LONG[70_000:70_300]
    assert read(storage, "a/b/long", len(LONG) - 5) == LONG[-5:]
    assert read(storage, "a/b/long", len(LONG) - 5, 100) == LONG[-5:]


def test_nothing_is_replaced_unless_it_is_superseded(storage: Storage) -> None:
    put(storage, "a/one", b"first")
    with pytest.raises(StorageObjectExists) as caught:
        put(storage, "a/one", b"second")
    assert caught.value.facts["key"] == "a/one"
    assert read(storage, "a/one") == b"first"
    put(storage, "a/one", b"second", supersede=True)
    assert read(storage, "a/one") == b"second"


@pytest.mark.parametrize(
    ("size", "data"), [(6, b"other"), (5, b"othex"), (5, b"othe"), (5, b"other and more")]
)
def test_bytes_that_are_not_those_announced_get_no_name(storage: Storage, size: int, data: bytes) -> None:
    digest = Digest.of(b"other", algorithm=SHA512)
    with pytest.raises(StorageDigestMismatch):
        storage.put("a/one", io.BytesIO(data), size=size, digest=digest)
    assert storage.head("a/one") is None
    assert list(storage.list()) == []


def test_what_supersedes_and_is_not_as_announced_leaves_what_was_there(storage: Storage) -> None:
    put(storage, "one", b"first")
    with pytest.raises(StorageDigestMismatch):
        storage.put("one", io.BytesIO(b"secont"), size=6, digest=Digest.of(b"second"), supersede=True)
    assert read(storage, "one") == b"first"


def test_the_list_is_in_the_order_of_whole_keys(storage: Storage) -> None:
    keys = ["a.txt", "a/b", "a/b.c", "a/c/d", "ab", "b/a"]
    for key in reversed(keys):
        put(storage, key, key.encode())
    assert [one.key for one in storage.list()] == sorted(keys)
    assert [one.key for one in storage.list("a/")] == ["a/b", "a/b.c", "a/c/d"]
    assert [(one.key, one.size) for one in storage.list("a/b")] == [("a/b", 3), ("a/b.c", 5)]
    assert list(storage.list("z")) == []


def test_an_object_that_is_not_there_is_missing(storage: Storage) -> None:
    assert storage.head("a/one") is None
    with pytest.raises(StorageObjectMissing), storage.open("a/one"):
        pass
    with pytest.raises(StorageObjectMissing):
        storage.remove("a/one")


def test_an_object_is_removed_alone(storage: Storage) -> None:
    put(storage, "a/b/one", b"1")
    put(storage, "a/two", b"2")
    storage.remove("a/b/one")
    assert [one.key for one in storage.list()] == ["a/two"]


@pytest.mark.parametrize("key", ["../out", "/etc/passwd", "a/../../b", "", "a//b", "CON"])
def test_no_key_leads_out_of_the_storage(storage: Storage, key: str) -> None:
    with pytest.raises(UnsafeName):
        put(storage, key, b"1")


def test_a_folder_locks_nothing_and_says_so(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    with pytest.raises(StorageLockUnheld):
        folder.put("one", io.BytesIO(b"1"), size=1, digest=Digest.of(b"1"), lock=RetentionLock(until=UNTIL))
    put(folder, "one", b"1")
    with pytest.raises(StorageLockUnheld):
        folder.extend_lock("one", UNTIL)


def test_a_folder_that_is_not_mounted_is_no_empty_storage(tmp_path: Path) -> None:
    gone = FolderStorage(tmp_path / "disk")
    for act in (lambda: put(gone, "one", b"1"), lambda: gone.head("one"), lambda: list(gone.list())):
        with pytest.raises(StorageUnreachable):
            act()
    assert not (tmp_path / "disk").exists()


def test_what_an_ended_command_wrote_aside_goes_with_the_next(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    put(folder, "one", b"first")
    (tmp_path / ".one.0123abcd.part").write_bytes(b"secon")
    assert [one.key for one in folder.list()] == ["one"]
    put(folder, "one", b"second", supersede=True)
    assert [one.name for one in tmp_path.iterdir()] == ["one"]


def test_a_file_that_does_not_come_whole_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StorageDigestMismatch):
        FolderStorage(tmp_path).put("a/b/c", io.BytesIO(b"1"), size=2, digest=Digest.of(b"12"))
    assert list(tmp_path.iterdir()) == []
