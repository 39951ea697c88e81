"""What the ``breach`` commands do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.commands.compliance.breach import BreachFacts
from archiver.cli.exits import LATE, SUCCESS
from archiver.cli.options.register_entries import time_of
from archiver.cli.run.compliance.request_text import to_the_minute
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.compliance.breach_clock import STEP_WORDS, BreachClock, BreachStep, breach_clock
from archiver.compliance.breach_words import BreachNature, BreachRisk
from archiver.operations.compliance import breaches as operations
from archiver.practice.registers import breaches as register
from archiver.practice.registers.breaches import Breach
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.practice_days import practice_zone
from formats.words import mark, plural

HEADING = (
    *(mark("breach"), mark("what happened"), mark("known"), mark("notify by"), mark("next")),
    mark("persons"),
)
SHOWN = 60
"""Characters of what happened in the list."""


def open_(
    path: Path,
    *,
    what: str,
    natures: Sequence[BreachNature],
    known: str,
    facts: BreachFacts,
    by: str,
    as_json: bool,
) -> None:
    """Write a breach down."""
    at = now()
    cells = _cells(what, natures, facts)
    with open_store(path) as store, store.changing():
        zone = practice_zone(store)
        day, moment = time_of(known, "--known", zone, at)
        known_at = moment.isoformat() if moment else day.isoformat()
        breach = register.open_breach(store, by=by, at=at, known_at=known_at, **cells)
    _show(breach, mark("Data breach {number} is written down."), zone, as_json=as_json)


def _cells(what: str, natures: Sequence[BreachNature], facts: BreachFacts) -> dict[str, str]:
    """Return what was stated.

    Raises:
        BadParameter: when a risk comes without its reason.
    """
    if facts.risk and not facts.risk_reason:
        raise typer.BadParameter(
            localize(mark("say why with --risk-reason: the practice must be able to show it")),
            param_hint="--risk",
        )
    stated = {
        "facts": what,
        "natures": " ".join(dict.fromkeys(one.value for one in natures)),
        "happened": facts.happened,
        "persons": "" if facts.persons is None else str(facts.persons),
        "records": "" if facts.records is None else str(facts.records),
        "data": facts.data,
        "consequences": facts.consequences,
        "measures": facts.measures,
        "risk": facts.risk.value if facts.risk else "",
        "risk_reason": facts.risk_reason,
    }
    return {name: cell for name, cell in stated.items() if cell}


def update(
    path: Path,
    number: int,
    *,
    what: str,
    natures: Sequence[BreachNature],
    facts: BreachFacts,
    by: str,
    as_json: bool,
) -> None:
    """Fill in what was learned."""
    cells = _cells(what, natures, facts)
    if not cells:
        raise typer.BadParameter(localize(mark("say what is to be filled in")), param_hint="--what")
    with open_store(path) as store, store.changing():
        breach = operations.update_breach(store, number, cells=cells, by=by, at=now())
        zone = practice_zone(store)
    _show(breach, mark("Data breach {number} is filled in."), zone, as_json=as_json)


def notify(
    path: Path, number: int, *, on: str, notification: str, delay: str, by: str, as_json: bool
) -> None:
    """Write down that the CNIL was notified."""
    at = now()
    with open_store(path) as store, store.changing():
        zone = practice_zone(store)
        notified = _moment(store, on, at)
        breach = operations.note_notification(
            store, number, notified=notified, notification=notification, delay=delay, by=by, at=at
        )
    _show(breach, mark("The notification of data breach {number} is written down."), zone, as_json=as_json)


def _moment(store: PracticeStore, on: str, at: datetime) -> datetime:
    _, moment = time_of(on, "--on", practice_zone(store), at)
    if moment is None:
        raise typer.BadParameter(localize(mark("it is no time; write 2026-11-29 14:30")), param_hint="--on")
    return moment


def inform(path: Path, number: int, *, on: str, how: str, not_because: str, by: str, as_json: bool) -> None:
    """Write down how the persons were told, or why they need not be."""
    if bool(how) == bool(not_because):
        raise typer.BadParameter(
            localize(mark("say either how they were told, or why they need not be")), param_hint="--how"
        )
    if on and not_because:
        raise typer.BadParameter(
            localize(mark("only with --how: the moment at which they were told")), param_hint="--on"
        )
    at = now()
    with open_store(path) as store, store.changing():
        zone = practice_zone(store)
        moment = _moment(store, on, at).isoformat() if how else ""
        cells = {"informed_at": moment, "informing": how, "uninformed_reason": not_because, "informed_by": by}
        breach = operations.note_informing(store, number, cells=cells, by=by, at=at)
    _show(
        breach,
        mark("What the persons were told of data breach {number} is written down."),
        zone,
        as_json=as_json,
    )


def close(path: Path, number: int, *, reason: str, by: str, as_json: bool) -> None:
    """Close a breach."""
    with open_store(path) as store, store.changing():
        breach = operations.close_breach(store, number, remark=reason, by=by, at=now())
        zone = practice_zone(store)
    _show(breach, mark("Data breach {number} is closed."), zone, as_json=as_json)


def reopen(path: Path, number: int, *, reason: str, by: str, as_json: bool) -> None:
    """Open a breach again."""
    with open_store(path) as store, store.changing():
        breach = operations.reopen_breach(store, number, remark=reason, by=by, at=now())
        zone = practice_zone(store)
    _show(breach, mark("Data breach {number} is open again."), zone, as_json=as_json)


def _show(breach: Breach, sentence: str, zone: tzinfo, *, as_json: bool) -> None:
    clock = breach_clock(breach, now(), zone)
    if as_json:
        show_json({"breach": 1, **operations.breach_document(breach, clock)})
        return
    say(sentence, number=breach.id)
    if clock.running:
        by = to_the_minute(clock.notify_by)
        say(mark("To be notified to the CNIL by {moment} (72 hours), unless a risk is unlikely."), moment=by)
    if clock.step is not BreachStep.NOTHING:
        note(mark("Next: {step}."), step=STEP_WORDS[clock.step])


def show(path: Path, *, everything: bool, as_json: bool) -> int:
    """List breaches, those that are due first in front; return the exit status."""
    at = now()
    with open_store(path, reading=True) as store:
        zone = practice_zone(store)
        found = [
            (one, breach_clock(one, at, zone)) for one in register.breaches(store, open_only=not everything)
        ]
    found.sort(key=lambda one: (one[0].closed_at != "", one[1].notify_by, one[0].id))
    late = sum(clock.running and clock.late for _, clock in found)
    if as_json:
        show_json(
            {
                "breaches": 1,
                "on": at.isoformat(),
                "listed": [operations.breach_document(*one) for one in found],
            }
        )
        return LATE if late else SUCCESS
    show_table([_row(*one, at) for one in found], heading=HEADING)
    say(
        plural("{count} breach is open.", "{count} breaches are open."),
        count=sum(not breach.closed_at for breach, _ in found),
    )
    if late:
        say(plural("{count} breach is late.", "{count} breaches are late."), count=late)
    return LATE if late else SUCCESS


def _row(breach: Breach, clock: BreachClock, at: datetime) -> tuple[str | int, ...]:
    facts = breach.facts if len(breach.facts) <= SHOWN else breach.facts[: SHOWN - 1] + "…"
    return (
        breach.id,
        facts,
        breach.known_at[: len("2026-11-29T14:30")].replace("T", " "),
        to_the_minute(clock.notify_by) if breach.risk != BreachRisk.NONE else "",
        _next(clock, at),
        breach.persons,
    )


def _next(clock: BreachClock, at: datetime) -> str:
    step = localize(STEP_WORDS[clock.step])
    if not clock.running:
        return step
    hours = int(abs(clock.notify_by - at).total_seconds() // 3600)
    if clock.late:
        return localize(
            plural("{step}: late by {count} hour", "{step}: late by {count} hours"), step=step, count=hours
        )
    return localize(plural("{step}: {count} hour left", "{step}: {count} hours left"), step=step, count=hours)
