"""What the ``retention`` commands do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.compliance.retention import destroy_from
from archiver.compliance.retention_rules import Rule
from archiver.operations.compliance.named_patient import named_patient
from archiver.practice.registers import retention_decisions as register
from archiver.practice.registers.retention_decisions import DECISION_WORDS, DecisionKind, RetentionDecision
from archiver.practice.store import open_store
from archiver.scope.practice_days import practice_day
from archiver.scope.retention_period import PersonRetention, retention_of, retention_of_everybody
from formats.model.identity import names_and_birth
from formats.model.people import Patient, own_number
from formats.words import mark, plural

HEADING = (
    *(mark("number"), mark("patient"), mark("kept until"), mark("rule"), mark("source"), mark("hold")),
    mark("the practice decided"),
)
DECISIONS = (
    *(mark("decision"), mark("patient"), mark("what"), mark("day"), mark("reason"), mark("decided by")),
    mark("on"),
)
WITHDRAWN = (mark("withdrawn by"), mark("on"), mark("why it was withdrawn"))
DAY = len("2026-11-29")
"""Characters of the day at the beginning of a time."""


def show(path: Path, *, before: date | None, rule: Rule | None, as_json: bool) -> None:
    """List each person with the end of retention, those that end first in front."""
    with open_store(path, reading=True) as store:
        today = practice_day(store, now())
        everybody = list(retention_of_everybody(store, today))
    found = [one for one in everybody if _asked(one, before, rule)]
    found.sort(key=lambda one: (one.retention.until is None, one.retention.until or today))
    if as_json:
        show_json({"retention": 1, "on": today.isoformat(), "listed": [_json(one) for one in found]})
        return
    show_table([_row(one) for one in found], heading=HEADING)
    _summarise(found, len(everybody), today)


def _asked(one: PersonRetention, before: date | None, rule: Rule | None) -> bool:
    end = one.retention
    in_time = before is None or (end.until is not None and end.until < before)
    return in_time and rule in {None, end.rule}


def _row(one: PersonRetention) -> tuple[str, ...]:
    end = one.retention
    return (
        own_number(one.patient),
        names_and_birth(one.patient.traits),
        end.until.isoformat() if end.until else localize(mark("nobody can tell")),
        localize(end.words),
        end.source,
        localize(mark("yes")) if one.on_hold else "",
        localize(mark("until {day}"), day=end.earlier.isoformat()) if end.earlier else "",
    )


def _json(one: PersonRetention) -> dict[str, Any]:
    end, term = one.retention, destroy_from(one.retention)
    return {
        "patient": one.patient.id,
        "records": list(one.records),
        "number": own_number(one.patient),
        "name": names_and_birth(one.patient.traits),
        "until": end.until.isoformat() if end.until else None,
        "destroy_from": term.isoformat() if term else None,
        "rule": end.rule.value,
        "source": end.source,
        "hold": one.on_hold,
        "earlier": end.earlier.isoformat() if end.earlier else None,
        "implausible": list(end.implausible),
    }


def _summarise(found: Sequence[PersonRetention], everybody: int, today: date) -> None:
    say(plural("{count} person of {all}.", "{count} persons of {all}."), count=len(found), all=everybody)
    over = [one for one in found if one.retention.until and one.retention.until < today]
    say(
        plural(
            "The retention of {count} person is over; to destroy a dossier is a person's decision.",
            "The retention of {count} persons is over; to destroy a dossier is a person's decision.",
        ),
        count=len(over),
    )
    on_hold = sum(one.on_hold for one in over)
    if on_hold:
        say(
            plural(
                "Under a hold, and to stay all the same: {count} dossier.",
                "Under a hold, and to stay all the same: {count} dossiers.",
            ),
            count=on_hold,
        )
    doubtful = sum(bool(one.retention.implausible) for one in found)
    if doubtful:
        note(
            plural(
                "Of {count} person a date cannot be right: it shortens nothing (--json names it).",
                "Of {count} persons a date cannot be right: it shortens nothing (--json names it).",
            ),
            count=doubtful,
        )


def note_consolidation(path: Path, name: str, *, day: date, reason: str, by: str, as_json: bool) -> None:
    """Write down when a damage was consolidated."""
    _decide(path, name, DecisionKind.CONSOLIDATION, day=day, reason=reason, by=by, as_json=as_json)


def keep(path: Path, name: str, *, day: date, reason: str, by: str, as_json: bool) -> None:
    """Write down until when the practice keeps a dossier."""
    _decide(path, name, DecisionKind.KEEP_UNTIL, day=day, reason=reason, by=by, as_json=as_json)


def _decide(
    path: Path, name: str, decision: DecisionKind, *, day: date, reason: str, by: str, as_json: bool
) -> None:
    at = now()
    with open_store(path) as store, store.changing():
        today = practice_day(store, at)
        patient = named_patient(store, name, today=today)
        made = register.decide_retention(
            store, patient.id, decision=decision, day=day, reason=reason, decided_by=by, at=at
        )
        end = retention_of(store, store.dossier(patient.id), today)
    if as_json:
        show_json({"retention_decision": 1, **asdict(made)})
        return
    who = names_and_birth(patient.traits)
    say(mark("Decision {number} about {patient} is written down."), number=made.id, patient=who)
    if end.until:
        say(mark("Kept until {until}: {rule}."), until=end.until.isoformat(), rule=end.words)
    if end.earlier:
        say(mark("A day earlier than what the rules give shortens nothing: it is shown beside it."))


def show_decisions(path: Path, *, everything: bool, as_json: bool) -> None:
    """List the decisions in force, or all there ever were."""
    with open_store(path, reading=True) as store:
        found = list(register.retention_decisions(store, in_force=not everything))
        known = {one.patient: store.get(Patient, one.patient) for one in found}
    if as_json:
        show_json({"retention_decisions": 1, "listed": [asdict(one) for one in found]})
        return
    names = {one: names_and_birth(patient.traits) for one, patient in known.items() if patient}
    rows = [_decision_row(one, names, everything=everything) for one in found]
    show_table(rows, heading=(*DECISIONS, *(WITHDRAWN if everything else ())))
    in_force = sum(not one.withdrawn_at for one in found)
    say(plural("{count} decision in force.", "{count} decisions in force."), count=in_force)


def _decision_row(
    one: RetentionDecision, names: dict[str, str], *, everything: bool
) -> tuple[str | int, ...]:
    row = (
        one.id,
        names.get(one.patient, one.patient),
        localize(DECISION_WORDS[DecisionKind(one.decision)]),
        *(one.day, one.reason, one.decided_by, one.decided_at[:DAY]),
    )
    return (*row, one.withdrawn_by, one.withdrawn_at[:DAY], one.withdrawal_reason) if everything else row


def withdraw(path: Path, number: int, *, reason: str, by: str, as_json: bool) -> None:
    """Withdraw a decision."""
    with open_store(path) as store, store.changing():
        found = register.withdraw_decision(store, number, reason=reason, withdrawn_by=by, at=now())
        patient = store.get(Patient, found.patient)
    if as_json:
        show_json({"retention_decision": 1, **asdict(found)})
        return
    who = names_and_birth(patient.traits) if patient else found.patient
    say(mark("Decision {number} about {patient} is withdrawn."), number=number, patient=who)
