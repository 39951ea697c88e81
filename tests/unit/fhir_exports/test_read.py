"""FHIR exports of other programs: what is understood becomes records, all of it is kept, nobody is guessed."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from formats.errors import Failure
from formats.fhir.write import write_bundle
from formats.fhir_exports.places import NotFhir
from formats.fhir_exports.read import read_export
from formats.findings import Finding
from formats.model.documents import Document
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.health import HealthStatement
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item, Tally
from formats.registry import recognize
from tests.full_dossier import full_dossier
from tests.unit.fhir_exports.exports import (
    ALLERGY,
    EVERYTHING,
    LETTER,
    ORGANIZATION,
    PATIENT,
    PRACTITIONER,
    STRANGE,
    bundle,
    lay_lines,
    lines,
)


def read(place: Path, practice: str | None = None) -> list[Item]:
    """Return what is read, having compared the rows with what the source counts."""
    items = list(read_export(place, practice=practice))
    rows = Counter(one.table for one in items if isinstance(one, SourceRow))
    assert rows == {one.table: one.rows for one in items if isinstance(one, Tally)}
    identities = [one.id for one in items if isinstance(one, Record)]
    assert len(identities) == len(set(identities))
    return items


def lay(folder: Path, data: bytes, name: str = "export.json") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def of(items: list[Item], kind: type[Record]) -> list[Record]:
    return [one for one in items if type(one) is kind]


def codes(items: list[Item]) -> list[str]:
    return [one.code for one in items if isinstance(one, Finding)]


@pytest.mark.parametrize("shape", ["bundle", "lines", "folder"])
def test_an_export_of_every_shape(tmp_path: Path, shape: str) -> None:
    place = {
        "bundle": lambda: lay(tmp_path, bundle()),
        "lines": lambda: lay(tmp_path, lines(EVERYTHING), "all.ndjson"),
        "folder": lambda: lay_lines(tmp_path / "export"),
    }[shape]()
    assert recognize(str(place)) == ("fhir",)
    items = read(place)
    (practice,) = of(items, Practice)
    (patient,) = of(items, Patient)
    (statement,) = of(items, HealthStatement)
    (document,) = of(items, Document)
    assert isinstance(practice, Practice) and practice.name == "Cabinet Exemple"
    assert isinstance(patient, Patient)
    assert (patient.practice, patient.traits.birth_family_name) == (practice.id, "MARTIN")
    assert patient.traits.birth_date is not None and patient.traits.birth_date.isoformat() == "1961-02"
    assert isinstance(statement, HealthStatement) and statement.patient == patient.id
    assert isinstance(document, Document) and document.attachment is not None
    (body,) = (one for one in items if isinstance(one, FileBody))
    with body.open() as stream:
        assert stream.read() == b"%PDF-1.7\na"
    who = {one.id: one for one in of(items, Practitioner) if isinstance(one, Practitioner)}
    assert who[document.practitioner or ""].family_name == "Dr Dedans"
    assert [len(one.engagements) for one in who.values()].count(1) == 1
    assert "fhir-type-unread" in codes(items)
    found_rows = {str(one.columns["json"]) for one in items if isinstance(one, SourceRow)}
    assert {json.dumps(json.loads(one), sort_keys=True) for one in found_rows} == {
        json.dumps(one, sort_keys=True) for one in EVERYTHING
    }


def test_a_dossier_of_ours_comes_back_field_by_field(tmp_path: Path) -> None:
    dossier = full_dossier()
    target = io.BytesIO()
    write_bundle(dossier, target, written_at=datetime(2026, 9, 1, tzinfo=UTC))
    items = read(lay(tmp_path, target.getvalue()))
    assert of(items, Patient) == [dossier.patient]
    assert of(items, Practice) == [dossier.practice]
    assert of(items, Practitioner) == list(dossier.practitioners)
    for kind in PATIENT_KINDS:
        if kind is SourceRow or kind.kind == "image_studies":  # the first has none, the second no files
            continue
        before = [
            replace(one, attachment=None) if getattr(one, "attachment", None) else one
            for one in getattr(dossier, kind.kind)
        ]
        assert sorted(of(items, kind), key=lambda one: one.id) == sorted(before, key=lambda one: one.id), kind
    assert isinstance(dossier, Dossier)


def test_addresses_without_ids_are_resolved(tmp_path: Path) -> None:
    patient = {name: value for name, value in PATIENT.items() if name not in {"id", "managingOrganization"}}
    allergy = {**ALLERGY, "patient": {"reference": "urn:uuid:9b0d5b0e-0000-4000-8000-000000000001"}}
    entries = [
        {"fullUrl": "urn:uuid:9b0d5b0e-0000-4000-8000-000000000001", "resource": patient},
        {"fullUrl": "urn:uuid:9b0d5b0e-0000-4000-8000-000000000002", "resource": allergy},
    ]
    data = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
    items = read(lay(tmp_path, data))
    (found,) = of(items, Patient)
    assert [one.patient for one in of(items, HealthStatement)] == [found.id]  # type: ignore[attr-defined]


def test_nobody_is_guessed_and_nothing_is_lost(tmp_path: Path) -> None:
    lost = {**ALLERGY, "id": "a2", "patient": {"reference": "Patient/elsewhere"}}
    items = read(lay(tmp_path, bundle((PATIENT, lost))))
    assert of(items, HealthStatement) == []
    assert "fhir-no-patient" in codes(items)
    assert len(of(items, SourceRow)) == 2


def test_what_leads_out_of_the_export_is_left_out_of_the_record(tmp_path: Path) -> None:
    letter = {**LETTER, "author": [{"reference": "Practitioner/elsewhere"}], "contained": []}
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, letter))))
    (document,) = of(items, Document)
    assert document.practitioner is None  # type: ignore[attr-defined]
    assert "fhir-reference-outside" in codes(items)


def test_a_record_never_names_another_patients(tmp_path: Path) -> None:
    other = {**PATIENT, "id": "p2", "name": [{"family": "PETITJEAN"}]}
    consent = {
        "resourceType": "Consent", "id": "c1", "status": "active", "patient": {"reference": "Patient/p2"},
        "category": [{"text": "Soins"}], "sourceReference": {"reference": "DocumentReference/d1"},
    }  # fmt: skip
    items = read(lay(tmp_path, bundle((ORGANIZATION, PATIENT, other, LETTER, consent))))
    (found,) = (one for one in items if isinstance(one, Record) and one.kind == "consents")
    assert found.document is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("node", [
    {**PATIENT, "id": "bad", "name": "x"}, {**ALLERGY, "id": "bad", "meta": "x"}, {**LETTER, "id": "bad", "meta": [1]},
    {**ALLERGY, "id": "bad", "meta": {"tag": "x"}}, {**LETTER, "id": "bad", "content": "x", "category": 7},
    {**ALLERGY, "id": "bad", "contained": [{"resourceType": "Practitioner", "id": "x", "name": 3}], "patient": 7},
])  # fmt: skip
def test_one_that_cannot_be_read_is_kept_word_for_word_and_the_others_come(
    tmp_path: Path, node: object
) -> None:
    items = read(lay(tmp_path, bundle((*EVERYTHING, node))))  # type: ignore[arg-type]
    assert len(of(items, HealthStatement)) == 1
    assert len(of(items, SourceRow)) == len(EVERYTHING) + 1


@pytest.mark.parametrize("birth", ["1961-99", "00/00/1961", 1961, "2023-02-29"])
def test_a_date_that_is_none_takes_nobody_along(tmp_path: Path, birth: object) -> None:
    """The patient made no record, and with the patient nothing of the dossier did."""
    wrong = {**PATIENT, "birthDate": birth}
    allergy = {**ALLERGY, "recordedDate": "hier"}
    items = read(lay(tmp_path, bundle((ORGANIZATION, wrong, allergy))))
    (patient,) = of(items, Patient)
    assert patient.traits.birth_date is None  # type: ignore[attr-defined]
    assert len(of(items, HealthStatement)) == 1
    first, second = (one for one in items if isinstance(one, Finding) and one.code == "fhir-date-wrong")
    assert first.facts == {"name": "birthDate", "value": str(birth)}
    assert second.facts == {"name": "recordedDate", "value": "hier"}
    rows = {one.table: one for one in of(items, SourceRow)}  # type: ignore[attr-defined]
    assert json.loads(rows["Patient"].columns["json"])["birthDate"] == birth
    assert rows["Patient"].patient == patient.id  # type: ignore[attr-defined]


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    items = read(lay(tmp_path, lines((PATIENT,)) + b"{\n" + lines((STRANGE,)), "x.ndjson"))
    (finding,) = (one for one in items if isinstance(one, Finding) and one.where.endswith("x.ndjson:2"))
    assert finding.severity.value == "error"


def test_an_entry_without_a_resource_stops_no_other(tmp_path: Path) -> None:
    patient = {"resourceType": "Patient", "id": "1", "name": [{"family": "Perrichon"}]}
    note = {"resourceType": "Basic", "id": "2", "subject": {"reference": "Patient/1"}, "code": {"text": "x"}}
    deleted = {"request": {"method": "DELETE", "url": "Patient/3"}}
    entries = [{"resource": patient}, deleted, {"resource": None}, 17, {"resource": note}]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    items = read(lay(tmp_path, json.dumps(bundle).encode()), "99001")
    assert len(of(items, Patient)) == 1 and len(of(items, SourceRow)) == 2
    found = [one for one in items if isinstance(one, Finding) and one.code == "format"]
    assert [one.where for one in found] == [f"export.json: entry {number}" for number in (1, 2, 3)]


def test_two_of_one_id_are_both_kept(tmp_path: Path) -> None:
    items = read(lay(tmp_path, bundle((PATIENT, {**PATIENT, "birthDate": "1970"}))))
    assert len(of(items, Patient)) == 1
    assert len(of(items, SourceRow)) == 2
    assert "fhir-twice" in codes(items)


def test_a_file_beside_is_named(tmp_path: Path) -> None:
    lay_lines(tmp_path, (PATIENT, PRACTITIONER))
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    assert ("fhir-file-other") in codes(read(tmp_path))


@pytest.mark.parametrize("data", [
    b"", b"{", b"[]", b'{"resourceType": "Bundle"', b'{"resourceType":"Bundle","entry":[1]}',
    b'{"resourceType":"Patient",' + b'"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
])  # fmt: skip
def test_what_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Failure):
        list(read_export(lay(tmp_path, data)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFhir):
        list(read_export(tmp_path / "empty"))
    with pytest.raises(Failure):
        list(read_export(tmp_path / "nowhere"))
