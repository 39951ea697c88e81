"""What the ``request`` commands do that answer or close a request."""

from __future__ import annotations

import secrets
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.options.register_entries import day_of
from archiver.cli.run.compliance.request_text import delivery_json, request_json, say_omission, show_change
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.terminal.console import note, say, show_findings, show_json
from archiver.compliance.errors import RequestClosed, RequestUnwritten
from archiver.compliance.request_words import Conveyance, RequestEnd
from archiver.handover.kinds import kind_words
from archiver.operations.compliance import access_requests as operations
from archiver.operations.compliance.access_requests import FulfilOrder, deadlines_of
from archiver.operations.compliance.requested_dossier import note_delivered_packages
from archiver.operations.documents.outcomes import findings_json
from archiver.practice.registers import access_requests as register
from archiver.practice.store import open_store
from archiver.scope.practice_days import practice_day
from formats.model.dictionary.entries import labels
from formats.model.dossier import PATIENT_KINDS
from formats.words import BilingualText, mark

KIND_OF = {kind.kind: kind for kind in PATIENT_KINDS}
"""Every kind of record of a dossier, by name."""


def note_identity(path: Path, number: int, *, how: str, by: str, as_json: bool) -> None:
    """Write down how an identity was checked."""
    with open_store(path) as store, store.changing():
        request = register.access_request(store, number)
        request = register.note_identity(store, request, check=how, by=by, at=now())
        end = deadlines_of(store, request)
    show_change(
        request, end, mark("The identity check of request {number} is written down."), as_json=as_json
    )


def fulfil(path: Path, order: FulfilOrder, *, as_json: bool) -> int:
    """Write the dossier for a request, and return the exit status."""
    folder = order.folder
    with open_store(path) as store, store.changing():
        done = operations.fulfil_request(store, order, now(), randomness=secrets.token_bytes)
        end = deadlines_of(store, done.request)
    if as_json:
        show_json(
            request_json(done.request, end)
            | {
                "folder": str(folder),
                "passphrase": done.passphrase or None,
                "delivery": delivery_json(done.delivery),
                "findings": findings_json(done.findings),
            }
        )
        return delivery_status(done.findings)
    for file in done.files:
        say(mark("Written: {name}, SHA-256 {digest}"), name=str(folder / file.name), digest=file.digest.hex)
    if done.passphrase:
        say(mark("Passphrase: {passphrase}"), passphrase=done.passphrase)
        note(mark("7-Zip opens it. Give the passphrase by another way; it is written down nowhere else."))
    for (kind, reason), count in sorted(done.left_out.items()):
        say_omission(kind, reason, count)
    for (kind, field), count in sorted(done.emptied.items()):
        say(
            mark("Emptied, as it is about somebody else ({kind}, {field}): {count}."),
            kind=kind_words(kind),
            field=BilingualText(labels(KIND_OF[kind])[field]),
            count=count,
        )
    show_findings(done.findings)
    note(mark("Letters, notes and images are as they were: read them before you hand them over (--without)."))
    note(mark("When it is handed over, write down how and to whom: archiver request proof."))
    return delivery_status(done.findings)


def prove(
    path: Path, number: int, *, how: Conveyance, recipient: str, on: str, by: str, as_json: bool
) -> None:
    """Write down how a dossier was handed over; the request is closed with that.

    Raises:
        RequestUnwritten: when nothing was written for it; RequestClosed: when it is closed.
    """
    at = now()
    with open_store(path) as store, store.changing():
        request = register.access_request(store, number)
        made = register.deliveries(store, request)
        if request.ending:
            raise RequestClosed(number=number)
        if not made:
            raise RequestUnwritten(number=number)
        day = day_of(on, "--on", past=True) if on else practice_day(store, at)
        register.note_proof(
            store,
            request,
            made[-1],
            conveyance=how.value,
            recipient=recipient,
            sent_at=day.isoformat(),
            by=by,
            at=at,
        )
        note_delivered_packages(store, request, register.deliveries(store, request)[-1], at=at)
        ending = RequestEnd.FULFILMENT.value
        request = register.end_request(store, request, ending=ending, reason="", by=by, at=at)
        end = deadlines_of(store, request)
    show_change(request, end, mark("Request {number} is fulfilled and closed."), as_json=as_json)


def close(path: Path, number: int, *, ending: RequestEnd | None, reason: str, by: str, as_json: bool) -> None:
    """Close a request, or open it again.

    Raises:
        RequestClosed: when it is closed already.
    """
    with open_store(path) as store, store.changing():
        request = register.access_request(store, number)
        if ending and request.ending:
            raise RequestClosed(number=number)
        value = ending.value if ending else ""
        request = register.end_request(store, request, ending=value, reason=reason, by=by, at=now())
        end = deadlines_of(store, request)
    sentence = mark("Request {number} is closed.") if ending else mark("Request {number} is open again.")
    show_change(request, end, sentence, as_json=as_json)
