"""Who is who: never on an INS alone, never on traits alone."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.identity.known_people import KnownPeople, PatientIdentity
from formats.model.dates import AnyDate, PartialDate
from formats.model.identity import INS_TEST_OID, Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient

INS = "279035121518989"


def patient(
    name: str,
    *,
    ins: str = "",
    family: str = "Lévêque",
    given: tuple[str, ...] = ("Maëlle",),
    born: AnyDate | None = date(1979, 3, 2),
    sex: Sex = Sex.FEMALE,
    place: str = "",
) -> Patient:
    identifiers = (Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=ins),) if ins else ()
    traits = Traits(
        birth_family_name=family, birth_given_names=given, birth_date=born, sex=sex, birth_place=place
    )
    return Patient(id=name, practice="p", traits=traits, identifiers=identifiers)


@pytest.mark.parametrize(
    ("known", "arriving", "expected"),
    [
        (patient("k", ins=INS), patient("a", ins=INS), PatientIdentity.SAME),
        (
            patient("k", ins=INS),
            patient("a", ins=INS, family="LEVEQUE", sex=Sex.UNKNOWN),
            PatientIdentity.SAME,
        ),
        (patient("k", ins=INS), patient("a", ins=INS, family="Durand"), PatientIdentity.QUESTION),
        (patient("k", ins=INS), patient("a", ins=INS, born=None), PatientIdentity.QUESTION),
        (
            patient("k", ins=INS, place="35238"),
            patient("a", ins=INS, place="75056"),
            PatientIdentity.QUESTION,
        ),
        (patient("k"), patient("a", ins=INS), PatientIdentity.QUESTION),
        (patient("k"), patient("a"), PatientIdentity.QUESTION),
        (patient("k", ins="1" + INS[1:]), patient("a", ins=INS), PatientIdentity.QUESTION),
        (patient("k"), patient("a", born=date(1979, 2, 3)), PatientIdentity.QUESTION),
        (patient("k", born=None), patient("a", born=None), PatientIdentity.QUESTION),
        (patient("k", ins=INS), patient("a", family="Martin", ins="2" + INS[:-1]), PatientIdentity.NEW),
        (patient("a", ins=INS), patient("a", ins=INS), PatientIdentity.NEW),
    ],
)
def test_the_four_rules(known: Patient, arriving: Patient, expected: PatientIdentity) -> None:
    decision = KnownPeople([known]).decide(arriving)
    assert decision.identity is expected
    assert decision.candidates == (() if expected is PatientIdentity.NEW else ("k",))
    assert decision.reason


DAY, MONTH, YEAR = date(1979, 3, 2), PartialDate(1979, 3), PartialDate(1979)


@pytest.mark.parametrize(
    ("known", "arriving"), [(DAY, YEAR), (MONTH, DAY), (YEAR, MONTH), (YEAR, YEAR), (MONTH, MONTH)]
)
@pytest.mark.parametrize(
    ("ins", "reason"),
    [
        (("", ""), "same names, and a birth date that is not known to the day"),
        ((INS, ""), "same names, and a birth date that is not known to the day"),
        ((INS, INS), "same INS, but a birth date is not known to the day"),
        ((INS, "1" + INS[1:]), "same names, a birth date that is not known to the day, and another INS"),
    ],
)
def test_a_partial_birth_date_is_a_question_and_never_a_proof(
    known: AnyDate, arriving: AnyDate, ins: tuple[str, str], reason: str
) -> None:
    people = KnownPeople([patient("k", ins=ins[0], born=known)])
    decision = people.decide(patient("a", ins=ins[1], born=arriving))
    assert (decision.identity, decision.candidates) == (PatientIdentity.QUESTION, ("k",))
    assert decision.reason == reason


@pytest.mark.parametrize(
    ("known", "arriving"),
    [(DAY, PartialDate(1980)), (PartialDate(1979, 4), DAY), (MONTH, PartialDate(1979, 4))],
)
def test_a_partial_birth_date_contradicts_the_days_it_cannot_be(known: AnyDate, arriving: AnyDate) -> None:
    decision = KnownPeople([patient("k", born=known)]).decide(patient("a", born=arriving))
    assert decision.identity is PatientIdentity.NEW
    with_ins = KnownPeople([patient("k", ins=INS, born=known)]).decide(patient("a", ins=INS, born=arriving))
    assert with_ins.reason == "same INS, but the strict traits differ"


def test_a_partial_birth_date_asks_about_nobody_of_another_name_or_sex() -> None:
    known = KnownPeople([patient("k", family="Durand"), patient("l", sex=Sex.MALE), patient("m")])
    assert known.decide(patient("a", born=YEAR)).candidates == ("m",)


def test_of_two_with_one_ins_the_one_whose_day_is_known_is_the_same_person() -> None:
    known = KnownPeople([patient("k", ins=INS, born=YEAR), patient("l", ins=INS)])
    decision = known.decide(patient("a", ins=INS))
    assert (decision.identity, decision.candidates) == (PatientIdentity.SAME, ("l",))


def test_two_records_of_one_source_are_asked_about_and_never_linked() -> None:
    known = KnownPeople([])
    known.add_of_source(patient("k", ins=INS))
    decision = known.decide(patient("a", ins=INS))
    assert (decision.identity, decision.candidates) == (PatientIdentity.QUESTION, ("k",))
    assert decision.reason == "same INS and same strict traits"
    known.add(patient("z", ins=INS))
    decision = known.decide(patient("a", ins=INS))
    assert (decision.identity, decision.candidates) == (PatientIdentity.SAME, ("z", "k"))


def test_who_has_the_ins_is_asked_about_and_who_has_the_traits_as_well() -> None:
    mother = patient("mother", ins=INS, given=("Sylvie",), born=date(1950, 1, 2))
    decision = KnownPeople([mother, patient("child")]).decide(patient("a", ins=INS))
    assert decision.candidates == ("mother", "child")
    assert decision.reason == "same INS, but the strict traits differ"
    assert decision.reason_about("child") == "same traits, without an INS to prove it"


def test_one_ins_on_two_people_is_a_question_only_for_the_other() -> None:
    known = KnownPeople([patient("k", ins=INS), patient("other", ins=INS, family="Durand")])
    assert known.decide(patient("a", ins=INS)).candidates == ("k",)
