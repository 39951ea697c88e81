"""What documents and NDJSON say: which profiles, which terms, what is none known and what nobody stated."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from formats.fhir_interchange import bulk, narrative
from formats.fhir_interchange.bulk import MANIFEST, NdjsonExport
from formats.fhir_interchange.document import write_fhir_document
from formats.fhir_interchange.profiles import INS_PATIENT, claims
from formats.fhir_interchange.resources import patient_resources
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.health import HealthTopic, Presence
from formats.model.identity import INS_TEST_OID, Identifier, IdentifierType, InsStatus, Sex, Traits
from tests.dossiers import full_dossier
from tests.fhir_profiles import judge_profiles

AT = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)
EMPTY: dict[str, tuple[()]] = {kind.kind: () for kind in PATIENT_KINDS}
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def document(dossier: Dossier) -> dict[str, Any]:
    target = io.BytesIO()
    write_fhir_document(dossier, target, written_at=AT)
    made: dict[str, Any] = json.loads(target.getvalue())
    return made


def resources(dossier: Dossier, kind: str) -> list[dict[str, Any]]:
    every = (entry["resource"] for entry in document(dossier)["entry"])
    return [one for one in every if one["resourceType"] == kind]


def sections(dossier: Dossier) -> dict[str, dict[str, Any]]:
    found = document(dossier)["entry"][0]["resource"]["section"]
    return {one["title"]: one for one in found}


def qualified() -> Dossier:
    """Return a dossier whose patient has a qualified national health identity, of the test namespace."""
    whole = replace(full_dossier(), **EMPTY)
    traits = Traits(
        birth_family_name="EXEMPLE",
        birth_given_names=("JEANNE",),
        birth_date=date(1980, 5, 1),
        sex=Sex.FEMALE,
        birth_place="99100",
    )
    ins = Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value="280059900000029")
    patient = replace(
        whole.patient,
        traits=traits,
        identifiers=(ins,),
        ins_status=InsStatus.QUALIFIED,
        title="",
        contacts=(),
    )
    return replace(whole, patient=patient)


def test_a_qualified_identity_claims_the_profile_of_the_ins() -> None:
    (patient,) = resources(qualified(), "Patient")
    assert claims(patient, INS_PATIENT)
    assert list(judge_profiles(patient)) == []
    assert patient["identifier"][0]["system"] == f"urn:oid:{INS_TEST_OID}"


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, ins_status=InsStatus.PROVISIONAL),
        lambda one: replace(one, ins_status=None),
        lambda one: replace(one, identifiers=()),
        lambda one: replace(one, traits=replace(one.traits, birth_place="")),
        lambda one: replace(one, traits=replace(one.traits, birth_date=None)),
        lambda one: replace(one, traits=replace(one.traits, sex=Sex.OTHER)),
        lambda one: replace(one, traits=replace(one.traits, birth_family_name="")),
        lambda one: replace(one, traits=replace(one.traits, birth_given_names=("JEANNE", "ANNE"))),
        lambda one: replace(one, identifiers=(*one.identifiers, *one.identifiers)),
        lambda one: replace(one, identifiers=(replace(one.identifiers[0], system="1.2.3"),)),
    ],
)
def test_no_other_identity_claims_it(change: Callable[[Any], Any]) -> None:
    dossier = qualified()
    (patient,) = resources(replace(dossier, patient=change(dossier.patient)), "Patient")
    assert not claims(patient, INS_PATIENT)
    assert list(judge_profiles(patient)) == []


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        (HealthTopic.ALLERGY, "Allergies et intolérances"),
        (HealthTopic.CONDITION, "Problèmes de santé en cours"),
        (HealthTopic.MEDICATION, "Traitements médicamenteux"),
    ],
)
def test_none_known_is_told_from_nothing_stated(topic: HealthTopic, title: str) -> None:
    whole = full_dossier()
    nothing = replace(whole, **EMPTY)
    none = next(
        one for one in whole.health_statements if one.topic is topic and one.presence is Presence.NONE
    )
    asked = replace(nothing, health_statements=(none,))
    none_known, unstated = sections(asked)[title], sections(nothing)[title]
    assert len(none_known["entry"]) == 1 and "emptyReason" not in none_known
    assert "Demandé au patient\u00a0: aucun." in none_known["text"]["div"]
    assert "entry" not in unstated
    assert unstated["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert "Non renseigné" in unstated["text"]["div"]
    assert "no-known" in json.dumps(document(asked)) and "no-known" not in json.dumps(document(nothing))


def test_what_is_dental_says_so_in_the_terms_of_the_dental_exchange() -> None:
    every = [entry["resource"] for entry in document(full_dossier())["entry"]]
    dental = [one for one in every if "dental-data-exchange" in json.dumps(one.get("category", ()))]
    assert {one["resourceType"] for one in dental} == {"Observation", "Procedure", "Condition"}
    (exam, *_) = [
        one
        for one in every
        if any("probing-position" in json.dumps(part) for part in one.get("component", ()))
    ]
    positions = {
        member["valueCoding"]["code"]
        for part in exam["component"]
        for member in part["extension"]
        if member["url"].endswith("/probing-position")
    }
    assert positions == {f"LA92{end}" for end in ("69-7", "70-5", "71-3", "72-1", "73-9", "74-7")}
    carriers = [
        one["contained"][0]["udiCarrier"] for one in every if one["resourceType"] == "DeviceUseStatement"
    ]
    assert all(one[0]["carrierHRF"] and one[0]["deviceIdentifier"] for one in carriers)


def test_what_nobody_knows_is_said_to_be_unknown() -> None:
    whole = full_dossier()
    bare = replace(whole.acts[0], performed_on=None, appointment=None)
    (act,) = resources(replace(replace(whole, **EMPTY), acts=(bare,)), "Procedure")
    assert act["_performedDateTime"]["extension"] == [{"url": ABSENT, "valueCode": "unknown"}]
    assert "http://hl7.org/fhir/uv/ips/StructureDefinition/Procedure-uv-ips" in act["meta"]["profile"]


def test_long_sections_and_texts_are_cut_for_the_reader_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrative, "MAX_LINES", 2)
    whole = full_dossier()
    note = replace(whole.notes[0], text="x" * 5000, act=None)
    section = sections(replace(replace(whole, **EMPTY), notes=(note,)))["Notes et messages"]
    assert len(section["text"]["div"]) < 1000 and "…" in section["text"]["div"]
    long = sections(whole)["Schéma dentaire"]
    assert "de plus, dans les ressources du document" in long["text"]["div"]
    assert len(long["entry"]) == len(whole.chart_findings)


def test_what_looks_like_markup_stays_text() -> None:
    whole = full_dossier()
    note = replace(whole.notes[0], text="<script>alert(1)</script> & co", act=None)
    section = sections(replace(replace(whole, **EMPTY), notes=(note,)))["Notes et messages"]
    assert "<script" not in section["text"]["div"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in section["text"]["div"]


def test_a_full_file_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MAX_LINES", 10)
    with NdjsonExport(lambda name: (tmp_path / name).open("xb"), AT) as export:
        export.add(full_dossier())
        export.finish()
    outputs = json.loads((tmp_path / MANIFEST).read_bytes())["output"]
    counts = {one["url"]: one["count"] for one in outputs if one["type"] == "Observation"}
    assert list(counts) == [
        "Observation.ndjson",
        *(f"Observation.{n}.ndjson" for n in range(2, len(counts) + 1)),
    ]
    assert set(list(counts.values())[:-1]) == {10} and len(counts) > 3
    for name, count in counts.items():
        assert len((tmp_path / name).read_bytes().splitlines()) == count


def test_a_practice_of_many_dossiers_is_written_once(tmp_path: Path) -> None:
    whole = full_dossier()
    with NdjsonExport(lambda name: (tmp_path / name).open("xb"), AT) as export:
        export.add(whole)
        export.add(replace(whole, **EMPTY))
        export.finish()
    assert export.resources["Organization"] == 1 and export.resources["Patient"] == 2
    assert export.resources["Practitioner"] == len(whole.practitioners)


def test_counts_are_of_every_record_but_source_rows() -> None:
    written: Counter[str] = Counter()
    whole = full_dossier()
    list(patient_resources(whole, written))
    assert written == {kind.kind: len(getattr(whole, kind.kind)) for kind in PATIENT_KINDS[:-1]}
