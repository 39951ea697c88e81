"""Medical history: what the patient told, what is explicitly none, and the forms filled in.

A fact that is refuted or explicitly none must never look like one that holds:
each resource says it in the way its own readers cannot overlook (verification
status, ``not-taken``, ``false``, or an extension they may not ignore).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formats.fhir import codes, extensions
from formats.fhir.codes import HL7, Coding
from formats.fhir.elements import Element, enter, objects_at
from formats.fhir.exact import put_primitive, take_at, take_or
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Span, Value, extensions_of, text_field
from formats.fhir.primitives import CODE, DATE_TIME, DAY, INSTANT, PRACTITIONER
from formats.fhir.resources import PATIENT_REFERENCE, SUBJECT, Resource, always, in_category, never
from formats.fhir.vocabulary import Choice, Concept, SourceCode, coding_of, concept
from formats.fhir.write_only import FixedValue, RequiredElement, WriteOnly
from formats.mapping.absence import without_absent
from formats.mapping.parts import Both, FieldPart, FoundFields, ImpliedField
from formats.model.health import (
    FormAnswer,
    HealthStatement,
    HealthStatus,
    HealthTopic,
    Presence,
    Questionnaire,
    consistent_statement,
)

STATUSES = {
    HealthStatus.ACTIVE: "active",
    HealthStatus.RESOLVED: "completed",
    HealthStatus.INACTIVE: "stopped",
    HealthStatus.UNKNOWN: "unknown",
}
"""The course of a treatment in the words of MedicationStatement."""


@dataclass(frozen=True, slots=True)
class FactPresence(FieldPart):
    """Whether a fact holds: the exact word, and what the code and the verification status say of it.

    ``modifier`` puts the word where no reader may ignore it, for resources that
    have no other way to deny.
    """

    topic: HealthTopic
    code: str
    verification: str = ""
    modifier: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return ("presence",)

    def tell(self, record: HealthStatement, node: Element) -> None:
        denied = record.presence is not Presence.PRESENT
        if self.verification:
            node["verificationStatus"] = concept(codes.verification(self.verification, record.presence))
        if record.presence is Presence.NONE:
            for negation in codes.NEGATIONS.get(self.topic, ()):
                parent, key = enter(node, f"{self.code}.coding")
                parent.setdefault(key, []).append(coding_of(negation) | {"userSelected": False})
        word: Element = {"url": extensions.url("presence")}
        put_primitive(word, "valueCode", CODE, record.presence.value)
        node.setdefault("modifierExtension" if self.modifier and denied else "extension", []).append(word)

    def take(self, node: Element) -> FoundFields:
        exact = _exact_presence(node)
        return {
            "presence": next((word for word in Presence if word.value == exact), self._read_presence(node))
        }

    def _read_presence(self, node: Element) -> Presence:
        """Return what the standard elements say, for resources of others."""
        codings = objects_at(node, f"{self.code}.coding")
        pairs = [(coding.get("system"), coding.get("code")) for coding in codings]
        if any((negation.system, negation.code) in pairs for negation in codes.NEGATIONS.get(self.topic, ())):
            return Presence.NONE
        verified = objects_at(node, "verificationStatus.coding")
        refuted = any(coding.get("code") == "refuted" for coding in verified)
        denied = node.get("status") == "not-taken" or node.get("valueBoolean") is False
        return Presence.REFUTED if refuted or denied else Presence.PRESENT


@dataclass(frozen=True, slots=True)
class ClinicalStatus(Concept):
    """The course of a fact as a clinical status; a statement that there is none is one in force (ait-1, con-3)."""

    otherwise: StrEnum | None = HealthStatus.UNKNOWN

    def tell(self, record: HealthStatement, node: Element) -> None:
        if record.presence is Presence.NONE:
            node[self.path] = concept(*self.table[HealthStatus.ACTIVE])
        else:
            super(ClinicalStatus, self).tell(record, node)


def _exact_presence(node: Element) -> str:
    for word in (*extensions_of(node, "presence", "modifierExtension"), *extensions_of(node, "presence")):
        return take_or(word, "valueCode", CODE, "")
    return ""


def _put_end(record: HealthStatement, node: Element) -> None:
    """The end of a fact: ``abatement`` only where the status agrees that it is over (con-4)."""
    if record.end:
        over = record.status in {HealthStatus.RESOLVED, HealthStatus.INACTIVE}
        put_primitive(*enter(node, "abatementDateTime" if over else "~end-date"), DAY, record.end)


def _take_end(node: Element) -> FoundFields:
    other = take_at(node, "~end-date", DAY)
    return without_absent(end=take_or(node, "abatementDateTime", DAY, other))


def _put_intake(record: HealthStatement, node: Element) -> None:
    """The course of a treatment; one that is denied is ``not-taken``, and its course stands beside."""
    node["status"] = STATUSES[record.status] if record.presence is Presence.PRESENT else "not-taken"
    if record.presence is not Presence.PRESENT:
        put_primitive(*enter(node, "~health-status"), CODE, record.status.value)


def _take_intake(node: Element) -> FoundFields:
    exact = take_or(node, "~health-status", CODE, "")
    code = take_or(node, "status", CODE, "")
    matches = (
        word for word, status in STATUSES.items() if exact == word.value or (not exact and status == code)
    )
    return {"status": next(matches, HealthStatus.UNKNOWN)}


def _put_holds(record: HealthStatement, node: Element) -> None:
    """A habit as a yes or no."""
    node["valueBoolean"] = record.presence is Presence.PRESENT


COURSE = Choice("status", "~health-status", {status: status.value for status in HealthStatus})
"""The course of a fact, for resources that have no status to say it."""


def _coded(path: str) -> tuple[FieldPart, ...]:
    return SourceCode("code_system", "code", path), text_field("label", f"{path}.text")


def _statement(name: str, topic: HealthTopic, *parts: FieldPart) -> Resource:
    """Return the description of the health statements of one topic."""
    return Resource(
        name,
        HealthStatement,
        (ImpliedField("topic", topic), *parts),
        lambda record: record.topic is topic,
        consistent_statement,
        _FOREIGN.get(topic, always),
    )


_IS_DIAGNOSIS = in_category("encounter-diagnosis")
_FOREIGN = {HealthTopic.CONDITION: lambda node: not _IS_DIAGNOSIS(node), HealthTopic.HABIT: never}
"""What resources of other programs are a health statement: every condition that is not the diagnosis of a visit;
a habit says yes or no here, and the many ways in which others tell of habits are not guessed at."""


ALLERGY = _statement(
    "AllergyIntolerance",
    HealthTopic.ALLERGY,
    ClinicalStatus("status", "clinicalStatus", codes.clinical_statuses("allergyintolerance-clinical")),
    *_coded("code"),
    FactPresence(HealthTopic.ALLERGY, "code", "allergyintolerance-verification"),
    PATIENT_REFERENCE,
    Value("start", "onsetDateTime", DAY),
    Value("recorded_at", "recordedDate", DATE_TIME),
    Value("practitioner", "recorder.reference", PRACTITIONER),
    text_field("detail", "note[0].text"),
    Value("end", "~end-date", DAY),
)

CONDITION = _statement(
    "Condition",
    HealthTopic.CONDITION,
    ClinicalStatus("status", "clinicalStatus", codes.clinical_statuses("condition-clinical")),
    FixedValue("category", [concept(Coding(f"{HL7}/condition-category", "problem-list-item"))]),
    *_coded("code"),
    FactPresence(HealthTopic.CONDITION, "code", "condition-ver-status"),
    SUBJECT,
    Value("start", "onsetDateTime", DAY),
    Both(("end",), _put_end, _take_end),
    Value("recorded_at", "recordedDate", DATE_TIME),
    Value("practitioner", "recorder.reference", PRACTITIONER),
    text_field("detail", "note[0].text"),
)

MEDICATION = _statement(
    "MedicationStatement",
    HealthTopic.MEDICATION,
    Both(("status",), _put_intake, _take_intake),
    *_coded("medicationCodeableConcept"),
    FactPresence(HealthTopic.MEDICATION, "medicationCodeableConcept"),
    SUBJECT,
    Span("start", "end", "effectivePeriod"),
    Value("recorded_at", "dateAsserted", DATE_TIME),
    Value("practitioner", "informationSource.reference", PRACTITIONER),
    text_field("detail", "note[0].text"),
    RequiredElement("medicationCodeableConcept"),
)

ALERT = _statement(
    "Flag",
    HealthTopic.ALERT,
    Choice(
        "status",
        "status",
        {
            HealthStatus.ACTIVE: "active",
            HealthStatus.INACTIVE: "inactive",
            HealthStatus.RESOLVED: "inactive",
            HealthStatus.UNKNOWN: "active",
        },
        exact="health-status",
        otherwise=HealthStatus.UNKNOWN,
    ),
    *_coded("code"),
    FactPresence(HealthTopic.ALERT, "code", modifier=True),
    SUBJECT,
    Span("start", "end", "period"),
    Value("practitioner", "author.reference", PRACTITIONER),
    text_field("detail", "~detail"),
    Value("recorded_at", "~recorded-at", DATE_TIME),
    RequiredElement("code"),
)

HABIT = _statement(
    "Observation",
    HealthTopic.HABIT,
    FixedValue("status", "final"),
    FixedValue("category", [concept(Coding(f"{HL7}/observation-category", "social-history"))]),
    *_coded("code"),
    FactPresence(HealthTopic.HABIT, "code"),
    WriteOnly(_put_holds),
    SUBJECT,
    Span("start", "end", "effectivePeriod"),
    Value("recorded_at", "issued", INSTANT),
    Value("practitioner", "performer[0].reference", PRACTITIONER),
    text_field("detail", "note[0].text"),
    COURSE,
    RequiredElement("code"),
)

FAMILY = _statement(
    "FamilyMemberHistory",
    HealthTopic.FAMILY,
    FixedValue("status", "completed"),
    PATIENT_REFERENCE,
    Value("recorded_at", "date", DATE_TIME),
    FixedValue("relationship", concept(Coding(f"{HL7}/v3-RoleCode", "FAMMEMB", "family member"))),
    *_coded("condition[0].code"),
    FactPresence(HealthTopic.FAMILY, "condition[0].code", modifier=True),
    text_field("detail", "note[0].text"),
    COURSE,
    Value("start", "~start-date", DAY),
    Value("end", "~end-date", DAY),
    Value("practitioner", "~practitioner.reference", PRACTITIONER),
)

QUESTIONNAIRE = Resource(
    "QuestionnaireResponse",
    Questionnaire,
    (
        FixedValue("status", "completed"),
        SUBJECT,
        Value("answered_at", "authored", DATE_TIME),
        text_field("title", "~form-title"),
        Many(
            "answers",
            "item",
            FieldGroup(
                FormAnswer, (text_field("question", "text"), text_field("answer", "answer[0].valueString"))
            ),
            number=("linkId", str),
        ),
    ),
)

STATEMENTS = (ALLERGY, CONDITION, MEDICATION, ALERT, HABIT, FAMILY)
