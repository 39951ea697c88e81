"""Holds (legal holds): dossiers that are kept beyond their term, as a claim or an appeal suspends it (CSP R1112-7).

A hold is on the person, whichever of their records it names. It is lifted, never deleted. One that came with a
package is set once for it: to lift it is a decision that a second import does not undo.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from archiver.practice import people
from archiver.practice.registers.errors import HoldUnknown
from archiver.practice.registers.hold_grounds import STATED, SUSPENDING, HoldGround
from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A hold; ``lifted_at`` is empty while it is in force. ``package`` is the one it came with, where it did.

    ``since`` is the day on which the claim was made, which may be long before somebody writes it down.
    """

    table: ClassVar[str] = "holds"
    id: int
    patient: str
    ground: str
    reason: str
    package: str
    since: str
    set_by: str
    set_at: str
    lifted_by: str
    lifted_at: str
    lifting_reason: str


def set_hold(
    store: PracticeStore,
    patient: str,
    *,
    ground: HoldGround,
    reason: str,
    since: date,
    set_by: str,
    at: datetime,
) -> Hold:
    """Put the person whose record ``patient`` is under a hold."""
    cells = {"patient": patient, "ground": ground.value, "reason": reason, "since": since.isoformat()}
    return _insert(store, cells | {"set_by": set_by}, at)


def note_stated_hold(store: PracticeStore, patient: str, *, package: str, at: datetime) -> bool:
    """Take over a hold that came with a package; return whether it is new here."""
    if next(select_entries(store, Hold, "patient = ? AND package = ?", (patient, package)), None):
        return False
    cells = {"patient": patient, "ground": STATED, "package": package, "since": at.date().isoformat()}
    _insert(store, cells, at)
    return True


def _insert(store: PracticeStore, cells: dict[str, str], at: datetime) -> Hold:
    hold = insert_entry(store, Hold, set_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "hold-set", {"hold": hold.id, **cells})
    return hold


def lift_hold(store: PracticeStore, number: int, *, reason: str, lifted_by: str, at: datetime) -> Hold:
    """Lift a hold.

    Raises:
        HoldUnknown: when no hold in force has this number.
    """
    hold = select_entry(store, Hold, number)
    if hold is None or hold.lifted_at:
        raise HoldUnknown(number=number)
    cells = {"lifted_by": lifted_by, "lifting_reason": reason}
    update_entry(store, Hold, number, lifted_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "hold-lifted", {"hold": number, "patient": hold.patient, **cells})
    return select_entry(store, Hold, number) or hold


def holds(store: PracticeStore, *, in_force: bool = True) -> Iterator[Hold]:
    """Yield the holds in force, or all there ever were."""
    return select_entries(store, Hold, "lifted_at = ''" if in_force else "TRUE")


def suspensions(store: PracticeStore, patients: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield since when each hold stops the term of ``patients``, and when it was lifted: empty while it is in force."""
    query = "SELECT ground, since, lifted_at FROM holds WHERE patient = ?"
    for patient in patients:
        for ground, since, lifted_at in store.db.execute(query, (patient,)):
            if ground in SUSPENDING:
                yield since, lifted_at


def patients_on_hold(store: PracticeStore) -> frozenset[str]:
    """Return every patient record of the persons under a hold."""
    return frozenset(people.with_linked(store, (one.patient for one in holds(store))))
