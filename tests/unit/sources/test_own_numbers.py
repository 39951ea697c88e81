"""The number under which a practice knows a patient: that of the mapping, or else the key of the patient's row."""

from __future__ import annotations

from typing import Any

import pytest

from formats.model.identity import Identifier, IdentifierType
from formats.model.people import Patient
from tests.unit.sources.described import given

FIELDS = "[tables.PATIENTS.records.fields]\n"
ROW = {"NUM": "12", "NOM": "Abadie", "NE": "04/09/1975", "FICHE": "F/7", "SORTE": "d"}


def numbers(text: str, *rows: dict[str, Any]) -> list[list[tuple[IdentifierType, str]]]:
    found = given(text, {"PATIENTS": rows or [ROW]}).records(Patient)
    return [[(one.type, one.value) for one in patient.identifiers] for patient in found]


def test_without_a_number_in_the_mapping_it_is_the_key() -> None:
    patient = given("", {"PATIENTS": [ROW]}).one(Patient)
    assert patient.identifiers == (
        Identifier(type=IdentifierType.LOCAL, system=f"urn:uuid:{patient.practice}", value="12"),
    )


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ('{ type = "=LOCAL", system = "=urn:a", value = "FICHE" }', [(IdentifierType.LOCAL, "F/7")]),
        (
            '{ type = "=CHART", system = "=urn:a", value = "FICHE" }',
            [(IdentifierType.LOCAL, "12"), (IdentifierType.CHART, "F/7")],
        ),
        (
            '{ type = { column = "SORTE", codes = { d = "LOCAL" } }, system = "=urn:a", value = "FICHE" }',
            [(IdentifierType.LOCAL, "F/7")],
        ),
        (
            '{ type = { column = "SORTE", codes = { d = "CHART" } }, system = "=urn:a", value = "FICHE" }',
            [(IdentifierType.LOCAL, "12"), (IdentifierType.CHART, "F/7")],
        ),
    ],
)
def test_the_number_of_the_mapping_comes_first(
    identifiers: str, expected: list[tuple[IdentifierType, str]]
) -> None:
    assert numbers(f"{FIELDS}identifiers = [{identifiers}]") == [expected]


def test_a_number_that_one_row_lacks_is_not_taken_from_another_series() -> None:
    text = f'{FIELDS}identifiers = [{{ type = "=LOCAL", system = "=urn:a", value = "FICHE" }}]'
    assert numbers(text, {**ROW, "FICHE": ""}) == [[]]


def test_the_key_is_shown_as_it_is_written() -> None:
    assert numbers("", {**ROW, "NUM": "A/7"}, {**ROW, "NUM": "A/7"}, {**ROW, "NUM": ""}) == [
        [(IdentifierType.LOCAL, "A/7")],
        [(IdentifierType.LOCAL, "A/7")],
        [],
    ]
