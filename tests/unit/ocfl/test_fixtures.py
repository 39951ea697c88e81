"""The official fixtures of OCFL 1.1, where they lie on this machine: what is wrong with each is in its name."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from formats.findings import Severity
from formats.ocfl.check_object import check_object
from tests.unit.ocfl.folders import Folder

FIXTURES = Path(os.environ.get("OCFL_FIXTURES", "/nowhere")) / "1.1"
"""A copy of https://github.com/OCFL/fixtures, which nothing of this project holds."""
LEAST = {"good-objects": 12, "warn-objects": 13, "bad-objects": 50}

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="OCFL_FIXTURES names no copy of OCFL/fixtures")


def cases(kind: str) -> list[Path]:
    return sorted((FIXTURES / kind).iterdir()) if FIXTURES.is_dir() else []


@pytest.mark.parametrize("kind", LEAST)
def test_enough_was_seen(kind: str) -> None:
    assert len(cases(kind)) >= LEAST[kind]


@pytest.mark.parametrize("case", cases("good-objects"), ids=lambda one: one.name)
def test_a_good_object_breaks_no_rule(case: Path) -> None:
    found = [one for one in check_object(Folder(case), "") if one.severity is Severity.ERROR]
    assert found == []


@pytest.mark.parametrize("case", cases("bad-objects") + cases("warn-objects"), ids=lambda one: one.name)
def test_a_flaw_is_found_under_a_code_of_its_name(case: Path) -> None:
    found = list(check_object(Folder(case), ""))
    codes = {one.code for one in found}
    expected = set(re.findall(r"[EW]\d{3}", case.name))
    assert codes & expected, [f"{one.code} {one.text}" for one in found]
    if case.parent.name == "warn-objects":
        assert expected <= codes
        assert not any(one.startswith("E") for one in codes), codes
