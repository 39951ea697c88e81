"""Report, when data is collected, the dates that cannot be and would shorten a retention period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archiver.compliance.plausibility import LifeDates, date_findings, implausibilities
from archiver.compliance.retention import CARE, day_of_care, is_undated
from archiver.practice.store import PracticeStore
from formats.findings import Finding
from formats.model.people import Patient, own_number
from formats.model.record import Record


class CollectedDates:
    """The dates of every patient that a collection speaks of; a few for each, however many records there are."""

    def __init__(self) -> None:
        self._dates: dict[str, LifeDates] = {}
        self._numbers: dict[str, str] = {}

    def note(self, record: Record) -> None:
        """Look at one record that was read."""
        if record.kind not in CARE:
            if isinstance(record, Patient):
                self._note_patient(record)
            return
        patient = getattr(record, "patient", None)
        if patient is None:
            return
        day, undated = day_of_care(record), is_undated(record)
        if day or undated:
            dates = self._dates.setdefault(patient, LifeDates())
            dates.undated |= undated
            if day:
                dates.add_care(day)

    def _note_patient(self, patient: Patient) -> None:
        dates = self._dates.setdefault(patient.id, LifeDates())
        dates.born, dates.died = patient.traits.birth_date, patient.deceased_on
        self._numbers[patient.id] = own_number(patient) or patient.id

    def findings(self, store: PracticeStore, today: date) -> Iterator[Finding]:
        """Yield what cannot be; a patient whom this source does not describe is looked up in ``store``."""
        for identity, dates in self._dates.items():
            if identity not in self._numbers:
                patient = store.get(Patient, identity)
                if patient is None:
                    continue
                self._note_patient(patient)
            found = implausibilities(dates, today)
            yield from date_findings(found, dates, f"patients/{self._numbers[identity]}")
