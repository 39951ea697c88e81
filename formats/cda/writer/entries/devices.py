"""Devices in a patient as supplies: what the implant card states, with the UDI where CDA has a place for it."""

from __future__ import annotations

from collections.abc import Iterator

from formats.cda.writer.entries.entry import CCD, FR, EntryContext, comment_cell, comments
from formats.cda.writer.values import (
    Cell,
    RecordCode,
    date_stamp,
    id_element,
    null_element,
    shown_date,
    templates,
    text_reference,
    time_element,
    time_interval,
)
from formats.model.devices import MedicalDevice
from formats.xml_markup import NOTHING, Markup, element, text_element

UDI_OID = "2.16.840.1.113883.3.3719"
"""Unique device identifications in readable form (HL7 C-CDA, *UDI*)."""
HEADS = ("Posé le", "Retiré le", "Dispositif", "Code", "Fabricant et modèle", "IUD", "Précisions")
_WORDS = (
    ("REF", "part_number"),
    ("Lot", "lot"),
    ("N° de série", "serial"),
    ("IUD-ID", "udi_di"),
)


def device_row(one: MedicalDevice, place: str) -> tuple[Cell, ...]:
    """Return what a person reads of a device, under ``HEADS``."""
    return (
        Cell.of(shown_date(one.implanted_on)),
        Cell.of(shown_date(one.removed_on)),
        Cell.of(one.label, place),
        Cell.of(one.code),
        Cell.of(" ".join(filter(None, (one.manufacturer, one.model)))),
        Cell.of(one.udi),
        comment_cell(device_words(one), place),
    )


def device_words(one: MedicalDevice) -> str:
    """Return what CDA has no element for, a line each: REF, lot, serial number, manufacture, teeth, and the note."""
    return "\n".join((*_words(one), one.note))


def _words(one: MedicalDevice) -> Iterator[str]:
    for word, name in _WORDS:
        value = getattr(one, name).strip()
        if value:
            yield f"{word}\N{NO-BREAK SPACE}: {value}"
    if one.manufactured_on:
        yield f"Fabriqué le {shown_date(one.manufactured_on)}"
    if one.teeth:
        yield f"Dents\N{NO-BREAK SPACE}: {', '.join(one.teeth)}"


def device_entry(one: MedicalDevice, place: str, context: EntryContext) -> Markup:
    """Return a device as a supply."""
    expires = time_element("high", date_stamp(one.expires_on) if one.expires_on else "")
    return element(
        "supply",
        templates(f"{CCD}.34", f"{FR}.3.20"),
        id_element(one.id.upper()),
        text_reference(place),
        time_interval(one.implanted_on, one.removed_on, xsi_type="IVL_TS"),
        element("expectedUseTime", expires) if one.expires_on else NOTHING,
        context.performer(one.practitioner),
        element("participant", _device(one, place), typeCode="DEV"),
        comments(device_words(one), place),
        classCode="SPLY",
        moodCode="EVN",
    )


def _device(one: MedicalDevice, place: str) -> Markup:
    fact = RecordCode(system=one.code_system, code=one.code, label=one.label, place=place)
    udi = " ".join(one.udi.split())
    maker = (
        element("scopingEntity", text_element("desc", one.manufacturer))
        if one.manufacturer.strip()
        else NOTHING
    )
    return element(
        "participantRole",
        id_element(UDI_OID, udi) if udi else null_element("id"),
        element(
            "playingDevice",
            fact.element("code"),
            text_element("manufacturerModelName", one.model),
            classCode="DEV",
            determinerCode="INSTANCE",
        ),
        maker,
        classCode="MANU",
    )
