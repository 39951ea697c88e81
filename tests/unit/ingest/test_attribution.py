"""Whose is it: decided by number, or by name and birth date, and otherwise left to a person."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.ingest.attribution import (
    Attribution,
    AttributionState,
    Attributor,
    KnownPatient,
    recognition_traits,
)
from formats.dicom.read import FoundStudy
from formats.digests import digest_of_file
from formats.model.dates import AnyDate, PartialDate, parse_date
from formats.model.identity import INS_TEST_OID, Identifier, IdentifierType, Traits
from formats.model.people import Patient
from formats.papers.read import FoundPaper, find_papers
from samples.story.cast import CAST
from tests.unit.dicom.images import find_studies

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))
BORN = date(1980, 5, 1)
INS = "180059900100147"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The patient that an image or a line of a list names."""

    number: str = ""
    issuer: str = ""
    family: str = ""
    given: str = ""
    birth_date: AnyDate | None = None


PATIENTS = (
    KnownPatient(
        id="anne",
        numbers=frozenset({"1", "A-77"}),
        ins=frozenset({INS}),
        family_names=("Lemoine", "Lemoine-Garnier"),
        given_names=("Anne-Sophie", "Annie"),
        birth_date=BORN,
    ),
    KnownPatient(
        id="twin", numbers=frozenset({"2"}), family_names=("Morvan",), given_names=("Jean",), birth_date=BORN
    ),
    KnownPatient(
        id="other-twin",
        numbers=frozenset({"3"}),
        family_names=("Morvan",),
        given_names=("Jean-Paul",),
        birth_date=BORN,
    ),
    KnownPatient(id="undated", numbers=frozenset({"4"}), family_names=("N'Diaye",), given_names=("Awa",)),
    KnownPatient(
        id="namesake",
        numbers=frozenset({"5"}),
        family_names=("Dubreuil",),
        given_names=("Marie",),
        birth_date=BORN,
    ),
    KnownPatient(
        id="namesake-later",
        numbers=frozenset({"6", "A-77"}),
        family_names=("Dubreuil",),
        given_names=("Marie",),
        birth_date=BORN + timedelta(days=1),
    ),
    KnownPatient(
        id="double", numbers=frozenset({"7"}), family_names=("Roux",), given_names=("Léa",), birth_date=BORN
    ),
    KnownPatient(
        id="doubled-again",
        numbers=frozenset({"8"}),
        family_names=("Roux",),
        given_names=("Léa",),
        birth_date=BORN,
    ),
)


PARTLY = KnownPatient(
    id="partly",
    numbers=frozenset({"9"}),
    family_names=("Marchal",),
    given_names=("Luc",),
    birth_date=PartialDate(1980),
)


@pytest.mark.parametrize("born", [BORN, PartialDate(1980), PartialDate(1980, 5)])
def test_a_partial_birth_date_decides_nothing_beside_a_name(born: AnyDate) -> None:
    found = Attributor([PARTLY]).attribute(Subject(family="Marchal", given="Luc", birth_date=born))
    assert (found.state, found.patient, found.candidates) == (AttributionState.AMBIGUOUS, None, ("partly",))
    assert found.reason == "The name is known, but one of the birth dates is not known to the day."
    other = Attributor([PARTLY]).attribute(
        Subject(family="Marchal", given="Luc", birth_date=PartialDate(1981))
    )
    assert (other.state, other.candidates) == (AttributionState.UNMATCHED, ("partly",))


@pytest.mark.parametrize(
    ("born", "state"),
    [
        (BORN, AttributionState.MATCHED_BY_NUMBER),
        (PartialDate(1980, 5), AttributionState.MATCHED_BY_NUMBER),
        (date(1981, 1, 1), AttributionState.AMBIGUOUS),
        (PartialDate(1981), AttributionState.AMBIGUOUS),
    ],
)
def test_a_partial_birth_date_beside_a_number_contradicts_only_other_days(
    born: AnyDate, state: AttributionState
) -> None:
    assert (
        Attributor([PARTLY]).attribute(Subject(number="9", family="Marchal", birth_date=born)).state is state
    )


def test_a_day_of_a_namesake_is_no_match_for_a_partial_date(attributor: Attributor) -> None:
    found = attributor.attribute(Subject(family="Lemoine", given="Annie", birth_date=PartialDate(BORN.year)))
    assert (found.state, found.candidates) == (AttributionState.AMBIGUOUS, ("anne",))


@pytest.fixture(scope="module")
def attributor() -> Attributor:
    return Attributor(iter(PATIENTS))


@pytest.mark.parametrize(
    ("subject", "patient"),
    [
        (Subject(number="1"), "anne"),
        (Subject(number=" 1 ", family="LEMOINE GARNIER", given="anne sophie", birth_date=BORN), "anne"),
        (Subject(number="1", family="Lemoine", given="Annie"), "anne"),
        (Subject(number="1", birth_date=BORN), "anne"),
        (Subject(number=INS), "anne"),
        (Subject(number=INS[:13], family="LEMOINE"), "anne"),
        (Subject(number="1 80 05 99 001 001 47", given="Anne-Sophie"), "anne"),
        (Subject(number="2", family="MORVAN JEAN"), "twin"),
        (Subject(number="4", family="NDIAYE", given="Awa", birth_date=BORN), "undated"),
        (Subject(number="7", family="Roux", given="Lea", birth_date=BORN), "double"),
        (Subject(number="A-77", family="Lemoine", given="Annie", birth_date=BORN), "anne"),
        (
            Subject(number="a-77", family="Dubreuil", given="Marie", birth_date=BORN + timedelta(days=1)),
            "namesake-later",
        ),
    ],
)
def test_a_number_that_nothing_contradicts_decides(
    attributor: Attributor, subject: Subject, patient: str
) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient, found.candidates) == (AttributionState.MATCHED_BY_NUMBER, patient, ())


@pytest.mark.parametrize(
    ("subject", "candidates"),
    [
        (Subject(number="1", family="Morvan"), ("anne",)),
        (Subject(number="1", family="Lemoine", given="Zoé"), ("anne",)),
        (Subject(number="1", birth_date=BORN + timedelta(days=1)), ("anne",)),
        (Subject(number="2", family="Morvan", given="Jean-Paul", birth_date=BORN), ("twin", "other-twin")),
        (Subject(number="1", family="Dubreuil", given="Marie", birth_date=BORN), ("anne", "namesake")),
    ],
)
def test_a_number_and_a_name_that_disagree_are_for_a_person(
    attributor: Attributor, subject: Subject, candidates: tuple[str, ...]
) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient, found.candidates) == (AttributionState.AMBIGUOUS, None, candidates)
    assert found.reason == "The number and the name or birth date disagree."


@pytest.mark.parametrize(
    "subject", [Subject(number="A-77"), Subject(number="A-77", family="Roux", birth_date=BORN)]
)
def test_a_number_of_two_patients_is_for_a_person(attributor: Attributor, subject: Subject) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient) == (AttributionState.AMBIGUOUS, None)
    assert found.candidates == ("anne", "namesake-later")
    assert found.reason == "Several patients have this number."


@pytest.mark.parametrize(
    ("subject", "patient"),
    [
        (Subject(family="LEMOINE", given="ANNE SOPHIE", birth_date=BORN), "anne"),
        (Subject(family="lemoine garnier", given="Annie", birth_date=BORN), "anne"),
        (Subject(number="99999", family="Lemoine", given="Anne-Sophie Marie", birth_date=BORN), "anne"),
        (Subject(family="Lemoine Annie", birth_date=BORN), "anne"),
        (Subject(family="ANNE SOPHIE LEMOINE GARNIER", birth_date=BORN), "anne"),
        (Subject(family="Morvan", given="Jean-Paul", birth_date=BORN), "other-twin"),
        (Subject(family="Morvan", given="Jean Marie", birth_date=BORN), "twin"),
        (Subject(family="Dubreuil", given="Marie", birth_date=BORN), "namesake"),
    ],
)
def test_name_and_birth_date_of_one_patient_decide(
    attributor: Attributor, subject: Subject, patient: str
) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient) == (AttributionState.MATCHED_BY_NAME, patient)


@pytest.mark.parametrize(
    ("subject", "candidates", "reason"),
    [
        (Subject(family="Dubreuil", given="Marie"), ("namesake", "namesake-later"), "without a birth date"),
        (Subject(family="Lemoine", given="Annie"), ("anne",), "without a birth date"),
        (
            Subject(family="Roux", given="Léa", birth_date=BORN),
            ("double", "doubled-again"),
            "Several patients",
        ),
        (
            Subject(family="Morvan", given="Jean Paul", birth_date=BORN),
            ("twin", "other-twin"),
            "Several patients",
        ),
        (
            Subject(family="N’Diaye", given="Awa", birth_date=BORN),
            ("undated",),
            "does not know the birth date",
        ),
    ],
)
def test_what_does_not_decide_is_for_a_person(
    attributor: Attributor, subject: Subject, candidates: tuple[str, ...], reason: str
) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient, found.candidates) == (AttributionState.AMBIGUOUS, None, candidates)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("subject", "candidates", "reason"),
    [
        (Subject(), (), "Nothing says"),
        (Subject(number="99999"), (), "of this number"),
        (Subject(birth_date=BORN), (), "Nothing says"),
        (Subject(family="Inconnu", given="Paul", birth_date=BORN), (), "of this name"),
        (Subject(family="Lemoine", birth_date=BORN), (), "of this name"),
        (
            Subject(family="Lemoine", given="Annie", birth_date=BORN + timedelta(days=9)),
            ("anne",),
            "another birth date",
        ),
    ],
)
def test_nobody_is_nobody(
    attributor: Attributor, subject: Subject, candidates: tuple[str, ...], reason: str
) -> None:
    found = attributor.attribute(subject)
    assert (found.state, found.patient, found.candidates) == (AttributionState.UNMATCHED, None, candidates)
    assert reason in found.reason


def test_what_of_a_record_serves_to_recognise_a_patient() -> None:
    def numbered(kind: IdentifierType, value: str) -> Identifier:
        return Identifier(type=kind, system=INS_TEST_OID, value=value)

    patient = Patient(
        id="p",
        practice="x",
        traits=Traits(
            birth_family_name="Lemoine",
            birth_given_names=("Anne", "Marie"),
            used_family_name="Garnier",
            used_given_name="Annie",
            birth_date=BORN,
        ),
        identifiers=(
            numbered(IdentifierType.LOCAL, "1"),
            numbered(IdentifierType.CHART, "C1"),
            numbered(IdentifierType.INS, INS),
            numbered(IdentifierType.NIR, "280059900100158"),
        ),
    )
    attributor = Attributor([recognition_traits(patient)])
    by_number = [Subject(number=number) for number in ("1", "C1", INS)]
    assert {attributor.attribute(subject).state for subject in by_number} == {
        AttributionState.MATCHED_BY_NUMBER
    }
    by_name = [
        Subject(family=family, given=given, birth_date=BORN)
        for family in ("LEMOINE", "Garnier", "Lemoine-Garnier", "GARNIER LEMOINE")
        for given in ("Anne", "ANNIE", "Anne Marie")
    ]
    assert {attributor.attribute(subject).state for subject in by_name} == {AttributionState.MATCHED_BY_NAME}
    billing = attributor.attribute(Subject(number="280059900100158"))
    assert billing.state is AttributionState.UNMATCHED  # the payer's number is often a parent's
    second = attributor.attribute(Subject(family="Lemoine", given="Marie", birth_date=BORN))
    assert second.state is AttributionState.UNMATCHED


@pytest.mark.slow
def test_twenty_thousand_patients_fit_in_little_memory() -> None:
    tracemalloc.start()
    attributor = Attributor(
        KnownPatient(
            id=f"{place:036d}",
            numbers=frozenset({str(place)}),
            family_names=(f"Nom {place}", f"Usage {place}"),
            given_names=(f"Prénom {place}",),
            birth_date=BORN + timedelta(days=place % 9000),
        )
        for place in range(20_000)
    )
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size < 40 << 20
    assert attributor.attribute(Subject(number="19999")).patient == f"{19999:036d}"


def cast() -> Attributor:
    """Return the patients of the sample practice, by their numbers."""
    return Attributor(
        KnownPatient(
            id=str(person.number),
            numbers=frozenset({str(person.number), person.chart_number}),
            ins=frozenset(filter(None, [person.identifier])),
            family_names=(person.family, person.birth_family),
            given_names=(person.given,),
            birth_date=parse_date(person.birth_date) if person.birth_date else None,
        )
        for person in CAST
    )


def test_the_images_of_the_sample_practice_find_their_patients() -> None:
    attributor = cast()
    folder = SAMPLES / "practice" / "imaging"
    by_digest: dict[str, Attribution] = {}
    for study in find_studies(folder):
        if isinstance(study, FoundStudy):
            by_digest |= dict.fromkeys(study.files, attributor.attribute(study.patient))

    def answer(name: str) -> Attribution:
        return by_digest[digest_of_file(folder / name)[0].hex]

    expected = EXPECTED["imaging"]
    for name, patient in expected["dicom_by_path"].items():
        assert (answer(name).state, answer(name).patient) == (
            AttributionState.MATCHED_BY_NUMBER,
            str(patient),
        )
    for name, patient in expected["by_name_and_birth"].items():
        assert (answer(name).state, answer(name).patient) == (AttributionState.MATCHED_BY_NAME, str(patient))
    for name, patients in expected["ambiguous"].items():
        assert (answer(name).state, answer(name).candidates) == (
            AttributionState.AMBIGUOUS,
            tuple(map(str, patients)),
        )
    for name in expected["unknown"]:
        assert (answer(name).state, answer(name).candidates) == (AttributionState.UNMATCHED, ())
    named = [
        name
        for part in ("dicom_by_path", "by_name_and_birth", "ambiguous", "unknown")
        for name in expected[part]
    ]
    assert len(by_digest) == len(named) == 10


def test_the_papers_of_the_sample_practice_find_their_patients() -> None:
    attributor = cast()
    answers = {
        paper.name: (paper.patient, attributor.attribute(paper.patient))
        for paper in find_papers(SAMPLES / "practice" / "papers")
        if isinstance(paper, FoundPaper)
    }
    matched = {subject.number: answer.patient for subject, answer in answers.values() if answer.patient}
    assert matched == {number: number for number in matched}
    assert (
        len([answer for _, answer in answers.values() if answer.patient]) == EXPECTED["papers"]["lines"] - 2
    )
    homonyms = answers[EXPECTED["papers"]["ambiguous_line"]][1]
    assert (homonyms.state, homonyms.candidates) == (AttributionState.AMBIGUOUS, ("9", "10", "11"))
    undated = answers["kowalczyk.pdf"][1]
    assert (undated.state, undated.candidates) == (AttributionState.AMBIGUOUS, ("18",))


HERE, THERE = "urn:uuid:6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10", "urn:oid:1.2.250.1.71.4.2.2.9"


def of_practice(name: str, practice: str, system: str, family: str) -> Patient:
    return Patient(
        id=name,
        practice=practice,
        traits=Traits(birth_family_name=family, birth_given_names=("Paul",), birth_date=BORN),
        identifiers=(Identifier(type=IdentifierType.LOCAL, system=system, value="12"),),
    )


@pytest.fixture(scope="module")
def two_issuers() -> Attributor:
    """Return who answers where number 12 is Roussel's here and Ravenel's at the practice that handed over."""
    patients = (of_practice("own", "p", HERE, "Roussel"), of_practice("came", "q", THERE, "Ravenel"))
    names = (HERE, "Cabinet des Tilleuls", "750000001")
    return Attributor((recognition_traits(one, "p") for one in patients), names)


@pytest.mark.parametrize(
    ("issuer", "patient"),
    [
        ("", "own"),
        ("CABINET DES TILLEULS", "own"),
        ("750000001", "own"),
        ("Ailleurs&1.2.250.1.71.4.2.2.9&ISO", "came"),
        ("urn:oid:1.2.250.1.71.4.2.2.9", "came"),
        ("VATECH", None),
        ("1.2.250.1.71.4.2.2.90", None),
    ],
)
def test_a_number_is_one_of_its_issuer(two_issuers: Attributor, issuer: str, patient: str | None) -> None:
    answer = two_issuers.attribute(Subject(number="12", issuer=issuer))
    assert answer.patient == patient
    if patient is None:
        assert (answer.state, answer.candidates) == (AttributionState.AMBIGUOUS, ("own",))


def test_a_number_of_an_unknown_issuer_leaves_it_to_name_and_birth_date(two_issuers: Attributor) -> None:
    subject = Subject(number="12", issuer="VATECH", family="RAVENEL", given="Paul", birth_date=BORN)
    answer = two_issuers.attribute(subject)
    assert (answer.state, answer.patient) == (AttributionState.MATCHED_BY_NAME, "came")


def test_the_name_that_contradicts_the_issuers_number_is_a_question(two_issuers: Attributor) -> None:
    answer = two_issuers.attribute(Subject(number="12", family="Ravenel", given="Paul", birth_date=BORN))
    assert (answer.state, set(answer.candidates)) == (AttributionState.AMBIGUOUS, {"own", "came"})


def test_an_ins_is_of_its_own_issuer() -> None:
    attributor = Attributor(iter(PATIENTS), ("Cabinet",))
    for issuer in ("", "Cabinet", f"INS&{INS_TEST_OID}&ISO"):
        assert attributor.attribute(Subject(number=INS, issuer=issuer)).patient == "anne"
    assert attributor.attribute(Subject(number=INS, issuer="VATECH")).patient is None
