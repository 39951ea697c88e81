"""Persons and organisations of a header: names, numbers, addresses, telecoms as CI-SIS takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from formats.cda.codes import ORGANISATION_OID, PROFESSIONAL_OID, named_system, system_oid
from formats.cda.writer.values import (
    MAX_EXTENSION,
    CdaCode,
    code_element,
    id_element,
    null_element,
    uuid_oid,
)
from formats.model.identity import (
    Address,
    Contact,
    ContactKind,
    ContactUse,
    Identifier,
    IdentifierType,
)
from formats.model.people import Practice, Practitioner
from formats.xml_markup import NOTHING, Markup, element, join_markup, text_element, writable

PROFESSIONS = "1.2.250.1.213.1.1.4.5"
DENTIST = CdaCode(oid=PROFESSIONS, code="G15_40", label="Chirurgien-Dentiste")
AMBULATORY = CdaCode(oid="1.2.250.1.213.1.1.4.9", code="AMBULATOIRE", label="Ambulatoire")
"""practiceSetting (JDV_J04)."""
_SPECIALTIES = (
    CdaCode(
        oid=PROFESSIONS, code="G15_40/SCD01", label="Chirurgien-Dentiste - Orthopédie dento-faciale (SCD)"
    ),
    CdaCode(oid=PROFESSIONS, code="G15_40/SCD02", label="Chirurgien-Dentiste - Chirurgie orale (SCD)"),
    CdaCode(
        oid=PROFESSIONS, code="G15_40/SCD03", label="Chirurgien-Dentiste - Médecine bucco-dentaire (SCD)"
    ),
)
"""Specialties of dental surgery (JDV_J01)."""
TITLES: Mapping[str, str] = {
    "dr": "DR",
    "docteur": "DR",
    "pr": "PR",
    "professeur": "PR",
    "mc": "MC",
    "mg": "MG",
    "pc": "PC",
    "pg": "PG",
}
"""Titles that a professional may have (JDV_J246), by how they are written; nothing else may stand there."""
_ADDRESS_LINES = ("streetName", "additionalLocator", "unitID", "precinct", "postBox")
"""Where the lines of an address go: CI-SIS takes ``streetAddressLine`` alone only, without postal code and city."""
_SCHEMES = {
    ContactKind.PHONE: "tel",
    ContactKind.MOBILE: "tel",
    ContactKind.FAX: "fax",
    ContactKind.EMAIL: "mailto",
}
_URLS = ("http://", "ftp://")
"""How a telecom may begin that is no number and no address (CI-SIS, *Structuration minimale*); ``https`` may not."""
_PLAIN = "!$&'()*+,;=:@/-._~"
"""Characters of a telecom that stand as they are (RFC 3986, 2.2 and 2.3)."""
_USES = {ContactUse.HOME: "H", ContactUse.WORK: "WP"}


_NATIONAL = {IdentifierType.RPPS: 0, IdentifierType.ADELI: 1}
"""National numbers of professionals, and which comes first."""


# -- numbers ------------------------------------------------------------------------------


@lru_cache(256)
def professional_ids(one: Practitioner, practice: Practice) -> tuple[tuple[str, str, str], ...]:
    """Return root, extension and authority of the numbers of a professional, national ones first; at least one."""
    found = [_professional_id(each) for each in sorted(one.identifiers, key=_national_first)]
    numbers = dict.fromkeys(each for each in found if each and 0 < len(each[1]) <= MAX_EXTENSION)
    return tuple(numbers) or ((uuid_oid(practice.id), one.id, ""),)


def _professional_id(one: Identifier) -> tuple[str, str, str] | None:
    value = one.value.strip()
    if not value:
        return None
    if one.type is IdentifierType.RPPS:
        return PROFESSIONAL_OID, f"8{value}", ""
    if one.type is IdentifierType.ADELI:
        return PROFESSIONAL_OID, f"0{value}", ""
    system = writable(one.system).strip()
    root = system_oid(system)
    return root, value, system if named_system(root, system) != root else ""


def professional_id(root: str, extension: str, authority: str) -> Markup:
    """Return a number of a professional."""
    return id_element(root, extension, authority=authority)


def _national_first(one: Identifier) -> int:
    return _NATIONAL.get(one.type, len(_NATIONAL))


def has_national_number(one: Practitioner, practice: Practice) -> bool:
    """Tell whether a professional has an RPPS or ADELI number."""
    return professional_ids(one, practice)[0][0] == PROFESSIONAL_OID


def national_id(practice: Practice) -> tuple[str, str] | None:
    """Return root and extension of the one national number of a practice: its FINESS, else its SIRET."""
    for kind, digit in ((IdentifierType.FINESS, "1"), (IdentifierType.SIRET, "3")):
        for one in practice.identifiers:
            value = one.value.strip()
            if one.type is kind and 0 < len(value) < MAX_EXTENSION:
                return ORGANISATION_OID, f"{digit}{value}"
    return None


def profession(one: Practitioner | None) -> CdaCode:
    """Return the profession of who writes: a dentist, with the specialty where it is one of the French ones."""
    named = (one.specialty if one else "").strip()
    return next((code for code in _SPECIALTIES if named in {code.code, code.label}), DENTIST)


# -- names --------------------------------------------------------------------------------


def text_or_unknown(name: str, value: str, **attributes: str) -> Markup:
    """Return an element with a text, or one that says that it is unknown."""
    return text_element(name, value, **attributes) or null_element(name, **attributes)


def name_element(family: str, given: str, title: str = "") -> Markup:
    """Return the name of a person who is not the patient."""
    suffix = text_element("suffix", TITLES.get(title.strip().rstrip(".").casefold(), ""))
    return element("name", text_element("given", given), text_or_unknown("family", family), suffix)


# -- ways to reach them -------------------------------------------------------------------


def address_elements(every: Iterable[Address]) -> Markup:
    """Return postal addresses, each once; why there is none where there is none."""
    found = dict.fromkeys(filter(None, map(_address, every)))
    return join_markup(found) or null_element("addr", "NAV")


def _address(one: Address) -> Markup:
    lines = [*dict.fromkeys(filter(None, (" ".join(line.split()) for line in one.lines)))]
    if len(lines) > len(_ADDRESS_LINES):
        lines = [*lines[: len(_ADDRESS_LINES) - 1], ", ".join(lines[len(_ADDRESS_LINES) - 1 :])]
    content = join_markup(
        (
            *(text_element(name, line) for name, line in zip(_ADDRESS_LINES, lines, strict=False)),
            text_element("postalCode", one.postal_code),
            text_element("city", one.city),
            text_element("country", one.country),
        )
    )
    return element("addr", content, use=_USES.get(one.use, "")) if content else NOTHING


def telecom_elements(every: Iterable[Contact], most: int | None = None) -> Markup:
    """Return telecoms, each once, at ``most`` so many; why there is none where there is none."""
    found = [*dict.fromkeys(filter(None, map(_telecom, every)))]
    return join_markup(found[:most]) or null_element("telecom", "NAV")


def _telecom(one: Contact) -> Markup:
    value = " ".join(one.value.split())
    if not value or (one.kind is ContactKind.URL and not value.startswith(_URLS)):
        return NOTHING
    scheme = _SCHEMES.get(one.kind)
    quoted = quote(value, safe=_PLAIN, errors="replace")
    use = "MC" if one.kind is ContactKind.MOBILE else _USES.get(one.use, "")
    return element(
        "telecom", value=f"{scheme}:{quoted}" if scheme else quote(value, safe=f"{_PLAIN}%?#"), use=use
    )


# -- roles --------------------------------------------------------------------------------


@lru_cache(64)
def custodian_element(practice: Practice) -> Markup:
    """Return the practice as the organisation that keeps a document: it has one number, one telecom, one address."""
    root, extension = national_id(practice) or (uuid_oid(practice.id), "")
    return element(
        "representedCustodianOrganization",
        id_element(root, extension),
        text_or_unknown("name", practice.name),
        telecom_elements(practice.contacts, most=1),
        address_elements(practice.addresses[:1]),
    )


def organisation_element(practice: Practice) -> Markup:
    """Return the practice as the organisation for which somebody acts."""
    return element(
        "representedOrganization",
        id_element(*number) if (number := national_id(practice)) else NOTHING,
        text_or_unknown("name", practice.name),
        telecom_elements(practice.contacts),
        address_elements(practice.addresses),
        code_element("standardIndustryClassCode", AMBULATORY),
    )


@lru_cache(256)
def professional_element(
    name: str, one: Practitioner | None, practice: Practice, *, every_id: bool = False
) -> Markup:
    """Return a professional of the practice in the role ``name``; without one, the practice answers.

    ``every_id``: with all numbers, where the role may have several.
    """
    ids: tuple[tuple[str, str, str], ...]
    if one is None:
        ids = ((*(national_id(practice) or (uuid_oid(practice.id), practice.id)), ""),)
    else:
        ids = professional_ids(one, practice)[: None if every_id else 1]
    person = NOTHING
    if one is not None:
        person = element("assignedPerson", name_element(one.family_name, one.given_name, one.title))
    return element(
        name,
        *(professional_id(*each) for each in ids),
        code_element("code", profession(one)) if one is None or one.person else NOTHING,
        null_element("addr", "NAV"),
        null_element("telecom", "NAV"),
        person,
        organisation_element(practice),
    )
