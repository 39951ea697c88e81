"""What is signed of a roster: every difference that matters, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archiver.scope.rosters.roster import RosterLine
from archiver.scope.rosters.roster_decision import RosterDecision
from archiver.scope.rosters.roster_statement import RosterStatement, signed_text

STATEMENT = RosterStatement(practice="P", parties=("A", "B"), ground="", rule="", seed=bytes(32))
LINE = RosterLine(
    line=2,
    patient_number="5",
    family_name="Béranger",
    given_name="Tom",
    birth_date=date(2011, 1, 30),
    practitioner_rpps="99900000029",
)
OTHER = replace(LINE, patient_number="6")
TEXT = signed_text(STATEMENT, [LINE, OTHER])


@pytest.mark.parametrize(
    "change",
    [
        {"patient_number": "7"},
        {"family_name": "Berenger"},
        {"used_family_name": "Béranger"},
        {"birth_family_name": "Béranger"},
        {"given_name": ""},
        {"birth_date": None},
        {"practitioner_rpps": ""},
        {"decision": RosterDecision.NO},
        {"decision": RosterDecision.TO_DECIDE},
    ],
)
def test_whatever_a_line_says_is_signed(change: dict[str, object]) -> None:
    changed = replace(LINE, **change)  # type: ignore[arg-type]
    assert signed_text(STATEMENT, [changed, OTHER]) != TEXT


@pytest.mark.parametrize("change", [{"practice": "Q"}, {"parties": ("A",)}, {"ground": "g"}, {"rule": "r"}])
def test_whatever_is_agreed_is_signed(change: dict[str, object]) -> None:
    assert signed_text(replace(STATEMENT, **change), [LINE, OTHER]) != TEXT  # type: ignore[arg-type]


def test_order_repetition_place_and_spelling_of_letters_do_not_count() -> None:
    again = replace(LINE, line=9, patient="x", family_name="Be\u0301ranger")
    assert signed_text(STATEMENT, [OTHER, again, LINE]) == TEXT


def test_another_seed_hides_the_same_line() -> None:
    other = signed_text(replace(STATEMENT, seed=bytes(31) + b"x"), [LINE, OTHER])
    assert other.splitlines()[0] == TEXT.splitlines()[0] and not {*other.splitlines()[1:]} & {
        *TEXT.splitlines()[1:]
    }
