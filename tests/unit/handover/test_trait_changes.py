"""A change of traits under one number: a correction, or somebody else; and whether a merge still stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from archiver.handover.trait_changes import another_person, puts_in_doubt, with_history
from archiver.identity.known_people import KnownPeople, PatientIdentity
from formats.model.dates import PartialDate
from formats.model.identity import INS_TEST_OID, Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient

THEN = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROUSSEL = Traits(
    birth_family_name="Roussel",
    birth_given_names=("Paul", "Henri"),
    used_family_name="Roussel",
    used_given_name="Paul",
    birth_date=date(1991, 3, 2),
    sex=Sex.MALE,
)
RAVENEL = Traits(
    birth_family_name="Ravenel", birth_given_names=("Odette",), birth_date=date(1940, 11, 23), sex=Sex.FEMALE
)


def patient(name: str = "x", *, traits: Traits = ROUSSEL, ins: str = "", **changed: Any) -> Patient:
    identifiers = (Identifier(type=IdentifierType.INS, system=INS_TEST_OID, value=ins),) if ins else ()
    return Patient(id=name, practice="p", traits=replace(traits, **changed), identifiers=identifiers)


@pytest.mark.parametrize(
    ("changed", "another"),
    [
        (
            {"birth_family_name": "Ravenel", "used_family_name": "Ravenel", "birth_date": date(1940, 1, 1)},
            True,
        ),
        ({"birth_given_names": ("Jean",), "used_given_name": "Jean", "birth_date": date(1940, 1, 1)}, True),
        ({"sex": Sex.FEMALE, "birth_date": date(1940, 1, 1)}, True),
        ({"birth_family_name": "Ravenel", "used_family_name": "Ravenel", "sex": Sex.FEMALE}, False),
        ({"used_family_name": "Ravenel", "birth_date": date(1991, 2, 3)}, False),  # the birth name vouches
        ({"sex": Sex.UNKNOWN, "birth_date": date(1991, 2, 3)}, False),
        ({"birth_given_names": (), "used_given_name": "", "birth_date": date(1991, 2, 3)}, False),
        ({"birth_family_name": "ROUSSEL", "birth_given_names": ("PAUL-HENRI",)}, False),
    ],
)
def test_two_traits_that_change_together_are_a_question(changed: dict[str, Any], *, another: bool) -> None:
    before, now = patient(), patient(**changed)
    assert bool(another_person(before, now)) == another
    assert another_person(before, before) == ""


@pytest.mark.parametrize(
    ("born", "names", "another"),
    [
        (PartialDate(1991), {}, False),
        (PartialDate(1990), {}, False),
        (PartialDate(1991), {"birth_given_names": ("Jean",), "used_given_name": "Jean"}, False),
        (PartialDate(1990), {"birth_given_names": ("Jean",), "used_given_name": "Jean"}, True),
        (PartialDate(1991), {"birth_family_name": "Ravenel", "used_family_name": "Ravenel",
                             "birth_given_names": ("Jean",), "used_given_name": "Jean"}, True),
    ],
)  # fmt: skip
def test_a_partial_birth_date_neither_contradicts_its_days_nor_vouches(
    born: PartialDate, names: dict[str, Any], *, another: bool
) -> None:
    assert bool(another_person(patient(), patient(birth_date=born, **names))) == another
    assert bool(another_person(patient(birth_date=born, **names), patient())) == another


def test_a_birth_date_made_more_precise_leaves_a_merge_alone() -> None:
    before, now, other = patient(birth_date=PartialDate(1991)), patient(), patient("y")
    assert not puts_in_doubt(before, now, other)
    assert not puts_in_doubt(now, before, other)
    assert puts_in_doubt(now, patient(birth_date=PartialDate(1990)), other)


def test_without_a_birth_date_the_names_have_to_vouch() -> None:
    before = patient(birth_date=None)
    assert another_person(before, patient(traits=RAVENEL, birth_date=None))
    assert another_person(before, patient(traits=RAVENEL))
    married = {"birth_family_name": "Martin", "used_family_name": "Martin", "birth_date": None}
    assert another_person(before, patient(**married)) == ""
    assert another_person(before, patient(**married, sex=Sex.FEMALE))


def test_another_ins_and_another_name_are_a_question_even_of_twins() -> None:
    one, other = "191039999900101", "191039999900202"
    twin = patient(ins=other, birth_given_names=("Luc",), used_given_name="Luc")
    assert another_person(patient(ins=one), twin)
    assert another_person(patient(ins=one), patient(ins=other)) == ""
    assert another_person(patient(), twin) == ""


def test_every_traits_a_record_ever_had_count() -> None:
    renamed = with_history(
        patient(), patient(birth_family_name="Ravenel", used_family_name="Ravenel"), at=THEN
    )
    assert another_person(patient(), renamed) == ""
    assert another_person(renamed, replace(renamed, traits=RAVENEL))
    step = replace(renamed, traits=replace(renamed.traits, birth_date=date(1991, 4, 4)))
    assert another_person(renamed, step)
    assert another_person(replace(renamed, earlier_traits=()), step) == ""


def test_a_history_says_each_traits_once_and_never_the_present_ones() -> None:
    first, second = patient(), patient(used_family_name="Martin")
    once = with_history(first, second, at=THEN)
    assert [one.traits for one in once.earlier_traits] == [first.traits]
    assert with_history(once, second, at=THEN) == once
    back = with_history(once, first, at=THEN)
    assert [one.traits for one in back.earlier_traits] == [second.traits]
    assert with_history(None, first, at=THEN) is first
    assert with_history(replace(first, linked=("z",)), first, at=THEN).linked == ("z",)


@pytest.mark.parametrize(
    ("now", "other", "doubt"),
    [
        (patient(sex=Sex.FEMALE), patient("o"), True),
        (patient(birth_date=date(1991, 2, 3)), patient("o"), True),
        (patient(birth_date=date(1991, 2, 3)), patient("o", birth_date=None), False),
        (patient(birth_place="35238"), patient("o", birth_place="75056"), True),
        (patient(birth_place="35238"), patient("o"), False),
        (patient(), patient("o", traits=RAVENEL), False),  # a human knew that when they said “same”
        (patient(used_family_name="Martin"), patient("o"), False),
    ],
)
def test_a_merge_is_in_doubt_when_what_changed_contradicts(
    now: Patient, other: Patient, *, doubt: bool
) -> None:
    assert puts_in_doubt(patient(), now, other) == doubt


def test_a_merge_is_in_doubt_when_the_ins_in_common_is_gone() -> None:
    one, other = "191039999900101", "191039999900202"
    assert puts_in_doubt(patient(ins=one), patient(ins=other), patient("o", ins=one))
    assert puts_in_doubt(patient(ins=one), patient(), patient("o", ins=one))
    assert not puts_in_doubt(patient(ins=one), patient(ins=one), patient("o", ins=one))


def test_an_ins_with_or_without_its_key_is_the_same_one() -> None:
    with_key, without_key, another = "191039999900101", "1 91 03 99 999 001", "191039999900202"
    assert puts_in_doubt(patient(ins=without_key), patient(ins=another), patient("o", ins=with_key))
    assert not puts_in_doubt(patient(ins=with_key), patient(ins=without_key), patient("o", ins=with_key))
    married = {"birth_family_name": "Martin", "used_family_name": "Martin"}
    assert another_person(patient(ins=without_key), patient(ins=with_key, **married)) == ""
    assert another_person(patient(ins=without_key), patient(ins=another, **married))


def test_a_number_of_one_issuer_is_asked_about_and_never_enough() -> None:
    def numbered(name: str, traits: Traits, issuer: str, number: str = "12") -> Patient:
        local = Identifier(type=IdentifierType.LOCAL, system=issuer, value=number)
        return replace(patient(name, traits=traits), identifiers=(local,))

    known = KnownPeople([numbered("here", ROUSSEL, "urn:a")])
    decision = known.decide(numbered("comes", RAVENEL, "urn:a"))
    assert (decision.identity, decision.candidates) == (PatientIdentity.QUESTION, ("here",))
    assert known.decide(numbered("comes", RAVENEL, "urn:b")).identity is PatientIdentity.NEW
    assert known.decide(numbered("comes", RAVENEL, "")).identity is PatientIdentity.NEW
    assert known.decide(numbered("comes", ROUSSEL, "urn:a")).identity is PatientIdentity.QUESTION
