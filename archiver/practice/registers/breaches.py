"""Register of personal data breaches (GDPR article 33(5)): facts, effects, remedy, who was told and when.

A breach is closed, never deleted; what is learned later is filled in, and the journal tells what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from archiver.practice.registers.errors import BreachUnknown
from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A breach; ``known_at`` is a day, or a moment with its zone. What nobody filled in is empty.

    ``natures`` are codes with a space between. ``persons`` and ``records`` are numbers, as far as they are known.
    """

    table: ClassVar[str] = "breaches"
    id: int
    known_at: str
    happened: str
    natures: str
    facts: str
    persons: str
    records: str
    data: str
    consequences: str
    measures: str
    risk: str
    risk_reason: str
    opened_by: str
    opened_at: str
    notified_at: str
    notification: str
    delay_reason: str
    notified_by: str
    informed_at: str
    informing: str
    uninformed_reason: str
    informed_by: str
    closed_at: str
    closed_by: str
    closing_remark: str


def open_breach(store: PracticeStore, *, by: str, at: datetime, **cells: str) -> Breach:
    """Write a breach down."""
    breach = insert_entry(store, Breach, opened_by=by, opened_at=at.isoformat(), **cells)
    _note(store, "breach-opened", breach.id, at, {"by": by, **cells})
    return breach


def fill_in(
    store: PracticeStore, breach: Breach, operation: str, *, by: str, at: datetime, cells: Mapping[str, str]
) -> Breach:
    """Fill in ``cells``; the journal has them under ``operation``, with who did it and what stood there before."""
    former = {name: getattr(breach, name) for name in cells if getattr(breach, name)}
    update_entry(store, Breach, breach.id, **cells)
    _note(store, operation, breach.id, at, {"by": by, **cells, **({"former": former} if former else {})})
    return breach_entry(store, breach.id)


def breach_entry(store: PracticeStore, number: int) -> Breach:
    """Return a breach.

    Raises:
        BreachUnknown: when none has this number.
    """
    found = select_entry(store, Breach, number)
    if found is None:
        raise BreachUnknown(number=number)
    return found


def breaches(store: PracticeStore, *, open_only: bool = True) -> Iterator[Breach]:
    """Yield the breaches that are not closed, or all there ever were."""
    return select_entries(store, Breach, "closed_at = ''" if open_only else "TRUE")


def _note(
    store: PracticeStore, operation: str, number: int, at: datetime, detail: Mapping[str, object]
) -> None:
    store.note(at.isoformat(), operation, {"breach": number, **detail})
