"""Which profiles a resource conforms to, so that it may say so (``meta.profile``); nothing is claimed that is not so.

Of each profile the rules are those of its differential that a resource of ours could break; cardinalities that FHIR
itself has, and bindings that are not required, are left out. HL7's dental profiles want patients and practitioners of
US Core, so none of them is claimed; their terms are there all the same (``formats.fhir_interchange.terms``).

Sources: IPS 2.0 (``*-uv-ips``), FR Core 2.1 (``fr-core-*``), from their FHIR Shorthand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from formats.fhir import extensions
from formats.fhir.codes import FR_CORE, FR_IDENTIFIER_TYPE, OID
from formats.fhir.elements import Element, object_at, objects_at
from formats.model.identity import (
    INS_DEMO_OID,
    INS_NIA_OID,
    INS_NIR_OID,
    INS_TEST_OID,
    RPPS_SYSTEM,
    InsStatus,
)

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition"


def _french(name: str) -> str:
    """Return the address of the profile of FR Core called ``name``."""
    return f"{FR_CORE}/StructureDefinition/{name}"


IPS_PATIENT = f"{IPS}/Patient-uv-ips"
IPS_COMPOSITION = f"{IPS}/Composition-uv-ips"
IPS_BUNDLE = f"{IPS}/Bundle-uv-ips"
FRENCH_PATIENT = _french("fr-core-patient")
INS_PATIENT = _french("fr-core-patient-ins")
_INS_SYSTEMS = {f"{OID}{one}" for one in (INS_NIR_OID, INS_TEST_OID, INS_DEMO_OID)}
_INS_NIA = f"{OID}{INS_NIA_OID}"
_TRUSTED = frozenset({InsStatus.QUALIFIED})
"""Statuses of an identity that FR Core's profile of the INS is for; its own examples say *validated*."""
Rule = Callable[[Element], bool]


def declare_profiles(node: Element) -> Element:
    """Let the resource ``node`` name the profiles to which it conforms, and return it."""
    if found := [profile for profile, rule in _PROFILES.get(node["resourceType"], {}).items() if rule(node)]:
        node.setdefault("meta", {})["profile"] = found
    return node


def claims(node: Element, profile: str) -> bool:
    """Tell whether the resource ``node`` names ``profile``."""
    meta = node.get("meta")
    return isinstance(meta, dict) and profile in meta.get("profile", ())


def _always(_node: Element) -> bool:
    return True


def _has(*names: str) -> Rule:
    """Return the rule that a resource has one of the elements ``names``, or says why it has none."""
    return lambda node: any(name in node or f"_{name}" in node for name in names)


def _names(node: Element) -> list[Element]:
    return objects_at(node, "name")


def _named(node: Element) -> bool:
    """Tell whether there is a name, and of each the family name or a given name (ips-pat-1)."""
    names = _names(node)
    return bool(names) and all("family" in one or "given" in one for one in names)


def _french_contacts(node: Element) -> bool:
    """Tell whether all contacts, and prefixes of names, are as FR Core has them."""
    names = node.get("name")
    prefixes = (one.get("prefix", ()) for one in names) if isinstance(names, list) else ()
    contacts = objects_at(node, "telecom")
    return all(len(one) < 2 for one in prefixes) and all(
        "system" in one and "value" in one for one in contacts
    )


def _official(node: Element) -> Iterator[Element]:
    return (one for one in _names(node) if one.get("use") == "official")


def _french_patient(node: Element) -> bool:
    full = all("family" in one and "given" in one for one in _official(node))
    return full and bool(_names(node)) and _french_contacts(node)


def _extension(node: Element, name: str) -> Element:
    """Return the extension ``name`` of an element; an empty one where it has none."""
    address = extensions.url(name)
    return next((one for one in node.get("extension", ()) if one.get("url") == address), {})


def _ins_patient(node: Element) -> bool:
    """Tell whether the national health identity of a patient is known, and qualified (RNIV)."""
    status = _extension(_extension(node, "identity-reliability"), "identity-status").get("valueCoding", {})
    place = _extension(node, "birth-place").get("valueAddress", {})
    official = list(_official(node))
    return (
        _french_patient(node)
        and status.get("code") in _TRUSTED
        and "valueCoding" in _extension(place, "insee-code")
        and node.get("gender") in {"male", "female", "unknown"}
        and "birthDate" in node
        and len(official) == 1
        and len(official[0]["given"]) == 1
        and "valueString" in _extension(official[0], "birth-given-names")
        and _has_one_ins(node)
    )


def _has_one_ins(node: Element) -> bool:
    numbers = objects_at(node, "identifier")
    official = [one for one in numbers if one.get("use") == "official"]
    return (
        len(official) == 1
        and official[0].get("system") in _INS_SYSTEMS
        and "value" in official[0]
        and all(one.get("system") != _INS_NIA for one in numbers)
    )


def _french_practitioner(node: Element) -> bool:
    national = [one for one in objects_at(node, "identifier") if one.get("system") == RPPS_SYSTEM]
    return (
        _named(node) and _french_contacts(node) and all(_is_rpps(one) and "value" in one for one in national)
    )


def _is_rpps(identifier: Element) -> bool:
    codings = objects_at(identifier, "type.coding")
    return any((one.get("system"), one.get("code")) == (FR_IDENTIFIER_TYPE, "RPPS") for one in codings)


def _french_organization(node: Element) -> bool:
    numbers = objects_at(node, "identifier")
    return _french_contacts(node) and all("system" in one and "value" in one for one in numbers)


def _active_flag(node: Element) -> bool:
    return node.get("status") == "active" and "code" in node


def _complete_study(node: Element) -> bool:
    return object_at(node, "subject") is not None and node.get("status") in {"available", "cancelled"}


_PROFILES: Mapping[str, Mapping[str, Rule]] = {
    "Patient": {
        IPS_PATIENT: lambda node: _named(node) and _has("birthDate")(node),
        FRENCH_PATIENT: _french_patient,
        INS_PATIENT: _ins_patient,
    },
    "Practitioner": {
        f"{IPS}/Practitioner-uv-ips": _named,
        _french("fr-core-practitioner"): _french_practitioner,
    },
    "PractitionerRole": {f"{IPS}/PractitionerRole-uv-ips": _always},
    "Organization": {
        f"{IPS}/Organization-uv-ips": lambda node: "name" in node,
        _french("fr-core-organization"): _french_organization,
    },
    "AllergyIntolerance": {f"{IPS}/AllergyIntolerance-uv-ips": _has("code")},
    "Condition": {f"{IPS}/Condition-uv-ips": _has("code")},
    "MedicationStatement": {
        f"{IPS}/MedicationStatement-uv-ips": _has("effectiveDateTime", "effectivePeriod")
    },
    "MedicationRequest": {f"{IPS}/MedicationRequest-uv-ips": _has("medicationCodeableConcept")},
    "DeviceUseStatement": {f"{IPS}/DeviceUseStatement-uv-ips": _has("timingDateTime", "timingPeriod")},
    "Procedure": {f"{IPS}/Procedure-uv-ips": lambda node: "code" in node and _has("performedDateTime")(node)},
    "Flag": {f"{IPS}/Flag-alert-uv-ips": _active_flag},
    "ImagingStudy": {f"{IPS}/ImagingStudy-uv-ips": _complete_study},
}
