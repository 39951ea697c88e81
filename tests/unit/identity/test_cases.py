"""The shared cases of two records that may be of one person, with their right answers, read as Open Dental has them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archiver.identity.comparison import PLACEHOLDER
from archiver.identity.known_people import Decision, KnownPeople, PatientIdentity
from formats.model.identity import IdentifierType
from formats.model.people import Patient
from tests.material import SHARED
from tests.unit.opendental.tiny import reading

CASES: dict[str, dict[str, Any]] = {
    one["case"]: one for one in json.loads((SHARED / "cases" / "identity.json").read_text(encoding="utf-8"))
}
QUESTION_OR_NEW = frozenset({"ins-zeros"})
"""Cases of which both answers are right, as the reason beside them says."""


def _patient(folder: Path, number: int, values: list[Any]) -> Patient:
    family, given, middle, born, gender, fields = values
    row = {
        "PatNum": 2,
        "LName": family,
        "FName": given,
        "MiddleI": middle,
        "Birthdate": born,
        "Gender": gender,
    }
    filled = [{"PatNum": 2, "FieldName": name, "FieldValue": value} for name, value in fields.items()]
    place = folder / str(number)
    place.mkdir()
    read = reading(place, {"patient": [row], "patfield": filled}).records(Patient)[1]
    other_practice = tuple(one for one in read.identifiers if one.type is IdentifierType.INS)
    return replace(read, id=f"patient-{number}", identifiers=other_practice)


def _decided(folder: Path, case: str) -> Decision:
    here, leaving = (_patient(folder, n, CASES[case][side]) for n, side in enumerate(("here", "leaving")))
    return KnownPeople([here]).decide(leaving)


@pytest.mark.parametrize("case", CASES)
def test_the_right_answer(case: str, tmp_path: Path) -> None:
    decision = _decided(tmp_path, case)
    right = {PatientIdentity(CASES[case]["right"])}
    if case in QUESTION_OR_NEW:
        right.add(PatientIdentity.NEW)
    assert decision.identity in right, decision
    assert decision.candidates == (() if decision.identity is PatientIdentity.NEW else ("patient-0",))


def test_a_date_that_a_program_wrote_is_said_to_be_one(tmp_path: Path) -> None:
    assert _decided(tmp_path, "placeholder-1900").reason == PLACEHOLDER.sentence
