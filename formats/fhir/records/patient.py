"""The patient, those who answer for the patient, and those who pay.

French conventions are those of FR Core: birth names ``official`` and names in
use ``usual``, the INSEE code of the birthplace, the confidence status of the
identity.
"""

from __future__ import annotations

from formats.fhir import codes
from formats.fhir.elements import Element, enter, objects_at
from formats.fhir.exact import put_primitive, take_at, take_or
from formats.fhir.groups import ExtensionField, FieldGroup
from formats.fhir.parts import Outside, RepeatedField, Sole, Span, Value, Values, text_field
from formats.fhir.primitives import CODE, DAY, MOMENT, ORGANIZATION, PATIENT, PRACTITIONER, TEXT, TRUTH
from formats.fhir.records.people import ADDRESSES, CONTACTS, IDENTIFIERS
from formats.fhir.resources import Resource
from formats.fhir.vocabulary import Choice, CodedField, Concept, concept
from formats.fhir.write_only import FixedValue, JoinedTexts, RequiredElement
from formats.mapping.absence import without_absent
from formats.mapping.parts import Both, FoundFields
from formats.mapping.values import NestedField
from formats.model import people
from formats.model.identity import EarlierTraits, Sex, Traits
from formats.model.people import Coverage, CoverageKind, PatientStatus, RelatedPerson, Relation


def _put_birth_place(record: Traits, node: Element) -> None:
    """The INSEE code of the birthplace, where FR Core puts it."""
    if record.birth_place:
        parent, key = enter(node, f"{_INSEE}.code")
        parent["system"] = codes.INSEE_COMMUNE
        put_primitive(parent, key, CODE, record.birth_place)


def _take_birth_place(node: Element) -> FoundFields:
    return {"birth_place": take_or(node, f"{_INSEE}.code", CODE, "")}


_INSEE = "~birth-place.~insee-code"

_SEXES = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.OTHER: "other", Sex.UNKNOWN: "unknown"}

TRAITS = FieldGroup(
    Traits,
    (
        text_field("birth_family_name", "name[use=official].family"),
        Values("birth_given_names", "name[use=official].given"),
        JoinedTexts("birth_given_names", "name[use=official].~birth-given-names"),
        text_field("used_family_name", "name[use=usual].family"),
        Sole("used_given_name", "name[use=usual].given"),
        Value("birth_date", "birthDate", DAY),
        Choice("sex", "gender", _SEXES, otherwise=Sex.UNKNOWN),
        Both(("birth_place",), _put_birth_place, _take_birth_place),
    ),
)

EARLIER_TRAITS = FieldGroup(
    EarlierTraits,
    (
        NestedField(
            "traits",
            FieldGroup(
                Traits,
                (
                    text_field("birth_family_name", "~birth-name.family"),
                    Values("birth_given_names", "~birth-name.given"),
                    text_field("used_family_name", "~name-in-use.family"),
                    Sole("used_given_name", "~name-in-use.given"),
                    Value("birth_date", "~birth-date", DAY),
                    Choice("sex", "~gender", _SEXES, otherwise=Sex.UNKNOWN),
                    Both(("birth_place",), _put_birth_place, _take_birth_place),
                ),
            ),
        ),
        Value("until", "~until", MOMENT),
    ),
)


def _put_linked(record: people.Patient, node: Element) -> None:
    """Each other patient record of the same person as a logical reference `link.other`, of type `seealso`"""
    for identity in record.linked:
        other: Element = {"type": "Patient", "identifier": {"system": codes.RECORD}}
        put_primitive(other["identifier"], "value", TEXT, identity)
        node.setdefault("link", []).append({"other": other, "type": "seealso"})


def _take_linked(node: Element) -> FoundFields:
    found = (take_or(link, "other.identifier.value", TEXT, None) for link in objects_at(node, "link"))
    return {"linked": tuple(identity for identity in found if identity is not None)}


def _put_status(record: people.Patient, node: Element) -> None:
    """Standing and death of a patient: ``active`` and ``deceased[x]`` for all, the exact word beside them."""
    node["active"] = record.status in {PatientStatus.ACTIVE, PatientStatus.PROSPECTIVE}
    if record.deceased_on:
        put_primitive(node, "deceasedDateTime", DAY, record.deceased_on)
    elif record.status is PatientStatus.DECEASED:
        node["deceasedBoolean"] = True
    put_primitive(*enter(node, "~patient-status"), CODE, record.status.value)


def _take_status(node: Element) -> FoundFields:
    return without_absent(status=_status(node), deceased_on=take_at(node, "deceasedDateTime", DAY))


def _status(node: Element) -> PatientStatus:
    exact = take_or(node, "~patient-status", CODE, "")
    if exact in {status.value for status in PatientStatus}:
        return PatientStatus(exact)
    if "deceasedDateTime" in node or take_at(node, "deceasedBoolean", TRUTH) is True:
        return PatientStatus.DECEASED
    return PatientStatus.INACTIVE if take_at(node, "active", TRUTH) is False else PatientStatus.ACTIVE


def _put_employer(record: people.Patient, node: Element) -> None:
    """Whoever employs the patient, by name: the organization of the contact whose relationship is *employer*."""
    if record.employer:
        contact: Element = {"relationship": [concept(codes.EMPLOYER)]}
        put_primitive(*enter(contact, "organization.display"), TEXT, record.employer)
        node.setdefault("contact", []).append(contact)


def _take_employer(node: Element) -> FoundFields:
    found = (
        take_or(contact, "organization.display", TEXT, "")
        for contact in objects_at(node, "contact")
        if _is_employer(contact)
    )
    return {"employer": next(found, "")}


def _is_employer(contact: Element) -> bool:
    codings = (one for role in objects_at(contact, "relationship") for one in objects_at(role, "coding"))
    return any(one.get("code") == codes.EMPLOYER.code for one in codings)


_STATUS = "~identity-reliability.~identity-status"

PATIENT_RESOURCE = Resource(
    "Patient",
    people.Patient,
    (
        IDENTIFIERS,
        NestedField("traits", TRAITS),
        CONTACTS,
        ADDRESSES,
        Both(("status", "deceased_on"), _put_status, _take_status),
        Sole("title", "name[use=usual].prefix"),
        Concept("marital_status", "maritalStatus", codes.MARITAL_STATUSES),
        text_field("occupation", "~occupation"),
        Both(("employer",), _put_employer, _take_employer),
        text_field("language", "communication[0].language.text"),
        Value("attending", "generalPractitioner[0].reference", PRACTITIONER),
        Value("practice", "managingOrganization.reference", ORGANIZATION),
        CodedField("ins_status", _STATUS, codes.INS_STATUSES),
        RepeatedField("ins_comments", "identity-comment", CODE),
        Value("first_visit", "~first-visit", DAY),
        ExtensionField("earlier_traits", "~earlier-traits", EARLIER_TRAITS),
        Both(("linked",), _put_linked, _take_linked),
    ),
)

RELATED_PERSON = Resource(
    "RelatedPerson",
    RelatedPerson,
    (
        Value("patient", "patient.reference", PATIENT),
        Concept("relation", "relationship[0]", codes.RELATIONS, otherwise=Relation.OTHER),
        text_field("family_name", "name[0].family"),
        Sole("given_name", "name[0].given"),
        CONTACTS,
        ADDRESSES,
        Outside("other_patient", "~other-patient"),
        text_field("note", "~note"),
    ),
)

COVERAGE_RESOURCE = Resource(
    "Coverage",
    Coverage,
    (
        FixedValue("status", "active"),
        Concept("coverage", "type", codes.COVERAGES, otherwise=CoverageKind.OTHER),
        text_field("subscriber", "subscriber.display"),
        text_field("member", "subscriberId"),
        Value("patient", "beneficiary.reference", PATIENT),
        Span("start", "end", "period"),
        text_field("insurer", "payor[0].display"),
        FixedValue(
            "class[0].type",
            concept(codes.Coding(f"{codes.HL7}/coverage-class", "group")),
            lambda coverage: coverage.group,
        ),
        text_field("group", "class[0].value"),
        RequiredElement("payor[0].display", primitive=True),
    ),
)
