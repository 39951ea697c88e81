"""Who is searched among those a practice knows: kinds of differences that people make, and who stays apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from archiver.identity.comparison import (
    ASKED,
    OTHER_BIRTH_PLACE,
    OTHER_SEX,
    PLACEHOLDER,
    SAME_CONTACT,
    SAME_NAMES,
    SAME_TRAITS,
    BirthLevel,
    NamesLevel,
    Reason,
)
from archiver.identity.known_people import SAME_UNSHAPED, KnownPeople, PatientIdentity
from formats.model.dates import AnyDate, PartialDate
from formats.model.identity import (
    INS_TEST_OID,
    Contact,
    ContactKind,
    Identifier,
    IdentifierType,
    Sex,
    Traits,
)
from formats.model.people import Patient

BORN = date(1979, 3, 2)


def person(
    family: str = "Kervella",
    given: str = "Maëlle",
    born: AnyDate | None = BORN,
    *,
    name: str = "here",
    birth_family: str = "",
    sex: Sex = Sex.FEMALE,
    place: str = "",
    ins: str = "",
    reached: tuple[Contact, ...] = (),
) -> Patient:
    traits = Traits(
        birth_family_name=birth_family,
        used_family_name=family,
        used_given_name=given,
        birth_date=born,
        sex=sex,
        birth_place=place,
    )
    identifiers = (Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=ins),) if ins else ()
    return Patient(id=name, practice="p", traits=traits, identifiers=identifiers, contacts=reached)


def with_ins(patient: Patient, value: str) -> Patient:
    return replace(
        patient, identifiers=(Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=value),)
    )


def reason(one: Patient, other: Patient) -> str:
    """Return why a human is asked about the two; what is asked does not depend on who was here first."""
    orders = [
        KnownPeople([here]).decide(replace(comes, id="comes")) for here, comes in ((one, other), (other, one))
    ]
    assert orders[0].reason == orders[1].reason and orders[0].identity is orders[1].identity
    assert orders[0].identity is not PatientIdentity.SAME
    return orders[0].reason if orders[0].identity is PatientIdentity.QUESTION else ""


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("Kervella", "Maelle"),
        ("KERVELLA", "MAËLLE"),
        ("Kervela", "Maëlle"),
        ("Kervella", "Maële"),
        ("Kervella-Gallou", "Maëlle"),
        ("de Kervella", "Maëlle"),
        ("Kervella", "Maëlle Anne"),
        ("Kervella", "Maëlle-Anne"),
        ("Maëlle", "Kervella"),
        ("Kervella", "MaÃ«lle"),
    ],
)
def test_another_spelling_on_the_same_birth_date_is_asked_about(family: str, given: str) -> None:
    assert reason(person(), person(family, given))


@pytest.mark.parametrize(
    "born",
    [
        date(1979, 2, 3),
        date(1979, 3, 12),
        date(1979, 8, 2),
        date(1997, 3, 2),
        PartialDate(1979),
        PartialDate(1979, 3),
        None,
        date(1900, 1, 1),
    ],
)
def test_the_same_names_with_a_birth_date_that_may_be_wrong_are_asked_about(born: AnyDate | None) -> None:
    assert reason(person(), person(born=born))


@pytest.mark.parametrize(
    "other",
    [
        person(given="Maëva"),  # twins
        person(given="Yann", sex=Sex.MALE),
        person(born=date(1981, 7, 12)),  # a cousin of the same names
        person("Le Gall"),
        person("Le Gall", born=None),
        person(born=PartialDate(1980)),
        person("Kervela", born=None),
        person("Kervela", born=date(1979, 2, 3)),
        person(born=date(1979, 2, 3), sex=Sex.MALE),
    ],
)
def test_two_people_stay_two(other: Patient) -> None:
    assert not reason(person(), other)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (person(), person(sex=Sex.MALE), OTHER_SEX),
        (person(place="29019"), person(place="56121"), OTHER_BIRTH_PLACE),
        (person(born=date(1900, 1, 1)), person(born=date(1900, 1, 1)), PLACEHOLDER),
        (person(), person(), SAME_TRAITS),
        (person("Gallou", birth_family="Kervella"), person("Bihan", birth_family="KERVELLA"), SAME_TRAITS),
        (person("Gallou", birth_family="Kervella"), person("Gallou"), SAME_TRAITS),
        (person("Gallou", birth_family="Kervella"), person(), SAME_NAMES),
        (person("Gallou", birth_family="Kervella"), person("Gallou", birth_family="Durand"), SAME_NAMES),
        (person(), person(born=None), ASKED[NamesLevel.EQUAL, BirthLevel.UNKNOWN]),
        (person(), person("de Kervella"), ASKED[NamesLevel.SHARED_WORDS, BirthLevel.SAME]),
        (person(), person("Kervela"), ASKED[NamesLevel.ALIKE, BirthLevel.SAME]),
        (person(), person(born=date(1979, 2, 3)), ASKED[NamesLevel.EQUAL, BirthLevel.NEAR]),
    ],
)
def test_the_reason_says_what_differs_and_that_there_are_two_ins(
    one: Patient, other: Patient, why: Reason
) -> None:
    assert reason(one, other) == why.sentence
    two_ins = (with_ins(one, "279033512151801"), with_ins(other, "279033512151706"))
    assert reason(*two_ins) == why.other_ins
    assert "another INS" in why.other_ins or not why.other_ins


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (ContactKind.MOBILE, "06 39 98 12 34", "+33639981234"),
        (ContactKind.EMAIL, "Maelle@example.org", "maelle@example.org "),
    ],
)
def test_another_family_name_is_asked_about_where_both_are_reached_alike(
    kind: ContactKind, one: str, other: str
) -> None:
    here = person(reached=(Contact(kind=kind, value=one),))
    married = person("Le Bihan", reached=(Contact(kind=kind, value=other),))
    assert reason(here, married) == SAME_CONTACT.sentence
    assert not reason(here, person("Le Bihan"))
    twin = person("Le Bihan", "Yuna", reached=married.contacts)
    assert not reason(here, twin)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("279032A12151801", "2 79 03 2a 121 518 01", PatientIdentity.SAME),
        ("2790335121518", "279033512151801", PatientIdentity.SAME),
        ("279033512151801", "279033512151802", PatientIdentity.QUESTION),
        ("000000000000000", "000000000000000", PatientIdentity.QUESTION),
    ],
)
def test_an_ins_is_compared_without_spaces_in_capitals_and_with_or_without_its_key(
    one: str, other: str, expected: PatientIdentity
) -> None:
    decision = KnownPeople([person(ins=one)]).decide(person(ins=other, name="comes"))
    assert decision.identity is expected


def test_an_ins_that_is_none_brings_nobody_together() -> None:
    other = person("Le Gall", "Yann", date(1950, 1, 2), ins="000000000000000", name="comes")
    assert KnownPeople([person(ins="000000000000000")]).decide(other).identity is PatientIdentity.NEW


@pytest.mark.parametrize(
    ("value", "asked"),
    [("2790335121518", True), ("27903351215", True), ("379033512151", True), ("2790", False),
     ("999999999999999", False), ("121212121212", False)],
)  # fmt: skip
def test_a_mistyped_ins_that_two_records_share_is_asked_about(value: str, asked: bool) -> None:
    here, comes = person(ins=value), person("Le Gall", "Yann", date(1950, 1, 2), ins=value, name="comes")
    decision = KnownPeople([here]).decide(comes)
    assert (decision.identity is PatientIdentity.QUESTION) is asked
    if asked and len(value) < len("2790335121518"):
        assert decision.reason == SAME_UNSHAPED


def test_a_date_that_a_program_wrote_proves_nothing_beside_an_ins() -> None:
    known = KnownPeople([person(born=date(1900, 1, 1), ins="279033512151801")])
    comes = person(born=date(1900, 1, 1), ins="279033512151801", name="comes")
    assert known.decide(comes).identity is PatientIdentity.QUESTION


def test_the_likeliest_is_asked_about_first_and_each_for_its_own_reason() -> None:
    known = KnownPeople(
        [
            person("Kervela", name="typing error"),
            person(born=None, name="no date"),
            person(name="all the same"),
            person("Le Gall", name="nobody"),
        ]
    )
    decision = known.decide(person(name="comes"))
    assert decision.candidates == ("all the same", "typing error", "no date")
    assert len({decision.reason_about(one) for one in decision.candidates}) == len(decision.candidates)
    assert decision.reason == decision.reason_about("all the same")


NAMES = st.sampled_from(["Kervella", "Kervela", "Gallou", "Kervella-Gallou", "Maëlle", "Maël", "Anne", ""])
BIRTHS = st.sampled_from([BORN, date(1979, 2, 3), date(1900, 1, 1), PartialDate(1979), None])
PEOPLE = st.builds(
    person, family=NAMES, given=NAMES, born=BIRTHS, birth_family=NAMES, sex=st.sampled_from([*Sex])
)


@given(one=PEOPLE, other=PEOPLE)
def test_no_likeness_ever_merges_and_the_order_does_not_matter(one: Patient, other: Patient) -> None:
    reason(one, other)


@given(one=PEOPLE)
def test_the_same_traits_are_always_asked_about_where_they_say_who(one: Patient) -> None:
    traits = one.traits
    named = traits.used_given_name and (traits.used_family_name or traits.birth_family_name)
    assert bool(reason(one, one)) or not named
