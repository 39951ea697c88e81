"""The judge finds what is wrong, and nothing in what is right."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from tests.dossiers import full_dossier
from tests.fhir_judge import judge_bundle, judge_resource
from tests.unit.fhir.bundles import PATIENT, PRACTICE, SUBJECT, foreign, written

ROOT = Path(__file__).resolve().parents[3]


def faults(*resources: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.code, finding.text) for finding in judge_bundle(io.BytesIO(foreign(*resources)))]


def test_our_bundle_is_valid() -> None:
    assert [finding.text for finding in judge_bundle(io.BytesIO(written(full_dossier())))] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"gender": "plop"}, "value set"),
        ({"shoeSize": 42}, "shoeSize"),
        ({"birthDate": "2021-02-30"}, "birthDate"),
        ({"name": [{"family": "  "}]}, "blank"),
        ({"name": [{"family": "a\x00b"}]}, "control character"),
        ({"extension": [{"url": "https://example.org/x"}]}, "says nothing"),
        ({"managingOrganization": {"reference": "Patient/a1"}}, "type of resource"),
        ({"managingOrganization": {"reference": "Organization/p2"}}, "leads nowhere"),
    ],
)
def test_a_fault_is_found(change: dict[str, Any], sentence: str) -> None:
    assert faults(PRACTICE, PATIENT) == []
    [(_, text)] = faults(PRACTICE, PATIENT | change)
    assert sentence in text


def test_a_missing_element_is_found() -> None:
    claim = {"resourceType": "Claim", "id": "c", "status": "active", "patient": SUBJECT}
    assert {code for code, _ in faults(PRACTICE, PATIENT, claim)} == {"invalid"}


def test_two_resources_under_one_address_are_found() -> None:
    assert ("address-twice", "The address Organization/p1 is used twice.") in faults(
        PRACTICE, PRACTICE, PATIENT
    )


@pytest.mark.parametrize("name", ["Spaceship", "Coding", "", "../x"])
def test_a_type_r4b_has_not_is_found(name: str) -> None:
    [finding] = judge_resource({"resourceType": name})
    assert finding.code == "type-unknown"


def test_reading_and_writing_do_without_the_judge() -> None:
    """As on a machine where neither the models nor pydantic are installed: one dossier there and back."""
    program = (
        "import io, sys; sys.modules.update({'fhir': None, 'pydantic': None});"
        "from formats.fhir.read import read_bundle; from tests.dossiers import full_dossier;"
        "from tests.unit.fhir.bundles import written; dossier = full_dossier();"
        "sys.exit(read_bundle(io.BytesIO(written(dossier)))[0].patient != dossier.patient)"
    )
    assert run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0
