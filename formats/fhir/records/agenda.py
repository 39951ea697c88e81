"""Appointments and recalls."""

from __future__ import annotations

from datetime import datetime, timedelta

from formats.fhir.codes import PARTICIPATION, Coding, own
from formats.fhir.elements import Element, enter, objects_at, unknown_element
from formats.fhir.exact import Primitive, put_primitive, take_at, take_or
from formats.fhir.parts import Value, text_field
from formats.fhir.primitives import CODE, DAY, INSTANT, PATIENT, POSITIVE, PRACTITIONER, TEXT
from formats.fhir.resources import Resource
from formats.fhir.vocabulary import Choice, concept
from formats.fhir.write_only import FixedValue
from formats.mapping.absence import Absent, without_absent
from formats.mapping.parts import Both, FieldPart, FoundFields
from formats.model.care import Appointment, AppointmentStatus, Recall
from formats.model.dates import AnyMoment

PARTICIPANTS: dict[str, tuple[str, str, Primitive[str]]] = {
    "patient": ("SBJ", "actor.reference", PATIENT),
    "practitioner": ("PPRF", "actor.reference", PRACTITIONER),
    "assistant": ("SPRF", "actor.reference", PRACTITIONER),
    "room": ("LOC", "actor.display", TEXT),
}
"""Who and what takes part: participation type (HL7 v3), where it is told, and how."""


class Participants(FieldPart):
    """The patient, the practitioner, the assistant and the room, told apart by their participation."""

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(PARTICIPANTS)

    def tell(self, record: Appointment, node: Element) -> None:
        for field, (code, path, primitive) in PARTICIPANTS.items():
            if value := getattr(record, field):
                participant: Element = {"type": [concept(Coding(PARTICIPATION, code))]}
                put_primitive(*enter(participant, path), primitive, value)
                participant["status"] = "accepted"
                node.setdefault("participant", []).append(participant)

    def take(self, node: Element) -> FoundFields:
        found: FoundFields = {}
        for participant in objects_at(node, "participant"):
            field = _field_of(participant)
            _, path, primitive = PARTICIPANTS[field]
            value = take_at(participant, path, primitive)
            if not isinstance(value, Absent):
                found.setdefault(field, value)
        return found


def _field_of(participant: Element) -> str:
    """Return what ``participant`` is: by its participation, else by whom it refers to."""
    types = [
        coding for concept in objects_at(participant, "type") for coding in objects_at(concept, "coding")
    ]
    role_codes = [coding.get("code") for coding in types if coding.get("system") == PARTICIPATION]
    patient = take_or(participant, "actor.reference", PATIENT, None)
    fields = (field for field, (code, _, _) in PARTICIPANTS.items() if code in role_codes)
    return next(fields, "patient" if patient else "practitioner")


TIMELESS = frozenset({AppointmentStatus.PLANNED, AppointmentStatus.UNSCHEDULED, AppointmentStatus.CANCELLED})
"""Appointments that FHIR lets be without a start and an end (app-2, app-3)."""


class AppointmentTime(FieldPart):
    """Start and length; FHIR wants an end whenever there is a start, known or not (app-2, app-3)."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("starts_at", "minutes")

    def tell(self, record: Appointment, node: Element) -> None:
        if record.starts_at:
            put_primitive(node, "start", INSTANT, record.starts_at)
        if record.minutes is not None:
            put_primitive(node, "minutesDuration", POSITIVE, record.minutes)
        if record.starts_at:
            _put_end(node, record.starts_at, record.minutes)
        elif record.status not in TIMELESS:
            node["_start"] = node["_end"] = unknown_element()

    def take(self, node: Element) -> FoundFields:
        return without_absent(
            starts_at=take_at(node, "start", INSTANT), minutes=take_at(node, "minutesDuration", POSITIVE)
        )


def _put_end(node: Element, start: AnyMoment, minutes: int | None) -> None:
    end = end_of(start, minutes)
    if end is None:
        node["_end"] = unknown_element()
    else:
        put_primitive(node, "end", INSTANT, end)


def end_of(start: AnyMoment, minutes: int | None) -> datetime | None:
    """Return when an appointment ends, where its start has a time of day and its length says so."""
    if not isinstance(start, datetime):
        return None
    try:
        end = start + timedelta(minutes=minutes or 0)
    except OverflowError:  # a length no calendar holds
        return None
    return end if end > start else None


APPOINTMENT_RESOURCE = Resource(
    "Appointment",
    Appointment,
    (
        Choice(
            "status",
            "status",
            {
                AppointmentStatus.SCHEDULED: "booked",
                AppointmentStatus.COMPLETED: "fulfilled",
                AppointmentStatus.BROKEN: "noshow",
                AppointmentStatus.CANCELLED: "cancelled",
                AppointmentStatus.UNSCHEDULED: "waitlist",
                AppointmentStatus.PLANNED: "proposed",
                AppointmentStatus.OTHER: "pending",
            },
            otherwise=AppointmentStatus.OTHER,
        ),
        text_field("reason", "reasonCode[0].text"),
        AppointmentTime(),
        text_field("note", "comment"),
        Participants(),
    ),
)


def _put_wanted(record: Recall, node: Element) -> None:
    """Whether a recall still stands."""
    node["status"] = "requested" if record.active else "cancelled"


def _take_wanted(node: Element) -> FoundFields:
    over = ("cancelled", "rejected", "failed", "completed", "entered-in-error")
    return {"active": take_or(node, "status", CODE, "") not in over}


RECALL = Resource(
    "Task",
    Recall,
    (
        Both(("active",), _put_wanted, _take_wanted),
        text_field("status", "businessStatus.text"),
        FixedValue("intent", "plan"),
        FixedValue("code", {"coding": [{"system": own("task"), "code": "recall"}]}),
        text_field("reason", "description"),
        Value("patient", "for.reference", PATIENT),
        text_field("note", "note[0].text"),
        Value("due_on", "restriction.period.end", DAY),
        Value("previous_on", "~previous-date", DAY),
        text_field("interval", "~interval"),
    ),
)
