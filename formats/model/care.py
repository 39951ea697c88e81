"""What was done, planned, written, prescribed and arranged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from formats.model.dates import AnyDate, AnyMoment
from formats.model.mouth import Surface
from formats.model.record import PatientRecord, reference

CCAM_SYSTEM = "https://smt.esante.gouv.fr/terminologie-ccam"


class ActStatus(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    EXISTING = "existing"
    EXISTING_ELSEWHERE = "existing-elsewhere"
    REFERRED = "referred"
    CONDITION = "condition"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Act(PatientRecord):
    """An act of care; amounts are integer cents of the practice's currency.

    ``teeth`` are FDI numbers; ``area`` is the source's word for a larger region
    (quadrant, sextant, arch). ``quantity`` counts repetitions of the same act,
    and ``fee_cents`` is the fee of all of them.
    """

    kind: ClassVar[str] = "acts"
    status: ActStatus
    performed_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    code_system: str = ""
    code: str = ""
    label: str = ""
    teeth: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = ()
    area: str = ""
    modifiers: tuple[str, ...] = ()
    quantity: int = 1
    fee_cents: int | None = None
    diagnosis: str = ""
    note: str = ""
    appointment: str | None = reference("appointments")


class NoteKind(StrEnum):
    """``PERSONAL`` notes are the practitioner's own and leave only with a mass export (PDLGC)."""

    CLINICAL = "clinical"
    ADMINISTRATIVE = "administrative"
    COMMUNICATION = "communication"
    PERSONAL = "personal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(PatientRecord):
    """A text somebody wrote at a time; ``author`` is the name in the source when it is no practitioner."""

    kind: ClassVar[str] = "notes"
    note: NoteKind
    text: str
    written_at: AnyMoment | None = None
    practitioner: str | None = reference("practitioners")
    author: str = ""
    act: str | None = reference("acts")
    signed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanItem:
    """One step of a plan; ``act`` names the planned act where the source links it."""

    act: str | None = reference("acts")
    code: str = ""
    label: str = ""
    teeth: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = ()
    priority: str = ""
    fee_cents: int | None = None
    insurer_cents: int | None = None
    patient_cents: int | None = None


class PlanStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    SAVED = "saved"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class TreatmentPlan(PatientRecord):
    """What is intended, in the order in which it was written."""

    kind: ClassVar[str] = "treatment_plans"
    title: str = ""
    status: PlanStatus = PlanStatus.ACTIVE
    created_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    note: str = ""
    items: tuple[PlanItem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote(PatientRecord):
    """A *devis*: a plan with prices as they were shown, and the signature if there is one.

    ``document`` is the signed paper; ``signature`` the source's own signature data.
    """

    kind: ClassVar[str] = "quotes"
    title: str = ""
    issued_on: AnyDate | None = None
    signed_at: AnyMoment | None = None
    signed_by: str = ""
    signature: str = ""
    practitioner: str | None = reference("practitioners")
    document: str | None = reference("documents")
    note: str = ""
    items: tuple[PlanItem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prescription(PatientRecord):
    """One prescribed product with its directions, in the prescriber's words."""

    kind: ClassVar[str] = "prescriptions"
    prescribed_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    product: str
    code_system: str = ""
    code: str = ""
    directions: str = ""
    quantity: str = ""
    refills: str = ""
    note: str = ""


class AppointmentStatus(StrEnum):
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    BROKEN = "broken"
    CANCELLED = "cancelled"
    UNSCHEDULED = "unscheduled"
    PLANNED = "planned"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment(PatientRecord):
    """A time kept for a patient; ``minutes`` is its planned length."""

    kind: ClassVar[str] = "appointments"
    status: AppointmentStatus
    starts_at: AnyMoment | None = None
    minutes: int | None = None
    practitioner: str | None = reference("practitioners")
    assistant: str | None = reference("practitioners")
    room: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall(PatientRecord):
    """When a patient should come back; ``interval`` is an ISO 8601 duration."""

    kind: ClassVar[str] = "recalls"
    reason: str = ""
    due_on: AnyDate | None = None
    previous_on: AnyDate | None = None
    interval: str = ""
    status: str = ""
    note: str = ""
    active: bool = True
