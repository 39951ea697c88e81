"""Code systems, and the codes that stand for the words of the model.

Standard systems where HL7, IPS or FR Core have one; what they lack is in code
systems of our own below ``BASE``, whose codes are the model's words.

Sources: FHIR R4 (hl7.org/fhir/R4), FR Core (hl7.fr/ig/fhir/core), IPS 1.1,
ISO 3950, DICOM PS3.16.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formats.model.health import HealthStatus, HealthTopic, Presence
from formats.model.identity import (
    INS_DEMO_OID,
    INS_NIA_OID,
    INS_NIR_OID,
    INS_TEST_OID,
    ContactKind,
    ContactUse,
    IdentifierType,
    InsStatus,
)
from formats.model.imaging import ImageKind
from formats.model.mouth import ChartKind, PerioKind, PerioSite, Surface
from formats.model.observations import LOINC_SYSTEM, Interpretation, ObservationCategory
from formats.model.people import CoverageKind, MaritalStatus, Relation, Role

BASE = "https://archiver.invalid/fhir"
"""Root of every name of ours; ``.invalid`` never resolves (RFC 2606), so it promises no server."""

KIND = f"{BASE}/CodeSystem/record-kind"
LAYOUT = f"{BASE}/CodeSystem/bundle-layout"
RECORD = f"{BASE}/NamingSystem/record-id"

HL7 = "http://terminology.hl7.org/CodeSystem"
FR_CORE = "https://hl7.fr/ig/fhir/core"
FR_IDENTIFIER_TYPE = f"{FR_CORE}/CodeSystem/fr-core-cs-v2-0203"
FR_IDENTITY_STATUS = f"{FR_CORE}/CodeSystem/fr-core-cs-v2-0445"
INSEE_COMMUNE = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
V2_IDENTIFIER_TYPE = f"{HL7}/v2-0203"
UCUM = "http://unitsofmeasure.org"
LOINC = LOINC_SYSTEM
SNOMED = "http://snomed.info/sct"
IPS_ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
DICOM_UID = "urn:dicom:uid"
URI_SYSTEM = "urn:ietf:rfc:3986"
OID = "urn:oid:"
CONFIDENTIALITY = f"{HL7}/v3-Confidentiality"
PARTICIPATION = f"{HL7}/v3-ParticipationType"

TOOTH = f"{HL7}/ex-tooth"
"""HL7's FDI numbers; it has the permanent teeth only."""
ISO_TOOTH = "urn:iso:std:iso:3950"
"""ISO 3950 itself (RFC 5141), for the primary teeth that ``ex-tooth`` lacks."""
EXTRA_TOOTH = f"{BASE}/CodeSystem/supernumerary-tooth"
"""Supernumerary teeth, written beside their neighbour: ``18S``."""
FDI_SURFACE = f"{HL7}/FDI-surface"


@dataclass(frozen=True, slots=True)
class Coding:
    """A code in its system, with words for a person."""

    system: str
    code: str
    display: str = ""


def own(name: str) -> str:
    """Return the URI of the code system of ours called ``name``."""
    return f"{BASE}/CodeSystem/{name}"


Table = dict[StrEnum, tuple[Coding, ...]]
"""A word of the model → its codings, the one that decides when reading first."""


def _table(system: str, words: type[StrEnum], **standard: Coding) -> Table:
    """Return a table in our code system ``system``, with a standard coding beside the words named."""
    return {
        word: (Coding(own(system), word.value), *([standard[word.name]] if word.name in standard else []))
        for word in words
    }


IDENTIFIER_TYPES = _table(
    "identifier-type",
    IdentifierType,
    NIR=Coding(V2_IDENTIFIER_TYPE, "NH"),
    LOCAL=Coding(V2_IDENTIFIER_TYPE, "PI"),
    CHART=Coding(V2_IDENTIFIER_TYPE, "MR"),
    RPPS=Coding(FR_IDENTIFIER_TYPE, "RPPS"),
    ADELI=Coding(FR_IDENTIFIER_TYPE, "ADELI"),
    FINESS=Coding(FR_IDENTIFIER_TYPE, "FINEG"),
    SIRET=Coding(FR_IDENTIFIER_TYPE, "SIRET"),
    MEMBER=Coding(V2_IDENTIFIER_TYPE, "MB"),
)
INS_TYPES = {
    INS_NIR_OID: Coding(FR_IDENTIFIER_TYPE, "INS-NIR"),
    INS_NIA_OID: Coding(FR_IDENTIFIER_TYPE, "INS-NIA"),
    INS_TEST_OID: Coding(FR_IDENTIFIER_TYPE, "INS-NIR-TEST"),
    INS_DEMO_OID: Coding(FR_IDENTIFIER_TYPE, "INS-NIR-DEMO"),
}
"""FR Core's type of an INS depends on the namespace it was issued in."""

INS_STATUSES: Table = {status: (Coding(FR_IDENTITY_STATUS, status.value),) for status in InsStatus}
MARITAL_STATUSES: Table = {
    MaritalStatus.NEVER_MARRIED: (Coding(f"{HL7}/v3-MaritalStatus", "S", "Never Married"),),
    MaritalStatus.MARRIED: (Coding(f"{HL7}/v3-MaritalStatus", "M", "Married"),),
    MaritalStatus.CIVIL_PARTNERSHIP: (
        Coding(f"{FR_CORE}/CodeSystem/fr-core-cs-marital-status", "PACS", "PACS"),
        Coding(f"{HL7}/v3-MaritalStatus", "T", "Domestic partner"),
    ),
    MaritalStatus.COMMON_LAW: (Coding(f"{HL7}/v3-MaritalStatus", "C", "Common Law"),),
    MaritalStatus.SEPARATED: (Coding(f"{HL7}/v3-MaritalStatus", "L", "Legally Separated"),),
    MaritalStatus.DIVORCED: (Coding(f"{HL7}/v3-MaritalStatus", "D", "Divorced"),),
    MaritalStatus.WIDOWED: (Coding(f"{HL7}/v3-MaritalStatus", "W", "Widowed"),),
}
"""FR Core binds v3-MaritalStatus and adds the PACS."""
EMPLOYER = Coding(f"{HL7}/v2-0131", "E", "Employer")
"""What a contact of a patient is who employs them."""
ROLES = _table("practitioner-role", Role)
RELATIONS = _table(
    "relation",
    Relation,
    GUARDIAN=Coding(f"{HL7}/v3-RoleCode", "GUARD"),
    PAYER=Coding(f"{HL7}/v3-RoleClass", "GUAR"),
    FAMILY=Coding(f"{HL7}/v3-RoleCode", "FAMMEMB"),
    EMERGENCY=Coding(f"{HL7}/v3-RoleClass", "ECON"),
)
COVERAGES = _table("coverage-kind", CoverageKind, MANDATORY=Coding(f"{HL7}/v3-ActCode", "PUBLICPOL"))
CHART_KINDS = _table("chart-finding", ChartKind)
PERIO_KINDS = _table("perio-measure", PerioKind)
PERIO_SITES = _table("perio-site", PerioSite)
IMAGE_KINDS = _table("image-kind", ImageKind)

SURFACES: Table = {
    surface: (Coding(FDI_SURFACE, surface.value),) for surface in Surface if surface is not Surface.CERVICAL
} | {Surface.CERVICAL: (Coding(own("tooth-surface"), "cervical", "Cervical"),)}
"""``V`` of FDI-surface means ventral (labial), not cervical: cervical needs a code of ours."""

CONTACT_SYSTEMS: dict[ContactKind, str] = {
    ContactKind.PHONE: "phone",
    ContactKind.MOBILE: "phone",
    ContactKind.FAX: "fax",
    ContactKind.EMAIL: "email",
    ContactKind.URL: "url",
}
USES: dict[StrEnum, str | None] = {
    ContactUse.UNKNOWN: None,
    ContactUse.HOME: "home",
    ContactUse.WORK: "work",
    ContactUse.OTHER: None,
}
"""FHIR has no word for another use: ``contact-use`` then says it; an unstated one is not said at all."""

MILLIMETRES = frozenset(
    {
        PerioKind.PROBING,
        PerioKind.GINGIVAL_MARGIN,
        PerioKind.MUCOGINGIVAL_JUNCTION,
        PerioKind.ATTACHMENT_LEVEL,
    }
)
"""Measures that are lengths; the others are grades or flags."""

NEGATIONS: dict[HealthTopic, tuple[Coding, ...]] = {
    HealthTopic.ALLERGY: (
        Coding(SNOMED, "716186003", "No known allergy"),
        Coding(IPS_ABSENT, "no-known-allergies", "No known allergies"),
    ),
    HealthTopic.CONDITION: (Coding(IPS_ABSENT, "no-known-problems", "No known problems"),),
    HealthTopic.MEDICATION: (Coding(IPS_ABSENT, "no-known-medications", "No known medications"),),
}
"""How "asked, and there is none" is said where a standard has a code for it."""


OBSERVATION_CATEGORIES: Table = {
    category: (Coding(f"{HL7}/observation-category", category.value),) for category in ObservationCategory
}
INTERPRETATIONS: Table = {
    word: (Coding(f"{HL7}/v3-ObservationInterpretation", word.value),) for word in Interpretation
}


def clinical_statuses(system: str) -> Table:
    """Return the clinical statuses of ``system``; an unknown one has no code."""
    known = (HealthStatus.ACTIVE, HealthStatus.RESOLVED, HealthStatus.INACTIVE)
    return {status: (Coding(f"{HL7}/{system}", status.value),) for status in known}


def verification(system: str, presence: Presence) -> Coding:
    """Return the verification status that says ``presence``."""
    return Coding(f"{HL7}/{system}", "refuted" if presence is Presence.REFUTED else "confirmed")
