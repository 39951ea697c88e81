"""Medical history as the patient told it and the practitioner keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from formats.model.record import PatientRecord, reference


class HealthTopic(StrEnum):
    ALLERGY = "allergy"
    CONDITION = "condition"
    MEDICATION = "medication"
    ALERT = "alert"
    HABIT = "habit"
    FAMILY = "family"


class Presence(StrEnum):
    """``NONE`` is "asked, and there is none"; nothing recorded at all means nobody asked."""

    PRESENT = "present"
    NONE = "none"
    REFUTED = "refuted"


class HealthStatus(StrEnum):
    ACTIVE = "active"
    RESOLVED = "resolved"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthStatement(PatientRecord):
    """One fact of medical history; with ``presence`` NONE the whole ``topic`` is explicitly empty."""

    kind: ClassVar[str] = "health_statements"
    topic: HealthTopic
    presence: Presence = Presence.PRESENT
    status: HealthStatus = HealthStatus.UNKNOWN
    code_system: str = ""
    code: str = ""
    label: str = ""
    detail: str = ""
    start: date | None = None
    end: date | None = None
    recorded_at: datetime | None = None
    practitioner: str | None = reference("practitioners")


@dataclass(frozen=True, kw_only=True, slots=True)
class FormAnswer:
    """One question of a form and what was answered, in the form's own words."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Questionnaire(PatientRecord):
    """A filled-in form, such as the medical questionnaire, in the order of its questions."""

    kind: ClassVar[str] = "questionnaires"
    title: str
    answered_at: datetime | None = None
    answers: tuple[FormAnswer, ...] = ()
