"""Look at what of a dossier could not be taken as it was sent, and write down who has looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archiver.operations.compliance.named_patient import named_patient
from archiver.practice import people
from archiver.practice.registers.degraded_entries import DegradedEntry, degraded_of, review_entries
from archiver.practice.store import PracticeStore
from archiver.scope.practice_days import practice_day
from formats.model.people import Patient


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedDossier:
    """The degraded entries of one person's records; ``reviewed`` is how many were looked at just now."""

    patient: Patient
    entries: tuple[DegradedEntry, ...]
    reviewed: int = 0


def review_dossier(
    store: PracticeStore, wanted: str, *, reviewed_by: str, remark: str, at: datetime
) -> ReviewedDossier:
    """Return what is degraded in the dossier of the person whom ``wanted`` names.

    Unless ``reviewed_by`` is empty, it is written down that they have looked at all of it.

    Raises:
        PatientUnknown, PatientAmbiguous, NothingToFind: when that is nobody, or several persons.
    """
    patient = named_patient(store, wanted, today=practice_day(store, at))
    records = people.records_of(store, people.person_of(store, patient.id))
    done: tuple[DegradedEntry, ...] = ()
    if reviewed_by:
        done = review_entries(store, records, reviewed_by=reviewed_by, remark=remark, at=at)
    entries = tuple(entry for record in records for entry in degraded_of(store, record))
    return ReviewedDossier(patient=patient, entries=entries, reviewed=len(done))
