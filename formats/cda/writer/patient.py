"""The patient of a clinical document: numbers, traits, who answers for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formats.cda.codes import UNKNOWN_SEX, named_system, system_oid
from formats.cda.writer.people import address_elements, name_element, telecom_elements
from formats.cda.writer.values import (
    MAX_EXTENSION,
    CdaCode,
    code_element,
    date_stamp,
    id_element,
    null_element,
    time_element,
    uuid_oid,
)
from formats.mapping.ins import travelling_ins
from formats.model.dossier import Dossier
from formats.model.identity import INS_OIDS, IdentifierType, Sex, Traits
from formats.model.people import Patient, PatientStatus, Relation
from formats.xml_markup import NOTHING, Markup, element, join_markup, text_element, writable

GENDERS = "2.16.840.1.113883.5.1"
_GENDERS: Mapping[Sex, tuple[str, str]] = {
    Sex.MALE: ("M", "Masculin"),
    Sex.FEMALE: ("F", "Féminin"),
    Sex.OTHER: ("UN", "Indifférencié"),
    Sex.UNKNOWN: ("UN", UNKNOWN_SEX),
}
"""Codes and labels of JDV_J143, which calls ``UN`` unknown; HL7 calls it undifferentiated."""
_OWN_NUMBERS = frozenset({IdentifierType.LOCAL, IdentifierType.CHART})
"""Numbers that a practice gives its patients; the billing NIR shares the OID of the INS, and is never one."""


def ins_numbers(patient: Patient) -> Iterator[tuple[str, str]]:
    """Yield OID and value of the INS, where it may travel."""
    for one in travelling_ins(patient):
        value = one.value.strip()
        if one.system in INS_OIDS and len(value) <= MAX_EXTENSION:
            yield one.system, value


def own_numbers(dossier: Dossier) -> Iterator[tuple[str, str, str]]:
    """Yield OID, value and name of what the practice calls the patient by (IPP); at least one."""
    found = False
    for one in dossier.patient.identifiers:
        value = " ".join(one.value.split())
        if one.type in _OWN_NUMBERS and 0 < len(value) <= MAX_EXTENSION and one.system not in INS_OIDS:
            found = True
            system = writable(one.system).strip()
            yield system_oid(system), value, system
    if not found:
        yield uuid_oid(dossier.practice.id), dossier.patient.id, ""


def record_target(dossier: Dossier) -> Markup:
    """Return the patient with everything that the header says of them."""
    patient = dossier.patient
    numbers = dict.fromkeys(
        (
            *(id_element(*one) for one in ins_numbers(patient)),
            *(_own_number(*one) for one in own_numbers(dossier)),
        )
    )
    return element(
        "recordTarget",
        element(
            "patientRole",
            *numbers,
            address_elements(patient.addresses),
            telecom_elements(patient.contacts),
            element("patient", *_person(dossier), classCode="PSN"),
        ),
    )


def _own_number(oid: str, value: str, name: str) -> Markup:
    return id_element(oid, value, authority=name if named_system(oid, name) != oid else "")


def _person(dossier: Dossier) -> Iterator[Markup]:
    patient = dossier.patient
    traits = patient.traits
    yield _name(traits)
    gender, label = _GENDERS[traits.sex]
    yield code_element("administrativeGenderCode", CdaCode(oid=GENDERS, code=gender, label=label))
    yield time_element("birthTime", date_stamp(traits.birth_date) if traits.birth_date else "")
    if patient.status is PatientStatus.DECEASED or patient.deceased_on:
        yield element("sdtc:deceasedInd", value="true")
        if patient.deceased_on:
            yield element("sdtc:deceasedTime", value=date_stamp(patient.deceased_on))
    for one in dossier.related_persons:
        if one.relation is Relation.GUARDIAN:
            person = element("guardianPerson", name_element(one.family_name, one.given_name))
            yield element("guardian", address_elements(one.addresses), telecom_elements(one.contacts), person)
    if traits.birth_place.strip():
        place = element("addr", text_element("county", traits.birth_place))
        yield element("birthplace", element("place", place))


def _name(traits: Traits) -> Markup:
    """Return the names of birth and those in use; all given names of birth in one element, the first one again."""
    given = [" ".join(name.split()) for name in traits.birth_given_names if name.strip()]
    parts = [
        text_element("family", traits.birth_family_name, qualifier="BR"),
        text_element("given", " ".join(given)),
        text_element("given", given[0] if given else "", qualifier="BR"),
        text_element("family", traits.used_family_name, qualifier="CL"),
        text_element("given", traits.used_given_name, qualifier="CL"),
    ]
    if not (parts[0] or parts[3]):
        parts.append(null_element("family"))
    if not (parts[1] or parts[4]):
        parts.append(null_element("given"))
    return element("name", join_markup(parts)) or NOTHING
