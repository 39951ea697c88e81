"""What dossiers lack and what looks wrong: each oddity is found where it is, and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.compliance.completeness import MIN_ACTS, Oddity, PracticeCompleteness, Section
from archiver.practice import people
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.completeness import completeness
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus, Quote
from formats.model.devices import MedicalDevice
from formats.model.documents import Document
from formats.model.health import HealthStatement, HealthTopic
from formats.model.identity import Sex, Traits
from formats.model.imaging import ImageFile, ImageKind, ImageStudy
from formats.model.people import Patient, PatientStatus, Practice, Practitioner, RelatedPerson, Relation
from formats.model.provenance import Consent

TODAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
GROWN, CHILD = date(1980, 1, 1), date(2015, 1, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        opened.put(Practice(id="q", name="Cabinet"))
        opened.put(Practitioner(id="dr", family_name="Kerbrat", given_name="Malo"))
        yield opened


def put(store: PracticeStore, name: str, born: date | None = GROWN, **fields: object) -> None:
    traits = Traits(birth_family_name=name, birth_date=born, sex=Sex.FEMALE)
    store.put(Patient(**{"id": name, "practice": "q", "traits": traits, **fields}))  # type: ignore[arg-type]


def act(
    store: PracticeStore,
    patient: str,
    day: date | None,
    code: str = "X",
    number: int = 0,
    label: str = "",
    practitioner: str | None = "dr",
) -> None:
    store.put(
        Act(
            id=f"{patient}-{day}-{code}-{number}-{practitioner}",
            patient=patient,
            status=ActStatus.DONE,
            performed_on=day,
            code=code,
            label=label,
            practitioner=practitioner,
        )
    )


def odd(found: PracticeCompleteness) -> Counter[tuple[str, str]]:
    return Counter((one.code, one.where) for one in found.findings)


def test_sections_are_those_of_the_person(store: PracticeStore) -> None:
    put(store, "a")
    put(store, "b")
    act(store, "a", date(2024, 5, 4))
    store.put(HealthStatement(id="h", patient="b", topic=HealthTopic.ALLERGY, label="Latex"))
    store.put(Consent(id="c", patient="b", subject="x", given=False))
    people.link(store, "b", "a", rule="human", decided_by="x", at=AT)
    put(store, "gone", status=PatientStatus.DELETED)
    found = completeness(store, TODAY)
    (one,) = found.persons
    assert one.sections == {Section.IDENTITY, Section.HISTORY, Section.ACTS} and one.in_care
    assert found.count(Section.HISTORY, in_care=True) == found.in_care == 1
    assert odd(found) == {}
    assert found.years == {"2024": {"acts": 1}}
    assert found.practitioners == {"Malo Kerbrat": {"acts": 1}}


def test_what_looks_wrong_in_a_dossier(store: PracticeStore) -> None:
    put(store, "unborn", None)
    act(store, "unborn", None)
    put(store, "child", CHILD)
    put(store, "cared-for", CHILD)
    store.put(RelatedPerson(id="r", patient="cared-for", relation=Relation.PAYER, family_name="x"))
    put(store, "inactive", CHILD, status=PatientStatus.INACTIVE)
    store.put(MedicalDevice(id="d1", patient="cared-for", label="Implant"))
    store.put(MedicalDevice(id="d2", patient="cared-for", label="Implant", lot="L1"))
    store.put(MedicalDevice(id="d3", patient="cared-for", label="Implant", removed_on=date(2020, 1, 1)))
    store.put(Document(id="o1", patient="cared-for", title="x"))
    store.put(Document(id="o2", patient="cared-for", title="y"))
    assert odd(completeness(store, TODAY)) == {
        (Oddity.IDENTITY, "patients/unborn"): 1,
        (Oddity.HISTORY, "patients/unborn"): 1,
        (Oddity.UNDATED, "patients/unborn"): 1,
        (Oddity.MINOR, "patients/child"): 1,
        (Oddity.DEVICE, "patients/cared-for"): 1,
        (Oddity.NO_FILE, "patients/cared-for"): 1,
    }


@pytest.mark.parametrize(
    ("code", "label", "imaged", "device", "wrong"),
    [
        ("LBLD015", "", date(2024, 5, 4), True, []),
        ("LBLD015", "", date(2025, 5, 5), True, []),
        ("LBLD015", "", date(2025, 5, 6), True, [Oddity.IMPLANT_IMAGE]),
        ("D6010", "", None, False, [Oddity.IMPLANT_DEVICE, Oddity.IMPLANT_IMAGE]),
        (
            "X",
            "Pose de 2 implants intraosseux intrabuccaux",
            date(2023, 5, 4),
            False,
            [Oddity.IMPLANT_DEVICE],
        ),
        ("X", "POSE D’1 IMPLANT INTRA-OSSEUX", date(2023, 5, 4), False, [Oddity.IMPLANT_DEVICE]),
        ("X", "Ablation d'1 implant intraosseux intrabuccal", None, False, []),
        ("X", "Pose d'une prothèse sur implant", None, False, []),
        ("LBLD999", "", None, False, []),
    ],
)
def test_an_implant_has_a_device_and_an_image(
    store: PracticeStore, code: str, label: str, imaged: date | None, device: bool, wrong: list[Oddity]
) -> None:
    put(store, "a")
    store.put(HealthStatement(id="h", patient="a", topic=HealthTopic.ALLERGY, label="Latex"))
    act(store, "a", date(2024, 5, 4), code, label=label)
    if imaged:
        store.put(ImageStudy(id="i", patient="a", study_instance_uid="1.2", studied_at=imaged))
    store.put(Quote(id="q", patient="a"))
    if device:
        store.put(MedicalDevice(id="d", patient="a", label="Implant", lot="L1"))
    assert [one.code for one in completeness(store, TODAY).findings] == wrong


def test_a_year_without_images_and_one_without_acts(store: PracticeStore) -> None:
    put(store, "a")
    store.put(HealthStatement(id="h", patient="a", topic=HealthTopic.ALLERGY, label="Latex"))
    for year, acts in ((2019, MIN_ACTS), (2020, MIN_ACTS - 1), (2022, MIN_ACTS)):
        for number in range(acts):
            act(store, "a", date(year, 5, 4), number=number)
    assert odd(completeness(store, TODAY)) == {(Oddity.YEAR_ACTS, "2021"): 1}  # nobody here has images at all
    store.put(
        ImageFile(
            id="i",
            patient="a",
            image=ImageKind.RADIOGRAPH,
            taken_at=datetime(2022, 1, 1, tzinfo=UTC),
        )
    )
    assert odd(completeness(store, TODAY)) == {
        (Oddity.YEAR_ACTS, "2021"): 1,
        (Oddity.YEAR_IMAGES, "2019"): 1,
        (Oddity.NO_FILE, "patients/a"): 1,
    }
    photo = {"image": ImageKind.PHOTOGRAPH, "taken_at": datetime(2019, 1, 1, tzinfo=UTC)}
    store.put(ImageFile(id="p", patient="a", **photo))
    assert odd(completeness(store, TODAY))[Oddity.YEAR_IMAGES, "2019"] == 1, "a photograph is no radiograph"


def seen(store: PracticeStore, day: date, number: int, practitioner: str = "dr") -> None:
    store.put(
        Appointment(
            id=f"v-{day}-{number}-{practitioner}",
            patient="a",
            practitioner=practitioner,
            starts_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            status=AppointmentStatus.COMPLETED,
        )
    )


def test_a_year_of_which_most_or_one_kind_did_not_come(store: PracticeStore) -> None:
    put(store, "a")
    store.put(HealthStatement(id="h", patient="a", topic=HealthTopic.ALLERGY, label="Latex"))
    for year, acts, visits in ((2019, 60, 6), (2020, 60, 0), (2021, 60, 6), (2022, 11, 6), (2023, 60, 6)):
        for number in range(acts):
            act(store, "a", date(year, 5, 4), number=number)
        for number in range(visits):
            seen(store, date(year, 5, 4), number)
    found = completeness(store, TODAY)
    assert odd(found) == {(Oddity.YEAR_FEW, "2022"): 1, (Oddity.YEAR_KIND, "2020"): 1}
    (kind,) = [one for one in found.findings if one.code == Oddity.YEAR_KIND]
    assert "appointments" in kind.text
    act(store, "a", date(2022, 5, 5))
    assert (Oddity.YEAR_FEW, "2022") not in odd(completeness(store, TODAY)), "a fifth is not few"


def test_what_looks_wrong_about_a_practitioner(store: PracticeStore) -> None:
    put(store, "a")
    store.put(Practitioner(id="other", family_name="Belhadj", given_name="Inès"))
    store.put(HealthStatement(id="h", patient="a", topic=HealthTopic.ALLERGY, label="Latex"))
    for number in range(100):
        act(store, "a", date(2024, 5, 4), number=number, practitioner="other")
        seen(store, date(2024, 5, 4), number)
    act(store, "a", date(2024, 5, 4))
    found = completeness(store, TODAY)
    assert odd(found) == {(Oddity.PRACTITIONER_KIND, "practitioners"): 1}
    assert "Inès Belhadj" in found.findings[0].text
    assert found.cells == {
        ("2024", "Inès Belhadj"): {"acts": 100},
        ("2024", "Malo Kerbrat"): {"acts": 1, "appointments": 100},
    }
    act(store, "a", date(2024, 5, 4), practitioner=None)
    (unsigned,) = [one for one in completeness(store, TODAY).findings if one.code == Oddity.UNSIGNED]
    assert unsigned.facts == {"count": 1}


def test_an_implant_has_a_consent_a_quote_or_a_plan(store: PracticeStore) -> None:
    put(store, "a")
    store.put(HealthStatement(id="h", patient="a", topic=HealthTopic.ALLERGY, label="Latex"))
    store.put(ImageStudy(id="i", patient="a", study_instance_uid="1.2", studied_at=date(2024, 5, 4)))
    store.put(MedicalDevice(id="d", patient="a", label="Implant", lot="L1"))
    act(store, "a", date(2024, 5, 4), "LBLD015")
    store.put(Consent(id="refused", patient="a", subject="x", given=False))
    assert odd(completeness(store, TODAY)) == {(Oddity.IMPLANT_CONSENT, "patients/a"): 1}
    store.put(Consent(id="given", patient="a", subject="x"))
    assert odd(completeness(store, TODAY)) == {}
