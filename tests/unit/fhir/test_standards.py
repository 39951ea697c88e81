"""What a bundle says in the words of FHIR, FR Core, IPS and DICOM."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from formats.fhir.records.patient import COVERAGE_RESOURCE
from formats.model.care import Act, ActStatus, Note, NoteKind
from formats.model.dates import AnyDate, PartialDate
from formats.model.health import FACT, HealthStatement, HealthStatus, HealthTopic, Presence
from formats.model.identity import INS_NIA_OID, INS_NIR_OID, INS_TEST_OID, Identifier, IdentifierType
from formats.model.mouth import (
    ChartFinding,
    ChartKind,
    PerioExam,
    PerioKind,
    PerioMeasure,
    PerioSite,
    Surface,
)
from formats.model.people import Coverage
from tests.dossiers import full_dossier
from tests.fhir_judge import references
from tests.unit.fhir.bundles import key, resource, written

EXTENSION = "https://archiver.invalid/fhir/StructureDefinition/"
FR_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"


def bundle() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written(full_dossier()))
    return document


def of_type(name: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle()["entry"] if entry["resource"]["resourceType"] == name]


def extension(node: dict[str, Any], name: str) -> dict[str, Any]:
    url = name if ":" in name else EXTENSION + name
    found: dict[str, Any] = next(one for one in node["extension"] if one["url"] == url)
    return found


def test_identity_follows_fr_core() -> None:
    patient = of_type("Patient")[0]
    insured = patient["identifier"][0]
    assert insured["use"] == "official"
    assert insured["system"] == "urn:oid:1.2.250.1.213.1.4.10"
    assert {"system": FR_TYPES, "code": "INS-NIR-TEST"} in insured["type"]["coding"]
    official, usual = patient["name"]
    assert (official["use"], official["family"], official["given"]) == (
        "official", "DURAND-EXEMPLE", ["Anne", "Marie", "Lou"],
    )  # fmt: skip
    assert official["extension"][0]["valueString"] == "Anne Marie Lou"
    assert (usual["use"], usual["family"], usual["given"]) == ("usual", "Petit", ["Anne"])
    place = extension(patient, "http://hl7.org/fhir/StructureDefinition/patient-birthPlace")
    assert place["valueAddress"]["extension"][0]["valueCoding"]["code"] == "75112"
    status = extension(
        patient, "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"
    )
    assert status["extension"][0] == {
        "url": "identityStatus",
        "valueCoding": {
            "system": "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445",
            "code": "QUAL",
        },
    }


@pytest.mark.parametrize(("oid", "code"), [(INS_NIR_OID, "INS-NIR"), (INS_NIA_OID, "INS-NIA")])
def test_the_type_of_an_ins_follows_its_namespace_and_a_billing_nir_is_none(oid: str, code: str) -> None:
    patient = full_dossier().patient
    number = Identifier(type=IdentifierType.INS, system=oid, value="279035121518989")
    billing = replace(number, type=IdentifierType.NIR)
    dossier = replace(full_dossier(), patient=replace(patient, identifiers=(number, billing)))
    entries = json.loads(written(dossier))["entry"]
    resource = next(entry["resource"] for entry in entries if entry["resource"]["resourceType"] == "Patient")
    codes = [{coding["code"] for coding in one["type"]["coding"]} for one in resource["identifier"]]
    assert codes == [{"INS", code}, {"NIR", "NH"}]


def statement(topic: HealthTopic, presence: Presence) -> dict[str, Any]:
    fact = FACT if presence is Presence.NONE else {"status": HealthStatus.ACTIVE, "label": "x"}
    return resource(HealthStatement(id="h1", patient=key("patients"), topic=topic, presence=presence, **fact))


def test_no_known_allergy_is_said_in_snomed_and_ips() -> None:
    intolerance = statement(HealthTopic.ALLERGY, Presence.NONE)
    codes = {(coding["system"], coding["code"]) for coding in intolerance["code"]["coding"]}
    assert ("http://snomed.info/sct", "716186003") in codes
    assert ("http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "no-known-allergies") in codes
    assert intolerance["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert intolerance["clinicalStatus"]["coding"][0]["code"] == "active"


@pytest.mark.parametrize(
    ("start", "end", "ends_in_period"),
    [
        (date(2020, 5, 1), date(2020, 5, 1), True),
        (date(2020, 5, 2), date(2020, 5, 1), False),
        (PartialDate(2020), PartialDate(2020), True),
        (PartialDate(2020), PartialDate(2021, 1), True),
        (PartialDate(2020, 5), date(2020, 6, 1), True),
        (PartialDate(2020), date(2020, 6, 1), False),
        (date(2020, 6, 1), PartialDate(2020), False),
        (PartialDate(2021), PartialDate(2020, 12), False),
    ],
)
def test_a_period_has_an_end_that_fhirpath_finds_after_its_start(
    start: AnyDate, end: AnyDate, ends_in_period: bool
) -> None:
    coverage = resource(Coverage(id="v1", patient=key("patients"), start=start, end=end))
    assert coverage["period"]["start"] == start.isoformat()
    assert ("end" in coverage["period"]) is ends_in_period
    read = COVERAGE_RESOURCE.read(coverage)
    assert (read.start, read.end) == (start, end)


def test_what_is_refuted_never_looks_true() -> None:
    refuted = {topic: statement(topic, Presence.REFUTED) for topic in HealthTopic}
    assert refuted[HealthTopic.ALLERGY]["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert refuted[HealthTopic.CONDITION]["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert refuted[HealthTopic.MEDICATION]["status"] == "not-taken"
    assert refuted[HealthTopic.HABIT]["valueBoolean"] is False
    for topic in (HealthTopic.ALERT, HealthTopic.FAMILY):
        assert refuted[topic]["modifierExtension"][0]["valueCode"] == "refuted"


def test_teeth_are_coded_where_a_system_has_them() -> None:
    act = Act(id="t1", patient=key("patients"), status=ActStatus.DONE, teeth=("16", "55", "18S"))
    assert [site["coding"][0] for site in resource(act)["bodySite"]] == [
        {"system": "http://terminology.hl7.org/CodeSystem/ex-tooth", "code": "16"},
        {"system": "urn:iso:std:iso:3950", "code": "55"},
        {"system": "https://archiver.invalid/fhir/CodeSystem/supernumerary-tooth", "code": "18S"},
    ]


def test_cervical_is_not_the_ventral_of_fdi_surface() -> None:
    finding = ChartFinding(
        id="s1", patient=key("patients"), finding=ChartKind.OTHER, surfaces=(Surface.CERVICAL, Surface.BUCCAL)
    )
    cervical, buccal = (one["valueCoding"] for one in resource(finding)["extension"])
    assert cervical["system"].startswith("https://archiver.invalid/")
    assert buccal == {"system": "http://terminology.hl7.org/CodeSystem/FDI-surface", "code": "B"}


def test_a_periodontal_length_is_in_millimetres_and_a_grade_is_a_number() -> None:
    measures = (
        PerioMeasure(tooth="16", measure=PerioKind.GINGIVAL_MARGIN, site=PerioSite.BUCCAL, value=-5),
        PerioMeasure(tooth="16", measure=PerioKind.MOBILITY, site=PerioSite.TOOTH, value=0),
    )
    length, grade = resource(PerioExam(id="e1", patient=key("patients"), measures=measures))["component"]
    assert length["valueQuantity"] == {
        "value": -5, "unit": "mm", "system": "http://unitsofmeasure.org", "code": "mm",
    }  # fmt: skip
    assert grade["valueInteger"] == 0


@pytest.mark.parametrize(
    ("cents", "amount"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (50000, "500.00"), (10**17 + 1, "1000000000000000.01")],
)
def test_money_has_two_digits_and_its_currency(cents: int, amount: str) -> None:
    act = Act(id="m1", patient=key("patients"), status=ActStatus.DONE, fee_cents=cents)
    assert extension(resource(act), "fee")["valueMoney"] == {"value": amount, "currency": "EUR"}


def test_a_file_is_named_by_its_sha256_and_never_in_the_sha1_hash_of_fhir() -> None:
    attachment = of_type("DocumentReference")[0]["content"][0]["attachment"]
    assert attachment["url"] == "urn:sha256:" + "ab" * 32
    assert attachment["title"] == "Lettre n°1 .pdf"
    assert attachment["size"] == 123456
    assert extension(attachment, "sha256")["valueString"] == "ab" * 32
    assert b'"hash"' not in written(full_dossier())


def test_a_personal_note_is_restricted() -> None:
    note = Note(id="n1", patient=key("patients"), note=NoteKind.PERSONAL, text="x")
    assert resource(note)["meta"]["security"][0]["code"] == "R"
    assert "security" not in resource(replace(note, note=NoteKind.CLINICAL))["meta"]


def test_every_reference_leads_to_a_resource_of_the_bundle() -> None:
    resources = [entry["resource"] for entry in bundle()["entry"]]
    addresses = {f"{one['resourceType']}/{one['id']}" for one in resources}
    led = {reference for one in resources for reference in references(one)}
    assert led
    assert led <= addresses


def test_another_dossier_is_named_without_an_address() -> None:
    outside = extension(of_type("RelatedPerson")[0], "other-patient")["valueReference"]
    assert outside["identifier"]["value"] == key("patients", 2)
    assert "reference" not in outside


def test_full_urls_make_relative_references_resolve() -> None:
    for entry in bundle()["entry"]:
        one = entry["resource"]
        assert entry["fullUrl"] == f"https://archiver.invalid/fhir/{one['resourceType']}/{one['id']}"


def test_source_rows_stay_out() -> None:
    assert full_dossier().source_rows
    assert b"opendental" not in written(full_dossier())
    assert INS_TEST_OID.encode() in written(full_dossier())
