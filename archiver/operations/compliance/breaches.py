"""Work on a breach of personal data, in the order that the law asks for (``archiver.compliance.breach_clock``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from archiver.compliance.breach_clock import BreachClock, BreachStep, breach_clock, notify_by
from archiver.compliance.errors import (
    BreachClosed,
    BreachUnassessed,
    BreachUnnotified,
    DelayUnexplained,
    PersonsUninformed,
)
from archiver.practice.registers import breaches as register
from archiver.practice.registers.breaches import Breach
from archiver.practice.store import PracticeStore
from archiver.scope.practice_days import practice_zone


def update_breach(
    store: PracticeStore, number: int, *, cells: Mapping[str, str], by: str, at: datetime
) -> Breach:
    """Fill in what was learned.

    Raises:
        BreachUnknown: when there is none of this number; BreachClosed: when it is closed.
    """
    return register.fill_in(store, _open(store, number), "breach-updated", by=by, at=at, cells=cells)


def note_notification(
    store: PracticeStore,
    number: int,
    *,
    notified: datetime,
    notification: str,
    delay: str,
    by: str,
    at: datetime,
) -> Breach:
    """Write down that the CNIL was notified.

    Raises:
        BreachUnknown, BreachClosed: as ``update_breach``.
        DelayUnexplained: when it was later than seventy-two hours, and nobody says why.
    """
    breach = _open(store, number)
    until = notify_by(breach.known_at, practice_zone(store))
    if notified > until and not delay:
        raise DelayUnexplained(until=until.strftime("%Y-%m-%d %H:%M"))
    cells = {"notified_at": notified.isoformat(), "notification": notification, "delay_reason": delay}
    cells["notified_by"] = by
    return register.fill_in(store, breach, "breach-notified", by=by, at=at, cells=cells)


def note_informing(
    store: PracticeStore, number: int, *, cells: Mapping[str, str], by: str, at: datetime
) -> Breach:
    """Write down how the persons were told, or why they need not be.

    Raises:
        BreachUnknown, BreachClosed: as ``update_breach``.
    """
    return register.fill_in(store, _open(store, number), "breach-informed", by=by, at=at, cells=cells)


def close_breach(store: PracticeStore, number: int, *, remark: str, by: str, at: datetime) -> Breach:
    """Close a breach that asks for nothing any more.

    Raises:
        BreachUnknown, BreachClosed: as ``update_breach``.
        BreachUnassessed, BreachUnnotified, PersonsUninformed: what it still asks for.
    """
    breach = _open(store, number)
    step = breach_clock(breach, at, practice_zone(store)).step
    if step is BreachStep.ASSESS:
        raise BreachUnassessed(number=number)
    if step is BreachStep.NOTIFY:
        raise BreachUnnotified(number=number)
    if step is BreachStep.INFORM:
        raise PersonsUninformed(number=number)
    cells = {"closed_at": at.isoformat(), "closed_by": by, "closing_remark": remark}
    return register.fill_in(store, breach, "breach-closed", by=by, at=at, cells=cells)


def reopen_breach(store: PracticeStore, number: int, *, remark: str, by: str, at: datetime) -> Breach:
    """Open a breach again; one that is open stays as it is.

    Raises:
        BreachUnknown: when there is none of this number.
    """
    breach = register.breach_entry(store, number)
    if not breach.closed_at:
        return breach
    cells = {"closed_at": "", "closed_by": "", "closing_remark": remark}
    return register.fill_in(store, breach, "breach-reopened", by=by, at=at, cells=cells)


def breach_document(breach: Breach, clock: BreachClock) -> dict[str, Any]:
    """Return a breach and what it asks for next, as JSON holds it."""
    return asdict(breach) | {
        "natures": breach.natures.split(),
        "next": clock.step.value,
        "notify_by": clock.notify_by.isoformat(),
        "late": clock.late,
    }


def _open(store: PracticeStore, number: int) -> Breach:
    breach = register.breach_entry(store, number)
    if breach.closed_at:
        raise BreachClosed(number=number)
    return breach
