"""Records of a patient number that several persons had: each goes to the person it was made for.

While a source is read, the records of such a number wait until all of them are known. Then, for each:

1. The present holder's record already has it: it is brought up to date there.
2. Another holder's record has it, with the same content: it stays there. What a row of the patient table
   itself was read into is never an earlier holder's: that row describes the present one.
3. Anything else comes in with the present holder. Where an earlier holder has a record of the same
   identity and other content, both are kept, and a person is asked.

A reference between records that part is left out of the one that comes in, and counted. Where a record
names another person's dossier (a payer, a guardian) by its number, it names the present holder's; it waits
until that number was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.ingest.number_holders import (
    NAMING,
    OUTSIDE,
    NumberHolder,
    examine_merges,
    identity_under,
    note_holder,
    number_holder,
    reassign_record,
    says_the_same,
    with_rows,
)
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient, own_number
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import Item
from formats.words import mark, plural

CHANGED_UNDER_NUMBER = mark("a record of one was changed in the source while the other has the number")


@dataclass(slots=True)
class _Waiting:
    """The records of one number, until all are read."""

    holder: NumberHolder
    records: list[Record] = field(default_factory=list)


class Rerouting:
    """One reading of a source into ``store``."""

    def __init__(self, store: PracticeStore, *, at: datetime) -> None:
        self._store = store
        self._at = at
        self._waiting: dict[str, _Waiting] = {}
        self._changed: list[NumberHolder] = []
        self._holders: dict[str, str] = {}
        self._relatives: dict[str, list[Record]] = {}
        self._first = next(store.patients(), None) is None

    def items(self, item: Item) -> Iterable[Item]:
        """Return what is to be stored for ``item``: itself, mostly; nothing yet, where it has to wait."""
        if isinstance(item, Patient):
            return self._with_relatives(item)
        if not isinstance(item, Record):
            return (item,)
        if self._waiting and (owner := _owner(item)) in self._waiting:
            self._waiting[owner].records.append(item)
            return ()
        if not isinstance(item, NAMING):
            return (item,)
        if self._first or not (unread := self._unread(item)):
            return (self._with_holders(item),)
        self._relatives.setdefault(unread, []).append(item)
        return ()

    def _with_relatives(self, patient: Patient) -> Iterator[Item]:
        yield self._patient(patient)
        for record in self._relatives.pop(patient.id, ()):
            yield self._with_holders(record)

    def _unread(self, record: Record) -> str:
        """Return a number by which ``record`` names the dossier of another, and which was not read yet; "" for none."""
        named = (getattr(record, name, None) for name in OUTSIDE)
        own = _owner(record)
        return next((one for one in named if one and one != own and one not in self._holders), "")

    def _with_holders(self, record: Record) -> Record:
        """Return ``record`` with the present holders of the numbers by which it names dossiers of others."""
        named = {name: getattr(record, name) for name in OUTSIDE if getattr(record, name, None)}
        now = {name: self._holder(number) for name, number in named.items()}
        return replace(record, **now) if now != named else record

    def _holder(self, number: str) -> str:
        if number not in self._holders:  # the source has no such patient any more
            self._holders[number] = next(iter(self._store.number_holders(number)), number)
        return self._holders[number]

    def rest(self) -> Iterator[Item]:
        """Yield what waited, and what a person should know about numbers and merges."""
        for record in (one for waiting in self._relatives.values() for one in waiting):
            yield self._with_holders(record)
        for number, waiting in self._waiting.items():
            note_holder(self._store, waiting.holder, at=self._at)
            yield from self._settled(number, waiting)
            yield from self._asked(waiting.holder)
        for holder in self._changed:
            other = examine_merges(self._store, holder.before, holder.patient, at=self._at)
            if other:
                yield self._in_doubt(holder.patient, other)

    def _patient(self, patient: Patient) -> Patient:
        holder = number_holder(self._store, patient, at=self._at)
        self._holders[patient.id] = holder.patient.id
        if holder.others:
            self._waiting[patient.id] = _Waiting(holder)
        if holder.before is not None and holder.before != holder.patient:
            self._changed.append(holder)
        return holder.patient

    def _settled(self, number: str, waiting: _Waiting) -> Iterator[Item]:
        holder, lost = waiting.holder, 0
        records = [self._with_holders(one) for one in waiting.records]
        rows = [one for one in records if isinstance(one, SourceRow)]
        own = {each for row in rows if number in row.records for each in (row.id, *row.records)}
        stays: dict[str, Record] = {}
        for record in records:
            own_record = self._own_record(record, holder, own=record.id in own)
            if own_record is not None:
                stays[record.id] = own_record
        patient = holder.patient.id
        owners = {one.id: _owner(stays[one.id]) if one.id in stays else patient for one in records}
        kinds = {one.id: one.kind for one in records}
        for record in records:
            if record.id in stays:
                yield stays[record.id]
                continue
            made, less = reassign_record(record, number, patient, owners)
            lost += less
            yield with_rows(made, number, patient, kinds, owners) if isinstance(made, SourceRow) else made
        if lost:
            yield self._parted(holder, lost)

    def _own_record(self, record: Record, holder: NumberHolder, *, own: bool) -> Record | None:
        """Follow rules 1 and 2: return the stored record where ``record`` stays with another holder."""
        kind, number = type(record), holder.number
        mine = identity_under(holder.patient.id, number, kind.kind, record.id)
        stored = self._store.get(kind, mine)
        if own or (stored is not None and _owner(stored) == holder.patient.id):
            return None
        for other in holder.others:
            there = self._store.get(kind, identity_under(other.id, number, kind.kind, record.id))
            if there is None or _owner(there) != other.id:
                continue
            if says_the_same(record, there, number, other.id):
                return there
            self._ask_again(holder.patient.id, other.id)
        return None

    def _ask_again(self, patient: str, other: str) -> None:
        if people.person_of(self._store, patient) != people.person_of(self._store, other):
            questions.ask_again(self._store, patient, other, reason=CHANGED_UNDER_NUMBER, at=self._at)

    def _asked(self, holder: NumberHolder) -> Iterator[Finding]:
        """Say that a person has to decide, as long as nobody has."""
        asked = questions.questions_between(self._store, holder.patient.id, [one.id for one in holder.others])
        waiting = {each for one in asked if not one.answer for each in (one.patient, one.candidate)}
        for other in (one for one in holder.others if one.id in waiting):
            yield Finding(
                severity=Severity.WARNING,
                code="number-reused",
                where=f"patients/{holder.patient.id}",
                sentence=mark(
                    "Patient number {number} was {earlier} and is now {now}: they are kept apart until "
                    "somebody says whether they are one person (archiver people list)."
                ),
                facts={
                    "number": own_number(holder.patient),
                    "earlier": names_and_birth(other.traits),
                    "now": names_and_birth(holder.patient.traits),
                },
            )

    def _parted(self, holder: NumberHolder, count: int) -> Finding:
        return Finding(
            severity=Severity.NOTE,
            code="number-reused-references",
            where=f"patients/{holder.patient.id}",
            sentence=plural(
                "{count} reference from a record of {now} to one of an earlier holder of the number is left "
                "out; the verbatim rows have it.",
                "{count} references from records of {now} to those of an earlier holder of the number are left "
                "out; the verbatim rows have them.",
            ),
            facts={"count": count, "now": names_and_birth(holder.patient.traits)},
        )

    def _in_doubt(self, patient: Patient, other: str) -> Finding:
        there = self._store.get(Patient, other)
        return Finding(
            severity=Severity.WARNING,
            code="merge-in-doubt",
            where=f"patients/{patient.id}",
            sentence=mark(
                "{patient} and {other} were one person; what changed speaks against it, and somebody has "
                "to say again (archiver people list)."
            ),
            facts={
                "patient": names_and_birth(patient.traits),
                "other": names_and_birth(there.traits) if there else other,
            },
        )


def _owner(record: Record) -> str:
    """Return the patient whose record it is; empty for one of the practice as a whole."""
    return getattr(record, "patient", None) or ""
