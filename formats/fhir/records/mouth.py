"""Teeth and surfaces as codes; the dental chart and the periodontal chart as Observations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formats.fhir import codes, extensions
from formats.fhir.codes import UCUM
from formats.fhir.decimals import COUNT, NUMBER
from formats.fhir.elements import Element, enter, object_at, objects_at
from formats.fhir.exact import put_primitive, take_at, take_or
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Value, extensions_of, text_field
from formats.fhir.primitives import DAY, INTEGER, PRACTITIONER
from formats.fhir.resources import SUBJECT, Resource, never
from formats.fhir.vocabulary import CodedField, Concept, coding_of, meaning
from formats.fhir.write_only import FixedValue
from formats.mapping.absence import without_absent
from formats.mapping.parts import FieldPart, FoundFields
from formats.model.care import Act, PlanItem
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.health import Diagnosis
from formats.model.imaging import ImageFile
from formats.model.mouth import ChartFinding, ChartKind, PerioExam, PerioMeasure, is_fdi
from formats.model.observations import Observation

HasTeeth = Act | Diagnosis | PlanItem | ImageFile | MedicalDevice | LabOrder

_TOOTH_SYSTEMS = (codes.TOOTH, codes.ISO_TOOTH, codes.EXTRA_TOOTH)


def tooth_coding(tooth: str) -> Element:
    """Return ``tooth`` as a Coding: HL7's system where it has the tooth, else ISO 3950, else ours."""
    if tooth.endswith("S"):
        return {"system": codes.EXTRA_TOOTH, "code": tooth}
    return {"system": codes.TOOTH if tooth[0] in "1234" else codes.ISO_TOOTH, "code": tooth}


def tooth_of(codings: Iterable[Element]) -> str:
    """Return the tooth one of ``codings`` names, or nothing."""
    for coding in codings:
        code = coding.get("code")
        if coding.get("system") in _TOOTH_SYSTEMS and isinstance(code, str) and is_fdi(code):
            return code
    return ""


@dataclass(frozen=True, slots=True)
class OneTooth(FieldPart):
    """One tooth: a CodeableConcept `bodySite`, or an extension of each component, which has no body site."""

    extended: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return ("tooth",)

    def tell(self, record: ChartFinding | PerioMeasure | Observation, node: Element) -> None:
        coding = [tooth_coding(record.tooth)] if record.tooth else []
        if self.extended:
            _extend(node, "tooth", coding)
        elif coding:
            node["bodySite"] = {"coding": coding}

    def take(self, node: Element) -> FoundFields:
        if not self.extended:
            return {"tooth": tooth_of(objects_at(node, "bodySite.coding"))}
        found = [tooth_of(_codings(member)) for member in extensions_of(node, "tooth")]
        return {"tooth": found[0] if found else ""}


@dataclass(frozen=True, slots=True)
class Teeth(FieldPart):
    """Teeth: ``bodySite`` where it repeats, or where it does not and there is one; else extensions."""

    repeating: bool = False
    standard: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        return ("teeth",)

    def tell(self, record: HasTeeth, node: Element) -> None:
        codings = [tooth_coding(tooth) for tooth in record.teeth]
        if self.repeating and codings:
            node["bodySite"] = [{"coding": [coding]} for coding in codings]
        elif self.standard and len(codings) == 1:
            node["bodySite"] = {"coding": codings}
        else:
            _extend(node, "tooth", codings)

    def take(self, node: Element) -> FoundFields:
        if self.repeating:
            found = [tooth_of(objects_at(site, "coding")) for site in objects_at(node, "bodySite")]
        else:
            found = [tooth_of(objects_at(node, "bodySite.coding"))] if self.standard else []
            found += [tooth_of(_codings(member)) for member in extensions_of(node, "tooth")]
        return {"teeth": tuple(tooth for tooth in found if tooth)}


@dataclass(frozen=True, slots=True)
class Surfaces(FieldPart):
    """Surfaces, each in an extension; or, for lines of a claim, in the standard ``subSite``."""

    standard: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return ("surfaces",)

    def tell(self, record: Act | PlanItem | ChartFinding | Diagnosis, node: Element) -> None:
        codings = [coding_of(codes.SURFACES[surface][0]) for surface in record.surfaces]
        if self.standard and codings:
            node["subSite"] = [{"coding": [coding]} for coding in codings]
        else:
            _extend(node, "surface", codings)

    def take(self, node: Element) -> FoundFields:
        if self.standard:
            surfaces = [objects_at(site, "coding") for site in objects_at(node, "subSite")]
        else:
            surfaces = [_codings(member) for member in extensions_of(node, "surface")]
        found = (meaning(codings, codes.SURFACES) for codings in surfaces)
        return {"surfaces": tuple(surface for surface in found if surface)}


def _extend(node: Element, name: str, codings: Iterable[Element]) -> None:
    for coding in codings:
        node.setdefault("extension", []).append({"url": extensions.url(name), "valueCoding": coding})


def _codings(member: Element) -> list[Element]:
    coding = object_at(member, "valueCoding")
    return [coding] if coding else []


CHART_FINDING = Resource(
    "Observation",
    ChartFinding,
    (
        FixedValue("status", "final"),
        Concept("finding", "code", codes.CHART_KINDS, otherwise=ChartKind.OTHER),
        text_field("code", "code.text"),
        SUBJECT,
        Value("recorded_on", "effectiveDateTime", DAY),
        Value("practitioner", "performer[0].reference", PRACTITIONER),
        Value("value", "valueQuantity.value", NUMBER),
        text_field("text", "note[0].text"),
        OneTooth(),
        Surfaces(),
    ),
    foreign=never,
)


class MeasuredValue(FieldPart):
    """A length in millimetres (UCUM), or a grade or flag as a plain integer."""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("value",)

    def tell(self, record: PerioMeasure, node: Element) -> None:
        if record.measure in codes.MILLIMETRES:
            parent, key = enter(node, "valueQuantity.value")
            put_primitive(parent, key, COUNT, record.value)
            parent.update({"unit": "mm", "system": UCUM, "code": "mm"})
        else:
            put_primitive(node, "valueInteger", INTEGER, record.value)

    def take(self, node: Element) -> FoundFields:
        grade = take_at(node, "valueInteger", INTEGER)
        return without_absent(value=take_or(node, "valueQuantity.value", COUNT, grade))


PERIO_EXAM = Resource(
    "Observation",
    PerioExam,
    (
        FixedValue("status", "final"),
        FixedValue("code", {"coding": [{"system": codes.own("chart"), "code": "periodontal-chart"}]}),
        SUBJECT,
        Value("examined_on", "effectiveDateTime", DAY),
        Value("practitioner", "performer[0].reference", PRACTITIONER),
        text_field("note", "note[0].text"),
        Many(
            "measures",
            "component",
            FieldGroup(
                PerioMeasure,
                (
                    OneTooth(extended=True),
                    CodedField("site", "~perio-site", codes.PERIO_SITES),
                    Concept("measure", "code", codes.PERIO_KINDS),
                    MeasuredValue(),
                ),
            ),
        ),
    ),
    foreign=never,
)
