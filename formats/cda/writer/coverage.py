"""What of the model clinical documents carry, field by field: as an element, as text, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from formats.model.care import (
    Act,
    Appointment,
    Note,
    PlanItem,
    Prescription,
    Quote,
    Recall,
    TreatmentPlan,
)
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.documents import Attachment, Document
from formats.model.health import Diagnosis, HealthStatement, Questionnaire
from formats.model.identity import Address, Contact, Identifier, Traits
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.money import Adjustment, Invoice, Payment
from formats.model.mouth import ChartFinding, PerioExam, PerioMeasure
from formats.model.observations import Observation, ObservationComponent, ObservedValue
from formats.model.people import Coverage, Patient, Practice, Practitioner, RelatedPerson
from formats.model.provenance import AccessEvent, Consent, SourceRow
from formats.words import mark


class Carriage(StrEnum):
    """How a document carries a field."""

    ELEMENT = "element"
    """An element or attribute, which a reader takes back."""
    TEXT = "text"
    """Words that a person reads."""
    LEFT_OUT = "left-out"
    """Not at all; the reason says why."""


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """How one field is carried; ``reason`` says why one is left out (a gettext message)."""

    carriage: Carriage
    reason: str = ""


NOT_TAKEN = mark("CI-SIS takes no such element in the header.")
ONE_ONLY = mark("CI-SIS takes one in each document.")
OWN_LINKS = mark("A link within the dossier, which documents do not have.")
NO_ELEMENT = mark("CDA has no element for it.")
NOT_OF_CARE = mark("It is about running the practice, not about care: the FHIR bundle has it.")
NOT_IN_DENTAL = mark("No volume of CI-SIS for a dental dossier has a place for it: the FHIR bundle has it.")
OWN_FILE = mark("The file is a document of the medium itself, beside the clinical documents.")
NEVER_IDENTITY = mark(
    "Only INS and the numbers of the practice travel: the billing NIR shares the OID of the INS."
)

LEFT_OUT_KINDS: Mapping[type, str] = {
    Coverage: NOT_OF_CARE,
    Questionnaire: NOT_IN_DENTAL,
    Appointment: NOT_OF_CARE,
    Note: NOT_IN_DENTAL,
    LabOrder: NOT_IN_DENTAL,
    Prescription: NOT_IN_DENTAL,
    Recall: NOT_OF_CARE,
    Invoice: NOT_OF_CARE,
    Payment: NOT_OF_CARE,
    Adjustment: NOT_OF_CARE,
    ImageStudy: OWN_FILE,
    ImageFile: OWN_FILE,
    AccessEvent: NOT_OF_CARE,
    SourceRow: NOT_OF_CARE,
}
"""Kinds of records that no clinical document of ours carries, and why."""

_ELEMENTS: Mapping[type, frozenset[str]] = {
    Practice: frozenset({"name", "identifiers", "addresses", "contacts"}),
    Practitioner: frozenset({"family_name", "given_name", "title", "specialty", "identifiers", "person"}),
    Patient: frozenset(
        {"practice", "traits", "identifiers", "addresses", "contacts", "status", "deceased_on", "attending"}
    ),
    Traits: frozenset(one.name for one in fields(Traits)),
    Identifier: frozenset({"type", "system", "value"}),
    Address: frozenset({"lines", "postal_code", "city", "country", "use"}),
    Contact: frozenset({"kind", "value", "use"}),
    RelatedPerson: frozenset({"relation", "family_name", "given_name", "contacts", "addresses"}),
    HealthStatement: frozenset(one.name for one in fields(HealthStatement)) - {"id", "patient"},
    Act: frozenset(
        {
            "status",
            "performed_on",
            "practitioner",
            "code_system",
            "code",
            "label",
            "teeth",
            "surfaces",
            "area",
        }
        | {"note"}
    ),
    MedicalDevice: frozenset(
        {"code_system", "code", "label", "manufacturer", "model", "udi", "implanted_on", "removed_on"}
        | {"expires_on", "practitioner", "note"}
    ),
    Document: frozenset({"title", "code", "created_at", "attachment"}),
    Attachment: frozenset({"sha256", "size", "media_type"}),
}
_TEXTS: Mapping[type, frozenset[str]] = {
    Act: frozenset({"modifiers"}),
    MedicalDevice: frozenset({"part_number", "lot", "serial", "udi_di", "manufactured_on", "teeth"}),
    ChartFinding: frozenset(one.name for one in fields(ChartFinding)) - {"id", "patient"},
    PerioExam: frozenset({"examined_on", "practitioner", "note", "measures"}),
    PerioMeasure: frozenset({"tooth", "measure", "site", "value"}),
    Diagnosis: frozenset(one.name for one in fields(Diagnosis)) - {"id", "patient", "act"},
    Observation: frozenset(one.name for one in fields(Observation)) - {"id", "patient"},
    ObservationComponent: frozenset({"code", "label", "result"}),
    ObservedValue: frozenset(one.name for one in fields(ObservedValue)),
    TreatmentPlan: frozenset(one.name for one in fields(TreatmentPlan)) - {"id", "patient"},
    Quote: frozenset({"title", "issued_on", "signed_at", "signed_by", "practitioner", "note", "items"}),
    PlanItem: frozenset(one.name for one in fields(PlanItem)) - {"act"},
    Consent: frozenset({"subject", "given", "given_on", "signed_by", "text"}),
}
_REASONS: Mapping[tuple[type, str], str] = {
    (Practice, "legal_form"): NOT_TAKEN,
    (Practice, "time_zone"): NO_ELEMENT,
    (Practice, "currency"): NO_ELEMENT,
    (Practitioner, "engagements"): NO_ELEMENT,
    (Practitioner, "active"): NO_ELEMENT,
    (Patient, "title"): NOT_TAKEN,
    (Patient, "marital_status"): NOT_TAKEN,
    (Patient, "language"): NOT_TAKEN,
    (Act, "appointment"): OWN_LINKS,
    (Diagnosis, "act"): OWN_LINKS,
    (PlanItem, "act"): OWN_LINKS,
    (Quote, "document"): OWN_LINKS,
    (Quote, "signature"): NO_ELEMENT,
    (Consent, "document"): OWN_LINKS,
    (MedicalDevice, "act"): OWN_LINKS,
    (MedicalDevice, "document"): OWN_LINKS,
    (RelatedPerson, "other_patient"): OWN_LINKS,
    (RelatedPerson, "note"): NOT_TAKEN,
    (Document, "practitioner"): ONE_ONLY,
    (Patient, "linked"): OWN_LINKS,
}
PARTLY: Mapping[tuple[type, str], str] = {
    (Practice, "identifiers"): ONE_ONLY,
    (Practice, "addresses"): ONE_ONLY,
    (Practice, "contacts"): ONE_ONLY,
    (Practitioner, "title"): mark("Only the titles of JDV_J246 may stand in a header."),
    (Practitioner, "specialty"): mark("Only the three specialties of dental surgery have a code."),
    (Patient, "identifiers"): NEVER_IDENTITY,
    (Patient, "status"): mark("Only that somebody died is said."),
    (Patient, "attending"): mark("As the author of the document."),
    (Contact, "use"): mark("Home, work or mobile; a mobile number at work is a mobile number."),
    (Contact, "kind"): mark("An address that begins with https is refused by CI-SIS."),
    (RelatedPerson, "relation"): mark("CI-SIS has no role for who pays."),
    (HealthStatement, "topic"): mark("Alerts are text: CI-SIS has no entry for them."),
    (HealthStatement, "code"): mark("A code with blanks in it is none."),
    (Act, "status"): mark("Done here before is done; a condition and a referral are text of the assessment."),
    (Act, "code"): mark("A code with blanks in it is none."),
    (Document, "code"): mark(
        "A type that JDV_J07 does not have becomes the one for administrative documents."
    ),
}
"""Fields of which not every value is carried, and which are not."""


def field_coverage(kind: type, name: str) -> FieldCoverage:
    """Return how the field ``name`` of ``kind``, a record or a value inside one, is carried."""
    if name in _ELEMENTS.get(kind, ()):
        return FieldCoverage(Carriage.ELEMENT, PARTLY.get((kind, name), ""))
    if name in _TEXTS.get(kind, ()):
        return FieldCoverage(Carriage.TEXT)
    reason = LEFT_OUT_KINDS.get(kind) or _REASONS.get((kind, name)) or NO_ELEMENT
    return FieldCoverage(Carriage.LEFT_OUT, reason)


def described_kinds() -> tuple[type, ...]:
    """Return the kinds, and values inside them, of which anything is carried."""
    return tuple(dict.fromkeys((*_ELEMENTS, *_TEXTS)))
