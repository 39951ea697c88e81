"""Bundles of other programs: read by their standard elements, and nothing dropped in silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from formats.errors import Failure
from formats.fhir.elements import MissingElement, UnreadableElement
from formats.fhir.kinds import resource_for
from formats.mapping.parts import Setting
from formats.model.care import AppointmentStatus
from formats.model.dates import AnyMoment, PartialDate
from formats.model.health import HealthStatus, HealthTopic, Presence
from formats.model.identity import ContactKind, ContactUse, IdentifierType, InsStatus, Sex
from formats.model.observations import Comparator, Interpretation, ObservationCategory
from formats.model.people import MaritalStatus, PatientStatus
from tests.unit.fhir.bundles import PATIENT, PRACTICE, SUBJECT, foreign, read

OURS = "https://archiver.invalid/fhir/StructureDefinition/"
FR_PATIENT: dict[str, Any] = PATIENT | {
    "identifier": [
        {
            "use": "official",
            "type": {
                "coding": [
                    {
                        "system": "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203",
                        "code": "INS-NIR-TEST",
                    }
                ]
            },
            "system": "urn:oid:1.2.250.1.213.1.4.10",
            "value": "279035121518989",
        }
    ],
    "telecom": [{"system": "phone", "value": "+33 6 00 00 00 02", "use": "mobile"}],
    "deceasedBoolean": True,
    "extension": [
        {
            "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability",
            "extension": [
                {
                    "url": "identityStatus",
                    "valueCoding": {
                        "system": "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445",
                        "code": "VALI",
                    },
                }
            ],
        }
    ],
}


def test_a_use_that_nobody_stated_stays_unstated() -> None:
    patient = {
        **FR_PATIENT,
        "telecom": [{"system": "phone", "value": "1"}, {"system": "phone", "value": "2", "use": "temp"}],
        "address": [{"city": "Vannes"}, {"city": "Lorient", "use": "old"}, {"city": "Brest", "use": "home"}],
    }
    read_patient = read(foreign(patient, PRACTICE))[0].patient
    assert [one.use for one in read_patient.contacts] == [ContactUse.UNKNOWN, ContactUse.OTHER]
    assert [one.use for one in read_patient.addresses] == [
        ContactUse.UNKNOWN,
        ContactUse.OTHER,
        ContactUse.HOME,
    ]
    written = resource_for(read_patient).write(read_patient, Setting(practice="1", currency="EUR"))
    assert ["use" in one for one in written["telecom"]] == [False, False]
    assert ["use" in one for one in written["address"]] == [False, False, True]


def test_an_fr_core_patient_is_understood() -> None:
    dossier, findings = read(foreign(FR_PATIENT, PRACTICE))
    patient = dossier.patient
    assert findings == ()
    assert (patient.traits.birth_family_name, patient.traits.sex) == ("DURAND-EXEMPLE", Sex.FEMALE)
    assert patient.identifiers[0].type is IdentifierType.INS
    assert patient.identifiers[0].system == "1.2.250.1.213.1.4.10"
    assert patient.ins_status is InsStatus.VALIDATED
    assert patient.status is PatientStatus.DECEASED
    assert (patient.contacts[0].kind, patient.contacts[0].use) == (ContactKind.MOBILE, ContactUse.UNKNOWN)


def test_the_family_situation_and_the_employer_are_understood() -> None:
    marital = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
    insurer = {"relationship": [{"coding": [{"code": "I"}]}], "organization": {"display": "Assureur"}}
    employer = {"relationship": [{"coding": [{"code": "E"}]}], "organization": {"display": "Filature"}}
    patient = PATIENT | {
        "maritalStatus": {"coding": [{"system": marital, "code": "T"}]},
        "contact": [insurer, employer],
    }
    dossier, findings = read(foreign(patient, PRACTICE))
    assert dossier.patient.marital_status is MaritalStatus.CIVIL_PARTNERSHIP
    assert dossier.patient.employer == "Filature"
    assert [finding.code for finding in findings] == ["fhir-element-unknown"]
    assert "contact" in str(findings[0].facts["named"])


LOINC = "http://loinc.org"


def _observation(category: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [
            {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category}
                ]
            }
        ],
        "code": {"coding": [{"system": LOINC, "code": "2345-7"}]},
        "subject": SUBJECT,
        **more,
    }


def test_a_result_of_another_program_is_read_by_its_category() -> None:
    quantity = {"unit": "g/L", "system": "http://unitsofmeasure.org", "code": "g/L"}
    observation = _observation(
        "laboratory",
        valueQuantity={"value": 1.10, "comparator": "<", **quantity},
        referenceRange=[{"low": {"value": 0.7, **quantity}}],
        interpretation=[
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                        "code": "H",
                    }
                ]
            }
        ],
        effectiveDateTime="2024-03-01",
        performer=[{"display": "Labo"}],
    )
    dossier, findings = read(foreign(PATIENT, PRACTICE, observation))
    assert findings == ()
    (result,) = dossier.observations
    assert (result.category, result.code, result.laboratory) == (
        ObservationCategory.LABORATORY,
        "2345-7",
        "Labo",
    )
    assert (result.result.value, result.result.comparator) == (Decimal("1.1"), Comparator.LESS)
    assert (result.result.unit_code, result.result.low) == ("g/L", Decimal("0.7"))
    assert result.result.interpretation is Interpretation.HIGH


def test_an_observation_of_no_known_category_is_not_guessed_at() -> None:
    dossier, findings = read(foreign(PATIENT, PRACTICE, _observation("social-history")))
    assert dossier.observations == dossier.health_statements == ()
    assert [finding.code for finding in findings] == ["fhir-resource-unknown"]


@pytest.mark.parametrize("category", ["encounter-diagnosis", "problem-list-item", ""])
def test_a_condition_is_a_diagnosis_where_its_category_says_so(category: str) -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-category"
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": SUBJECT,
        "category": [{"coding": [{"system": system, "code": category or "x"}]}],
        "code": {"text": "Pulpite"},
    }
    dossier, _ = read(foreign(PATIENT, PRACTICE, condition))
    found = (len(dossier.diagnoses), len(dossier.health_statements))
    assert found == ((1, 0) if category == "encounter-diagnosis" else (0, 1))


def test_absent_and_refuted_history_is_understood() -> None:
    none = {
        "resourceType": "AllergyIntolerance",
        "id": "h1",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]},
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                    "code": "active",
                }
            ]
        },
        "patient": SUBJECT,
    }
    untaken = {
        "resourceType": "MedicationStatement",
        "id": "h2",
        "status": "not-taken",
        "medicationCodeableConcept": {"text": "Aspirine"},
        "subject": SUBJECT,
    }
    dossier, _ = read(foreign(PRACTICE, PATIENT, none, untaken))
    allergy, medication = dossier.health_statements
    assert (allergy.topic, allergy.presence, allergy.status) == (
        HealthTopic.ALLERGY, Presence.NONE, HealthStatus.UNKNOWN,
    )  # fmt: skip
    assert (medication.presence, medication.label) == (Presence.REFUTED, "Aspirine")


def allergy(**elements: Any) -> Any:
    none = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}], "text": "Aucune allergie"}
    return {"resourceType": "AllergyIntolerance", "id": "h1", "code": none, "patient": SUBJECT, **elements}


def clinical(code: str) -> Any:
    system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
    return {"coding": [{"system": system, "code": code}]}


def test_none_that_tells_of_a_fact_is_read_and_said_to_be_left_out() -> None:
    intolerance = allergy(clinicalStatus=clinical("active"), onsetDateTime="2012")
    dossier, findings = read(foreign(PRACTICE, PATIENT, intolerance))
    (statement,) = dossier.health_statements
    assert (statement.presence, statement.status) == (Presence.NONE, HealthStatus.UNKNOWN)
    assert (statement.label, statement.code, statement.start) == ("", "", PartialDate(2012))
    assert [(one.code, one.facts["named"]) for one in findings] == [("fhir-element-unknown", "code.text")]


@pytest.mark.parametrize("status", ["inactive", "resolved"])
def test_none_that_is_not_in_force_says_nothing_of_today(status: str) -> None:
    dossier, findings = read(foreign(PRACTICE, PATIENT, allergy(clinicalStatus=clinical(status))))
    (statement,) = dossier.health_statements
    assert (statement.presence, statement.status) == (Presence.PRESENT, HealthStatus(status))
    assert (statement.label, statement.code) == ("Aucune allergie", "716186003")
    assert findings == ()


def test_a_crop_of_three_numbers_is_left_out_and_said() -> None:
    crop = [{"url": f"{OURS}crop", "valueInteger": number} for number in (1, 2, 3)]
    kind = [{"system": "https://archiver.invalid/fhir/CodeSystem/record-kind", "code": "image_files"}]
    image = {
        "resourceType": "Media",
        "id": "i1",
        "meta": {"tag": kind},
        "status": "completed",
        "subject": SUBJECT,
        "content": {"title": "IMG 1.JPG"},
        "extension": crop,
    }
    dossier, findings = read(foreign(PRACTICE, PATIENT, image))
    assert dossier.image_files[0].crop == ()
    assert [(one.code, one.facts["named"]) for one in findings] == [
        ("fhir-element-unknown", "extension, extension.url, extension.valueInteger")
    ]


def test_partial_dates_are_read_wherever_fhir_has_them() -> None:
    patient = PATIENT | {"birthDate": "1979-03", "deceasedDateTime": "2021"}
    problem = {
        "resourceType": "Condition",
        "id": "c1",
        "onsetDateTime": "1983",
        "abatementDateTime": "1984-11",
        "clinicalStatus": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "resolved"}
            ]
        },
        "code": {"text": "Hépatite"},
        "subject": SUBJECT,
    }
    medicine = {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "medicationCodeableConcept": {"text": "Ramipril"},
        "effectivePeriod": {"start": "2019", "end": "2020-05"},
        "subject": SUBJECT,
    }
    act = {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "completed",
        "performedDateTime": "1999",
        "subject": SUBJECT,
    }
    dossier, findings = read(foreign(PRACTICE, patient, problem, medicine, act))
    person, (ill, taken) = dossier.patient, dossier.health_statements
    assert (person.traits.birth_date, person.deceased_on) == (PartialDate(1979, 3), PartialDate(2021))
    assert (ill.start, ill.end) == (PartialDate(1983), PartialDate(1984, 11))
    assert (taken.start, taken.end) == (PartialDate(2019), PartialDate(2020, 5))
    assert dossier.acts[0].performed_on == PartialDate(1999)
    assert findings == ()


@pytest.mark.parametrize(
    "text", ["1979-13", "1979-3", "79", "0000", "1979-02-30", "19790302", "1979-W05-1", "1979-03T10:00:00Z"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UnreadableElement, match="date"):
        read(foreign(PRACTICE, PATIENT | {"birthDate": text}))


def test_unknown_resources_elements_and_extensions_are_findings() -> None:
    patient = PATIENT | {
        "multipleBirthBoolean": True,
        "extension": [{"url": "https://example.org/shoe-size", "valueInteger": 42}],
        "contact": [{"name": {"text": "a"}}, {"name": {"text": "b"}}],
    }
    device = {"resourceType": "Device", "id": "d1"}
    vague = {"resourceType": "Observation", "id": "o1", "status": "final", "subject": SUBJECT}
    dossier, findings = read(foreign(PRACTICE, patient, device, vague))
    assert dossier.counts()["chart_findings"] == 0
    assert [finding.code for finding in findings] == [
        "fhir-element-unknown", "fhir-resource-unknown", "fhir-resource-unknown",
    ]  # fmt: skip
    assert "multipleBirthBoolean" in findings[0].text
    assert "extension" in findings[0].text
    assert "contact" in findings[0].text
    assert findings[0].where == "entry 1 Patient/a1"
    assert "Device" in findings[1].text


def test_half_a_time_is_kept_and_an_unknown_code_is_a_finding() -> None:
    appointment = {
        "resourceType": "Appointment",
        "id": "t1",
        "status": "arrived",
        "start": "2022-03-27",
        "participant": [{"actor": SUBJECT, "status": "accepted"}],
    }
    act = {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "entered-in-error",
        "performedDateTime": "2022-03-27T10:00:00Z",
        "subject": SUBJECT,
    }
    dossier, findings = read(foreign(PRACTICE, PATIENT, appointment, act))
    assert dossier.appointments[0].status is AppointmentStatus.OTHER
    assert dossier.appointments[0].starts_at == date(2022, 3, 27)
    assert dossier.acts[0].performed_on == date(2022, 3, 27)
    assert dossier.acts[0].status == "cancelled"
    status, time_lost = (finding.text for finding in findings)
    assert status.endswith(": status.")
    assert "performedDateTime" in time_lost


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-03", PartialDate(2024, 3)),
        ("2024", PartialDate(2024)),
        ("2024-03-05T00:00:00+01:00", datetime(2024, 3, 5, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_a_date_time_is_as_precise_as_it_is(written: str, expected: AnyMoment) -> None:
    resources = [
        {
            "resourceType": "Communication",
            "id": "c1",
            "status": "completed",
            "subject": SUBJECT,
            "sent": written,
        },
        {
            "resourceType": "DocumentReference",
            "id": "d1",
            "status": "current",
            "subject": SUBJECT,
            "date": written,
        }
        | {"content": [{"attachment": {"title": "x"}}]},
        {
            "resourceType": "DeviceRequest",
            "id": "l1",
            "intent": "order",
            "subject": SUBJECT,
            "authoredOn": written,
        },
        {
            "resourceType": "ImagingStudy",
            "id": "i1",
            "status": "available",
            "subject": SUBJECT,
            "started": written,
        }
        | {"identifier": [{"system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}]},
    ]
    dossier, findings = read(foreign(PRACTICE, PATIENT, *resources))
    found = [
        dossier.notes[0].written_at,
        dossier.documents[0].created_at,
        dossier.lab_orders[0].ordered_at,
        dossier.image_studies[0].studied_at,
    ]
    assert found == [expected] * 4
    assert {type(one) for one in found} == {type(expected)}
    assert findings == ()


def test_a_practice_that_is_not_the_patients_is_a_finding() -> None:
    other = {"resourceType": "Organization", "id": "p2", "name": "CPAM Exemple"}
    dossier, findings = read(foreign(other, PRACTICE, PATIENT))
    assert dossier.practice.id == "p1"
    assert findings[-1].where == "Organization/p2"


def test_an_engagement_of_nobody_is_a_finding() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r1",
        "practitioner": {"reference": "Practitioner/nobody"},
        "organization": {"reference": "Organization/p1"},
    }
    _, findings = read(foreign(PRACTICE, PATIENT, role))
    assert findings[-1].code == "fhir-practitioner-unknown"
    assert "nobody" in findings[-1].text


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"name": "x"}, "name"),
        ({"name": [5]}, "name"),
        ({"birthDate": 5}, "birthDate"),
        ({"birthDate": "2021-02-30"}, "birthDate"),
        ({"birthDate": "yesterday"}, "birthDate"),
        ({"gender": {}}, "gender"),
        ({"id": "a b"}, "id"),
        ({"telecom": [{"system": "pigeon"}]}, "telecom[0].system"),
        ({"identifier": [{"value": []}]}, "identifier[0].value"),
        ({"extension": {}}, "extension"),
        ({"_gender": {"extension": [{"url": "https://archiver.invalid/fhir/StructureDefinition/exact-text",
                                     "valueString": "not JSON"}]}}, "gender"),
    ],
)  # fmt: skip
def test_a_wrong_element_is_named_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(UnreadableElement) as refusal:
        read(foreign(PRACTICE, PATIENT | change))
    assert refusal.value.where == f"entry 1 Patient/{(PATIENT | change)['id']} {where}"


def test_a_missing_element_is_named() -> None:
    with pytest.raises(MissingElement, match="patient"):
        read(foreign(PRACTICE, PATIENT, {"resourceType": "Procedure", "id": "x"}))


def test_an_amount_of_a_billion_digits_costs_nothing() -> None:
    data = foreign(PRACTICE, PATIENT, {
        "resourceType": "PaymentReconciliation", "id": "p", "paymentAmount": {"value": "AMOUNT"},
        "extension": [{"url": f"{OURS}patient", "valueReference": SUBJECT}],
    }).replace(b'"AMOUNT"', b"1e999999999")  # fmt: skip
    with pytest.raises(Failure):
        read(data)
