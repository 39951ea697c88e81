"""Sizes: modules, functions and folders that a newcomer can take in, one name for one thing."""

from __future__ import annotations

from statistics import median

import pytest

from tests.architecture import structure
from tests.architecture.structure import ROOT, Size, Structure, measure, share, twice

MODULE_LINES = 320
MEDIAN_MODULE_LINES = 115
FUNCTION_LINES = 55
MEDIAN_FUNCTION_LINES = 7
MODULES_A_FOLDER = 16
CLI_SHARE = 0.12


@pytest.fixture(scope="module")
def measured() -> Structure:
    found = measure(ROOT)
    assert len(found.modules) > 300 and len(found.functions) > 2000, "too little was seen"
    return found


def beyond(sizes: tuple[Size, ...], limit: int) -> list[str]:
    return [f"{size.lines} {size.place}" for size in sizes if size.lines > limit]


def test_no_module_is_longer_than_its_limit(measured: Structure) -> None:
    assert beyond(measured.modules, MODULE_LINES) == []
    assert median(size.lines for size in measured.modules) <= MEDIAN_MODULE_LINES


def test_no_function_is_longer_than_its_limit(measured: Structure) -> None:
    assert beyond(measured.functions, FUNCTION_LINES) == []
    assert median(size.lines for size in measured.functions) <= MEDIAN_FUNCTION_LINES


def test_no_folder_has_more_modules_than_people_keep_apart(measured: Structure) -> None:
    assert {folder: count for folder, count in measured.folders.items() if count > MODULES_A_FOLDER} == {}


def test_the_command_line_stays_thin(measured: Structure) -> None:
    assert share(measured, "archiver/cli/") < CLI_SHARE


def test_a_public_name_is_defined_once(measured: Structure) -> None:
    assert twice(measured) == {}


def test_what_is_forbidden_is_found() -> None:
    sizes = (Size(lines=321, place="a"), Size(lines=320, place="b"))
    assert beyond(sizes, MODULE_LINES) == ["321 a"]
    double = Structure(
        modules=sizes,
        functions=sizes,
        folders={},
        names={"read": ("formats/a.py", "formats/b.py"), "run": ("archiver/cli/a.py", "archiver/b.py")},
        imports={},
    )
    assert twice(double) == {"read": ("formats/a.py", "formats/b.py")}
    assert share(double, "a") == pytest.approx(321 / 641)
    assert any("public names defined in two modules: 1" in line for line in structure.describe(double))
