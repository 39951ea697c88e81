"""Repair of objects on real storages: by a replica, by parity, by both; nothing is overwritten, and a loss is told."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from archiver.operations.vault.audit import audit, due_checks, known_damage
from archiver.operations.vault.repair_object import (
    DAMAGED,
    RepairMethod,
    RepairOutcome,
    RepairRequest,
    repair_object,
)
from archiver.operations.vault.repair_vault import repair_vault
from archiver.parity.create import create_parity
from archiver.storage.errors import StorageUnreachable
from archiver.storage.folder import FolderStorage
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import RetentionLock, Storage
from archiver.vault.additions import VersionAddition, add_files, added_bytes
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import CheckOutcome, open_checks
from archiver.vault.objects import bring_up, find_inventory
from formats.digests import SHA512, Digest, chunks
from tests.engines.seaweedfs import SeaweedServer
from tests.unit.vault.journals import AT, new_vault

DATA = os.urandom(2 << 20)
KEY = "a/b/content/volume-1.asice"
DIGEST = Digest.of(DATA, algorithm=SHA512)


def put(storage: Storage, key: str, data: bytes, lock: RetentionLock | None = None) -> None:
    storage.put(key, io.BytesIO(data), size=len(data), digest=Digest.of(data), lock=lock)


def read(storage: Storage, key: str, version: str = "") -> bytes:
    opened = storage.open(key, version=version) if isinstance(storage, ObjectStore) else storage.open(key)
    with opened as stream:
        return b"".join(chunks(stream))


def parity_of(data: bytes, storage: Storage, folder: Path, percent: int = 10) -> tuple[str, ...]:
    """Make the parity of ``data``, and lay it beside; return its keys."""
    folder.mkdir()
    (folder / Path(KEY).name).write_bytes(data)
    keys = []
    for one in create_parity(folder / Path(KEY).name, percent=percent):
        put(storage, f"a/b/parity/{one.name}", one.read_bytes())
        keys.append(f"a/b/parity/{one.name}")
    return tuple(keys)


def repair(*storages: Storage, parity: Sequence[str] = (), elsewhere: Sequence[str] = ()) -> RepairOutcome:
    request = RepairRequest(
        key=KEY, size=len(DATA), digest=DIGEST, storages=storages, parity=parity, elsewhere=elsewhere
    )
    return repair_object(request)


def flipped(data: bytes, *places: int) -> bytes:
    changed = bytearray(data)
    for place in places:
        changed[place] ^= 1
    return bytes(changed)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    (tmp_path / "first").mkdir()
    put(FolderStorage(tmp_path / "first"), KEY, DATA)
    return tmp_path / "first"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    (tmp_path / "second").mkdir()
    put(FolderStorage(tmp_path / "second"), KEY, DATA)
    return tmp_path / "second"


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "bit": lambda data: flipped(data, 1000),
    "cut short": lambda data: data[:-1000],
    "empty": lambda data: b"",
    "inserted": lambda data: data[:1000] + b"more" + data[1000:],
    "lost": lambda data: None,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_whole_replica_comes_first(first: Path, second: Path, tmp_path: Path, damage: str) -> None:
    storages = FolderStorage(first), FolderStorage(second)
    parity = parity_of(DATA, storages[0], tmp_path / "parity")
    assert repair(*storages, parity=parity).method == RepairMethod.SOUND
    changed = DAMAGE[damage](DATA)
    (first / KEY).unlink()
    if changed is not None:
        (first / KEY).write_bytes(changed)
    outcome = repair(*storages, parity=parity)
    assert (outcome.method, outcome.source) == (RepairMethod.REPLICA, 1)
    assert read(storages[0], KEY) == DATA
    # the damaged bytes stay
    assert (outcome.damaged != "") == (changed is not None)
    if changed is not None:
        assert outcome.damaged.startswith(DAMAGED)
        assert read(storages[0], outcome.damaged) == changed
    assert repair(*storages).method == RepairMethod.SOUND


@pytest.mark.parametrize("damage", [one for one in DAMAGE if one not in {"lost", "empty"}])
def test_parity_mends_where_no_replica_is_whole(
    first: Path, second: Path, tmp_path: Path, damage: str
) -> None:
    storages = FolderStorage(first), FolderStorage(second)
    parity = parity_of(DATA, storages[0], tmp_path / "parity")
    changed = DAMAGE[damage](DATA)
    assert changed is not None
    (first / KEY).write_bytes(changed)
    (second / KEY).write_bytes(bytes(len(DATA)))
    outcome = repair(*storages, parity=parity)
    assert outcome.method == RepairMethod.PARITY
    assert read(storages[0], KEY) == DATA
    assert read(storages[0], outcome.damaged) == changed


def test_parity_and_both_copies_together_mend_what_none_could(
    first: Path, second: Path, tmp_path: Path
) -> None:
    storages = FolderStorage(first), FolderStorage(second)
    parity = parity_of(DATA, storages[1], tmp_path / "parity")
    half = len(DATA) // 2
    (first / KEY).write_bytes(bytes(half + 50_000) + DATA[half + 50_000 :])
    (second / KEY).write_bytes(DATA[:half] + bytes(half))
    assert repair(storages[0], parity=parity).method == RepairMethod.LOST
    assert repair(*storages, parity=parity).method == RepairMethod.PARITY
    assert read(storages[0], KEY) == DATA


def test_what_is_lost_is_told_and_nothing_is_written(first: Path, tmp_path: Path) -> None:
    storage = FolderStorage(first)
    parity = parity_of(DATA, storage, tmp_path / "parity")
    changed = bytes(1 << 20) + DATA[1 << 20 :]
    (first / KEY).write_bytes(changed)
    before = [one.key for one in storage.list()]
    outcome = repair(storage, parity=parity)
    assert (outcome.method, outcome.found, outcome.blocks) == (RepairMethod.LOST, 256, 512)
    assert read(storage, KEY) == changed
    assert [one.key for one in storage.list()] == before


def test_parity_of_something_else_writes_nothing(first: Path, tmp_path: Path) -> None:
    """A digest decides: parity that fits the damaged bytes would declare them whole."""
    storage = FolderStorage(first)
    changed = flipped(DATA, 1000)
    (first / KEY).write_bytes(changed)
    parity = parity_of(changed, storage, tmp_path / "parity")
    assert repair(storage, parity=parity).method == RepairMethod.LOST
    assert read(storage, KEY) == changed


def test_swapped_files_are_found_under_each_others_name(first: Path) -> None:
    storage, other = FolderStorage(first), "a/b/content/volume-2.asice"
    put(storage, other, bytes(reversed(DATA)))
    (first / KEY).rename(first / "aside")
    (first / other).rename(first / KEY)
    (first / "aside").rename(first / other)
    outcome = repair(storage, elsewhere=(other,))
    assert outcome.method == RepairMethod.OTHER_NAME
    assert read(storage, KEY) == DATA
    assert read(storage, outcome.damaged) == bytes(reversed(DATA))


def test_a_storage_that_does_not_answer_is_not_damaged(first: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageUnreachable):
        repair(FolderStorage(tmp_path / "not-mounted"), FolderStorage(first))


def test_a_locked_object_gets_a_newer_version_and_the_damaged_one_stays(
    first: Path, object_store: ObjectStore
) -> None:
    lock = RetentionLock(until=datetime.now(UTC) + timedelta(seconds=60))
    changed = flipped(DATA, 1000)
    put(object_store, KEY, changed, lock)
    request = RepairRequest(
        key=KEY, size=len(DATA), digest=DIGEST, storages=(object_store, FolderStorage(first)), lock=lock
    )
    outcome = repair_object(request)
    assert outcome.method == RepairMethod.REPLICA
    assert read(object_store, KEY) == DATA
    assert read(object_store, KEY, outcome.damaged) == changed
    known = object_store.head(KEY)
    assert known is not None
    assert known.lock is not None
    assert len([one for one in object_store.versions(KEY) if not one.deletion]) == 2


def rot(seaweed: SeaweedServer, data: bytes) -> None:
    """Flip a bit of ``data`` in the file in which SeaweedFS has it."""
    (volume,) = [one for one in (seaweed.folder / "data").rglob("*.dat") if data[:64] in one.read_bytes()]
    at = volume.read_bytes().index(data[:64]) + 1000
    with volume.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)[0]
        stream.seek(at)
        stream.write(bytes([byte ^ 1]))


def test_rot_inside_the_object_storage_is_mended_by_parity(
    seaweed: SeaweedServer, locking_bucket: str, tmp_path: Path
) -> None:
    """A flipped bit in a file of SeaweedFS makes a piece of 4 MiB unreadable: the server compares its checksum."""
    object_store = seaweed.store(
        locking_bucket, uuid4().hex, attempts=1
    )  # each refusal takes the server 13 s
    data = os.urandom(24 << 20)
    put(object_store, KEY, data)
    parity = parity_of(data, object_store, tmp_path / "parity", percent=25)
    rot(seaweed, data)
    with pytest.raises(StorageUnreachable):
        read(object_store, KEY)
    request = RepairRequest(
        key=KEY,
        size=len(data),
        digest=Digest.of(data),
        storages=(object_store,),
        parity=parity,
    )
    outcome = repair_object(request)
    assert outcome.method == RepairMethod.PARITY
    assert 0 < outcome.blocks - outcome.found <= outcome.blocks // 4
    assert read(object_store, KEY) == data


def test_a_copy_that_its_object_storage_does_not_give_back_is_mended_from_another(
    seaweed: SeaweedServer, locking_bucket: str, tmp_path: Path
) -> None:
    """It could not be checked, and never will be; a storage that is absent is left alone."""
    vault = new_vault(tmp_path)
    rotten = seaweed.store(locking_bucket, uuid4().hex, attempts=1)
    name, content = "urn:uuid:0d2f5dc6-6f0f-4a1b-8f7e-5a2f0f1f3b77", os.urandom(1 << 20)
    with open_catalogue(vault.folder) as catalogue:
        addition = VersionAddition(files=[added_bytes("file", content)], message="deposit", at=AT, entries=())
        inventory = add_files(replace(vault, replicas=vault.replicas[:1]), catalogue, name, None, addition)
    own = find_inventory(vault.replicas[0].storage, vault.description.id)
    assert own is not None
    bring_up(vault.replicas[0].storage, rotten, own, None)
    bring_up(vault.replicas[0].storage, rotten, inventory, None)
    replicas = (vault.replicas[0], replace(vault.replicas[1], storage=rotten))
    rot(seaweed, content)
    with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
        vault = replace(vault, replicas=replicas)
        list(audit(vault, due_checks(vault, catalogue, table, at=AT), table, clock=lambda: AT))
        (bad,) = known_damage(table)
        assert (bad.storage, bad.outcome) == (replicas[1].name, CheckOutcome.UNCHECKED)
        gone = replace(replicas[1], storage=FolderStorage(tmp_path / "not-mounted"))
        assert list(repair_vault(replace(vault, replicas=(replicas[0], gone)), table, clock=lambda: AT)) == []
        (done,) = repair_vault(vault, table, clock=lambda: AT)
        assert done.repaired and [one.method for one in done.files] == [RepairMethod.REPLICA]
        assert list(known_damage(table)) == []
