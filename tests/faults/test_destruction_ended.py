"""A storage that keeps what it was told to remove, and what is removed below a place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from archiver.storage import purge as purging
from archiver.storage.errors import StorageKeepsRemoved
from archiver.storage.folder import FolderStorage
from formats.digests import SHA512, Digest
from tests.journeys.line import contents


class KeepingStorage(FolderStorage):
    """A folder that answers that it removed something, and has it still."""

    def remove(self, key: str) -> None:
        """Remove nothing, and say nothing."""


def filled(folder: Path, kind: type[FolderStorage], files: Mapping[str, bytes]) -> FolderStorage:
    folder.mkdir()
    storage = kind(folder)
    for key, data in files.items():
        digest = Digest.of(data, algorithm=SHA512)
        with (folder.parent / "source").open("w+b") as source:
            source.write(data)
            source.seek(0)
            storage.put(key, source, size=len(data), digest=digest)
    return storage


FILES = {"place/a": b"one", "place/v1/b": b"two", "place/kept": b"three", "places/c": b"four"}


def test_a_storage_that_keeps_what_it_removed_is_found(tmp_path: Path) -> None:
    storage = filled(tmp_path / "disk", KeepingStorage, FILES)
    with pytest.raises(StorageKeepsRemoved) as raised:
        purging.purge(storage, "place/", preserve={"place/kept"})
    assert raised.value.facts["count"] == 2


def test_everything_below_a_place_is_removed_and_what_has_no_name_yet(tmp_path: Path) -> None:
    storage = filled(tmp_path / "disk", FolderStorage, FILES)
    (tmp_path / "disk" / "place" / "v1" / ".b.x1y2.part").write_bytes(b"two")
    assert purging.purge(storage, "place/", preserve={"place/kept"}) == 2
    assert contents(tmp_path / "disk").keys() == {"place", "place/kept", "places", "places/c"}
    assert purging.purge(storage, "place/", preserve={"place/kept"}) == 0
