"""Medical history as the patient told it and the practitioner keeps it, and what was diagnosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from formats.errors import InconsistentDossier
from formats.model.dates import AnyDate, AnyMoment
from formats.model.mouth import Surface
from formats.model.record import PatientRecord, reference
from formats.words import mark


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
    """One fact of medical history; with ``presence`` NONE the whole ``topic`` is explicitly empty.

    A statement of NONE says since when (``start``), a ``detail``, and who recorded it when; it has nothing
    that tells of a fact (``FACT``).

    Raises:
        InconsistentDossier: when a statement of NONE tells of a fact.
    """

    kind: ClassVar[str] = "health_statements"
    topic: HealthTopic
    presence: Presence = Presence.PRESENT
    status: HealthStatus = HealthStatus.UNKNOWN
    code_system: str = ""
    code: str = ""
    label: str = ""
    detail: str = ""
    start: AnyDate | None = None
    end: AnyDate | None = None
    recorded_at: AnyMoment | None = None
    practitioner: str | None = reference("practitioners")

    def __post_init__(self) -> None:
        if self.presence is Presence.NONE and any(
            getattr(self, name) != empty for name, empty in FACT.items()
        ):
            reason = mark("a statement that there is none tells of something there is")
            raise InconsistentDossier(where=f"{self.kind}/{self.id}", reason=reason)


FACT: Mapping[str, Any] = MappingProxyType(
    {
        "status": HealthStatus.UNKNOWN,
        "code_system": "",
        "code": "",
        "label": "",
        "end": None,
    }
)
"""The fields that tell of a fact, and their values where there is none."""
_OVER = frozenset({HealthStatus.RESOLVED, HealthStatus.INACTIVE})


def consistent_statement(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a health statement as outside data have them, made such that it can exist.

    Of a NONE that holds, what would tell of a fact is left out. One that has ended, or is inactive, says of
    today nothing at all: it stays, word for word, as the PRESENT entry of a list that it is in the source.
    """
    found = dict(fields)
    if found.get("presence") is not Presence.NONE:
        return found
    if found.get("status") in _OVER or found.get("end") is not None:
        return found | {"presence": Presence.PRESENT}
    return {**found, **FACT}


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
    answered_at: AnyMoment | None = None
    answers: tuple[FormAnswer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis(PatientRecord):
    """What was found to be the matter, on which teeth, and the act it is the reason of.

    ``principal``: the first reason of the act, as the source says.
    """

    kind: ClassVar[str] = "diagnoses"
    code_system: str = ""
    code: str = ""
    label: str = ""
    teeth: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = ()
    act: str | None = reference("acts")
    principal: bool = False
    recorded_on: AnyDate | None = None
    practitioner: str | None = reference("practitioners")
    note: str = ""
