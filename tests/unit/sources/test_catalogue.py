"""Every mapping of the catalogue has no fault, and passes the tests it carries; a test that fails says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.operations.mapping.check_mapping import CheckRequest, check_mapping
from formats.sources.mapped.mapping_tests import run_tests
from tests.docs.pages import ROOT
from tests.unit.sources.described import mapping

CATALOGUE = sorted((ROOT / "docs" / "mappings").glob("*.toml"))
TEST = """
[[tests]]
name = "a patient"
rows.PATIENTS = [{ NUM = 1, NOM = "Abadie", NE = "31/02/1975" }]
findings = ["mapped-value-unreadable"]
[tests.records]
patients = [{ traits.birth_family_name = "Abadie", status = "active" }]
"""


def test_there_are_mappings() -> None:
    assert CATALOGUE


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.name)
def test_a_mapping_of_the_catalogue_is_sound_and_tested(path: Path) -> None:
    checked = check_mapping(CheckRequest(mapping=path))
    assert checked.sound, [one.text for one in (*checked.faults, *checked.failures)]
    assert checked.tests


def failures(text: str) -> list[str]:
    return [one.text for tested in run_tests(mapping(text)) for one in tested.failures]


def test_a_test_that_passes_says_nothing() -> None:
    assert failures(TEST) == []


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            '"Abadie", status',
            '"Abady", status',
            'patients (“patients”) 1: “traits.birth_family_name” is "Abadie", and "Abady" was expected.',
        ),
        (
            '"active"',
            '"deceased"',
            'patients (“patients”) 1: “status” is "active", and "deceased" was expected.',
        ),
        ("[{ traits", "[{}, { traits", "patients (“patients”): made: 1, expected: 2."),
        (
            '["mapped-value-unreadable"]',
            "[]",
            "The finding mapped-value-unreadable came this often: 1, expected: 0.",
        ),
        ("rows.PATIENTS = [{ NUM = 1,", "rows.PATIENTS = [{ NUM = 1, ANCIEN = 'x',", ""),
    ],
)
def test_a_test_that_fails_says_what_is_otherwise(right: str, wrong: str, sentence: str) -> None:
    assert right in TEST
    assert failures(TEST.replace(right, wrong)) == ([sentence] if sentence else [])
