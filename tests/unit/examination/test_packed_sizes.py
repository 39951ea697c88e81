"""The sizes of what is about to be read: of a package, a set, a folder; and no further than they are asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

from archiver.examination.examine import packed_sizes


def written(folder: Path, **sizes: int) -> Path:
    folder.mkdir()
    for name, size in sizes.items():
        (folder / f"{name.replace('_', '-')}.asice").write_bytes(bytes(size))
    return folder


def test_a_package_a_volume_and_a_set(tmp_path: Path) -> None:
    folder = written(tmp_path / "x", other=1, one_set=2, one_001=4, one_002=8)
    assert sorted(packed_sizes(folder / "other.asice")) == [1]
    assert sorted(packed_sizes(folder / "one-001.asice")) == [4]
    assert sorted(packed_sizes(folder / "one-set.asice")) == [2, 4, 8]
    assert [*packed_sizes(folder / "nobody.asice")] == []


def test_a_folder_is_gone_through_only_as_far_as_sizes_are_asked_for(tmp_path: Path) -> None:
    folder = written(tmp_path / "x", one=1, two=1, three=1)
    assert [*packed_sizes(folder)] == [1, 1, 1]
    sizes = packed_sizes(folder)
    assert next(sizes) == 1
    shutil.rmtree(folder)
    assert [*sizes] == []
