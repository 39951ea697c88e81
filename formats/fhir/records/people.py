"""The practice and its practitioners, and how anybody is identified and reached.

French conventions are those of FR Core: the type of an INS follows the namespace
it was issued in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from formats.fhir import codes
from formats.fhir.elements import Element, UnreadableElement, enter, objects_at
from formats.fhir.exact import put_primitive, take_at, take_or
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Sole, Span, Value, Values, text_field
from formats.fhir.primitives import CODE, ORGANIZATION, PRACTITIONER, TEXT, TRUTH, URI
from formats.fhir.resources import Resource, start
from formats.fhir.vocabulary import Choice, Concept, coding_of, meaning
from formats.fhir.write_only import RequiredElement
from formats.mapping.absence import Absent
from formats.mapping.parts import Both, FoundFields, LeftOut, Setting
from formats.model import people
from formats.model.identity import (
    Address,
    Contact,
    ContactKind,
    ContactUse,
    Identifier,
    IdentifierType,
)
from formats.model.people import (
    Engagement,
    Role,
)
from formats.model.record import NAMESPACE

ROLE_KIND = "engagements"
"""Tag of the resources that carry a practitioner's engagements; they are no records of their own."""


def _put_identifier_type(record: Identifier, node: Element) -> None:
    """The type of an identifier; of an INS also FR Core's, which its namespace decides."""
    codings = list(codes.IDENTIFIER_TYPES[record.type])
    if record.type is IdentifierType.INS:
        node["use"] = "official"
        codings += [codes.INS_TYPES[record.system]] if record.system in codes.INS_TYPES else []
    node["type"] = {"coding": [coding_of(coding) for coding in codings]}


def _take_identifier_type(node: Element) -> FoundFields:
    codings = objects_at(node, "type.coding")
    insured = any(meaning([coding], _INS) for coding in codings)
    word = IdentifierType.INS if insured else meaning(codings, codes.IDENTIFIER_TYPES)
    return {"type": word or IdentifierType.OTHER}


_INS: codes.Table = {
    IdentifierType.INS: (codes.IDENTIFIER_TYPES[IdentifierType.INS][0], *codes.INS_TYPES.values())
}

IDENTIFIER = FieldGroup(
    Identifier,
    (
        Both(("type",), _put_identifier_type, _take_identifier_type),
        text_field("system", "system", URI),
        text_field("value", "value"),
    ),
)
IDENTIFIERS = Many("identifiers", "identifier", IDENTIFIER)


def _put_contact_kind(record: Contact, node: Element) -> None:
    """Kind and use of a contact; FHIR takes "mobile" for a use, so the use then needs a place of its own."""
    node["system"] = codes.CONTACT_SYSTEMS[record.kind]
    use = "mobile" if record.kind is ContactKind.MOBILE else codes.USES[record.use]
    if use:
        node["use"] = use
    if record.use is not ContactUse.UNKNOWN and (record.kind is ContactKind.MOBILE or not use):
        put_primitive(*enter(node, "~contact-use"), CODE, record.use.value)


def _take_contact_kind(node: Element) -> FoundFields:
    system, use = take_or(node, "system", CODE, None), take_or(node, "use", CODE, None)
    kinds = {name: kind for kind, name in reversed(codes.CONTACT_SYSTEMS.items())}
    if system not in kinds:
        raise UnreadableElement(where="system", expected="phone, fax, email or url")
    mobile = use == "mobile"
    exact = take_or(node, "~contact-use", CODE, None)
    kind = ContactKind.MOBILE if mobile else kinds[system or ""]
    return {"kind": kind, "use": _use(exact or (None if mobile else use))}


def _use(code: str | None) -> ContactUse:
    if code is None:
        return ContactUse.UNKNOWN
    return next((use for use in ContactUse if use.value == code), ContactUse.OTHER)


CONTACTS = Many(
    "contacts",
    "telecom",
    FieldGroup(
        Contact, (Both(("kind", "use"), _put_contact_kind, _take_contact_kind), text_field("value", "value"))
    ),
)

ADDRESSES = Many(
    "addresses",
    "address",
    FieldGroup(
        Address,
        (
            Choice("use", "use", codes.USES, exact="contact-use", otherwise=ContactUse.OTHER),
            Values("lines", "line"),
            text_field("city", "city"),
            text_field("postal_code", "postalCode"),
            text_field("country", "country"),
        ),
    ),
)

PRACTICE = Resource(
    "Organization",
    people.Practice,
    (
        IDENTIFIERS,
        text_field("name", "name"),
        CONTACTS,
        ADDRESSES,
        text_field("legal_form", "~legal-form"),
        Value("time_zone", "~time-zone", TEXT),
        Value("currency", "~currency", TEXT),
        RequiredElement("name", primitive=True),
    ),
)


PRACTITIONER_RESOURCE = Resource(
    "Practitioner",
    people.Practitioner,
    (
        IDENTIFIERS,
        Value("active", "active", TRUTH),
        text_field("family_name", "name[0].family"),
        Sole("given_name", "name[0].given"),
        Sole("title", "name[0].prefix"),
        text_field("specialty", "qualification[0].code.text"),
        Value("person", "~person", TRUTH),
        LeftOut("engagements", "each is a PractitionerRole of its own"),
    ),
)

ENGAGEMENT = FieldGroup(
    Engagement,
    (Concept("role", "code[0]", codes.ROLES, otherwise=Role.UNKNOWN), Span("start", "end", "period")),
)


def roles(practitioner: people.Practitioner, setting: Setting) -> Iterator[Element]:
    """Yield one PractitionerRole per engagement of ``practitioner``, in their order."""
    for place, engagement in enumerate(practitioner.engagements):
        key = str(uuid.uuid5(NAMESPACE, f"{practitioner.id}/{ROLE_KIND}/{place}"))
        yield practitioner_role(key, practitioner.id, engagement, setting)


def practitioner_role(key: str, practitioner: str, engagement: Engagement, setting: Setting) -> Element:
    """Return ``engagement`` of ``practitioner`` as a PractitionerRole with the id ``key``."""
    node = start("PractitionerRole", key, ROLE_KIND)
    put_primitive(*enter(node, "practitioner.reference"), PRACTITIONER, practitioner)
    put_primitive(*enter(node, "organization.reference"), ORGANIZATION, setting.practice)
    ENGAGEMENT.put(engagement, node, setting)
    return node


def engagement_of(node: Element) -> tuple[str, Engagement]:
    """Return whose engagement the PractitionerRole ``node`` is, and the engagement.

    Raises:
        UnreadableElement: when it names nobody, or is not what FHIR says.
    """
    practitioner = take_at(node, "practitioner.reference", PRACTITIONER)
    if isinstance(practitioner, Absent):
        raise UnreadableElement(where="practitioner", expected="reference to a Practitioner")
    engagement: Engagement = ENGAGEMENT.take(node)
    return practitioner, engagement
