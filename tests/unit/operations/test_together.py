"""Files that get their names together: all of them or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archiver.errors import AlreadyExists
from archiver.file_transaction import FileTransaction, file_transaction
from formats.errors import FolderNotFound

NAMES = ("a", "b", "c")


@pytest.fixture(params=["nameless", "named"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, on a system with nameless files and on one without."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return tmp_path


def fill(files: FileTransaction, folder: Path) -> None:
    for name in NAMES:
        stream = files.open()
        stream.write(name.encode() * 9)
        files.name(stream, folder / name)
    files.open().write(b"nobody names this one")


def test_all_of_them_when_the_block_ends_well(folder: Path) -> None:
    with file_transaction(folder / "a") as files:
        fill(files, folder)
        assert not any((folder / name).exists() for name in NAMES)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: name.encode() * 9 for name in NAMES
    }


def test_none_of_them_when_it_does_not(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), file_transaction(folder / "a") as files:
        fill(files, folder)
        raise KeyboardInterrupt
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("taken", NAMES)
def test_none_of_them_when_somebody_took_a_name_meanwhile(folder: Path, taken: str) -> None:
    with pytest.raises(AlreadyExists, match=taken), file_transaction(folder / "a") as files:
        fill(files, folder)
        (folder / taken).write_bytes(b"theirs")
    assert [path.read_bytes() for path in folder.iterdir()] == [b"theirs"]


def test_a_name_that_is_taken_is_refused_at_once(folder: Path) -> None:
    (folder / "b").write_bytes(b"theirs")
    with pytest.raises(AlreadyExists, match="b"), file_transaction(folder / "a") as files:
        fill(files, folder)
    assert [path.name for path in folder.iterdir()] == ["b"]


def test_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(FolderNotFound, match="missing"), file_transaction(folder / "missing" / "a") as files:
        files.open()
