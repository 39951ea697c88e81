"""Who is who: never on an INS alone, never on traits alone."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.handover.identity import KnownPeople, PatientIdentity
from formats.model.identity import INS_TEST_OID, Identifier, IdentifierType, Sex, Traits
from formats.model.people import Patient

INS = "279035121518989"


def patient(
    name: str,
    *,
    ins: str = "",
    family: str = "Lévêque",
    given: tuple[str, ...] = ("Maëlle",),
    born: date | None = date(1979, 3, 2),
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
        (patient("k"), patient("a", born=date(1979, 2, 3)), PatientIdentity.NEW),
        (patient("k", born=None), patient("a", born=None), PatientIdentity.NEW),
        (patient("k", ins=INS), patient("a", family="Martin", ins="2" + INS[:-1]), PatientIdentity.NEW),
        (patient("a", ins=INS), patient("a", ins=INS), PatientIdentity.NEW),
    ],
)
def test_the_four_rules(known: Patient, arriving: Patient, expected: PatientIdentity) -> None:
    decision = KnownPeople([known]).decide(arriving)
    assert decision.identity is expected
    assert decision.candidates == (() if expected is PatientIdentity.NEW else ("k",))
    assert decision.reason


def test_one_ins_on_two_people_is_a_question_only_for_the_other() -> None:
    known = KnownPeople([patient("k", ins=INS), patient("other", ins=INS, family="Durand")])
    assert known.decide(patient("a", ins=INS)).candidates == ("k",)
