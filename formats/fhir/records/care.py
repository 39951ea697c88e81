"""Acts, notes, treatment plans, quotes and prescriptions."""

from __future__ import annotations

from formats.fhir import codes
from formats.fhir.codes import HL7, Coding
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Amount, RepeatedField, Value, text_field
from formats.fhir.primitives import (
    APPOINTMENT,
    DATE_TIME,
    DAY,
    DOCUMENT,
    INTEGER,
    PATIENT,
    PRACTITIONER,
    PROCEDURE,
    TEXT,
    TRUTH,
)
from formats.fhir.records.mouth import Surfaces, Teeth
from formats.fhir.resources import SUBJECT, Resource, in_category
from formats.fhir.vocabulary import Choice, Concept, SourceCode, concept
from formats.fhir.write_only import FixedValue, RequiredElement
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
from formats.model.health import Diagnosis

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
        text_field("label", "code.text"),
        SUBJECT,
        Value("performed_on", "performedDateTime", DAY),
        Value("practitioner", "performer[0].actor.reference", PRACTITIONER),
        text_field("diagnosis", "reasonCode[0].text"),
        Teeth(repeating=True),
        text_field("note", "note[0].text"),
        Surfaces(),
        text_field("area", "~area"),
        RepeatedField("modifiers", "modifier", TEXT),
        Value("quantity", "~quantity", INTEGER),
        Amount("fee_cents", "~fee"),
        Value("appointment", "~appointment.reference", APPOINTMENT),
    ),
)

DIAGNOSIS = Resource(
    "Condition",
    Diagnosis,
    (
        FixedValue("category", [concept(Coding(f"{HL7}/condition-category", "encounter-diagnosis"))]),
        SourceCode("code_system", "code", "code"),
        text_field("label", "code.text"),
        SUBJECT,
        Teeth(repeating=True),
        Surfaces(),
        Value("recorded_on", "recordedDate", DAY),
        Value("practitioner", "recorder.reference", PRACTITIONER),
        Value("act", "~act.reference", PROCEDURE),
        Value("principal", "~principal", TRUTH, omit=False),
        text_field("note", "note[0].text"),
    ),
    foreign=in_category("encounter-diagnosis"),
)

_NOTE_KINDS: codes.Table = {kind: (Coding(codes.own("note-kind"), kind.value),) for kind in NoteKind}

NOTE = Resource(
    "ClinicalImpression",
    Note,
    (
        FixedValue("status", "completed"),
        Concept("note", "code", _NOTE_KINDS, otherwise=NoteKind.CLINICAL),
        text_field("text", "description"),
        SUBJECT,
        Value("written_at", "date", DATE_TIME),
        Value("practitioner", "assessor.reference", PRACTITIONER),
        text_field("author", "assessor.display"),
        Value("act", "~act.reference", PROCEDURE),
        Value("signed", "~signed", TRUTH),
        FixedValue(
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
        FixedValue("status", "completed"),
        Concept("note", "category[0]", _NOTE_KINDS, otherwise=NoteKind.COMMUNICATION),
        SUBJECT,
        Value("act", "about[0].reference", PROCEDURE),
        Value("written_at", "sent", DATE_TIME),
        Value("practitioner", "sender.reference", PRACTITIONER),
        text_field("author", "sender.display"),
        text_field("text", "payload[0].contentString"),
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
        FixedValue("intent", "plan"),
        text_field("title", "title"),
        SUBJECT,
        Value("created_on", "created", DAY),
        Value("practitioner", "author.reference", PRACTITIONER),
        text_field("note", "note[0].text"),
        Many(
            "items",
            "activity",
            FieldGroup(
                PlanItem,
                (
                    SourceCode("", "code", "detail.code"),
                    text_field("label", "detail.code.text"),
                    FixedValue("detail.status", "unknown"),
                    Value("act", "~act.reference", PROCEDURE),
                    Teeth(standard=False),
                    Surfaces(),
                    text_field("priority", "~priority"),
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
        FixedValue("status", "active"),
        FixedValue("type", concept(Coding(f"{HL7}/claim-type", "oral"))),
        FixedValue("use", "predetermination"),
        Value("patient", "patient.reference", PATIENT),
        Value("issued_on", "created", DAY),
        Value("practitioner", "provider.reference", PRACTITIONER),
        FixedValue("priority", concept(Coding(f"{HL7}/processpriority", "normal"))),
        FixedValue("insurance", [{"sequence": 1, "focal": True}]),
        Many(
            "items",
            "item",
            FieldGroup(
                PlanItem,
                (
                    SourceCode("", "code", "productOrService"),
                    text_field("label", "productOrService.text"),
                    Amount("fee_cents", "unitPrice"),
                    Teeth(),
                    Surfaces(standard=True),
                    Value("act", "~act.reference", PROCEDURE),
                    text_field("priority", "~priority"),
                    Amount("insurer_cents", "~insurer-part"),
                    Amount("patient_cents", "~patient-part"),
                    RequiredElement("productOrService"),
                ),
            ),
            number=("sequence", int),
        ),
        text_field("title", "~title"),
        Value("signed_at", "~signed-at", DATE_TIME),
        text_field("signed_by", "~signed-by"),
        text_field("signature", "~signature"),
        Value("document", "~document.reference", DOCUMENT),
        text_field("note", "~note"),
        RequiredElement("created", primitive=True),
        RequiredElement("provider"),
        RequiredElement("insurance[0].coverage"),
    ),
)

PRESCRIPTION = Resource(
    "MedicationRequest",
    Prescription,
    (
        FixedValue("status", "unknown"),
        FixedValue("intent", "order"),
        SourceCode("code_system", "code", "medicationCodeableConcept"),
        text_field("product", "medicationCodeableConcept.text"),
        SUBJECT,
        Value("prescribed_on", "authoredOn", DAY),
        Value("practitioner", "requester.reference", PRACTITIONER),
        text_field("note", "note[0].text"),
        text_field("directions", "dosageInstruction[0].text"),
        text_field("quantity", "~prescribed-quantity"),
        text_field("refills", "~refills"),
        RequiredElement("medicationCodeableConcept"),
    ),
)
