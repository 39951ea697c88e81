"""The sections of a document: those of the International Patient Summary, the dental ones, and those of the rest.

Every record of a dossier is in exactly one section, so that a document holds nothing that its Composition does not
name. Where no standard has a code for a section, it is one of ours.

Sources: IPS 2.0 (Composition-uv-ips), HL7 Dental Data Exchange (dental findings: LOINC 8704-9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from formats.fhir.codes import LOINC, Coding, own
from formats.model.care import Act, ActStatus, Appointment, Note, Prescription, Quote, Recall, TreatmentPlan
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.documents import Document
from formats.model.health import (
    Diagnosis,
    HealthStatement,
    HealthStatus,
    HealthTopic,
    Presence,
    Questionnaire,
)
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.money import Adjustment, Invoice, Payment
from formats.model.mouth import ChartFinding, PerioExam
from formats.model.observations import Observation, ObservationCategory
from formats.model.people import Coverage, RelatedPerson
from formats.model.provenance import AccessEvent, Consent
from formats.model.record import Record

Member = Callable[[Any], bool]
_OVER = frozenset({HealthStatus.RESOLVED, HealthStatus.INACTIVE})


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentSection:
    """A section: its title in French, its code, and which records are in it; a ``required`` one is there empty too."""

    title: str
    code: Coding
    kinds: tuple[type[Record], ...]
    member: Member = lambda _record: True
    required: bool = False

    def holds(self, record: Record) -> bool:
        """Tell whether ``record`` is in this section."""
        return isinstance(record, self.kinds) and self.member(record)


def _topic(*topics: HealthTopic) -> Member:
    return lambda one: one.topic in topics


def _is_over(one: HealthStatement) -> bool:
    return one.presence is Presence.PRESENT and one.status in _OVER


def _current(one: HealthStatement) -> bool:
    return one.topic is HealthTopic.CONDITION and not _is_over(one)


def _past(one: HealthStatement) -> bool:
    return one.topic is HealthTopic.CONDITION and _is_over(one)


def _taken(one: HealthStatement | Prescription) -> bool:
    return isinstance(one, Prescription) or one.topic is HealthTopic.MEDICATION


def _planned(one: Act) -> bool:
    return one.status is ActStatus.PLANNED


def _vital(one: Observation) -> bool:
    return one.category is ObservationCategory.VITAL_SIGNS


def _loinc(code: str) -> Coding:
    return Coding(LOINC, code)


def _own(code: str) -> Coding:
    return Coding(own("section"), code)


def _section(title: str, code: Coding, *kinds: type[Record], member: Member | None = None) -> DocumentSection:
    return DocumentSection(title=title, code=code, kinds=kinds, member=member or (lambda _record: True))


SECTIONS: tuple[DocumentSection, ...] = (
    DocumentSection(
        title="Allergies et intolérances",
        code=_loinc("48765-2"),
        kinds=(HealthStatement,),
        member=_topic(HealthTopic.ALLERGY),
        required=True,
    ),
    DocumentSection(
        title="Problèmes de santé en cours",
        code=_loinc("11450-4"),
        kinds=(HealthStatement,),
        member=_current,
        required=True,
    ),
    DocumentSection(
        title="Traitements médicamenteux",
        code=_loinc("10160-0"),
        kinds=(HealthStatement, Prescription),
        member=_taken,
        required=True,
    ),
    _section("Alertes", _loinc("104605-1"), HealthStatement, member=_topic(HealthTopic.ALERT)),
    _section("Antécédents médicaux", _loinc("11348-0"), HealthStatement, member=_past),
    _section("Antécédents familiaux", _loinc("10157-6"), HealthStatement, member=_topic(HealthTopic.FAMILY)),
    _section("Mode de vie", _loinc("29762-2"), HealthStatement, member=_topic(HealthTopic.HABIT)),
    _section("Questionnaires médicaux", _own("questionnaires"), Questionnaire),
    _section("Schéma dentaire", _loinc("8704-9"), ChartFinding),
    _section("Bilans parodontaux", _own("periodontal-charts"), PerioExam),
    _section("Diagnostics dentaires", _loinc("51848-0"), Diagnosis),
    _section("Actes réalisés", _loinc("47519-4"), Act, member=lambda one: not _planned(one)),
    _section("Actes prévus", _own("planned-acts"), Act, member=_planned),
    _section("Dispositifs médicaux", _loinc("46264-8"), MedicalDevice),
    _section("Plans de traitement", _loinc("18776-5"), TreatmentPlan),
    _section("Signes vitaux", _loinc("8716-3"), Observation, member=_vital),
    _section("Résultats d’examens", _loinc("30954-2"), Observation, member=lambda one: not _vital(one)),
    _section("Imagerie", _loinc("18748-4"), ImageStudy, ImageFile),
    _section("Notes et messages", _loinc("34109-9"), Note),
    _section("Documents", _own("documents"), Document),
    _section("Consentements", _loinc("59284-0"), Consent),
    _section("Travaux de laboratoire", _own("laboratory-work"), LabOrder),
    _section("Rendez-vous et rappels", _own("appointments"), Appointment, Recall),
    _section("Devis", _own("quotes"), Quote),
    _section("Couvertures", _loinc("48768-6"), Coverage),
    _section("Factures et règlements", _own("account"), Invoice, Payment, Adjustment),
    _section("Personnes liées au patient", _own("related-persons"), RelatedPerson),
    _section("Accès au dossier", _own("accesses"), AccessEvent),
)
"""All sections, in the order of a document."""
STAFF = DocumentSection(title="Professionnels", code=_own("practitioners"), kinds=())
"""The section of the practitioners and of their engagements, which are no records of the patient."""


def sections_of(records: list[Record]) -> Iterator[tuple[DocumentSection, list[Record]]]:
    """Yield each section that holds something or is required, with its records."""
    for section in SECTIONS:
        found = [one for one in records if section.holds(one)]
        if found or section.required:
            yield section, found
