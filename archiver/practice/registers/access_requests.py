"""Register of access requests: who asked for whose dossier, who checked who it is, what was handed over and how.

No copy of an identity paper is kept: how the identity was checked, and by whom, is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from archiver.practice.registers.errors import RequestUnknown
from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessRequest:
    """A request; ``received`` is a day, or a moment with its zone. ``ending`` is empty while it is open.

    ``recent`` and ``old`` say what ages of information the dossier had when the request was written down.
    """

    table: ClassVar[str] = "access_requests"
    id: int
    patient: str
    requester: str
    name: str
    purpose: str
    received: str
    recent: int
    old: int
    opened_by: str
    opened_at: str
    identity_check: str
    identity_by: str
    identity_at: str
    ending: str
    ending_reason: str
    ended_by: str
    ended_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestDelivery:
    """What was written for a request, and the proof that it was handed over; ``sent_at`` is empty before.

    ``files`` and ``left_out`` are JSON: names, sizes and digests; what was taken out and why.
    """

    table: ClassVar[str] = "request_deliveries"
    id: int
    request: int
    files: str
    left_out: str
    made_by: str
    made_at: str
    conveyance: str
    recipient: str
    sent_by: str
    sent_at: str


def note_request(store: PracticeStore, *, opened_by: str, at: datetime, **cells: str | int) -> AccessRequest:
    """Write a request down; ``cells`` are the fields of ``AccessRequest`` that tell who asks for what."""
    made = insert_entry(store, AccessRequest, opened_by=opened_by, opened_at=at.isoformat(), **cells)
    _note(store, at, "request-opened", made, by=opened_by)
    return made


def access_request(store: PracticeStore, number: int) -> AccessRequest:
    """Return a request.

    Raises:
        RequestUnknown: when there is none with this number.
    """
    found = select_entry(store, AccessRequest, number)
    if found is None:
        raise RequestUnknown(number=number)
    return found


def access_requests(store: PracticeStore, *, open_only: bool = True) -> Iterator[AccessRequest]:
    """Yield the open requests, or all there ever were."""
    return select_entries(store, AccessRequest, "ending = ''" if open_only else "TRUE")


def note_identity(
    store: PracticeStore, request: AccessRequest, *, check: str, by: str, at: datetime
) -> AccessRequest:
    """Write down how the identity of whoever asks was checked."""
    cells = {"identity_check": check, "identity_by": by, "identity_at": at.isoformat()}
    update_entry(store, AccessRequest, request.id, **cells)
    _note(store, at, "request-identity", request, by=by, check=check)
    return access_request(store, request.id)


def end_request(
    store: PracticeStore, request: AccessRequest, *, ending: str, reason: str, by: str, at: datetime
) -> AccessRequest:
    """Close a request; with an empty ``ending``, open it again."""
    cells = {"ending": ending, "ending_reason": reason, "ended_by": by, "ended_at": at.isoformat()}
    update_entry(store, AccessRequest, request.id, **cells)
    operation = "request-closed" if ending else "request-reopened"
    _note(store, at, operation, request, by=by, ending=ending, reason=reason)
    return access_request(store, request.id)


def note_delivery(
    store: PracticeStore, request: AccessRequest, *, files: str, left_out: str, by: str, at: datetime
) -> RequestDelivery:
    """Write down what was written for a request."""
    made = insert_entry(
        store,
        RequestDelivery,
        request=request.id,
        files=files,
        left_out=left_out,
        made_by=by,
        made_at=at.isoformat(),
    )
    _note(store, at, "request-written", request, by=by, delivery=made.id, files=files)
    return made


def deliveries(store: PracticeStore, request: AccessRequest) -> tuple[RequestDelivery, ...]:
    """Return what was written for a request, in its order."""
    return tuple(select_entries(store, RequestDelivery, "request = ?", (request.id,)))


def note_proof(
    store: PracticeStore,
    request: AccessRequest,
    delivery: RequestDelivery,
    *,
    conveyance: str,
    recipient: str,
    sent_at: str,
    by: str,
    at: datetime,
) -> None:
    """Write down how, when and to whom something was handed over."""
    cells = {"conveyance": conveyance, "recipient": recipient, "sent_at": sent_at, "sent_by": by}
    update_entry(store, RequestDelivery, delivery.id, **cells)
    _note(store, at, "request-delivered", request, by=by, delivery=delivery.id, **cells)


def _note(
    store: PracticeStore, at: datetime, operation: str, request: AccessRequest, **detail: str | int
) -> None:
    store.note(at.isoformat(), operation, {"request": request.id, "patient": request.patient, **detail})
