"""Devices in a patient as DeviceUseStatements, which contain the Device, and orders to a laboratory."""

from __future__ import annotations

from formats.fhir.codes import Coding, own
from formats.fhir.elements import Element, enter, objects_at
from formats.fhir.exact import put_primitive, take_or
from formats.fhir.parts import Amount, Span, Value, text_field
from formats.fhir.primitives import APPOINTMENT, DATE_TIME, DAY, DOCUMENT, PRACTITIONER, PROCEDURE, TEXT
from formats.fhir.records.mouth import Teeth
from formats.fhir.resources import SUBJECT, Resource
from formats.fhir.vocabulary import SourceCode, concept
from formats.fhir.write_only import FixedValue, RequiredElement, WriteOnly
from formats.mapping.parts import Both, FoundFields
from formats.model.devices import LabOrder, MedicalDevice

_SHADE = Coding(own("lab-order"), "shade", "Shade")


def _put_use(record: MedicalDevice, node: Element) -> None:
    """`status` = `completed` once the device was removed, else `active`"""
    node["status"] = "completed" if record.removed_on else "active"


DEVICE = Resource(
    "DeviceUseStatement",
    MedicalDevice,
    (
        FixedValue("contained[0].resourceType", "Device"),
        FixedValue("contained[0].id", "device"),
        FixedValue("device", {"reference": "#device"}),
        WriteOnly(_put_use),
        SUBJECT,
        SourceCode("code_system", "code", "contained[0].type"),
        text_field("label", "contained[0].type.text"),
        text_field("manufacturer", "contained[0].manufacturer"),
        text_field("model", "contained[0].deviceName[0].name"),
        FixedValue("contained[0].deviceName[0].type", "model-name", lambda record: record.model),
        text_field("part_number", "contained[0].partNumber"),
        text_field("lot", "contained[0].lotNumber"),
        text_field("serial", "contained[0].serialNumber"),
        text_field("udi", "contained[0].udiCarrier[0].carrierHRF"),
        text_field("udi_di", "contained[0].udiCarrier[0].deviceIdentifier"),
        Value("manufactured_on", "contained[0].manufactureDate", DAY),
        Value("expires_on", "contained[0].expirationDate", DAY),
        Teeth(),
        Span("implanted_on", "removed_on", "timingPeriod"),
        Value("act", "derivedFrom[0].reference", PROCEDURE),
        Value("practitioner", "source.reference", PRACTITIONER),
        Value("document", "~document.reference", DOCUMENT),
        text_field("note", "note[0].text"),
    ),
)


def _put_order_status(record: LabOrder, node: Element) -> None:
    """`status` = `completed` once the work came back, else `active`"""
    node["status"] = "completed" if record.received_at else "active"


def _put_shade(record: LabOrder, node: Element) -> None:
    """The shade as the `parameter` whose code is `shade`."""
    if record.shade:
        parameter: Element = {"code": concept(_SHADE)}
        put_primitive(*enter(parameter, "valueCodeableConcept.text"), TEXT, record.shade)
        node["parameter"] = [parameter]


def _take_shade(node: Element) -> FoundFields:
    shades = (
        take_or(one, "valueCodeableConcept.text", TEXT, "")
        for one in objects_at(node, "parameter")
        if any(coding.get("code") == _SHADE.code for coding in objects_at(one, "code.coding"))
    )
    return {"shade": next(shades, "")}


LAB_ORDER = Resource(
    "DeviceRequest",
    LabOrder,
    (
        WriteOnly(_put_order_status),
        FixedValue("intent", "order"),
        text_field("label", "codeCodeableConcept.text"),
        RequiredElement("codeCodeableConcept"),
        Both(("shade",), _put_shade, _take_shade),
        SUBJECT,
        Value("due_at", "occurrenceDateTime", DATE_TIME),
        Value("ordered_at", "authoredOn", DATE_TIME),
        Value("practitioner", "requester.reference", PRACTITIONER),
        text_field("laboratory", "performer.display"),
        text_field("instructions", "note[0].text"),
        Teeth(standard=False),
        Value("sent_at", "~sent-at", DATE_TIME),
        Value("received_at", "~received-at", DATE_TIME),
        Value("checked_at", "~checked-at", DATE_TIME),
        Value("act", "~act.reference", PROCEDURE),
        Value("appointment", "~appointment.reference", APPOINTMENT),
        Amount("cost_cents", "~cost"),
        text_field("invoice", "~invoice"),
    ),
)
