"""The reference implementation of OCFL reads the storage roots that we write, and finds what we find."""

from __future__ import annotations

from pathlib import Path

from formats.ocfl.layout import object_place
from tests.ocfl_judge import assert_valid_ocfl, judge_ocfl
from tests.unit.ocfl.objects import ID, add_version, write_root
from tests.unit.ocfl.test_objects import FIRST, SECOND


def test_ocfl_py_finds_nothing_wrong_with_a_storage_root_of_ours(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root")
    assert_valid_ocfl(root, 0)
    add_version(root, add_version(root, None, FIRST), SECOND)
    add_version(root, None, FIRST, "urn:a-package.that-is/no:uuid" * 4)
    assert_valid_ocfl(root, 2)


def test_ocfl_py_finds_a_spoilt_file(tmp_path: Path) -> None:
    root = write_root(tmp_path / "root")
    add_version(root, None, FIRST)
    (root / object_place(ID) / "v1" / "content" / "receipts" / "001.json").write_bytes(b"receiqt")
    assert "[E092a]" in judge_ocfl(root)
