"""Devices that trace sheets tell of (`sheetfield`), and work ordered from a dental laboratory (`labcase`).

Open Dental has no table of implants. A practice that traces them fills in a sheet whose fields carry the
names below; a number behind a name tells several devices of one sheet apart (``DeviceLot2``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from formats.findings import Severity
from formats.mapping import tooth_notations as teeth
from formats.mapping.udi import udi_fields
from formats.model.dates import AnyDate, PartialDate, parse_date
from formats.model.devices import LabOrder, MedicalDevice
from formats.opendental.codes import FieldType
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark

_TEXTS = {
    "Name": "label",
    "Manufacturer": "manufacturer",
    "Model": "model",
    "Reference": "part_number",
    "Lot": "lot",
    "Serial": "serial",
    "UDI": "udi",
    "Note": "note",
}
_DAYS = {
    "MadeOn": "manufactured_on",
    "Expiry": "expires_on",
    "ImplantedOn": "implanted_on",
    "RemovedOn": "removed_on",
}
_TEETH = "Teeth"
DEVICE_FIELDS = tuple(f"Device{name}" for name in (*_TEXTS, *_DAYS, _TEETH))
"""Names of the fields of a sheet that tell of a device."""
_NAME = re.compile(rf"({'|'.join(DEVICE_FIELDS)})([0-9]{{0,2}})")
_DAY = re.compile(r"(?:([0-9]{1,2})[/.])?([0-9]{1,2})[/.]([0-9]{4})")


def sheet_devices(
    joined: JoinedRow, context: LookupContext, fields: Iterable[Row]
) -> Iterator[MedicalDevice]:
    """Yield the devices that a sheet tells of; one whose day is left open was put in on the day of the sheet."""
    for number, cells in _by_device(fields).items():
        found: dict[str, Any] = {}
        for name, (field, written) in cells.items():
            found |= _device_fields(field, name, written, context)
        if not found:
            continue
        if "ImplantedOn" not in cells:
            found["implanted_on"] = joined.row.day("DateTimeSheet")
        found = udi_fields(str(found.get("udi", ""))) | found
        yield MedicalDevice(
            id=context.id("sheet", f"{joined.row.key}/Device{number}"),
            patient=context.patient(joined.patient),
            document=context.reference(joined.row, "DocNum", "document", joined.patient),
            **found,
        )


def _by_device(fields: Iterable[Row]) -> Mapping[str, dict[str, tuple[Row, str]]]:
    """Return the filled-in fields of each device, by their names without ``Device``."""
    found: dict[str, dict[str, tuple[Row, str]]] = {}
    for field in fields:
        match = _NAME.fullmatch(field.text("ReportableName") or field.text("FieldName"))
        kind, written = field.number("FieldType"), field.text("FieldValue")
        if kind == FieldType.COMBO_BOX:
            written = written.split(";", 1)[0]
        if not match or not written or kind not in {FieldType.INPUT, FieldType.COMBO_BOX}:
            continue
        cells, name = found.setdefault(match.group(2), {}), match.group(1).removeprefix("Device")
        if name in cells:
            _repeated(field, match.group(0))
        else:
            cells[name] = field, written
    return found


def _repeated(field: Row, name: str) -> None:
    field.notice(
        Severity.WARNING,
        "opendental-device-field-repeated",
        mark(
            "The sheet has two fields “{name}”; only the first tells of a device. "
            "A sheet that traces several devices numbers them: “DeviceLot”, “DeviceLot2”."
        ),
        name=name,
    )


def _device_fields(field: Row, name: str, written: str, context: LookupContext) -> dict[str, Any]:
    """Return what one field says of a device; what cannot be read is noticed and left out."""
    if name in _TEXTS:
        return {_TEXTS[name]: written}
    if name == _TEETH:
        found, unknown = teeth.displayed_teeth(written, context.notation)
        if unknown:
            field.unreadable("FieldValue", written, mark("teeth"))
        return {"teeth": found} if found else {}
    day = _day(written)
    if day is None:
        field.unreadable("FieldValue", written, mark("a date"))
        return {}
    return {_DAYS[name]: day}


def _day(written: str) -> AnyDate | None:
    """Return a date as people write it in France (14/03/2024, 03/2024), or in ISO 8601."""
    match = _DAY.fullmatch(written)
    try:
        if match is None:
            return parse_date(written)
        day, month, year = match.groups()
        return date(int(year), int(month), int(day)) if day else PartialDate(int(year), int(month))
    except ValueError:
        return None


def lab_case(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``labcase``: work ordered from a dental laboratory; teeth and shade stand in its instructions."""
    row = joined.row
    appointment = "AptNum" if row.number("AptNum") else "PlannedAptNum"
    yield LabOrder(
        id=context.id("labcase", row.key),
        patient=context.patient(joined.patient),
        laboratory=context.listed(row, "LaboratoryNum", context.laboratories, ""),
        instructions=row.text("Instructions"),
        ordered_at=row.moment("DateTimeCreated"),
        sent_at=row.moment("DateTimeSent"),
        due_at=row.moment("DateTimeDue"),
        received_at=row.moment("DateTimeRecd"),
        checked_at=row.moment("DateTimeChecked"),
        practitioner=context.practitioner(row, "ProvNum", expected=True),
        appointment=context.reference(row, appointment, "appointment", joined.patient),
        cost_cents=row.cents("LabFee") or None,
        invoice=row.text("InvoiceNum"),
    )
