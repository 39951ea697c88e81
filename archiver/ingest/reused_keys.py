"""Keys that a source used again: the record that had the key stays with its patient, the new one is another.

The identity of a record follows from the key of its row. A software that begins to count again gives the key
of one patient's act to an act of another patient; somebody who mends a mistake gives the act itself to
another patient. For a record whose identity is stored with another patient:

1. One that says the same is the same, given to its patient by a correction: it moves.
2. Any other is another record: it gets an identity of its own under its patient, and both are kept.
3. A verbatim row follows the records it was read into. One that was read into none moves where nothing in it
   changed but the patient's number and times that went on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archiver.ingest.number_holders import PATIENT_RECORDS, identity_under, says_the_same
from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.model.provenance import Cell, SourceRow
from formats.model.record import Record
from formats.model.references import with_references
from formats.words import mark


class KeyReuse:
    """One reading into ``store`` of records, each after those it refers to."""

    def __init__(self, store: PracticeStore) -> None:
        self._store = store
        self._apart: dict[str, str] = {}
        self._findings: list[Finding] = []
        self._first = next(store.patients(), None) is None

    def settled(self, record: Record) -> Record:
        """Return ``record`` as it is to be stored."""
        if self._first:
            return record
        patient = getattr(record, "patient", None)
        if not patient:
            return record
        apart = self._is_apart(record, patient)
        made = self._with_new_references(record)
        if not apart:
            return made
        now = identity_under(patient, "", record.kind, record.id)
        if isinstance(record, SourceRow) and not self._store.holds(SourceRow, now):
            self._say(record, patient)
        self._apart[record.id] = now
        return replace(made, id=now)

    def findings(self) -> Iterator[Finding]:
        """Yield the rows whose key was found to be used again."""
        yield from self._findings

    def _is_apart(self, record: Record, patient: str) -> bool:
        owner = self._store.owner(type(record), record.id)
        if not owner or owner == patient:
            return False
        if isinstance(record, SourceRow) and record.records:
            return any(one in self._apart for one in record.records)
        now = identity_under(patient, "", record.kind, record.id)
        if self._store.owner(type(record), now) == patient:
            return True
        there = self._store.get(type(record), record.id)
        if isinstance(record, SourceRow) and isinstance(there, SourceRow):
            return not self._moved_row(record, there)
        return there is not None and not says_the_same(record, there, patient, owner)

    def _moved_row(self, row: SourceRow, there: SourceRow) -> bool:
        numbers = [self._numbers(one.patient or "") for one in (there, row)]
        return all(
            before == now or (str(before) in numbers[0] and str(now) in numbers[1]) or went_on(before, now)
            for before, now in ((there.columns.get(name), cell) for name, cell in row.columns.items())
        )

    def _numbers(self, patient: str) -> set[str]:
        found = self._store.get(Patient, patient)
        return {one.value for one in found.identifiers} if found else set()

    def _with_new_references(self, record: Record) -> Record:
        if not self._apart:
            return record
        made = with_references(
            record, lambda kind, one: self._apart.get(one, one) if kind in PATIENT_RECORDS else one
        )
        if isinstance(made, SourceRow):
            return replace(made, records=tuple(self._apart.get(one, one) for one in made.records))
        return made

    def _say(self, row: SourceRow, patient: str) -> None:
        owner = self._store.owner(SourceRow, row.id) or ""
        persons = [self._store.get(Patient, one) for one in (owner, patient)]
        names = [names_and_birth(one.traits) if one else "" for one in persons]
        sentence = mark("This row was one of {earlier} and is now another one, of {now}: both are kept.")
        self._findings.append(
            Finding(
                severity=Severity.WARNING,
                code="key-reused",
                where=f"{row.table}/{row.key}",
                sentence=sentence,
                facts={"earlier": names[0], "now": names[1]},
            )
        )


def went_on(before: Cell, now: Cell) -> bool:
    """Tell whether both are times, the second one later: programs note when a row was last changed."""
    if (
        not isinstance(before, str)
        or not isinstance(now, str)
        or min(len(before), len(now)) < len("2026-01-01T00")
    ):
        return False
    try:
        return datetime.fromisoformat(before) < datetime.fromisoformat(now)
    except (ValueError, TypeError):
        return False
