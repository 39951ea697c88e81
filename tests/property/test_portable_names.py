"""A name that is accepted, or that is made here, means on Windows the same file as anywhere else."""

from __future__ import annotations

import ntpath
from pathlib import PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis.strategies import integers, lists, sampled_from, text

from archiver.package.layout import set_name, volume_name
from formats.errors import UnsafeName
from formats.paths import MAX_NAME_BYTES, clashes, safe_path, short_name

PARTS = sampled_from(
    [
        "A", "a", "é", "CON", "nul.txt", "COM1", "lpt9.tar.gz", "C:", "\\", "\\\\server", "..", ".", "", " ",
        "x.", "x ", "~1",
    ]
)  # fmt: skip
RESERVED = getattr(ntpath, "isreserved", lambda name: PureWindowsPath(name).is_reserved())
"""The library's own judge, which moved in Python 3.13."""
NAMES = lists(PARTS | text(max_size=8), min_size=1, max_size=5).map("/".join)


def accepted(name: str) -> bool:
    try:
        safe_path(name)
    except UnsafeName:
        return False
    return True


@given(NAMES)
@example("CONOUT$")
@example("COM¹.txt")
@example("a" * MAX_NAME_BYTES)
def test_an_accepted_name_has_the_same_parts_on_windows(name: str) -> None:
    if not accepted(name):
        return
    there = PureWindowsPath(name)
    assert there.parts == safe_path(name).parts
    assert (there.drive, there.root) == ("", "")
    assert not any(map(RESERVED, there.parts))
    assert all(part == part.rstrip(". ") for part in there.parts)
    assert PureWindowsPath("C:/here", name).is_relative_to("C:/here")


@pytest.mark.parametrize(
    "name",
    [
        "C:/x", "C:x", "c:", "\\x", "a\\..\\b", "\\\\server\\share\\x", "//server/share/x", "\\\\?\\C:\\x",
        "x.txt:stream", "x::$DATA", "nul", "NUL.tar.gz", "a/CON/b", "com3.txt", "LPT¹", "x.", "x ",
        "a. /b", "x?", "x\x1f",
    ],
)  # fmt: skip
def test_a_name_that_means_something_else_on_windows_is_refused(name: str) -> None:
    assert not accepted(name)


@given(lists(NAMES.filter(accepted), min_size=2, max_size=6))
@example(["ISSUE/a", "issue/A"])
@example(["É", "é"])
def test_names_of_one_file_on_windows_clash(names: list[str]) -> None:
    if len({PureWindowsPath(name) for name in names}) < len(names):
        assert clashes(names)


@given(stem=text(max_size=3), number=integers(0, 99_999), ending=text(max_size=5))
def test_a_short_name_is_usable_on_windows(stem: str, number: int, ending: str) -> None:
    name = short_name(stem, number, ending)
    assert accepted(name)
    assert not RESERVED(name)


@given(name=text(min_size=1, max_size=8).filter(accepted), number=integers(1, 999))
def test_the_files_of_a_set_are_usable_on_windows(name: str, number: int) -> None:
    package = f"{name}.asice"
    if "/" not in name and accepted(package):
        assert accepted(volume_name(package, number))
        assert accepted(set_name(package))
