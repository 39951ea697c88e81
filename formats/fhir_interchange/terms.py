"""What FR Core, IPS and HL7's dental exchange ask for besides what our descriptions write.

It is added for other programs, and none of it changes what is read back: elements that are unknown are said to be,
codes stand beside ours, and a naming system that is an OID becomes the URN that FHIR demands.

Sources: IPS 2.0 (hl7.fhir.uv.ips), FR Core 2.1 (hl7.fhir.fr.core), HL7 Dental Data Exchange
(hl7.fhir.us.dental-data-exchange), LOINC 2.82 (answers LA9269-7 to LA9274-7: positions of the periodontal probe).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from formats.fhir import codes, extensions
from formats.fhir.codes import HL7, LOINC, Coding
from formats.fhir.elements import Element, objects_at, unknown_element
from formats.fhir.exact import exact_extension, take_or
from formats.fhir.extensions import Extension
from formats.fhir.kinds import kind_of
from formats.fhir.primitives import URI
from formats.fhir.vocabulary import coding_of, concept
from formats.model.care import Act
from formats.model.health import Diagnosis
from formats.model.identity import IdentifierType
from formats.model.mouth import ChartFinding, PerioExam, PerioSite

DENTAL = Coding("http://hl7.org/fhir/us/dental-data-exchange/CodeSystem/dental-category", "dental", "Dental")
"""The category of everything dental in HL7's dental exchange."""
EXAMINATION = Coding(f"{HL7}/observation-category", "exam")
PROBING_POSITIONS: Mapping[PerioSite, Coding] = {
    PerioSite.BUCCAL: Coding(LOINC, "LA9269-7", "Facial"),
    PerioSite.MESIOBUCCAL: Coding(LOINC, "LA9270-5", "Mesiofacial"),
    PerioSite.DISTOBUCCAL: Coding(LOINC, "LA9271-3", "Distofacial"),
    PerioSite.LINGUAL: Coding(LOINC, "LA9272-1", "Lingual"),
    PerioSite.DISTOLINGUAL: Coding(LOINC, "LA9273-9", "Distolingual"),
    PerioSite.MESIOLINGUAL: Coding(LOINC, "LA9274-7", "Mesiolingual"),
}
PROBING_POSITION = Extension(
    "probing-position",
    "Coding",
    "Position of the periodontal probe as LOINC says it; for other programs, never read back",
    "Position de la sonde parodontale selon LOINC ; pour d’autres logiciels, jamais relue",
)
_POSITION_OF = {codes.PERIO_SITES[site][0].code: coding for site, coding in PROBING_POSITIONS.items()}
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+", re.ASCII)


def add_standard_terms(node: Element) -> Element:
    """Add to the resource ``node`` what the standards ask for, and return it."""
    _name_oids(node)
    for key in ((node["resourceType"], ""), (node["resourceType"], kind_of(node))):
        if key in _TERMS:
            _TERMS[key](node)
    return node


def _name_oids(node: Element) -> None:
    """Give every naming system that is an OID in dots as a URN; the dots stay beside it as the exact text."""
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            system = one.get("system")
            if isinstance(system, str) and "_system" not in one and _OID.fullmatch(system):
                one["system"] = codes.OID + system
                one["_system"] = {"extension": exact_extension(system)}
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def withhold_ins(node: Element) -> None:
    """Take from a Patient what makes an INS one for other programs: its use, the type of FR Core, the naming system.

    Its exact text stays, from which ours is read back as it was.
    """
    own = coding_of(codes.IDENTIFIER_TYPES[IdentifierType.INS][0])
    for one in objects_at(node, "identifier"):
        if own not in objects_at(one, "type.coding"):
            continue
        one["type"] = {"coding": [own]}
        one.pop("use", None)
        system = take_or(one, "system", URI, "")
        one.pop("system", None)
        if system:
            one["_system"] = {"extension": exact_extension(URI.spell(system))}


def _unknown_unless(*names: str) -> Callable[[Element], None]:
    """Return what says that the first of ``names`` is unknown where the resource has none of them."""

    def add(node: Element) -> None:
        if not any(name in node or f"_{name}" in node for name in names):
            node[f"_{names[0]}"] = unknown_element()

    return add


def _code_unknown(node: Element) -> None:
    """Say that the code is unknown where there is none."""
    node.setdefault("code", unknown_element())


def _dental_observation(node: Element) -> None:
    node["category"] = [concept(EXAMINATION), concept(DENTAL)]


def _probing_positions(node: Element) -> None:
    """Say of each periodontal measure where the probe stood, as LOINC says it."""
    _dental_observation(node)
    for component in objects_at(node, "component"):
        members = component.get("extension", [])
        sites = (one.get("valueCoding", {}) for one in members if one.get("url") == _SITE)
        found = [_POSITION_OF[one["code"]] for one in sites if one.get("code") in _POSITION_OF]
        members += [{"url": PROBING_POSITION.url, "valueCoding": coding_of(one)} for one in found]


def _dental_procedure(node: Element) -> None:
    node["category"] = concept(DENTAL)


def _dental_condition(node: Element) -> None:
    node["category"] = [*node.get("category", []), concept(DENTAL)]


_SITE = extensions.url("perio-site")
_TERMS: Mapping[tuple[str, str], Callable[[Element], None]] = {
    ("Patient", ""): _unknown_unless("birthDate"),
    ("Procedure", ""): _unknown_unless("performedDateTime", "performedPeriod"),
    ("MedicationStatement", ""): _unknown_unless("effectiveDateTime", "effectivePeriod"),
    ("DeviceUseStatement", ""): _unknown_unless("timingDateTime", "timingPeriod"),
    ("AllergyIntolerance", ""): _code_unknown,
    ("Condition", ""): _code_unknown,
    ("Observation", ChartFinding.kind): _dental_observation,
    ("Observation", PerioExam.kind): _probing_positions,
    ("Procedure", Act.kind): _dental_procedure,
    ("Condition", Diagnosis.kind): _dental_condition,
}
"""What is added, by the type of the resource and the kind of its record, or whatever kind it is."""
