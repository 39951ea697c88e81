"""Whose the dossiers of an export are that name no organisation: who issued all numbers, in any order."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from formats.errors import FormatFailure
from formats.fhir_exports.issuers import PracticeAmbiguous, PracticeUnknown
from formats.fhir_exports.read import read_export
from formats.model.people import Patient, Practice
from tests.unit.fhir_exports.exports import ORGANIZATION, PATIENT, bundle
from tests.unit.fhir_exports.test_read import lay, of, read

INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "279035121518989"}
OURS = {"system": "urn:oid:1.2.3.4.5", "value": "4711"}
HOSPITAL = {"system": "urn:oid:1.2.3.9", "value": "77"}
NATIONAL = {
    "system": "https://passports.example.invalid",
    "value": "X1",
    "type": {"coding": [{"code": "PPN"}]},
}


def patient(number: int, *identifiers: Any, **more: Any) -> dict[str, Any]:
    found = {name: value for name, value in PATIENT.items() if name != "managingOrganization"}
    return {**found, "id": f"p{number}", "identifier": list(identifiers), **more}


def practice_of(tmp_path: Path, *patients: Any) -> str:
    """Return the name of the practice, which is the same in whatever order patients come."""
    names = set()
    for order in itertools.permutations(patients):
        (found,) = of(read(lay(tmp_path, bundle(order))), Practice)
        assert isinstance(found, Practice)
        names.add(found.name)
    (name,) = names
    return name


@pytest.mark.parametrize(
    "others",
    [
        [patient(2, INS)],
        [patient(2, INS, OURS)],
        [patient(2, HOSPITAL, OURS, NATIONAL)],
        [patient(2)],
        [patient(2, {**OURS, "value": "4712"}), patient(3, INS)],
    ],
)
def test_the_issuer_common_to_all_is_the_practice(tmp_path: Path, others: list[Any]) -> None:
    assert practice_of(tmp_path, patient(1, INS, OURS), *others) == "urn:oid:1.2.3.4.5"


def test_a_named_assigner_and_a_number_of_a_dossier_are_stronger(tmp_path: Path) -> None:
    record = {**OURS, "type": {"coding": [{"code": "MR"}]}}
    assert practice_of(tmp_path, patient(1, HOSPITAL, record), patient(2, record, HOSPITAL)) == OURS["system"]
    named = {**OURS, "assigner": {"display": "Cabinet Exemple"}}
    assert practice_of(tmp_path, patient(1, HOSPITAL, named), patient(2, named)) == "Cabinet Exemple"


def test_an_assigner_in_the_export_is_that_organisation(tmp_path: Path) -> None:
    named = {**OURS, "assigner": {"reference": "Organization/org"}}
    items = read(lay(tmp_path, bundle((ORGANIZATION, patient(1, named), patient(2, named)))))
    (found,) = of(items, Practice)
    managed = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT)), "other.json"))
    assert found == of(managed, Practice)[0]
    assert {one.practice for one in of(items, Patient)} == {found.id}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "managing",
    [
        {"display": "Cabinet Exemple"},
        {"reference": "#inner"},
        {"reference": "Organization/elsewhere", "display": "Cabinet Exemple"},
    ],
)
def test_an_organisation_that_is_described_and_not_there(tmp_path: Path, managing: Any) -> None:
    inner = {"resourceType": "Organization", "id": "inner", "name": "Cabinet Exemple"}
    one = patient(1, INS, HOSPITAL, managingOrganization=managing, contained=[inner])
    assert practice_of(tmp_path, one) == "Cabinet Exemple"


@pytest.mark.parametrize(
    ("patients", "expected"),
    [
        ([patient(1, INS)], PracticeUnknown),
        ([patient(1, NATIONAL), patient(2)], PracticeUnknown),
        ([patient(1, OURS, HOSPITAL)], PracticeAmbiguous),
        ([patient(1, OURS), patient(2, HOSPITAL)], PracticeAmbiguous),
    ],
)
def test_what_cannot_be_known_is_asked(
    tmp_path: Path, patients: list[Any], expected: type[FormatFailure]
) -> None:
    place = lay(tmp_path, bundle(patients))
    with pytest.raises(expected):
        list(read_export(place))
    items = list(read_export(place, practice="630000019"))
    (found,) = (one for one in items if isinstance(one, Practice))
    assert found.name == "630000019"
    assert {one.practice for one in items if isinstance(one, Patient)} == {found.id}


def test_an_organisation_of_all_needs_no_name_beside_it(tmp_path: Path) -> None:
    items = list(read_export(lay(tmp_path, bundle((ORGANIZATION, PATIENT))), practice="630000019"))
    assert [one.name for one in items if isinstance(one, Practice)] == ["Cabinet Exemple"]
