"""What the ``hold`` commands do."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.terminal.console import say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.operations.compliance.named_patient import named_patient
from archiver.practice.registers import holds
from archiver.practice.registers.hold_grounds import HOLD_WORDS, HoldGround
from archiver.practice.registers.holds import Hold
from archiver.practice.store import open_store
from archiver.scope.practice_days import practice_day
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark, plural

HEADING = (mark("hold"), mark("patient"), mark("ground"), mark("reason"), mark("since"), mark("set by"))
LIFTED = (mark("lifted"), mark("lifted by"), mark("why it was lifted"))


def put(
    path: Path, name: str, *, ground: HoldGround, reason: str, since: date | None, by: str, as_json: bool
) -> None:
    """Put the dossier of a person under a hold, ``since`` today unless it is given."""
    at = now()
    with open_store(path) as store, store.changing():
        today = practice_day(store, at)
        patient = named_patient(store, name, today=today)
        hold = holds.set_hold(
            store, patient.id, ground=ground, reason=reason, since=since or today, set_by=by, at=at
        )
    if as_json:
        show_json({"hold": 1, **asdict(hold)})
        return
    say(
        mark("Hold {number} on the dossier of {patient}: it is kept until somebody lifts it."),
        number=hold.id,
        patient=names_and_birth(patient.traits),
    )


def lift(path: Path, number: int, *, reason: str, by: str, as_json: bool) -> None:
    """Lift a hold."""
    with open_store(path) as store, store.changing():
        hold = holds.lift_hold(store, number, reason=reason, lifted_by=by, at=now())
        patient = store.get(Patient, hold.patient)
        others = [one for one in holds.holds(store) if one.patient == hold.patient]
    if as_json:
        show_json({"hold": 1, **asdict(hold)})
        return
    who = names_and_birth(patient.traits) if patient else hold.patient
    say(mark("Hold {number} on the dossier of {patient} is lifted."), number=number, patient=who)
    if others:
        say(
            plural(
                "{count} hold on this dossier stays in force.",
                "{count} holds on this dossier stay in force.",
            ),
            count=len(others),
        )


def show(path: Path, *, everything: bool, as_json: bool) -> None:
    """List the holds in force, or all there ever were."""
    with open_store(path, reading=True) as store:
        found = list(holds.holds(store, in_force=not everything))
        known = {one.patient: store.get(Patient, one.patient) for one in found}
    if as_json:
        show_json({"holds": 1, "listed": [asdict(one) for one in found]})
        return
    names = {one: names_and_birth(patient.traits) for one, patient in known.items() if patient}
    rows = [_row(one, names, everything=everything) for one in found]
    show_table(rows, heading=(*HEADING, *(LIFTED if everything else ())))
    in_force = sum(not one.lifted_at for one in found)
    say(plural("{count} hold in force.", "{count} holds in force."), count=in_force)


def _row(hold: Hold, names: dict[str, str], *, everything: bool) -> tuple[str | int, ...]:
    day = len("2026-11-29")
    row = (
        hold.id,
        names.get(hold.patient, hold.patient),
        localize(HOLD_WORDS[hold.ground]),
        hold.reason or hold.package,
        hold.since,
        hold.set_by,
    )
    return (*row, hold.lifted_at[:day], hold.lifted_by, hold.lifting_reason) if everything else row
