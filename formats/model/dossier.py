"""One patient's dossier as a whole, and what must hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from formats.errors import InconsistentDossier
from formats.model.care import Act, Appointment, Note, Prescription, Quote, Recall, TreatmentPlan
from formats.model.documents import Attachment, Document
from formats.model.health import HealthStatement, Questionnaire
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.money import Adjustment, Invoice, Payment
from formats.model.mouth import ChartFinding, PerioExam, is_fdi
from formats.model.people import Coverage, Patient, Practice, Practitioner, RelatedPerson
from formats.model.provenance import AccessEvent, Consent, SourceRow
from formats.model.record import Record
from formats.words import mark

PATIENT_KINDS: tuple[type[Record], ...] = (
    RelatedPerson,
    Coverage,
    HealthStatement,
    Questionnaire,
    ChartFinding,
    PerioExam,
    Appointment,
    Act,
    Note,
    TreatmentPlan,
    Document,
    Quote,
    Prescription,
    Recall,
    Invoice,
    Payment,
    Adjustment,
    ImageStudy,
    ImageFile,
    Consent,
    AccessEvent,
    SourceRow,
)
"""Every kind of record a dossier holds, in an order in which references point backwards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """Everything one practice holds about one patient.

    Invariants, checked on construction: every record belongs to the patient,
    identities are unique, declared references resolve inside the dossier,
    times carry a zone, teeth are FDI numbers.

    Raises:
        InconsistentDossier: naming the first record that breaks one of them.
    """

    practice: Practice
    practitioners: tuple[Practitioner, ...] = ()
    patient: Patient
    related_persons: tuple[RelatedPerson, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    health_statements: tuple[HealthStatement, ...] = ()
    questionnaires: tuple[Questionnaire, ...] = ()
    chart_findings: tuple[ChartFinding, ...] = ()
    perio_exams: tuple[PerioExam, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    acts: tuple[Act, ...] = ()
    notes: tuple[Note, ...] = ()
    treatment_plans: tuple[TreatmentPlan, ...] = ()
    documents: tuple[Document, ...] = ()
    quotes: tuple[Quote, ...] = ()
    prescriptions: tuple[Prescription, ...] = ()
    recalls: tuple[Recall, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    image_studies: tuple[ImageStudy, ...] = ()
    image_files: tuple[ImageFile, ...] = ()
    consents: tuple[Consent, ...] = ()
    access_events: tuple[AccessEvent, ...] = ()
    source_rows: tuple[SourceRow, ...] = ()

    def __post_init__(self) -> None:
        if self.patient.practice != self.practice.id:
            reason = mark("the patient is of another practice")
            raise InconsistentDossier(where=self.patient.id, reason=reason)
        known = self._identities()
        for record in self.records():
            owner = getattr(record, "patient", None)
            if owner != self.patient.id:
                reason = mark("a record is of another patient")
                raise InconsistentDossier(where=_place(record), reason=reason)
            _check_values(record, record, known)
        _check_values(self.patient, self.patient, known)

    def _identities(self) -> dict[str, set[str]]:
        known: dict[str, set[str]] = {"practices": {self.practice.id}, "patients": {self.patient.id}}
        everything: set[str] = {self.patient.id}
        for record in (*self.practitioners, *self.records()):
            if record.id in everything:
                reason = mark("two records share one identity")
                raise InconsistentDossier(where=_place(record), reason=reason)
            everything.add(record.id)
            known.setdefault(record.kind, set()).add(record.id)
        return known

    def records(self) -> Iterator[Record]:
        """Yield every record of the patient, kind by kind in the order of ``PATIENT_KINDS``."""
        for kind in PATIENT_KINDS:
            yield from getattr(self, kind.kind)

    def counts(self) -> dict[str, int]:
        """Return the number of records of each kind, zeros included, with ``files`` and ``file_bytes``."""
        counted = {kind.kind: len(getattr(self, kind.kind)) for kind in PATIENT_KINDS}
        attachments = self.attachments()
        counted["files"] = len(attachments)
        counted["file_bytes"] = sum(attachment.size for attachment in attachments)
        return counted

    def attachments(self) -> tuple[Attachment, ...]:
        """Return the distinct files the dossier refers to, ordered by digest."""
        found: dict[str, Attachment] = {}
        holders: tuple[Document | ImageFile, ...] = (*self.documents, *self.image_files)
        for holder in holders:
            if holder.attachment:
                found[holder.attachment.sha256] = holder.attachment
        for study in self.image_studies:
            for series in study.series:
                for instance in series.instances:
                    found[instance.attachment.sha256] = instance.attachment
        return tuple(found[digest] for digest in sorted(found))


def references(value: Any, kind: str) -> Iterator[str]:
    """Yield the identities of the records of ``kind`` that a record, or a value inside it, refers to."""
    for declared in fields(value):
        held = getattr(value, declared.name)
        if declared.metadata.get("refers") == kind and held is not None:
            yield held
        for inner in held if isinstance(held, tuple) else (held,):
            if is_dataclass(inner):
                yield from references(inner, kind)


def _place(record: Record) -> str:
    return f"{record.kind}/{record.id}"


def _check_values(owner: Record, value: Any, known: dict[str, set[str]]) -> None:
    """Check the references, times and teeth of ``value`` and of what it contains."""
    for declared in fields(value):
        held = getattr(value, declared.name)
        target = declared.metadata.get("refers")
        if target and held is not None and held not in known.get(target, ()):
            reason = mark("a reference leads nowhere")
            raise InconsistentDossier(where=f"{_place(owner)} {declared.name}", reason=reason)
        if isinstance(held, datetime) and held.tzinfo is None:
            reason = mark("a time has no zone")
            raise InconsistentDossier(where=f"{_place(owner)} {declared.name}", reason=reason)
        _check_teeth(owner, declared.name, held)
        for inner in held if isinstance(held, tuple) else (held,):
            if is_dataclass(inner):
                _check_values(owner, inner, known)


def _check_teeth(owner: Record, name: str, held: Any) -> None:
    teeth = held if name == "teeth" else (held,) if name == "tooth" and held else ()
    for tooth in teeth:
        if not is_fdi(tooth):
            reason = mark("a tooth is not in FDI notation")
            raise InconsistentDossier(where=f"{_place(owner)} {name}", reason=reason)
