"""What was billed, paid and corrected. Amounts are integer cents; a price list is not a debt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from formats.model.dates import AnyDate
from formats.model.record import PatientRecord, reference


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceLine:
    """One billed act: the fee, what the insurer owes or paid, what was written off; none of what nobody stated."""

    act: str | None = reference("acts")
    label: str = ""
    fee_cents: int | None = None
    insurer_cents: int | None = None
    written_off_cents: int | None = None
    status: str = ""


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice(PatientRecord):
    """A bill to the patient or a claim to an insurer (``payer``)."""

    kind: ClassVar[str] = "invoices"
    number: str = ""
    status: InvoiceStatus = InvoiceStatus.OTHER
    issued_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    coverage: str | None = reference("coverages")
    payer: str = ""
    total_cents: int | None = None
    insurer_cents: int | None = None
    note: str = ""
    lines: tuple[InvoiceLine, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment(PatientRecord):
    """The part of a payment that counts for this patient.

    ``receipt`` groups the parts of one payment shared by a family; ``payer`` is
    the person who paid, ``payer_patient`` their own dossier if they have one.
    """

    kind: ClassVar[str] = "payments"
    paid_on: AnyDate | None = None
    amount_cents: int
    method: str = ""
    receipt: str = ""
    payer: str = ""
    payer_patient: str | None = None
    practitioner: str | None = reference("practitioners")
    act: str | None = reference("acts")
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment(PatientRecord):
    """A correction of what is owed: positive adds to the debt, negative takes away."""

    kind: ClassVar[str] = "adjustments"
    made_on: AnyDate | None = None
    amount_cents: int
    reason: str = ""
    practitioner: str | None = reference("practitioners")
    act: str | None = reference("acts")
    note: str = ""
