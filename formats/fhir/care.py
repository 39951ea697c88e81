"""Acts, notes, treatment plans, quotes and prescriptions."""

from __future__ import annotations

from formats.fhir import codes
from formats.fhir.codes import HL7, Coding
from formats.fhir.groups import Group, Many
from formats.fhir.mouth import Surfaces, Teeth
from formats.fhir.parts import Amount, Repeated, Value, text
from formats.fhir.primitives import (
    APPOINTMENT,
    DAY,
    DOCUMENT,
    INTEGER,
    MOMENT,
    PATIENT,
    PRACTITIONER,
    PROCEDURE,
    TEXT,
    TRUTH,
)
from formats.fhir.resources import SUBJECT, Resource
from formats.fhir.told import Fixed, Required
from formats.fhir.vocabulary import Choice, Concept, SourceCode, concept
from formats.model.care import (
    Act,
    ActStatus,
    Note,
    NoteKind,
    PlanItem,
    PlanStatus,
    Prescription,
    Quote,
    TreatmentPlan,
)

ACT = Resource(
    "Procedure",
    Act,
    (
        Choice(
            "status",
            "status",
            {
                ActStatus.PLANNED: "preparation",
                ActStatus.DONE: "completed",
                ActStatus.CANCELLED: "not-done",
                ActStatus.EXISTING: "completed",
                ActStatus.EXISTING_ELSEWHERE: "completed",
                ActStatus.REFERRED: "unknown",
                ActStatus.CONDITION: "unknown",
            },
            exact="act-status",
            reads={
                "unknown": ActStatus.EXISTING,
                "in-progress": ActStatus.PLANNED,
                "on-hold": ActStatus.PLANNED,
            },
            otherwise=ActStatus.CANCELLED,
        ),
        SourceCode("code_system", "code", "code"),
        text("label", "code.text"),
        SUBJECT,
        Value("performed_on", "performedDateTime", DAY),
        Value("practitioner", "performer[0].actor.reference", PRACTITIONER),
        text("diagnosis", "reasonCode[0].text"),
        Teeth(repeating=True),
        text("note", "note[0].text"),
        Surfaces(),
        text("area", "~area"),
        Repeated("modifiers", "modifier", TEXT),
        Value("quantity", "~quantity", INTEGER),
        Amount("fee_cents", "~fee"),
        Value("appointment", "~appointment.reference", APPOINTMENT),
    ),
)

_NOTE_KINDS: codes.Table = {kind: (Coding(codes.own("note-kind"), kind.value),) for kind in NoteKind}

NOTE = Resource(
    "ClinicalImpression",
    Note,
    (
        Fixed("status", "completed"),
        Concept("note", "code", _NOTE_KINDS, otherwise=NoteKind.CLINICAL),
        text("text", "description"),
        SUBJECT,
        Value("written_at", "date", MOMENT),
        Value("practitioner", "assessor.reference", PRACTITIONER),
        text("author", "assessor.display"),
        Value("act", "~act.reference", PROCEDURE),
        Value("signed", "~signed", TRUTH),
        Fixed(
            "meta.security",
            [{"system": codes.CONFIDENTIALITY, "code": "R", "display": "restricted"}],
            lambda record: record.note is NoteKind.PERSONAL,
        ),
    ),
    lambda record: record.note in {NoteKind.CLINICAL, NoteKind.PERSONAL},
)

MESSAGE = Resource(
    "Communication",
    Note,
    (
        Fixed("status", "completed"),
        Concept("note", "category[0]", _NOTE_KINDS, otherwise=NoteKind.COMMUNICATION),
        SUBJECT,
        Value("act", "about[0].reference", PROCEDURE),
        Value("written_at", "sent", MOMENT),
        Value("practitioner", "sender.reference", PRACTITIONER),
        text("author", "sender.display"),
        text("text", "payload[0].contentString"),
        Value("signed", "~signed", TRUTH),
    ),
    lambda record: record.note in {NoteKind.COMMUNICATION, NoteKind.ADMINISTRATIVE},
)

PLAN = Resource(
    "CarePlan",
    TreatmentPlan,
    (
        Choice(
            "status",
            "status",
            {
                PlanStatus.ACTIVE: "active",
                PlanStatus.INACTIVE: "on-hold",
                PlanStatus.SAVED: "draft",
                PlanStatus.COMPLETED: "completed",
                PlanStatus.CANCELLED: "revoked",
            },
            otherwise=PlanStatus.INACTIVE,
        ),
        Fixed("intent", "plan"),
        text("title", "title"),
        SUBJECT,
        Value("created_on", "created", DAY),
        Value("practitioner", "author.reference", PRACTITIONER),
        text("note", "note[0].text"),
        Many(
            "items",
            "activity",
            Group(
                PlanItem,
                (
                    SourceCode("", "code", "detail.code"),
                    text("label", "detail.code.text"),
                    Fixed("detail.status", "unknown"),
                    Value("act", "~act.reference", PROCEDURE),
                    Teeth(standard=False),
                    Surfaces(),
                    text("priority", "~priority"),
                    Amount("fee_cents", "~fee"),
                    Amount("insurer_cents", "~insurer-part"),
                    Amount("patient_cents", "~patient-part"),
                ),
            ),
        ),
    ),
)

QUOTE = Resource(
    "Claim",
    Quote,
    (
        Fixed("status", "active"),
        Fixed("type", concept(Coding(f"{HL7}/claim-type", "oral"))),
        Fixed("use", "predetermination"),
        Value("patient", "patient.reference", PATIENT),
        Value("issued_on", "created", DAY),
        Value("practitioner", "provider.reference", PRACTITIONER),
        Fixed("priority", concept(Coding(f"{HL7}/processpriority", "normal"))),
        Fixed("insurance", [{"sequence": 1, "focal": True}]),
        Many(
            "items",
            "item",
            Group(
                PlanItem,
                (
                    SourceCode("", "code", "productOrService"),
                    text("label", "productOrService.text"),
                    Amount("fee_cents", "unitPrice"),
                    Teeth(),
                    Surfaces(standard=True),
                    Value("act", "~act.reference", PROCEDURE),
                    text("priority", "~priority"),
                    Amount("insurer_cents", "~insurer-part"),
                    Amount("patient_cents", "~patient-part"),
                    Required("productOrService"),
                ),
            ),
            number=lambda place: {"sequence": place},
        ),
        text("title", "~title"),
        Value("signed_at", "~signed-at", MOMENT),
        text("signed_by", "~signed-by"),
        text("signature", "~signature"),
        Value("document", "~document.reference", DOCUMENT),
        text("note", "~note"),
        Required("created", primitive=True),
        Required("provider"),
        Required("insurance[0].coverage"),
    ),
)

PRESCRIPTION = Resource(
    "MedicationRequest",
    Prescription,
    (
        Fixed("status", "unknown"),
        Fixed("intent", "order"),
        SourceCode("code_system", "code", "medicationCodeableConcept"),
        text("product", "medicationCodeableConcept.text"),
        SUBJECT,
        Value("prescribed_on", "authoredOn", DAY),
        Value("practitioner", "requester.reference", PRACTITIONER),
        text("note", "note[0].text"),
        text("directions", "dosageInstruction[0].text"),
        text("quantity", "~prescribed-quantity"),
        text("refills", "~refills"),
        Required("medicationCodeableConcept"),
    ),
)
