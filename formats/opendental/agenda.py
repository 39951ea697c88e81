"""Appointments and recalls, and what is prescribed."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.model.care import Appointment, AppointmentStatus, Prescription, Recall
from formats.opendental import codes
from formats.opendental.joined import Joined, Yielded
from formats.opendental.known import Known
from formats.words import mark


def appointment(joined: Joined, known: Known) -> Iterator[Yielded]:
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
        id=known.id("appointment", row.key),
        patient=known.patient(joined.patient),
        status=status or AppointmentStatus.OTHER,
        starts_at=row.moment("AptDateTime"),
        minutes=length or None,
        practitioner=known.practitioner(row, "ProvNum", expected=True),
        assistant=known.practitioner(row, "ProvHyg"),
        room=known.rooms.get(row.number("Op"), ""),
        reason=row.text("ProcDescript"),
        note=row.text("Note"),
    )
    known.remember("appointment", row.key, joined.patient)


def recall(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``recall``: the date in force, or the one the software calculated."""
    row = joined.row
    yield Recall(
        id=known.id("recall", row.key),
        patient=known.patient(joined.patient),
        reason=known.recall_types.get(row.number("RecallTypeNum"), ""),
        due_on=row.day("DateDue") or row.day("DateDueCalc"),
        previous_on=row.day("DatePrevious"),
        interval=codes.interval(row.number("RecallInterval")),
        status=known.definition(row, "RecallStatus"),
        note=row.text("Note"),
        active=not row.number("IsDisabled"),
    )


def prescription(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``rxpat``: one prescribed product."""
    row = joined.row
    directions = (row.text("Sig"), row.text("PatientInstruction"))
    code = row.text("RxCui") if row.number("RxCui") else ""
    yield Prescription(
        id=known.id("rxpat", row.key),
        patient=known.patient(joined.patient),
        prescribed_on=row.day("RxDate"),
        practitioner=known.practitioner(row, "ProvNum", expected=True),
        product=row.text("Drug"),
        code_system=codes.RXNORM_SYSTEM if code else "",
        code=code,
        directions="\n".join(part for part in directions if part),
        quantity=row.text("Disp"),
        refills=row.text("Refills"),
        note=row.text("Notes"),
    )
