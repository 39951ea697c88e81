"""Codes of clinical documents: code systems, sections, and how statuses and absences are said.

Sources: HL7 CDA R2; ANS, CI-SIS *Volet VSM* 1.4 (2022.01) and 2023.01 and *Modèles de contenus CDA*; HL7, *IPS
CodeSystem - Absent and Unknown Data*; IHE PCC TF-2, 6.3.4.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from formats.model.care import CCAM_SYSTEM
from formats.model.health import HealthStatus, HealthTopic
from formats.model.identity import Sex
from formats.model.mouth import Surface
from formats.model.observations import LOINC_SYSTEM
from formats.model.people import MaritalStatus

NAMESPACE = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
VSM_TEMPLATE = "1.2.250.1.213.1.1.1.13"

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
ABSENT_UNKNOWN = "2.16.840.1.113883.5.1150.1"
TOOTH_SYSTEM = "1.0.3950"
"""Teeth as ISO 3950 numbers them (FDI): the arc of the standard itself."""
CODE_SYSTEMS: Mapping[str, str] = {
    LOINC: LOINC_SYSTEM,
    SNOMED: "http://snomed.info/sct",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.347": "http://id.who.int/icd/release/11/mms",
    "2.16.840.1.113883.6.139": "http://hl7.org/fhir/sid/icpc-2",
    "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "1.2.250.1.215.300.1": CCAM_SYSTEM,
    ABSENT_UNKNOWN: "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips",
}
"""The URI by which the model names a code system, by its OID; any other is ``urn:oid:…``."""


CODE_SYSTEM_NAMES: Mapping[str, str] = {
    LOINC: "LOINC",
    SNOMED: "SNOMED CT",
    "2.16.840.1.113883.6.3": "CIM-10",
    "1.2.250.1.215.300.1": "CCAM",
    "1.2.250.1.213.2.3.1": "CIS",
    ABSENT_UNKNOWN: "IPS CodeSystem - Absent and Unknown Data",
    TOOTH_SYSTEM: "ISO 3950",
}
"""What French documents call a code system."""
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)
MAX_OID = 128
"""Characters of an OID (CI-SIS, *Structuration minimale*)."""
_OIDS: Mapping[str, str] = {uri: oid for oid, uri in CODE_SYSTEMS.items()}


def named_oid(name: str) -> str:
    """Return the OID of what has none, only a name (``2.25.`` and a UUID of the name, version 5; ITU-T X.667)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_URL, name.encode('utf-8', 'replace').decode()).int}"


UNNAMED = named_oid("")
"""The code system of codes of which nobody said whose they are."""


@lru_cache(256)
def system_oid(uri: str) -> str:
    """Return the OID of a code system or naming system by its URI; one without an OID has one of its own."""
    plain = uri.removeprefix("urn:oid:")
    if _OID.fullmatch(plain) and len(plain) <= MAX_OID:
        return plain
    return _OIDS.get(uri) or named_oid(uri)


def system_uri(oid: str, name: str = "") -> str:
    """Return the URI of the code system ``oid``; that of one without an OID is its ``name``."""
    if oid == UNNAMED:
        return ""
    if named_system(oid, name) != oid:
        return name
    return CODE_SYSTEMS.get(oid, f"urn:oid:{oid}" if oid else "")


@lru_cache(256)
def named_system(oid: str, name: str) -> str:
    """Return the naming system ``oid``; that of one without an OID is its ``name``."""
    return name if name and oid == named_oid(name) else oid


# -- identifiers --------------------------------------------------------------------------

PROFESSIONAL_OID = "1.2.250.1.71.4.2.1"
"""Professionals: ``8`` and the RPPS, ``0`` and the ADELI number (ANS, annexe *Sources des données*)."""
ORGANISATION_OID = "1.2.250.1.71.4.2.2"
"""Organisations: ``1`` and the FINESS, ``3`` and the SIRET (the same source)."""
SEX: Mapping[str, Sex] = {"M": Sex.MALE, "F": Sex.FEMALE, "UN": Sex.OTHER}
"""administrativeGenderCode (HL7 AdministrativeGender)."""
UNKNOWN_SEX = "Inconnu"
"""What JDV_J143 calls ``UN``, which is undifferentiated to HL7: so labelled, it says that nobody knows."""
MARITAL_STATUS: Mapping[str, MaritalStatus] = {
    "S": MaritalStatus.NEVER_MARRIED,
    "M": MaritalStatus.MARRIED,
    "T": MaritalStatus.CIVIL_PARTNERSHIP,
    "C": MaritalStatus.COMMON_LAW,
    "L": MaritalStatus.SEPARATED,
    "D": MaritalStatus.DIVORCED,
    "W": MaritalStatus.WIDOWED,
}
"""maritalStatusCode (HL7 MaritalStatus)."""


# -- sections -----------------------------------------------------------------------------


class SectionKind(Enum):
    """What the entries of a section are about."""

    CONDITION = auto()
    ALLERGY = auto()
    MEDICATION = auto()
    PRESCRIPTION = auto()
    HABIT = auto()
    FAMILY = auto()
    PROCEDURE = auto()
    DEVICE = auto()
    RESULT = auto()
    VITAL_SIGN = auto()
    PLAN = auto()


@dataclass(frozen=True, slots=True)
class SectionCode:
    """What a section of one LOINC code holds, and the status of what it says nothing more about."""

    kind: SectionKind
    status: HealthStatus = HealthStatus.UNKNOWN


SECTIONS: Mapping[str, SectionCode] = {
    "11450-4": SectionCode(SectionKind.CONDITION, HealthStatus.ACTIVE),
    "11348-0": SectionCode(SectionKind.CONDITION, HealthStatus.RESOLVED),
    "48765-2": SectionCode(SectionKind.ALLERGY, HealthStatus.ACTIVE),
    "10160-0": SectionCode(SectionKind.MEDICATION, HealthStatus.ACTIVE),
    "10183-2": SectionCode(SectionKind.MEDICATION, HealthStatus.ACTIVE),
    "42346-7": SectionCode(SectionKind.MEDICATION),
    "57828-6": SectionCode(SectionKind.PRESCRIPTION),
    "29762-2": SectionCode(SectionKind.HABIT),
    "10157-6": SectionCode(SectionKind.FAMILY),
    "47519-4": SectionCode(SectionKind.PROCEDURE),
    "46264-8": SectionCode(SectionKind.DEVICE),
    "30954-2": SectionCode(SectionKind.RESULT),
    "8716-3": SectionCode(SectionKind.VITAL_SIGN),
    "18776-5": SectionCode(SectionKind.PLAN),
    # sections of a report of medical biology (CI-SIS, Volet CR-BIO), one for each discipline
    **dict.fromkeys(
        (
            *("18717-9", "18718-7", "18719-5", "18720-3", "18721-1", "18722-9", "18723-7", "18724-5"),
            *("18725-2", "18727-8", "18728-6", "18729-4", "18767-4", "18768-2", "18769-0", "26435-8"),
            *("26436-6", "26437-4", "26438-2", "56846-9"),
        ),
        SectionCode(SectionKind.RESULT),
    ),
}
"""What is read of a section, by its LOINC code; of any other the text is read, and its entries travel verbatim."""
BIOLOGY_REPORT = "11502-2"
STATUS_OBSERVATION = "33999-4"
COMMENT = "48767-8"
OTHER_HABIT = "11345-6"
"""A habit that has no code of its own in the value set of CI-SIS: its value says which."""


SURFACE_CODES: Mapping[Surface, tuple[str, str]] = {
    one: ("http://terminology.hl7.org/CodeSystem/FDI-surface", one.value)
    for one in Surface
    if one is not Surface.CERVICAL
} | {Surface.CERVICAL: ("https://archiver.invalid/fhir/CodeSystem/tooth-surface", "cervical")}
"""System and code of a surface: ``V`` of FDI-surface is the vestibular one, and cervical has none there."""


# -- statuses and absences ----------------------------------------------------------------

STATUSES: Mapping[str, HealthStatus] = {
    "active": HealthStatus.ACTIVE,
    "recurrence": HealthStatus.ACTIVE,
    "relapse": HealthStatus.ACTIVE,
    "55561003": HealthStatus.ACTIVE,
    "inactive": HealthStatus.INACTIVE,
    "remission": HealthStatus.INACTIVE,
    "73425007": HealthStatus.INACTIVE,
    "resolved": HealthStatus.RESOLVED,
    "413322009": HealthStatus.RESOLVED,
    "UNK": HealthStatus.UNKNOWN,
}
"""Values of a clinical status (HL7 condition-clinical, allergyintolerance-clinical; SNOMED CT); a ``nullFlavor``."""
NONE_KNOWN: Mapping[str, HealthTopic | None] = {
    "no-known-allergies": HealthTopic.ALLERGY,
    "no-known-medications": HealthTopic.MEDICATION,
    "no-known-problems": HealthTopic.CONDITION,
    "no-known-procedures": None,
    "no-known-devices": None,
    "no-known-immunizations": None,
    # SNOMED CT, as IHE PCC says it
    "716186003": HealthTopic.ALLERGY,
    "160244002": HealthTopic.ALLERGY,
    "160243008": HealthTopic.CONDITION,
    "160245001": HealthTopic.CONDITION,
    "182849000": HealthTopic.MEDICATION,
}
"""Asked, and there is none: the topic that is explicitly empty, where the model can say so."""
KIND_REFUTED = frozenset(
    {"no-known-medication-allergies", "no-known-food-allergies", "no-known-environmental-allergies"}
    | {"409137002", "429625007", "428607008"}
)
"""Asked about one kind, and there is none of it: it says nothing of the others."""
NOT_ASKED = frozenset(
    {"no-allergy-info", "no-medication-info", "no-problem-info", "no-procedure-info", "no-device-info"}
    | {"no-immunization-info", "396782006", "407559004", "182904002"}
)
"""Nobody knows or asked, which is no answer: a code of the same systems, or a ``nullFlavor`` alone."""
ENTIRE_TOPIC: Mapping[SectionKind, HealthTopic] = {
    SectionKind.CONDITION: HealthTopic.CONDITION,
    SectionKind.ALLERGY: HealthTopic.ALLERGY,
    SectionKind.MEDICATION: HealthTopic.MEDICATION,
    SectionKind.HABIT: HealthTopic.HABIT,
    SectionKind.FAMILY: HealthTopic.FAMILY,
}
"""The topic of a section whose statements are ones of health."""
UNSPECIFIC = frozenset(
    {"282291009", "55607006", "419199007", "420134006", "DALG", "OALG", "ALG", "OINT"} | {OTHER_HABIT}
)
"""Codes that say "a problem" or "an allergy" and not which: negated, they deny the whole topic."""

UDI_ISSUERS = frozenset(
    {"1.3.160", "1.0.15961.10.816", "2.16.840.1.113883.6.18.1.17", "2.16.840.1.113883.3.3719"}
)
"""OIDs under which a device has its UDI: GS1, HIBCC, ICCBBA, and the register of the United States."""
