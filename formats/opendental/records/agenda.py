"""Appointments and recalls, and what is prescribed."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.model.care import Appointment, AppointmentStatus, Prescription, Recall
from formats.opendental import codes
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark


def appointment(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``appointment``; the second practitioner is the hygienist, assistants are no practitioners."""
    row = joined.row
    status = codes.APPOINTMENT_STATUS.get(row.number("AptStatus"))
    if status is None:
        row.notice(
            Severity.WARNING,
            "opendental-appointment-status-unknown",
            mark("Status {status} of an appointment is not known."),
            status=row.number("AptStatus"),
        )
    length = len(row.text("Pattern")) * codes.PATTERN_MINUTES
    yield Appointment(
        id=context.id("appointment", row.key),
        patient=context.patient(joined.patient),
        status=status or AppointmentStatus.OTHER,
        starts_at=row.moment("AptDateTime"),
        minutes=length or None,
        practitioner=context.practitioner(row, "ProvNum", expected=True),
        assistant=context.practitioner(row, "ProvHyg"),
        room=context.rooms.get(row.number("Op"), ""),
        reason=row.text("ProcDescript"),
        note=row.text("Note"),
    )
    context.remember("appointment", row.key, joined.patient)


def recall(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``recall``: the date in force, or the one the software calculated."""
    row = joined.row
    yield Recall(
        id=context.id("recall", row.key),
        patient=context.patient(joined.patient),
        reason=context.recall_types.get(row.number("RecallTypeNum"), ""),
        due_on=row.day("DateDue") or row.day("DateDueCalc"),
        previous_on=row.day("DatePrevious"),
        interval=codes.interval(row.number("RecallInterval")),
        status=context.definition(row, "RecallStatus"),
        note=row.text("Note"),
        active=not row.number("IsDisabled"),
    )


def prescription(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``rxpat``: one prescribed product."""
    row = joined.row
    directions = (row.text("Sig"), row.text("PatientInstruction"))
    code = row.text("RxCui") if row.number("RxCui") else ""
    yield Prescription(
        id=context.id("rxpat", row.key),
        patient=context.patient(joined.patient),
        prescribed_on=row.day("RxDate"),
        practitioner=context.practitioner(row, "ProvNum", expected=True),
        product=row.text("Drug"),
        code_system=codes.RXNORM_SYSTEM if code else "",
        code=code,
        directions="\n".join(part for part in directions if part),
        quantity=row.text("Disp"),
        refills=row.text("Refills"),
        note=row.text("Notes"),
    )
