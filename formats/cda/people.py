"""Who a clinical document names: the patient, those who answer for them, professionals, organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from formats.cda.codes import (
    MARITAL_STATUS,
    ORGANISATION_OID,
    PROFESSIONAL_OID,
    SDTC,
    SEX,
    UNKNOWN_SEX,
    named_system,
)
from formats.cda.elements import absent, attribute, child, elements_at, local_name, plain, stamp_date
from formats.model.identity import (
    INS_OIDS,
    RPPS_SYSTEM,
    Address,
    Contact,
    ContactKind,
    ContactUse,
    Identifier,
    IdentifierType,
    Sex,
    Traits,
)
from formats.model.people import MaritalStatus, Practitioner, Relation
from formats.xml import Element

_BIRTH, _USED = frozenset({"BR"}), frozenset({"SP", "CL"})
_STREET = ("houseNumber", "houseNumberNumeric", "streetNameType", "streetNameBase", "streetName")
_LINES = (
    "streetAddressLine",
    "additionalLocator",
    "unitID",
    "unitType",
    "deliveryAddressLine",
    "postBox",
    "precinct",
)
_CITIES = ("city", "county", "state")
_SCHEMES = {
    "tel": ContactKind.PHONE,
    "fax": ContactKind.FAX,
    "mailto": ContactKind.EMAIL,
    "http": ContactKind.URL,
    "https": ContactKind.URL,
}
_RPPS, _ADELI, _FINESS, _SIRET = (11, "8"), (9, "0"), (9, "1"), (14, "3")
"""Length of a national number, and the digit that CI-SIS writes before it."""
_RELATIONS = {"ECON": Relation.EMERGENCY, "NOK": Relation.FAMILY, "GUAR": Relation.PAYER}
"""classCode of whoever informs or is called (HL7 RoleClass)."""


# -- the patient --------------------------------------------------------------------------


def patient_identifiers(role: Element) -> tuple[Identifier, ...]:
    """Return the identifiers of a ``patientRole``: INS numbers, and numbers with who issued them."""
    return tuple(_patient_identifier(one) for one in elements_at(role, "id") if attribute(one, "root"))


def _patient_identifier(node: Element) -> Identifier:
    root, extension = attribute(node, "root"), attribute(node, "extension")
    if root in INS_OIDS and extension:
        return Identifier(type=IdentifierType.INS, system=root, value=extension)
    named = named_system(root, attribute(node, "assigningAuthorityName"))
    return Identifier(type=IdentifierType.LOCAL, system=named if extension else "", value=extension or root)


def traits_of_role(role: Element) -> Traits:
    """Return the strict traits and the names in use of a ``patientRole``."""
    patient = child(role, "patient")
    names = elements_at(patient, "name")
    families = [one for name in names for one in elements_at(name, "family") if plain(one)]
    givens = [one for name in names for one in elements_at(name, "given") if plain(one)]
    birth, used = _qualified(families, _BIRTH), _qualified(families, _USED)
    unsaid = [plain(one) for one in families if not one.get("qualifier")]
    return Traits(
        birth_family_name=next(iter((*birth, *(unsaid if used else ()))), ""),
        birth_given_names=_birth_given_names(givens),
        used_family_name=next(iter((*used, *(() if birth else unsaid))), ""),
        used_given_name=next(iter(_qualified(givens, _USED)), ""),
        birth_date=stamp_date(attribute(child(patient, "birthTime"))),
        sex=_sex(child(patient, "administrativeGenderCode")),
        birth_place=plain(child(patient, "birthplace/place/addr/county")),
    )


def _sex(node: Element | None) -> Sex:
    sex = SEX.get(attribute(node, "code"), Sex.UNKNOWN)
    unknown = sex is Sex.OTHER and attribute(node, "displayName") == UNKNOWN_SEX
    return Sex.UNKNOWN if unknown else sex


def _qualified(names: Iterable[Element], qualifiers: frozenset[str]) -> list[str]:
    return [plain(one) for one in names if qualifiers & set(one.get("qualifier", "").split())]


def _birth_given_names(givens: list[Element]) -> tuple[str, ...]:
    """Return the given names in civil order: CI-SIS writes all of them in one element, the first again as ``BR``."""
    first = next(iter(_qualified(givens, _BIRTH)), "")
    others = [plain(one) for one in givens if not one.get("qualifier")]
    if first:
        every = [name for text in others for name in text.split()]
        return tuple(dict.fromkeys((first, *every)))
    return tuple(others or _qualified(givens, _USED)[:1])


def marital_status(role: Element) -> MaritalStatus | None:
    """Return the marital status of a ``patientRole``, where it is stated."""
    return MARITAL_STATUS.get(attribute(child(role, "patient/maritalStatusCode"), "code"))


def death(role: Element) -> tuple[bool, str]:
    """Return whether the patient of a ``patientRole`` is said to have died, and the time stamp of when."""
    patient = child(role, "patient")
    if patient is None:
        return False, ""
    indicator = attribute(patient.find(f"{{{SDTC}}}deceasedInd"))
    when = attribute(patient.find(f"{{{SDTC}}}deceasedTime"))
    return indicator == "true" or bool(when), when


def relation_of(entity: Element) -> Relation:
    """Return why a ``relatedEntity`` is named."""
    return _RELATIONS.get(attribute(entity, "classCode"), Relation.OTHER)


# -- professionals and organisations ------------------------------------------------------


def name_parts(node: Element | None) -> tuple[str, str, str]:
    """Return family name, given name and title of a person (``assignedPerson``, ``playingEntity`` …)."""
    name = child(node, "name")
    if name is None:
        return "", "", ""
    family = " ".join(filter(None, (plain(one) for one in elements_at(name, "family"))))
    given = " ".join(filter(None, (plain(one) for one in elements_at(name, "given"))))
    titles = (plain(one) for part in ("suffix", "prefix") for one in elements_at(name, part))
    if not family and not given:
        return plain(name), "", ""
    return family, given, next(filter(None, titles), "")


def professional(node: Element, identity: str) -> Practitioner | None:
    """Return the professional of an ``assignedEntity`` or ``assignedAuthor``; ``None`` where it names nobody."""
    family, given, title = name_parts(_person(node))
    device = child(node, "assignedAuthoringDevice")
    named = plain(child(device, "softwareName")) or plain(child(device, "manufacturerModelName"))
    if not (family or given or named):
        return None
    return Practitioner(
        id=identity,
        family_name=family or named,
        given_name=given,
        title=title,
        specialty=attribute(child(node, "code"), "displayName"),
        identifiers=tuple(professional_identifiers(elements_at(node, "id"))),
        person=device is None,
    )


def professional_key(node: Element) -> str:
    """Return what tells a professional from others: a number with its issuer, else name and organisation."""
    numbers = (one for one in elements_at(node, "id") if attribute(one, "extension"))
    for one in numbers:
        return f"{attribute(one, 'root')}^{attribute(one, 'extension')}"
    family, given, title = name_parts(_person(node))
    return "/".join((family, given, title, plain(child(node, "representedOrganization/name"))))


def _person(node: Element) -> Element | None:
    names = ("assignedPerson", "associatedPerson", "playingEntity", "relatedPerson")
    return next((one for name in names if (one := child(node, name)) is not None), None)


def professional_identifiers(ids: Iterable[Element]) -> Iterator[Identifier]:
    """Yield the numbers of a professional."""
    for one in ids:
        root, extension = attribute(one, "root"), attribute(one, "extension")
        if root and extension:
            yield professional_number(named_system(root, attribute(one, "assigningAuthorityName")), extension)


def professional_number(oid: str, value: str) -> Identifier:
    """Return a number of a professional; one of the national directory without the digit before it."""
    if oid == PROFESSIONAL_OID and _is(value, _RPPS):
        return Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value=value[1:])
    if oid == PROFESSIONAL_OID and _is(value, _ADELI):
        return Identifier(type=IdentifierType.ADELI, system=oid, value=value[1:])
    return Identifier(type=IdentifierType.OTHER, system=oid, value=value)


def organisation_identifiers(ids: Iterable[tuple[str, str]]) -> tuple[Identifier, ...]:
    """Return the numbers of an organisation, given as root and extension."""
    return tuple(_organisation_identifier(*one) for one in ids if one[0])


def _organisation_identifier(root: str, extension: str) -> Identifier:
    if root == ORGANISATION_OID and _is(extension, _FINESS):
        return Identifier(type=IdentifierType.FINESS, system=root, value=extension[1:])
    if root == ORGANISATION_OID and _is(extension, _SIRET):
        return Identifier(type=IdentifierType.SIRET, system=root, value=extension[1:])
    return Identifier(type=IdentifierType.OTHER, system=root if extension else "", value=extension or root)


def _is(number: str, form: tuple[int, str]) -> bool:
    length, first = form
    return len(number) == length + 1 and number[0] == first


# -- ways to reach them -------------------------------------------------------------------


def addresses_of(node: Element | None) -> tuple[Address, ...]:
    """Return the postal addresses right below ``node``."""
    return tuple(_address(one) for one in elements_at(node, "addr") if not absent(one) and plain(one))


def _address(node: Element) -> Address:
    street = " ".join(filter(None, (plain(child(node, name)) for name in _STREET)))
    parts = [plain(one) for one in node if local_name(one) in _LINES]
    loose = [] if len(node) else [plain(node)]
    cities = (plain(child(node, name)) for name in _CITIES)
    return Address(
        lines=tuple(filter(None, (street, *parts, *loose))),
        postal_code=plain(child(node, "postalCode")),
        city=next(filter(None, cities), ""),
        country=plain(child(node, "country")),
        use=_use(node),
    )


def telecoms(node: Element | None) -> tuple[Contact, ...]:
    """Return the telecoms right below ``node``."""
    return tuple(_contact(one) for one in elements_at(node, "telecom") if attribute(one))


def _contact(node: Element) -> Contact:
    scheme, _, rest = attribute(node).partition(":")
    kind = _SCHEMES.get(scheme.lower(), ContactKind.PHONE)
    if kind is ContactKind.PHONE and "MC" in node.get("use", "").split():
        kind = ContactKind.MOBILE
    whole = kind is ContactKind.URL or scheme.lower() not in _SCHEMES
    return Contact(kind=kind, value=attribute(node) if whole else unquote(rest), use=_use(node))


def _use(node: Element) -> ContactUse:
    uses = set(node.get("use", "").split())
    if uses & {"WP", "DIR", "PUB"}:
        return ContactUse.WORK
    if uses & {"H", "HP", "HV"}:
        return ContactUse.HOME
    return ContactUse.OTHER if uses - {"MC"} else ContactUse.UNKNOWN
