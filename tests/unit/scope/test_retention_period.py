"""The list of everybody's retention says of each what the dossier itself gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archiver.compliance.retention_rules import Rule
from archiver.practice import people
from archiver.practice.registers.hold_grounds import HoldGround
from archiver.practice.registers.holds import lift_hold, set_hold
from archiver.practice.registers.retention_decisions import (
    DecisionKind,
    decide_retention,
    note_stated_term,
    withdraw_decision,
)
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.practice_days import practice_day
from archiver.scope.retention_period import retention_of, retention_of_everybody
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus, Prescription
from formats.model.dates import AnyDate, PartialDate
from formats.model.identity import Traits
from formats.model.imaging import ImageFile, ImageKind
from formats.model.observations import Observation, ObservationCategory, ObservationStatus
from formats.model.people import Patient, Practice
from tests.history.stores import make

TODAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    with open_store(make(tmp_path)) as opened:
        yield opened


def day(dice: random.Random) -> AnyDate | None:
    year = dice.choice((1900, 1969, 1985, 2001, 2002, 2014, 2026, 2031))
    return dice.choice((None, date(year, dice.randint(1, 12), 9), PartialDate(year), PartialDate(year, 3)))


def put_people(store: PracticeStore, dice: random.Random, number: int) -> None:
    """Put patients with every kind of care, dated and undated, done, planned and cancelled."""
    store.put(Practice(id="q", name="Cabinet"))
    for place in range(number):
        patient = f"r{place}"
        traits = Traits(birth_family_name=f"N{place}", birth_date=day(dice))
        store.put(
            Patient(id=patient, practice="q", traits=traits, deceased_on=dice.choice((None, day(dice))))
        )
        for n in range(dice.randint(0, 3)):
            ids = {"id": f"{patient}-{n}", "patient": patient}
            known = day(dice)
            time = datetime(2019, 5, 4, 23, 30, tzinfo=UTC) if known else None
            store.put(
                dice.choice(
                    (
                        Act(**ids, status=dice.choice((*ActStatus,)), performed_on=known),
                        Appointment(**ids, status=dice.choice((*AppointmentStatus,)), starts_at=time),
                        Prescription(**ids, product="x", prescribed_on=known),
                        ImageFile(**ids, image=ImageKind.OTHER, taken_at=time),
                        Observation(
                            **ids,
                            category=ObservationCategory.EXAM,
                            status=dice.choice((*ObservationStatus,)),
                            observed_on=known,
                        ),
                    )
                )
            )
        if place % 7 == 0 and place > 0:
            people.link(store, patient, f"r{place - 1}", rule="human", decided_by="x", at=AT)


def test_the_list_agrees_with_every_dossier(store: PracticeStore) -> None:
    dice = random.Random(29)
    with store.changing():
        put_people(store, dice, 300)
        for place in range(0, 300, 9):
            kind = dice.choice((*DecisionKind,))
            known = {"reason": "r", "decided_by": "x", "at": AT}
            decide_retention(store, f"r{place}", decision=kind, day=date(2020 + place % 60, 1, 1), **known)
        for place in range(0, 300, 13):
            ground = dice.choice((*HoldGround,))
            years = dice.sample(range(2005, 2026), 2)
            begun, ended = (datetime(year, 1, 1, tzinfo=UTC) for year in sorted(years))
            hold = set_hold(
                store, f"r{place}", ground=ground, reason="r", since=begun.date(), set_by="x", at=begun
            )
            if place % 2:
                lift_hold(store, hold.id, reason="r", lifted_by="x", at=ended)
        for place in range(0, 300, 11):
            note_stated_term(store, f"r{place}", package="p", destroy_from=date(2020 + place % 60, 1, 1))
    listed = list(retention_of_everybody(store, TODAY))
    everybody = [record for one in listed for record in one.records]
    assert sorted(everybody) == sorted(patient.id for patient in store.patients())
    assert len(everybody) > len(listed) > 250
    for one in listed:
        assert one.retention == retention_of(store, store.dossier(one.patient.id), TODAY), one.patient
    assert {one.retention.rule for one in listed} >= {*Rule} - {Rule.BEFORE_2002}


def test_a_hold_is_on_the_person_and_a_withdrawn_decision_counts_no_more(store: PracticeStore) -> None:
    with store.changing():
        store.put(Practice(id="q", name="Cabinet"))
        for name in ("a", "b", "c"):
            store.put(Patient(id=name, practice="q", traits=Traits(birth_family_name=name)))
        people.link(store, "a", "b", rule="human", decided_by="x", at=AT)
        set_hold(store, "a", ground=HoldGround.CLAIM, reason="r", since=AT.date(), set_by="x", at=AT)
        made = decide_retention(
            store,
            "c",
            decision=DecisionKind.KEEP_UNTIL,
            day=date(2050, 1, 1),
            reason="r",
            decided_by="x",
            at=AT,
        )
    listed = {one.patient.id: one for one in retention_of_everybody(store, TODAY)}
    assert listed["b"].on_hold and not listed["c"].on_hold
    assert listed["c"].retention.until == date(2050, 1, 1)
    with store.changing():
        withdraw_decision(store, made.id, reason="mistake", withdrawn_by="y", at=AT)
    listed = {one.patient.id: one for one in retention_of_everybody(store, TODAY)}
    assert listed["c"].retention.until is None


@pytest.mark.parametrize(
    ("ground", "until", "rule"),
    [
        (HoldGround.APPEAL, date(2035, 5, 4), Rule.SUSPENSION),
        (HoldGround.OTHER, date(2033, 5, 4), Rule.AFTER_CARE),
    ],
)
def test_the_term_runs_on_when_a_hold_is_lifted(
    store: PracticeStore, ground: HoldGround, until: date, rule: Rule
) -> None:
    care = date(2013, 5, 4)
    with store.changing():
        store.put(Practice(id="q", name="Cabinet"))
        store.put(Patient(id="a", practice="q", traits=Traits(birth_date=date(1960, 1, 1))))
        store.put(Act(id="c", patient="a", status=ActStatus.DONE, performed_on=care))
        known = {"ground": ground, "reason": "r", "set_by": "x"}
        noted = datetime(2019, 6, 1, 12, tzinfo=UTC)
        hold = set_hold(store, "a", since=date(2018, 1, 1), at=noted, **known)
        lifted = datetime(2020, 1, 1, 12, tzinfo=UTC)
        lift_hold(store, hold.id, reason="r", lifted_by="x", at=lifted)
    listed = {one.patient.id: one for one in retention_of_everybody(store, TODAY)}
    assert (listed["a"].retention.until, listed["a"].retention.rule) == (until, rule)
    assert not listed["a"].on_hold


@pytest.mark.parametrize(
    ("zone", "at", "there"),
    [
        ("Europe/Paris", datetime(2026, 11, 29, 23, 30, tzinfo=UTC), date(2026, 11, 30)),
        ("America/Martinique", datetime(2026, 11, 30, 2, 0, tzinfo=UTC), date(2026, 11, 29)),
        ("Indian/Reunion", datetime(2026, 11, 29, 20, 30, tzinfo=UTC), date(2026, 11, 30)),
        ("no such zone", datetime(2026, 11, 29, 22, 30, tzinfo=UTC), date(2026, 11, 29)),
    ],
)
def test_days_are_those_of_the_practice(zone: str, at: datetime, there: date, tmp_path: Path) -> None:
    with open_store(tmp_path / "p.db", create=True) as store:
        store.put(Practice(id="q", name="Cabinet", time_zone=zone))
        assert practice_day(store, at) == there
