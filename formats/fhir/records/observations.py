"""Vital signs and results of examinations as Observations, with quantities in UCUM where the unit is known."""

from __future__ import annotations

from formats.fhir import codes
from formats.fhir.decimals import EXACT
from formats.fhir.elements import Element, enter, objects_at
from formats.fhir.exact import put_primitive, take_at, take_or
from formats.fhir.groups import FieldGroup, Many
from formats.fhir.parts import Value, text_field
from formats.fhir.primitives import CODE, DAY, INSTANT, PRACTITIONER, TEXT
from formats.fhir.records.mouth import OneTooth
from formats.fhir.resources import SUBJECT, Resource, in_category
from formats.fhir.vocabulary import Choice, Concept, SourceCode
from formats.fhir.write_only import RequiredElement
from formats.mapping.absence import without_absent
from formats.mapping.parts import Both, FoundFields
from formats.mapping.values import NestedField
from formats.model.observations import (
    Comparator,
    Observation,
    ObservationCategory,
    ObservationComponent,
    ObservationStatus,
    ObservedValue,
)


def _put_value(record: ObservedValue, node: Element) -> None:
    """A number as `valueQuantity`, else a text as `valueString`; a text beside a number in `~value-text`."""
    quantity: Element = {}
    if record.value is not None:
        put_primitive(quantity, "value", EXACT, record.value)
    if record.comparator:
        quantity["comparator"] = record.comparator.value
    _put_unit(record, quantity)
    if quantity:
        node["valueQuantity"] = quantity
    if record.text:
        put_primitive(*enter(node, "~value-text" if quantity else "valueString"), TEXT, record.text)


def _put_unit(record: ObservedValue, quantity: Element) -> None:
    if record.unit:
        put_primitive(quantity, "unit", TEXT, record.unit)
    if record.unit_code:
        quantity["system"] = codes.UCUM
        put_primitive(quantity, "code", CODE, record.unit_code)


def _take_value(node: Element) -> FoundFields:
    comparator = take_or(node, "valueQuantity.comparator", CODE, "")
    beside = take_at(node, "~value-text", TEXT)
    return without_absent(
        value=take_at(node, "valueQuantity.value", EXACT),
        comparator=next((word for word in Comparator if word.value == comparator), None),
        unit=take_at(node, "valueQuantity.unit", TEXT),
        unit_code=take_at(node, "valueQuantity.code", CODE),
        text=take_or(node, "valueString", TEXT, beside),
    )


def _put_range(record: ObservedValue, node: Element) -> None:
    """The limits as `referenceRange.low` and `high`, in the unit of the value; the range as reported as `text`."""
    reported: Element = {}
    for name, limit in (("low", record.low), ("high", record.high)):
        if limit is not None:
            put_primitive(*enter(reported, f"{name}.value"), EXACT, limit)
            _put_unit(record, reported[name])
    if record.range_text:
        put_primitive(reported, "text", TEXT, record.range_text)
    if reported:
        node["referenceRange"] = [reported]


def _take_range(node: Element) -> FoundFields:
    return without_absent(
        low=take_at(node, "referenceRange[0].low.value", EXACT),
        high=take_at(node, "referenceRange[0].high.value", EXACT),
        range_text=take_at(node, "referenceRange[0].text", TEXT),
    )


OBSERVED_VALUE = FieldGroup(
    ObservedValue,
    (
        Both(("value", "comparator", "unit", "unit_code", "text"), _put_value, _take_value),
        Concept("interpretation", "interpretation[0]", codes.INTERPRETATIONS),
        Both(("low", "high", "range_text"), _put_range, _take_range),
    ),
)


def _put_performers(record: Observation, node: Element) -> None:
    """The practitioner by `performer.reference`, the laboratory by `performer.display`."""
    for path, primitive, value in (
        ("reference", PRACTITIONER, record.practitioner),
        ("display", TEXT, record.laboratory),
    ):
        if value:
            performer: Element = {}
            put_primitive(performer, path, primitive, value)
            node.setdefault("performer", []).append(performer)


def _take_performers(node: Element) -> FoundFields:
    performers = objects_at(node, "performer")
    people = (take_or(one, "reference", PRACTITIONER, None) for one in performers)
    names = (take_or(one, "display", TEXT, "") for one in performers)
    return {"practitioner": next(filter(None, people), None), "laboratory": next(filter(None, names), "")}


OBSERVATION = Resource(
    "Observation",
    Observation,
    (
        Choice(
            "status",
            "status",
            {status: status.value for status in ObservationStatus},
            reads={"amended": ObservationStatus.CORRECTED, "registered": ObservationStatus.PRELIMINARY},
            otherwise=ObservationStatus.UNKNOWN,
        ),
        Concept("category", "category[0]", codes.OBSERVATION_CATEGORIES, otherwise=ObservationCategory.EXAM),
        SourceCode("code_system", "code", "code"),
        text_field("label", "code.text"),
        RequiredElement("code"),
        text_field("panel", "~panel"),
        SUBJECT,
        Value("observed_on", "effectiveDateTime", DAY),
        Value("issued_at", "issued", INSTANT),
        Both(("practitioner", "laboratory"), _put_performers, _take_performers),
        text_field("specimen", "specimen.display"),
        OneTooth(),
        NestedField("result", OBSERVED_VALUE),
        Many(
            "components",
            "component",
            FieldGroup(
                ObservationComponent,
                (
                    SourceCode("code_system", "code", "code"),
                    text_field("label", "code.text"),
                    RequiredElement("code"),
                    NestedField("result", OBSERVED_VALUE),
                ),
            ),
        ),
        text_field("note", "note[0].text"),
    ),
    foreign=in_category(*ObservationCategory),
)
