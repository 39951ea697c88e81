"""One patient's dossier as a whole, and what must hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, TypeGuard, get_args, get_type_hints

from formats.errors import InconsistentDossier
from formats.model.care import (
    Act,
    Appointment,
    Note,
    Prescription,
    Quote,
    Recall,
    TreatmentPlan,
)
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.documents import Attachment, Document
from formats.model.health import Diagnosis, HealthStatement, Questionnaire
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.money import Adjustment, Invoice, Payment
from formats.model.mouth import ChartFinding, PerioExam, is_fdi
from formats.model.observations import Observation
from formats.model.people import Coverage, Patient, Practice, Practitioner, RelatedPerson
from formats.model.provenance import AccessEvent, Consent, SourceRow
from formats.model.record import Record
from formats.words import mark

PATIENT_KINDS: tuple[type[Record], ...] = (
    RelatedPerson,
    Coverage,
    HealthStatement,
    Questionnaire,
    Observation,
    ChartFinding,
    PerioExam,
    Appointment,
    Act,
    Diagnosis,
    Note,
    TreatmentPlan,
    Document,
    MedicalDevice,
    LabOrder,
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
    observations: tuple[Observation, ...] = ()
    chart_findings: tuple[ChartFinding, ...] = ()
    perio_exams: tuple[PerioExam, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    acts: tuple[Act, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    notes: tuple[Note, ...] = ()
    treatment_plans: tuple[TreatmentPlan, ...] = ()
    documents: tuple[Document, ...] = ()
    devices: tuple[MedicalDevice, ...] = ()
    lab_orders: tuple[LabOrder, ...] = ()
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


@dataclass(frozen=True, slots=True)
class _Field:
    """What matters about one field of a record: where it leads, and whether values that can lie inside it."""

    name: str
    refers: str
    nested: bool
    teeth: bool
    time: bool


_FIELDS: dict[type, tuple[_Field, ...]] = {}


def _fields_of(kind: type) -> tuple[_Field, ...]:
    """Return the fields of ``kind`` that can lead somewhere or be wrong; the others are passed over."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(_telling_fields(kind))
    return _FIELDS[kind]


def _telling_fields(kind: type) -> Iterator[_Field]:
    hints = get_type_hints(kind)
    found = (
        _Field(
            one.name,
            one.metadata.get("refers", ""),
            any(_fields_of(part) for part in _parts(hints[one.name]) if _holds_fields(part)),
            one.name in {"tooth", "teeth"},
            datetime in _parts(hints[one.name]),
        )
        for one in fields(kind)
    )
    yield from (one for one in found if one.refers or one.nested or one.teeth or one.time)


def _parts(hint: Any) -> tuple[Any, ...]:
    """Return ``hint`` and every type it is made of."""
    return (hint, *(part for inner in get_args(hint) for part in _parts(inner)))


def _holds_fields(part: Any) -> TypeGuard[type]:
    return is_dataclass(part)


def references(value: Any, kind: str) -> Iterator[str]:
    """Yield the identities of the records of ``kind`` that a record, or a value inside it, refers to."""
    for one in _fields_of(type(value)):
        content = getattr(value, one.name)
        if content is None:
            continue
        if one.refers == kind:
            yield content
        if one.nested:
            for inner in content if isinstance(content, tuple) else (content,):
                yield from references(inner, kind)


def _place(record: Record) -> str:
    return f"{record.kind}/{record.id}"


def _check_values(owner: Record, value: Any, known: dict[str, set[str]]) -> None:
    """Check the references, times and teeth of ``value`` and of what it contains."""
    for one in _fields_of(type(value)):
        content = getattr(value, one.name)
        if content is None:
            continue
        fault = _fault(one, content, known)
        if fault:
            raise InconsistentDossier(where=f"{_place(owner)} {one.name}", reason=fault)
        if one.nested:
            for inner in content if isinstance(content, tuple) else (content,):
                _check_values(owner, inner, known)


def _fault(one: _Field, content: Any, known: dict[str, set[str]]) -> str:
    if one.refers and content not in known.get(one.refers, ()):
        return mark("a reference leads nowhere")
    if one.time and isinstance(content, datetime) and content.tzinfo is None:
        return mark("a time has no zone")
    if one.teeth and not all(
        map(is_fdi, content if isinstance(content, tuple) else filter(None, (content,)))
    ):
        return mark("a tooth is not in FDI notation")
    return ""
