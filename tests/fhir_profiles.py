"""Judging what resources claim (``meta.profile``) by the rules of IPS and FR Core, without the writer's logic.

The rules are copied from the profiles' FHIR Shorthand (hl7.fhir.uv.ips 2.0, hl7.fhir.fr.core 2.1) as paths: which
elements must be there, which of them have one value alone, and their invariants. An element whose value is unknown,
and says so (data-absent-reason), is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
FRENCH = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
DEMANDED: dict[str, tuple[str, ...]] = {
    f"{IPS}Bundle-uv-ips": ("identifier", "timestamp", "entry.fullUrl"),
    f"{IPS}Composition-uv-ips": (
        "subject.reference",
        "section.title",
        "section.code",
        "section.text",
    ),
    f"{IPS}Patient-uv-ips": ("name", "birthDate"),
    f"{IPS}Practitioner-uv-ips": ("name",),
    f"{IPS}PractitionerRole-uv-ips": (),
    f"{IPS}Organization-uv-ips": ("name",),
    f"{IPS}AllergyIntolerance-uv-ips": ("code", "patient.reference"),
    f"{IPS}Condition-uv-ips": ("code", "subject.reference"),
    f"{IPS}MedicationStatement-uv-ips": ("medicationCodeableConcept", "subject.reference", "effective[x]"),
    f"{IPS}MedicationRequest-uv-ips": ("medicationCodeableConcept", "subject.reference"),
    f"{IPS}DeviceUseStatement-uv-ips": ("subject.reference", "timing[x]", "device"),
    f"{IPS}Procedure-uv-ips": ("code", "subject.reference", "performed[x]"),
    f"{IPS}Flag-alert-uv-ips": ("code", "subject.reference"),
    f"{IPS}ImagingStudy-uv-ips": ("subject.reference",),
    f"{FRENCH}fr-core-patient": (),
    f"{FRENCH}fr-core-patient-ins": ("identifier", "gender", "birthDate"),
    f"{FRENCH}fr-core-practitioner": ("name",),
    f"{FRENCH}fr-core-organization": (),
}
SECTIONS = {"48765-2", "11450-4", "10160-0"}
"""Sections that a summary has even where nothing is known: allergies, problems, medication."""
ALLOWED_ENTRIES = {
    "48765-2": {"AllergyIntolerance"},
    "11450-4": {"Condition"},
    "10160-0": {"MedicationStatement", "MedicationRequest"},
    "11348-0": {"Condition"},
    "47519-4": {"Procedure"},
    "46264-8": {"DeviceUseStatement"},
    "18776-5": {"CarePlan"},
    "104605-1": {"Flag"},
    "29762-2": {"Observation"},
    "8716-3": {"Observation"},
    "30954-2": {"Observation"},
}


def judge_profiles(node: dict[str, Any]) -> Iterator[str]:
    """Yield what the resource ``node`` lacks of a profile that it claims."""
    place = f"{node['resourceType']}/{node.get('id')}"
    for profile in node.get("meta", {}).get("profile", ()):
        if profile not in DEMANDED:
            yield f"{place}: nobody knows {profile}"
            continue
        for path in DEMANDED[profile]:
            if not all(present(one, path.split(".")) for one in [node]):
                yield f"{place}: {profile} wants {path}"
        name = profile.rsplit("/")[-1]
        for fault in RULES.get(name, lambda _: ())(node):
            yield f"{place}: {name}: {fault}"


def present(node: Any, steps: list[str]) -> bool:
    """Tell whether what ``steps`` lead to is there, in every member of a list on the way."""
    if not steps:
        return True
    first, *rest = steps
    if first.endswith("[x]"):
        return any(key.lstrip("_").startswith(first[:-3]) for key in node)
    if first in node:
        value = node[first]
        members = value if isinstance(value, list) else [value]
        return bool(members) and all(present(one, rest) for one in members)
    return not rest and f"_{first}" in node


def _composition(node: dict[str, Any]) -> Iterator[str]:
    found = {}
    for section in node["section"]:
        coding = section["code"]["coding"][0]
        if coding["system"] != "http://loinc.org":
            continue
        code = coding["code"]
        if code in found:
            yield f"section {code} twice"
        found[code] = section
        types = {one["reference"].split("/")[0] for one in section.get("entry", ())}
        if not types <= ALLOWED_ENTRIES.get(code, types):
            yield f"section {code} holds {types}"
        if code in SECTIONS and not section.get("entry") and "emptyReason" not in section:
            yield f"ips-comp-1 in {code}"
        if section.get("entry") and "emptyReason" in section:
            yield f"section {code} is empty and is not (cmp-2)"
    if not found.keys() >= SECTIONS:
        yield f"sections {SECTIONS - found.keys()} are not there"
    if node["type"]["coding"][0]["code"] != "60591-5":
        yield "type"


def _patient(node: dict[str, Any]) -> Iterator[str]:
    for name in node["name"]:
        if not ("family" in name or "given" in name or "text" in name):
            yield "ips-pat-1"


def _bundle(node: dict[str, Any]) -> Iterator[str]:
    types = [entry["resource"]["resourceType"] for entry in node["entry"]]
    if node["type"] != "document" or types[0] != "Composition" or types.count("Composition") != 1:
        yield "bdl-ips-1"
    if types.count("Patient") != 1:
        yield "one patient"


def _flag(node: dict[str, Any]) -> Iterator[str]:
    if node["status"] != "active":
        yield "status"


def _french(node: dict[str, Any]) -> Iterator[str]:
    names = node["name"] if isinstance(node.get("name"), list) else []
    for name in names:
        if len(name.get("prefix", ())) > 1:
            yield "prefix ..1"
        if (
            node["resourceType"] == "Patient"
            and name.get("use") == "official"
            and not ("family" in name and "given" in name)
        ):
            yield "official name"
    for contact in node.get("telecom", ()):
        if not ("system" in contact and "value" in contact):
            yield "telecom"
    if node["resourceType"] == "Organization":
        for number in node.get("identifier", ()):
            if not ("system" in number and "value" in number):
                yield "identifier"


def _ins(node: dict[str, Any]) -> Iterator[str]:
    """fr-core-1 and fr-core-2, the birthplace, one official name with one given name and the list of all."""
    official = [one for one in node["identifier"] if one.get("use") == "official"]
    oids = {f"urn:oid:1.2.250.1.213.1.4.{last}" for last in (8, 10, 11)}
    if len(official) != 1 or official[0].get("system") not in oids:
        yield "fr-core-2"
    names = [one for one in node["name"] if one.get("use") == "official"]
    if len(names) != 1 or len(names[0]["given"]) != 1:
        yield "official name"
    urls = {one["url"] for one in names[0].get("extension", ())}
    if f"{FRENCH}fr-core-patient-birth-list-given-name" not in urls:
        yield "birth-list-given-name"
    extensions = {one["url"]: one for one in node["extension"]}
    place = extensions["http://hl7.org/fhir/StructureDefinition/patient-birthPlace"]["valueAddress"]
    if not any(one["url"] == f"{FRENCH}fr-core-address-insee-code" for one in place["extension"]):
        yield "inseeCode"
    if f"{FRENCH}fr-core-identity-reliability" not in extensions:
        yield "identityReliability"
    if node["gender"] not in {"male", "female", "unknown"}:
        yield "gender"


RULES: dict[str, Any] = {
    "Bundle-uv-ips": _bundle,
    "Composition-uv-ips": _composition,
    "Patient-uv-ips": _patient,
    "Flag-alert-uv-ips": _flag,
    "fr-core-patient": _french,
    "fr-core-practitioner": _french,
    "fr-core-organization": _french,
    "fr-core-patient-ins": _ins,
}
