"""Of which moment an export is: an older one that is collected later replaces nothing, nor one that does not say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.operations.collecting.collect import collect
from archiver.practice.store import PracticeStore, open_store
from formats.fhir.write import write_bundle
from formats.fhir_exports.read import read_export
from formats.model.people import Patient
from formats.reading import StateMoment
from tests.full_dossier import full_dossier
from tests.unit.fhir_exports.exports import ALLERGY, ORGANIZATION, PATIENT, bundle, lay_lines, lines
from tests.unit.fhir_exports.test_read import lay, read

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-09-01T12:00:00+02:00"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def changed(node: dict[str, Any], at: str) -> dict[str, Any]:
    return {**node, "meta": {"lastUpdated": at}}


PROVENANCE = {
    "resourceType": "Provenance",
    "id": "pr",
    "target": [{"reference": "AllergyIntolerance/a1"}],
    "recorded": LATE,
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bundle((ORGANIZATION, PATIENT), timestamp=LATE), LATE),
        (bundle((ORGANIZATION, changed(PATIENT, LATE)), timestamp=EARLY), EARLY),
        (lines((ORGANIZATION, changed(PATIENT, EARLY))), EARLY),
        (lines((ORGANIZATION, changed(PATIENT, EARLY), changed(ALLERGY, LATE))), LATE),
        (lines((ORGANIZATION, PATIENT, ALLERGY, PROVENANCE)), LATE),
        (lines((ORGANIZATION, PATIENT)), None),
        (bundle((ORGANIZATION, PATIENT), timestamp="2026"), None),
        (bundle((ORGANIZATION, PATIENT), timestamp=7), None),
        (lines((ORGANIZATION, changed(PATIENT, "hier"))), None),
    ],
)
def test_the_moment_of_a_patient(tmp_path: Path, data: bytes, expected: str | None) -> None:
    items = read(lay(tmp_path, data, "x.ndjson" if data.startswith(b'{"resourceType": "Org') else "x.json"))
    found = [one for one in items if isinstance(one, StateMoment)]
    assert [one.at for one in found if one.patient] == [moment(expected)]
    assert all(one.collected for one in found)


def test_a_bundle_of_ours_is_of_the_moment_it_was_written(tmp_path: Path) -> None:
    dossier = full_dossier()
    with (tmp_path / "x.json").open("wb") as target:
        write_bundle(dossier, target, written_at=NOW)
    found = [one for one in read(tmp_path / "x.json") if isinstance(one, StateMoment)]
    assert {(one.patient, one.at) for one in found if one.patient} == {(dossier.patient.id, NOW)}


def take(store: PracticeStore, place: Path) -> list[str]:
    """Collect an export, and return the codes of what is said of moments."""
    outcome = collect(store, read_export(place), system="fhir", outside=True, clock=lambda: NOW)
    return [one.code for one in outcome.findings if one.code.startswith("newer")]


def given(store: PracticeStore) -> str:
    (one,) = store.patients()
    return store.dossier(one.id).patient.traits.birth_given_names[0]


def named(name: str) -> dict[str, Any]:
    return {**PATIENT, "name": [{"family": "MARTIN", "given": [name]}]}


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (EARLY, LATE, False),
        (LATE, EARLY, True),
        (LATE, LATE, False),
        (LATE, None, True),
        (None, EARLY, False),
        (None, None, False),
        ("2999-01-01T00:00:00Z", "2027-01-01T00:00:00Z", False),
    ],
)
def test_an_older_export_replaces_nothing(
    tmp_path: Path, first: str | None, second: str | None, *, stays: bool
) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        for number, (name, at) in enumerate((("Jeanne", first), ("Anne", second))):
            more: dict[str, Any] = {"timestamp": at} if at else {}
            codes = take(store, lay(tmp_path, bundle((ORGANIZATION, named(name)), **more), f"{number}.json"))
        assert given(store) == ("Jeanne" if stays else "Anne")
        assert codes == ([("newer-here" if second else "newer-perhaps")] if stays else [])


def test_what_an_older_export_has_besides_comes_in(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db", create=True) as store:
        take(store, lay(tmp_path, bundle((ORGANIZATION, PATIENT), timestamp=LATE), "1.json"))
        take(store, lay(tmp_path, bundle((ORGANIZATION, named("Anne"), ALLERGY), timestamp=EARLY), "2.json"))
        (one,) = store.patients()
        assert given(store) == "Jeanne"
        assert len(store.dossier(one.id).health_statements) == 1


def test_each_patient_has_a_moment_of_their_own(tmp_path: Path) -> None:
    lay_lines(tmp_path / "folder", (ORGANIZATION,))
    for number, at in (("p1", EARLY), ("p2", LATE)):
        data = json.dumps({"resourceType": "Bundle", "type": "document", "timestamp": at,
                           "entry": [{"resource": {**PATIENT, "id": number}}]}).encode()  # fmt: skip
        lay(tmp_path / "folder", data, f"{number}.json")
    found = [one for one in read(tmp_path / "folder") if isinstance(one, (StateMoment, Patient))]
    assert [one.at for one in found if isinstance(one, StateMoment) and one.patient] == [
        moment(EARLY),
        moment(LATE),
    ]
