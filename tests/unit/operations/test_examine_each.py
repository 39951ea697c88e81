"""Many packages examined in one run: each judged, none twice, none of them stopping the others."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archiver.examination.errors import NoPackage
from archiver.examination.examine_each import Result, count_results, examine_each, worst
from archiver.examination.find_packages import find_packages
from tests.packages import package, signer, trust, volume_set


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder of packages: one in a folder below, one unpacked, one under another name, a set, and more."""
    folder = tmp_path / "shelf"
    (folder / "2026").mkdir(parents=True)
    (folder / "a.asice").write_bytes(package())
    (folder / "2026" / "b.asice").write_bytes(package())
    (folder / "renamed.zip").write_bytes(package())
    (folder / "empty.asice").write_bytes(b"")
    (folder / "roots.pem").write_text("no package", encoding="utf-8")
    with zipfile.ZipFile(folder / "a.asice") as archive:
        archive.extractall(folder / "tree")
    volume_set(folder)
    return folder


def names(folder: Path, *named: Path) -> list[str]:
    return [one.relative_to(folder).as_posix() for one in find_packages(named or [folder]).places]


def test_a_folder_is_looked_through_for_packages(shelf: Path) -> None:
    found = names(shelf)
    assert found[0] == "p-set.asice"
    volumes = {"p-001.asice", "p-002.asice", "p-003.asice"}
    assert set(found[1:]) == {"a.asice", "2026/b.asice", "renamed.zip", "empty.asice", "tree", *volumes}
    assert len(found) == len(set(found))


def test_a_tree_without_its_first_file_is_still_seen(shelf: Path) -> None:
    (shelf / "tree" / "mimetype").unlink()
    assert "tree" in names(shelf)


def test_what_is_named_twice_is_examined_once(shelf: Path) -> None:
    twice = names(shelf, shelf / "a.asice", shelf, shelf / "tree" / ".." / "a.asice")
    assert twice.count("a.asice") == 1


def test_a_folder_without_packages_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Bonjour", encoding="utf-8")
    with pytest.raises(NoPackage):
        find_packages([tmp_path])


def test_a_folder_that_cannot_be_read_is_a_finding(shelf: Path, tmp_path: Path) -> None:
    (shelf / "elsewhere").symlink_to(tmp_path)
    (one,) = find_packages([shelf]).findings
    assert (one.code, one.where) == ("link-outside", "elsewhere")


def test_each_is_judged_and_volumes_only_once(shelf: Path) -> None:
    found = find_packages([shelf])
    each = list(examine_each([*found.places, shelf / "lost.asice"], trust(signer())))
    results = {one.path.relative_to(shelf).as_posix(): one.result for one in each}
    assert results == {
        "p-set.asice": Result.PROVEN,
        "2026/b.asice": Result.PROVEN,
        "a.asice": Result.PROVEN,
        "renamed.zip": Result.PROVEN,
        "tree": Result.PROVEN,
        "empty.asice": Result.REFUSED,
        "lost.asice": Result.UNEXAMINED,
    }
    counted = count_results(each)
    assert (counted[Result.PROVEN], counted[Result.UNDECIDED]) == (5, 0)
    found_worst = worst(each)
    assert found_worst is not None and found_worst.path.name == "empty.asice"


def test_nothing_is_the_worst_of_nothing() -> None:
    assert worst([]) is None
