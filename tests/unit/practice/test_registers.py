"""Registers: nothing in them is deleted, and what is done is written into the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.practice.registers.errors import DecisionUnknown, HoldUnknown
from archiver.practice.registers.hold_grounds import HoldGround
from archiver.practice.registers.holds import (
    holds,
    lift_hold,
    note_stated_hold,
    patients_on_hold,
    set_hold,
)
from archiver.practice.registers.retention_decisions import (
    DecisionKind,
    decide_retention,
    latest_days,
    note_stated_term,
    retention_decisions,
    withdraw_decision,
)
from archiver.practice.store import PracticeStore, open_store
from formats.model.identity import Identifier, IdentifierType, Traits
from formats.model.people import Patient, Practice

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(tmp_path / "p.db", create=True) as opened:
        opened.put(Practice(id="q", name="Cabinet"))
        for name, number in (("a", "1"), ("b", "2"), ("c", "2"), ("d", "3")):
            local = Identifier(type=IdentifierType.LOCAL, system="", value=number)
            traits = Traits(birth_family_name=name.upper())
            opened.put(Patient(id=name, practice="q", traits=traits, identifiers=(local,)))
        yield opened


def journal(store: PracticeStore) -> list[tuple[str, dict[str, object]]]:
    rows = store.db.execute("SELECT operation, detail FROM journal ORDER BY id").fetchall()
    return [(operation, json.loads(detail)) for operation, detail in rows]


def test_a_hold_is_lifted_and_stays_in_the_list(store: PracticeStore) -> None:
    hold = set_hold(
        store, "a", ground=HoldGround.APPEAL, reason="Expertise", since=AT.date(), set_by="Anne", at=AT
    )
    assert list(holds(store)) == [hold] and patients_on_hold(store) == {"a"}
    lifted = lift_hold(store, hold.id, reason="Closed", lifted_by="Luc", at=AT)
    assert not list(holds(store)) and list(holds(store, in_force=False)) == [lifted]
    assert (lifted.reason, lifted.lifted_by, lifted.lifting_reason) == ("Expertise", "Luc", "Closed")
    assert [operation for operation, _ in journal(store)] == ["hold-set", "hold-lifted"]
    with pytest.raises(HoldUnknown):
        lift_hold(store, hold.id, reason="again", lifted_by="Luc", at=AT)
    with pytest.raises(HoldUnknown):
        lift_hold(store, 99, reason="again", lifted_by="Luc", at=AT)


def test_a_hold_that_came_with_a_package_comes_once(store: PracticeStore) -> None:
    assert note_stated_hold(store, "a", package="p", at=AT)
    (hold,) = holds(store)
    lift_hold(store, hold.id, reason="Closed", lifted_by="Luc", at=AT)
    assert not note_stated_hold(store, "a", package="p", at=AT)
    assert not list(holds(store))
    assert note_stated_hold(store, "a", package="another", at=AT)


def test_everything_said_of_the_records_of_a_person_counts(store: PracticeStore) -> None:
    known = {"reason": "r", "decided_by": "x", "at": AT}
    first = decide_retention(store, "a", decision=DecisionKind.KEEP_UNTIL, day=date(2050, 1, 1), **known)
    decide_retention(store, "b", decision=DecisionKind.KEEP_UNTIL, day=date(2040, 1, 1), **known)
    decide_retention(store, "b", decision=DecisionKind.CONSOLIDATION, day=date(2024, 1, 1), **known)
    note_stated_term(store, "a", package="p", destroy_from=date(2047, 1, 1))
    note_stated_term(store, "a", package="p", destroy_from=date(2099, 1, 1))
    note_stated_term(store, "b", package="p", destroy_from=None)
    found = latest_days(store, ("a", "b"))
    assert (found.keep_until, found.consolidated_on) == ("2050-01-01", "2024-01-01")
    assert found.stated == (("2047-01-01", ""),)
    withdraw_decision(store, first.id, reason="mistake", withdrawn_by="y", at=AT)
    assert latest_days(store, ("a", "b")).keep_until == "2040-01-01"
    assert len(list(retention_decisions(store))) == 2
    assert len(list(retention_decisions(store, in_force=False))) == 3
    with pytest.raises(DecisionUnknown):
        withdraw_decision(store, first.id, reason="mistake", withdrawn_by="y", at=AT)
