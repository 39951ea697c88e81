"""The practice and its practitioners, and how anybody is identified and reached.

French conventions are those of FR Core: the type of an INS follows the namespace
it was issued in.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from formats.fhir import codes
from formats.fhir.elements import Absent, Element, UnreadableElement, enter, objects_at
from formats.fhir.exact import put, take_at, take_or
from formats.fhir.groups import Group, Many
from formats.fhir.parts import Both, Elsewhere, Found, Setting, Sole, Span, Value, Values, text
from formats.fhir.primitives import CODE, ORGANIZATION, PRACTITIONER, TEXT, TRUTH, URI
from formats.fhir.resources import Resource, start
from formats.fhir.told import Required
from formats.fhir.vocabulary import Choice, Concept, coding_of, meaning
from formats.model import people
from formats.model.identity import (
    Address,
    Contact,
    ContactKind,
    Identifier,
    IdentifierType,
    Use,
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


def _take_identifier_type(node: Element) -> Found:
    codings = objects_at(node, "type.coding")
    insured = any(meaning([coding], _INS) for coding in codings)
    word = IdentifierType.INS if insured else meaning(codings, codes.IDENTIFIER_TYPES)
    return {"type": word or IdentifierType.OTHER}


_INS: codes.Table = {
    IdentifierType.INS: (codes.IDENTIFIER_TYPES[IdentifierType.INS][0], *codes.INS_TYPES.values())
}

IDENTIFIER = Group(
    Identifier,
    (
        Both(("type",), _put_identifier_type, _take_identifier_type),
        text("system", "system", URI),
        text("value", "value"),
    ),
)
IDENTIFIERS = Many("identifiers", "identifier", IDENTIFIER)


def _put_contact_kind(record: Contact, node: Element) -> None:
    """Kind and use of a contact; FHIR takes "mobile" for a use, so the use then needs a place of its own."""
    node["system"] = codes.CONTACT_SYSTEMS[record.kind]
    use = "mobile" if record.kind is ContactKind.MOBILE else codes.USES[record.use]
    if use:
        node["use"] = use
    if record.kind is ContactKind.MOBILE:
        put(*enter(node, "~contact-use"), CODE, record.use.value)


def _take_contact_kind(node: Element) -> Found:
    system, use = take_or(node, "system", CODE, None), take_or(node, "use", CODE, None)
    kinds = {name: kind for kind, name in reversed(codes.CONTACT_SYSTEMS.items())}
    if system not in kinds:
        raise UnreadableElement(where="system", expected="phone, fax, email or url")
    if use != "mobile":
        return {"kind": kinds[system or ""], "use": _use(use)}
    return {"kind": ContactKind.MOBILE, "use": _use(take_or(node, "~contact-use", CODE, None))}


def _use(code: str | None) -> Use:
    return next((use for use in Use if use.value == code), Use.OTHER)


CONTACTS = Many(
    "contacts",
    "telecom",
    Group(Contact, (Both(("kind", "use"), _put_contact_kind, _take_contact_kind), text("value", "value"))),
)

ADDRESSES = Many(
    "addresses",
    "address",
    Group(
        Address,
        (
            Choice("use", "use", codes.USES),
            Values("lines", "line"),
            text("city", "city"),
            text("postal_code", "postalCode"),
            text("country", "country"),
        ),
    ),
)

PRACTICE = Resource(
    "Organization",
    people.Practice,
    (
        IDENTIFIERS,
        text("name", "name"),
        CONTACTS,
        ADDRESSES,
        text("legal_form", "~legal-form"),
        Value("time_zone", "~time-zone", TEXT),
        Value("currency", "~currency", TEXT),
        Required("name", primitive=True),
    ),
)


PRACTITIONER_RESOURCE = Resource(
    "Practitioner",
    people.Practitioner,
    (
        IDENTIFIERS,
        Value("active", "active", TRUTH),
        text("family_name", "name[0].family"),
        Sole("given_name", "name[0].given"),
        Sole("title", "name[0].prefix"),
        text("specialty", "qualification[0].code.text"),
        Value("person", "~person", TRUTH),
        Elsewhere("engagements"),
    ),
)

ENGAGEMENT = Group(
    Engagement,
    (Concept("role", "code[0]", codes.ROLES, otherwise=Role.UNKNOWN), Span("start", "end", "period")),
)


def roles(practitioner: people.Practitioner, setting: Setting) -> Iterator[Element]:
    """Yield one PractitionerRole per engagement of ``practitioner``, in their order."""
    for place, engagement in enumerate(practitioner.engagements):
        key = str(uuid.uuid5(NAMESPACE, f"{practitioner.id}/{ROLE_KIND}/{place}"))
        yield role(key, practitioner.id, engagement, setting)


def role(key: str, practitioner: str, engagement: Engagement, setting: Setting) -> Element:
    """Return ``engagement`` of ``practitioner`` as a PractitionerRole with the id ``key``."""
    node = start("PractitionerRole", key, ROLE_KIND)
    put(*enter(node, "practitioner.reference"), PRACTITIONER, practitioner)
    put(*enter(node, "organization.reference"), ORGANIZATION, setting.practice)
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
