"""The practice, those who work there, those who come, and those who answer for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from formats.model.dates import AnyDate
from formats.model.identity import (
    Address,
    Contact,
    EarlierTraits,
    Identifier,
    IdentifierType,
    InsStatus,
    Traits,
)
from formats.model.record import PatientRecord, Record, reference


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice(Record):
    """A place of care and the legal person behind it; ``time_zone`` is an IANA name."""

    kind: ClassVar[str] = "practices"
    name: str
    identifiers: tuple[Identifier, ...] = ()
    legal_form: str = ""
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    time_zone: str = "Europe/Paris"
    currency: str = "EUR"


class Role(StrEnum):
    """How a practitioner works in a practice (CSP R4127-274 and following)."""

    OWNER = "owner"
    PARTNER = "partner"
    COLLABORATOR = "collaborator"
    REPLACEMENT = "replacement"
    EMPLOYEE = "employee"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """A role held over a period; an open end is ``None``."""

    role: Role
    start: AnyDate | None = None
    end: AnyDate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Practitioner(Record):
    """Someone who treats or signs; former staff stay, or history would not resolve."""

    kind: ClassVar[str] = "practitioners"
    family_name: str
    given_name: str = ""
    title: str = ""
    specialty: str = ""
    identifiers: tuple[Identifier, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    active: bool = True
    person: bool = True


class PatientStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    ARCHIVED = "archived"
    PROSPECTIVE = "prospective"
    DECEASED = "deceased"
    DELETED = "deleted"
    OTHER = "other"


class MaritalStatus(StrEnum):
    """Family situation in civil law; ``CIVIL_PARTNERSHIP`` is the PACS, ``COMMON_LAW`` a couple that lives together."""

    NEVER_MARRIED = "never-married"
    MARRIED = "married"
    CIVIL_PARTNERSHIP = "civil-partnership"
    COMMON_LAW = "common-law"
    SEPARATED = "legally-separated"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient(Record):
    """A patient as one practice knows them; two practices give two records of one person.

    ``title`` is the civil title (*civilité*) in the words of the source, ``marital_status`` is ``None`` where
    nobody stated one.

    ``earlier_traits`` are in the order in which they were given up. ``linked`` are the identities of other
    patient records that whoever writes the dossier holds for the same person.
    """

    kind: ClassVar[str] = "patients"
    practice: str = field(metadata={"refers": "practices"})
    traits: Traits
    identifiers: tuple[Identifier, ...] = ()
    ins_status: InsStatus | None = None
    ins_comments: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    status: PatientStatus = PatientStatus.ACTIVE
    deceased_on: AnyDate | None = None
    title: str = ""
    marital_status: MaritalStatus | None = None
    occupation: str = ""
    employer: str = ""
    first_visit: AnyDate | None = None
    language: str = ""
    attending: str | None = reference("practitioners")
    earlier_traits: tuple[EarlierTraits, ...] = ()
    linked: tuple[str, ...] = ()


def own_number(patient: Patient) -> str:
    """Return the number under which the practice knows ``patient``: its software's, or else the chart's, or none."""
    for kind in (IdentifierType.LOCAL, IdentifierType.CHART):
        for one in patient.identifiers:
            if one.type is kind and one.value:
                return one.value
    return ""


class Relation(StrEnum):
    """Why a person is named in somebody's dossier. The payer is not the patient."""

    GUARDIAN = "guardian"
    PAYER = "payer"
    FAMILY = "family"
    EMERGENCY = "emergency"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedPerson(PatientRecord):
    """Someone who pays, decides or is called; ``other_patient`` names their own dossier if they have one."""

    kind: ClassVar[str] = "related_persons"
    relation: Relation
    family_name: str = ""
    given_name: str = ""
    other_patient: str | None = None
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    note: str = ""


class CoverageKind(StrEnum):
    MANDATORY = "mandatory"
    COMPLEMENTARY = "complementary"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage(PatientRecord):
    """An insurance that pays part of the care (AMO, AMC, or foreign)."""

    kind: ClassVar[str] = "coverages"
    coverage: CoverageKind = CoverageKind.OTHER
    insurer: str = ""
    member: str = ""
    group: str = ""
    subscriber: str = ""
    start: AnyDate | None = None
    end: AnyDate | None = None
