"""Patients, practitioners, and who pays and decides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from formats.model.care import Note, NoteKind
from formats.model.health import HealthStatement, HealthTopic
from formats.model.identity import Contact, ContactKind, ContactUse, IdentifierType, InsStatus, Sex
from formats.model.people import (
    Coverage,
    MaritalStatus,
    Patient,
    PatientStatus,
    Practice,
    Practitioner,
    RelatedPerson,
    Relation,
    Role,
)
from tests.unit.opendental.tiny import ROW, Collected, reading

TEST_OID = "1.2.250.1.213.1.4.10"


def _second(folder: Path, fields: list[ROW] | None = None, **values: object) -> tuple[Collected, Patient]:
    found = reading(
        folder,
        {"patient": [{"PatNum": 2, "LName": "Lemoine", "FName": "Léo", **values}], "patfield": fields or []},
    )
    return found, found.records(Patient)[1]


def test_a_patient_has_a_title_a_family_situation_and_an_occupation(tmp_path: Path) -> None:
    fields = [{"PatNum": 2, "FieldName": "Occupation", "FieldValue": "Fleuriste"}]
    found, patient = _second(tmp_path, fields, Title="Mme", Position=3, EmployerNum=9)
    assert (patient.title, patient.marital_status) == ("Mme", MaritalStatus.WIDOWED)
    assert (patient.occupation, patient.employer) == ("Fleuriste", "")
    assert found.codes("patient/2") == ["opendental-entry-unknown"]
    (field,) = found.rows("patfield").values()
    assert field.records == (patient.id,)


@pytest.mark.parametrize(
    ("position", "status"), [(0, None), (1, MaritalStatus.MARRIED), (2, None), (7, None)]
)
def test_a_position_that_states_nothing_is_no_family_situation(
    tmp_path: Path, position: int, status: MaritalStatus | None
) -> None:
    _, patient = _second(tmp_path, Position=position)
    assert patient.marital_status is status


def test_an_employer_is_looked_up_in_the_list(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "employer": [{"EmpName": "Filature"}],
            "patient": [{"PatNum": 2, "EmployerNum": 1, "EmploymentNote": "tisserand"}],
        },
    )
    patient = found.records(Patient)[1]
    assert (patient.employer, patient.occupation) == ("Filature", "tisserand")


def test_a_patient_has_traits_contacts_and_numbers(tmp_path: Path) -> None:
    _, patient = _second(
        tmp_path,
        Birthdate="2017-09-08",
        Gender=0,
        Preferred="Lio",
        MiddleI="Paul",
        HmPhone="0261910001",
        WirelessPhone="0639980001",
        WkPhone="0261910002",
        Email="a@example.org; b@example.org",
        Address="1 rue",
        Zip="99123",
        City="Val",
        Country="FR",
        ChartNumber="TIL-2",
        SSN="190019900100112",
        PriProv=1,
        DateFirstVisit="2020-01-02",
        Language="fr",
    )
    traits = patient.traits
    assert (traits.birth_family_name, traits.birth_given_names) == ("Lemoine", ("Léo", "Paul"))
    assert (traits.used_given_name, traits.birth_date, traits.sex) == ("Lio", date(2017, 9, 8), Sex.MALE)
    assert Contact(kind=ContactKind.EMAIL, value="b@example.org") in patient.contacts
    assert Contact(kind=ContactKind.PHONE, value="0261910002", use=ContactUse.WORK) in patient.contacts
    assert {one.type: one.value for one in patient.identifiers} == {
        IdentifierType.LOCAL: "2",
        IdentifierType.CHART: "TIL-2",
        IdentifierType.NIR: "190019900100112",
    }
    assert patient.identifiers[0].system == f"urn:uuid:{patient.practice}"
    assert (patient.addresses[0].city, patient.first_visit, patient.language) == (
        "Val",
        date(2020, 1, 2),
        "fr",
    )
    assert patient.attending is not None


@pytest.mark.parametrize("middle", ["", "P", "P."])
def test_an_initial_is_no_civil_name(tmp_path: Path, middle: str) -> None:
    assert _second(tmp_path, MiddleI=middle)[1].traits.birth_given_names == ("Léo",)


def test_the_ins_comes_from_the_patient_fields(tmp_path: Path) -> None:
    fields = [
        {"PatNum": 2, "FieldName": name, "FieldValue": value}
        for name, value in (
            ("INS", "117099999000214"),
            ("INS-OID", TEST_OID),
            ("INS-STATUS", "QUAL"),
            ("BirthName", "Garnier"),
            ("BirthPlace", "14990"),
            ("Loisir", "voile"),
        )
    ]
    found, patient = _second(tmp_path, fields)
    ins = patient.identifiers[0]
    assert (ins.type, ins.system, ins.value) == (IdentifierType.INS, TEST_OID, "117099999000214")
    assert patient.ins_status is InsStatus.QUALIFIED
    assert (patient.traits.birth_family_name, patient.traits.used_family_name) == ("Garnier", "Lemoine")
    assert patient.traits.birth_place == "14990"
    rows = found.rows("patfield")
    assert [row.records for row in rows.values()] == [(patient.id,)] * 5 + [()]


def test_an_ins_without_namespace_or_with_a_strange_status_is_noticed(tmp_path: Path) -> None:
    fields = [
        {"PatNum": 2, "FieldName": "INS", "FieldValue": "1"},
        {"PatNum": 2, "FieldName": "INS-STATUS", "FieldValue": "SURE"},
    ]
    found, patient = _second(tmp_path, fields)
    assert patient.identifiers[0].type is IdentifierType.OTHER
    assert patient.ins_status is None
    assert found.codes("patient/2") == ["opendental-ins-without-oid", "opendental-ins-status-unknown"]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (0, PatientStatus.ACTIVE),
        (1, PatientStatus.OTHER),
        (4, PatientStatus.DELETED),
        (6, PatientStatus.PROSPECTIVE),
        (77, PatientStatus.OTHER),
    ],
)
def test_a_patient_has_a_status(tmp_path: Path, number: int, status: PatientStatus) -> None:
    assert _second(tmp_path, PatStatus=number)[1].status is status


def test_the_deceased_have_a_day(tmp_path: Path) -> None:
    patient = _second(tmp_path, PatStatus=5, DateTimeDeceased="2023-11-04 00:00:00")[1]
    assert (patient.status, patient.deceased_on) == (PatientStatus.DECEASED, date(2023, 11, 4))


def test_payer_and_guardian_are_related_persons(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "patient": [
                {"PatNum": 2, "LName": "Enfant", "Guarantor": 1, "ResponsParty": 3},
                {
                    "PatNum": 3,
                    "LName": "Le Goff",
                    "FName": "Nolwenn",
                    "HmPhone": "0261910003",
                    "Guarantor": 3,
                },
            ]
        },
    )
    related = {one.relation: one for one in found.records(RelatedPerson)}
    first, _, third = found.records(Patient)
    assert related[Relation.PAYER].other_patient == first.id
    assert related[Relation.GUARDIAN].other_patient == third.id
    assert related[Relation.GUARDIAN].family_name == "Le Goff"
    assert related[Relation.GUARDIAN].contacts[0].value == "0261910003"
    assert len(related) == 2


def test_a_payer_who_is_gone_is_noticed(tmp_path: Path) -> None:
    found, _ = _second(tmp_path, Guarantor=404)
    assert found.records(RelatedPerson) == []
    assert found.codes("patient/2") == ["opendental-patient-unknown"]


def test_a_guardian_of_its_own_table(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"patient": [{"PatNum": 2, "LName": "Tutrice", "Guarantor": 2}]},
        "CREATE TABLE guardian (GuardianNum INTEGER PRIMARY KEY, PatNumChild INT, PatNumGuardian INT,"
        " Relationship INT, IsGuardian INT)",
        "INSERT INTO guardian VALUES (1, 1, 2, 0, 1), (2, 1, 2, 0, 0)",
    )
    assert [one.relation for one in found.records(RelatedPerson)] == [Relation.GUARDIAN, Relation.FAMILY]
    assert {one.patient for one in found.records(RelatedPerson)} == {found.records(Patient)[0].id}


def test_emergency_contact_alerts_and_notes(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "patient": [
                {
                    "PatNum": 2,
                    "LName": "x",
                    "MedUrgNote": "AVK",
                    "Premed": 1,
                    "SmokingSnoMed": "8517006",
                    "AddrNote": "code 12",
                }
            ],
            "patientnote": [
                {
                    "PatNum": 1,
                    "ICEName": "Voisine",
                    "ICEPhone": "0639980007",
                    "Medical": "HTA",
                    "FamFinancial": "échéancier",
                }
            ],
        },
    )
    emergency = found.one(RelatedPerson)
    assert (emergency.relation, emergency.family_name) == (Relation.EMERGENCY, "Voisine")
    assert emergency.contacts[0].value == "0639980007"
    assert [one.topic for one in found.records(HealthStatement)] == [
        HealthTopic.ALERT,
        HealthTopic.ALERT,
        HealthTopic.HABIT,
    ]
    assert [(note.text, note.note) for note in found.records(Note)] == [
        ("code 12", NoteKind.ADMINISTRATIVE),
        ("HTA", NoteKind.CLINICAL),
        ("échéancier", NoteKind.ADMINISTRATIVE),
    ]


def test_practitioners_keep_their_rpps_role_and_end(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "provider": [
                {
                    "ProvNum": 2,
                    "LName": "Desroches",
                    "FName": "Pascal",
                    "NationalProvID": "99900000038",
                    "IsHidden": 1,
                    "SchedNote": "ancien associé",
                    "DateTerm": "2019-12-31",
                },
                {"ProvNum": 3, "LName": "Prophylaxie", "IsNotPerson": 1, "NationalProvID": "1234567890"},
            ],
        },
    )
    _, former, column = found.records(Practitioner)
    assert [one.type for one in former.identifiers] == [IdentifierType.LOCAL, IdentifierType.RPPS]
    assert (former.active, former.engagements[0].role) == (False, Role.PARTNER)
    assert former.engagements[0].end == date(2019, 12, 31)
    assert (column.person, column.identifiers[1].type) == (False, IdentifierType.OTHER)
    assert found.rows("provider")["2"].records == (former.id,)


def test_the_practice_is_described_by_its_settings(tmp_path: Path) -> None:
    settings = {
        "PracticeZip": "99123",
        "PracticeCity": "Val",
        "PracticeAddress": "12 place",
        "PracticePhone": "02",
        "LanguageAndRegion": "fr-CA",
    }
    found = reading(
        tmp_path, {"preference": [{"PrefName": k, "ValueString": v} for k, v in settings.items()]}
    )
    practice = found.one(Practice)
    assert (practice.name, practice.currency, practice.time_zone) == (
        "Cabinet minuscule",
        "CAD",
        "Europe/Paris",
    )
    assert (practice.addresses[0].postal_code, practice.contacts[0].value) == ("99123", "02")


def test_everyone_covered_by_a_subscription_has_a_coverage(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "patient": [{"PatNum": 2, "LName": "Enfant", "Guarantor": 2}],
            "carrier": [{"CarrierName": "Mutuelle"}],
            "insplan": [{"CarrierNum": 1, "GroupNum": "G1", "GroupName": "Famille"}],
            "inssub": [{"PlanNum": 1, "Subscriber": 1, "SubscriberID": "A-1", "DateEffective": "2018-01-01"}],
            "patplan": [
                {"PatNum": 1, "InsSubNum": 1},
                {"PatNum": 2, "InsSubNum": 1},
                {"PatNum": 1, "InsSubNum": 77},
            ],
        },
    )
    own, child = found.records(Coverage)
    assert (child.insurer, child.group, child.member) == ("Mutuelle", "G1 Famille", "A-1")
    assert (child.subscriber, child.start, child.end) == ("Gérard Perrichon", date(2018, 1, 1), None)
    assert {own.patient, child.patient} == {one.id for one in found.records(Patient)}
    assert found.rows("patplan")["2"].records == (child.id,)
    assert found.rows("patplan")["3"].records == ()
    assert found.rows("inssub")["1"].records == (own.id, child.id)
    assert found.codes("patplan/3") == ["opendental-parent-lost"]
