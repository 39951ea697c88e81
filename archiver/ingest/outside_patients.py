"""Patients of documents from outside: of other organisations, and perhaps somebody whom the practice knows.

Who they are is settled as for dossiers that are handed over (``archiver.ingest.settle_identity``): said where INS
and strict traits prove it, else asked of a person. Whoever came before is not decided about anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archiver.identity.known_people import KnownPeople, PatientIdentity
from archiver.ingest.settle_identity import settle_identity
from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark

_SAME = mark(
    "{patient} is {other}, who was here: same INS and same strict traits (archiver people undo parts them)."
)
_QUESTION = mark(
    "{patient} may be {other}: they are kept apart until somebody says whether they are one person "
    "(archiver people list)."
)


class OutsidePatients:
    """Patients of one collection into ``store``, which has none of them yet; empty unless there is one."""

    def __init__(self, store: PracticeStore) -> None:
        self._store = store
        self._known = KnownPeople(store.patients())
        self._arrived: dict[str, tuple[Patient, bool]] = {}

    def note(self, patient: Patient) -> None:
        """Know that ``patient`` is about to be stored."""
        again = self._store.holds(Patient, patient.id)
        self._arrived.setdefault(patient.id, (patient, again))

    def settle(self, at: datetime) -> Iterator[Finding]:
        """Settle who the patients are, now that they are stored; yield what a person should know of it."""
        practice = ""
        for patient, again in sorted(self._arrived.values(), key=lambda one: one[0].practice):
            if patient.practice != practice:
                practice = patient.practice
                self._known.begin_source()
            decision = settle_identity(self._store, self._known, patient, again=again, at=at)
            if decision.identity is PatientIdentity.SAME:
                yield self._finding(patient, decision.candidates[0], "outside-same", _SAME, Severity.NOTE)
            elif decision.identity is PatientIdentity.QUESTION:
                other = decision.candidates[0]
                yield self._finding(patient, other, "outside-question", _QUESTION, Severity.WARNING)

    def _finding(self, patient: Patient, other: str, code: str, sentence: str, severity: Severity) -> Finding:
        there = self._store.get(Patient, other)
        facts = {
            "patient": names_and_birth(patient.traits),
            "other": names_and_birth(there.traits) if there else other,
        }
        return Finding(
            severity=severity, code=code, where=f"patients/{patient.id}", sentence=sentence, facts=facts
        )
