"""What the ``request`` commands do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.exits import LATE, SUCCESS
from archiver.cli.options.register_entries import time_of
from archiver.cli.run.compliance.request_text import (
    delivery_json,
    request_json,
    say_deadlines,
    say_omission,
    to_the_minute,
)
from archiver.cli.terminal.console import note, say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.compliance.access_deadlines import Deadlines, Received
from archiver.compliance.request_words import (
    CONVEYANCE_WORDS,
    END_WORDS,
    PURPOSE_WORDS,
    REQUESTER_WORDS,
    Conveyance,
    HeirPurpose,
    Omission,
    RequestEnd,
    Requester,
)
from archiver.operations.compliance import access_requests as operations
from archiver.operations.compliance.access_requests import RequestOpening, deadlines_of
from archiver.operations.compliance.named_patient import named_patient
from archiver.practice.registers import access_requests as register
from archiver.practice.registers.access_requests import AccessRequest, RequestDelivery
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.practice_days import practice_day, practice_zone
from formats.model.identity import names_and_birth
from formats.model.missing import REASONS
from formats.model.people import Patient
from formats.words import mark, plural

DAY = len("2026-11-29")
"""Characters of the day at the beginning of a time."""
HEADING = (
    *(mark("request"), mark("patient"), mark("asked by"), mark("received"), mark("not before"), mark("due")),
    *(mark("older than 5 years: due"), mark("state")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningOptions:
    """Who asks for whose dossier, as it is typed."""

    patient: str
    requester: Requester
    name: str
    purpose: HeirPurpose | None
    received: str
    by: str


def open_(path: Path, options: OpeningOptions, *, as_json: bool) -> None:
    """Write a request down."""
    at = now()
    with open_store(path) as store, store.changing():
        patient = named_patient(store, options.patient, today=practice_day(store, at))
        opening = RequestOpening(
            patient=patient.id,
            requester=options.requester,
            name=options.name,
            received=_received(store, options.received, at),
            by=options.by,
            purpose=options.purpose,
        )
        request = operations.open_request(store, opening, at)
        end = deadlines_of(store, request)
    if as_json:
        show_json(request_json(request, end))
        return
    say(
        mark("Request {number} for the dossier of {patient} is written down."),
        number=request.id,
        patient=names_and_birth(patient.traits),
    )
    say_deadlines(end)
    _note_doubts(patient, options.requester, at.date())
    note(mark("Check who asks, and write down how: archiver request identity."))


def _received(store: PracticeStore, text: str, at: datetime) -> Received:
    day, moment = time_of(text, "--received", practice_zone(store), at)
    return Received(day=day, at=moment)


def _note_doubts(patient: Patient, requester: Requester, today: date) -> None:
    born = patient.traits.birth_date
    if requester is Requester.HEIR and patient.deceased_on is None:
        note(mark("The dossier does not say that this patient died: ask for proof of the death."))
    if requester is Requester.GUARDIAN and born and today.year - born.year > 18:
        note(mark("This patient is of age: ask for the decision of the judge."))
    if requester is Requester.REPRESENTATIVE:
        note(mark("Ask for the written mandate."))


def show_all(path: Path, *, everything: bool, as_json: bool) -> int:
    """List requests, those that are due first in front; return the exit status."""
    with open_store(path, reading=True) as store:
        today = practice_day(store, now())
        found = [
            (one, deadlines_of(store, one))
            for one in register.access_requests(store, open_only=not everything)
        ]
        names = {one.patient: _name(store, one.patient) for one, _ in found}
    found.sort(key=lambda one: (one[0].ending != "", one[1].first, one[0].id))
    late = sum(_is_late(request, end, today) for request, end in found)
    if as_json:
        listed = [
            request_json(request, end) | {"late": _is_late(request, end, today)} for request, end in found
        ]
        show_json({"requests": 1, "on": today.isoformat(), "listed": listed})
        return LATE if late else SUCCESS
    show_table([_row(request, end, names[request.patient], today) for request, end in found], heading=HEADING)
    waiting = sum(not request.ending for request, _ in found)
    say(plural("{count} request is open.", "{count} requests are open."), count=waiting)
    if late:
        say(plural("{count} request is late.", "{count} requests are late."), count=late)
    return LATE if late else SUCCESS


def _is_late(request: AccessRequest, end: Deadlines, today: date) -> bool:
    return not request.ending and end.first < today


def _row(request: AccessRequest, end: Deadlines, name: str, today: date) -> tuple[str | int, ...]:
    return (
        request.id,
        name,
        f"{request.name} ({localize(REQUESTER_WORDS[Requester(request.requester)])})",
        request.received[:DAY],
        to_the_minute(end.not_before) if end.not_before else "",
        end.recent.isoformat() if end.recent else "",
        end.old.isoformat() if end.old else "",
        _state(request, end, today),
    )


def _state(request: AccessRequest, end: Deadlines, today: date) -> str:
    if request.ending:
        return localize(END_WORDS[RequestEnd(request.ending)])
    days = (end.first - today).days
    left = (
        localize(plural("{count} day late", "{count} days late"), count=-days)
        if days < 0
        else localize(plural("{count} day left", "{count} days left"), count=days)
    )
    unchecked = localize(mark("identity to check"))
    return left if request.identity_at else f"{left}, {unchecked}"


def _name(store: PracticeStore, identity: str) -> str:
    patient = store.get(Patient, identity)
    return names_and_birth(patient.traits) if patient else identity


def show(path: Path, number: int, *, as_json: bool) -> None:
    """Show one request."""
    with open_store(path, reading=True) as store:
        request = register.access_request(store, number)
        end, made = deadlines_of(store, request), register.deliveries(store, request)
        name, today = _name(store, request.patient), practice_day(store, now())
    if as_json:
        show_json(request_json(request, end) | {"deliveries": [delivery_json(one) for one in made]})
        return
    rows = [
        (mark("patient"), name),
        (mark("asked by"), f"{request.name} ({localize(REQUESTER_WORDS[Requester(request.requester)])})"),
        (mark("purpose"), localize(PURPOSE_WORDS[HeirPurpose(request.purpose)]) if request.purpose else ""),
        (mark("received"), request.received),
        (mark("identity check"), " · ".join(filter(None, (request.identity_check, request.identity_by)))),
        (mark("state"), _state(request, end, today)),
        (mark("reason"), request.ending_reason),
    ]
    for label, text in rows:
        if text:
            say(mark("{label}: {text}"), label=localize(label), text=text)
    say_deadlines(end)
    for one in made:
        _say_delivery(one)


def _say_delivery(one: RequestDelivery) -> None:
    for file in json.loads(one.files):
        say(mark("Written: {name}, SHA-256 {digest}"), name=file["name"], digest=file["sha256"])
    counted: dict[tuple[str, str], int] = {}
    left_out = json.loads(one.left_out)
    for file in left_out.get("lost", ()):
        say(
            mark("Lost, and not in it: {name} ({digest}), {reason}."),
            name=file["name"],
            digest=file["sha256"],
            reason=REASONS[file["reason"]],
        )
    for record in left_out["records"]:
        key = (record["kind"], record["reason"])
        counted[key] = counted.get(key, 0) + 1
    for (kind, reason), count in sorted(counted.items()):
        say_omission(kind, Omission(reason), count)
    if one.sent_at:
        how = localize(CONVEYANCE_WORDS[Conveyance(one.conveyance)])
        say(
            mark("Handed over on {day} to {recipient}: {how}."),
            day=one.sent_at,
            recipient=one.recipient,
            how=how,
        )
