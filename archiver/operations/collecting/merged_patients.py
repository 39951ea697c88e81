"""Patients whom somebody merged in the practice software: a question here, asked once, for it joins two dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archiver.practice import people, questions
from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark

MERGED_IN_SOFTWARE = mark("the practice software merged one into the other")


class MergedPatients:
    """Merges that the records of one collection state."""

    def __init__(self, store: PracticeStore) -> None:
        self._store = store
        self._pairs: dict[tuple[str, str], Patient] = {}

    def note(self, patient: Patient) -> None:
        """Know whom the source holds for the same person as ``patient``."""
        self._pairs |= {(patient.id, other): patient for other in patient.linked}

    def settle(self, at: datetime) -> Iterator[Finding]:
        """Ask about those who are not one person here yet, and yield that a person has to answer."""
        for (merged, other), patient in self._pairs.items():
            there = self._store.get(Patient, other)
            if there is None or other in people.linked_patients(self._store, merged):
                continue
            if questions.ask_question(self._store, merged, other, reason=MERGED_IN_SOFTWARE, at=at):
                facts = {
                    "patient": names_and_birth(patient.traits),
                    "other": names_and_birth(there.traits),
                }
                yield Finding(
                    severity=Severity.WARNING,
                    code="merged-in-software",
                    where=f"patients/{merged}",
                    sentence=mark(
                        "{patient} was merged into {other} in the software: say whether they are one person "
                        "(archiver people list)."
                    ),
                    facts=facts,
                )
