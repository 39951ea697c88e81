"""The files below a prefix are listed by the folder that it names: a storage root has thousands beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.storage.folder import FolderStorage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    for name in ("a/b/one", "a/b/two", "a/bb/three", "c/four", "outside/five"):
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    (tmp_path / "root" / "outside").rename(tmp_path / "outside")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "outside")
    return FolderStorage(tmp_path / "root")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the folders that were read."""
    names: list[str] = []
    scandir: Callable[[Any], Any] = os.scandir

    def noted(folder: Path) -> Any:
        names.append(folder.name)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", noted)
    return names


@pytest.mark.parametrize(
    ("prefix", "keys", "folders"),
    [
        ("a/b/", ["a/b/one", "a/b/two"], ["b"]),
        ("a/b", ["a/b/one", "a/b/two", "a/bb/three"], ["a", "b", "bb"]),
        ("a/b/t", ["a/b/two"], ["b"]),
        ("c/four", ["c/four"], ["c"]),
        ("c/four/", [], []),
        ("nowhere/", [], []),
        ("link/", [], []),
        ("", ["a/b/one", "a/b/two", "a/bb/three", "c/four", "link"], ["root", "a", "b", "bb", "c"]),
    ],
)
def test_only_what_the_prefix_names_is_read(
    storage: FolderStorage, read: list[str], prefix: str, keys: list[str], folders: list[str]
) -> None:
    assert [one.key for one in storage.list(prefix)] == keys
    assert read == folders
