"""What was done, is planned or prescribed, and the devices in a patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from formats.cda.codes import (
    NONE_KNOWN,
    NOT_ASKED,
    SURFACE_CODES,
    TOOTH_SYSTEM,
    UDI_ISSUERS,
    SectionCode,
    SectionKind,
)
from formats.cda.elements import (
    absent,
    attribute,
    child,
    elements_at,
    first_interval,
    instance_identifier,
    local_name,
    plain,
    stamp_date,
)
from formats.cda.medication import directions, product
from formats.cda.reading import Reading, Unrecorded
from formats.mapping.udi import is_gs1, udi_fields
from formats.model.care import Act, ActStatus, Prescription
from formats.model.dates import without_time
from formats.model.devices import MedicalDevice
from formats.model.mouth import Surface, is_fdi
from formats.model.record import Record
from formats.xml import Element

_INTENDED = frozenset({"INT", "PRP", "PRMS", "RQO", "ARQ", "APT"})
"""moodCode of what is to be done (HL7 ActMood)."""
_SURFACES = {code: surface for surface, code in SURFACE_CODES.items()}
_TEETH = re.compile(
    r"(?:dents?|tooth|teeth)\s*(?:n[o°]s?\s*)?(\d{2}(?:\s*(?:,|;|/|et|and)?\s*\d{2})*)",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"\d{2}", re.ASCII)
_ENDED = frozenset({"aborted", "cancelled"})


def read_care(statement: Element, section: SectionCode, reading: Reading) -> Iterator[Record | Unrecorded]:
    """Yield the record of an entry about care; nothing where it is of another kind."""
    name = local_name(statement)
    if name == "procedure" and section.kind in {SectionKind.PROCEDURE, SectionKind.PLAN}:
        yield _act(statement, section, reading)
    elif name == "substanceAdministration" and section.kind is SectionKind.PRESCRIPTION:
        yield _prescription(statement, reading)
    elif (
        name == "supply" and section.kind is SectionKind.DEVICE and attribute(statement, "moodCode") == "EVN"
    ):
        yield _device(statement, reading)


def _denied(code: str, statement: Element) -> Unrecorded | None:
    """Return why nothing is recorded of ``statement``, where it says of none."""
    if code in NOT_ASKED:
        return Unrecorded.NOT_ASKED
    none = code in NONE_KNOWN or attribute(statement, "negationInd") == "true"
    return Unrecorded.NO_PLACE if none else None


def _act(procedure: Element, section: SectionCode, reading: Reading) -> Act | Unrecorded:
    coded = reading.coded(child(procedure, "code"))
    reading.read(procedure)
    denied = _denied(coded.code, procedure)
    if denied:
        return denied
    wording = reading.text(child(procedure, "text"))
    where = _elsewhere(procedure, reading)
    status = ActStatus.DONE if where is None else ActStatus.EXISTING_ELSEWHERE
    if section.kind is SectionKind.PLAN or attribute(procedure, "moodCode") in _INTENDED:
        status = ActStatus.PLANNED
    if attribute(child(procedure, "statusCode"), "code") in _ENDED:
        status = ActStatus.CANCELLED
    sites = _sites(procedure, reading)
    lines = (wording if wording != coded.label else "", where or "", *reading.details(procedure))
    return Act(
        **reading.base(),
        status=status,
        performed_on=first_interval(procedure).low or first_interval(procedure).high,
        practitioner=reading.who(procedure),
        code_system=coded.system,
        code=coded.code,
        label=coded.label or wording,
        teeth=tuple(sites.teeth),
        surfaces=tuple(sites.surfaces),
        area=", ".join(sites.areas),
        note="\n".join(filter(None, lines)),
    )


@dataclass(slots=True)
class _Sites:
    """Where an act was done: teeth (FDI), surfaces of them, and other places as the document words them."""

    teeth: list[str] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)


def _sites(procedure: Element, reading: Reading) -> _Sites:
    found = _Sites()
    for one in elements_at(procedure, "targetSiteCode"):
        coded, wording = reading.coded(one), reading.text(child(one, "originalText"))
        numbers = next(filter(None, map(_teeth_in, (wording, coded.label))), ())
        if coded.oid == TOOTH_SYSTEM and is_fdi(coded.code):
            numbers = (coded.code,)
        if surface := _SURFACES.get((coded.system, coded.code)):
            found.surfaces.append(surface)
        elif not numbers and coded:
            found.areas.append(coded.label or coded.code)
        found.teeth += [each for each in numbers if each not in found.teeth]
    return found


def _teeth_in(text: str) -> tuple[str, ...]:
    """Return the teeth of a text that says nothing else (“dents 16 et 17”); a number alone may be anything."""
    found = _TEETH.fullmatch(text.strip())
    numbers = tuple(_NUMBER.findall(found[1])) if found else ()
    return numbers if all(map(is_fdi, numbers)) else ()


def _numbers(role: Element | None) -> tuple[dict[str, str], list[str]]:
    """Return what traces a device, and its other numbers, a line each: by issuer or form alone an id is its UDI."""
    udi, others = "", []
    for one in elements_at(role, "id"):
        root, extension = attribute(one, "root"), attribute(one, "extension")
        if absent(one) or not root:
            continue
        if not udi and extension and (root in UDI_ISSUERS or is_gs1(extension)):
            udi = extension
        else:
            others.append(instance_identifier(one))
    return ({"udi": udi, **udi_fields(udi)} if udi else {}), others


def _elsewhere(procedure: Element, reading: Reading) -> str | None:
    """Return the organisation that did it by its name, if it has one, where it is not the one that keeps the document.

    ``None`` where it is that one, or nothing is said.
    """
    custodian = child(reading.document.root, "custodian/assignedCustodian/representedCustodianOrganization")
    own = {plain(child(custodian, "name")), *map(instance_identifier, elements_at(custodian, "id"))} - {""}
    for place in ("performer/assignedEntity", "author/assignedAuthor"):
        organisation = child(procedure, f"{place}/representedOrganization")
        names = {
            plain(child(organisation, "name")),
            *map(instance_identifier, elements_at(organisation, "id")),
        } - {""}
        if names:
            return None if names & own else plain(child(organisation, "name")) or min(names)
        if attribute(child(organisation, "id"), "nullFlavor") == "OTH":
            return ""
    return None


def _prescription(administration: Element, reading: Reading) -> Prescription | Unrecorded:
    coded = product(administration, reading)
    reading.read(administration)
    denied = _denied(coded.code, administration)
    if denied:
        return denied
    wording = reading.text(child(administration, "text"))
    when = first_interval(administration)
    supply = child(administration, "entryRelationship/supply")
    quantity = child(supply, "quantity")
    if supply is not None:
        reading.read(supply)
    amount = " ".join(filter(None, (attribute(quantity), attribute(quantity, "unit"))))
    period = [f"{when.low.isoformat()} – {when.high.isoformat()}"] if when.low and when.high else []
    return Prescription(
        **reading.base(),
        prescribed_on=without_time(reading.made_at) if reading.made_at else when.low,
        practitioner=reading.who(administration),
        product=coded.label or wording or coded.code,
        code_system=coded.system,
        code=coded.code,
        directions="\n".join((*period, *directions(administration, reading))),
        quantity=amount,
        refills=attribute(child(administration, "repeatNumber")),
        note=wording if wording not in {"", coded.label} else "",
    )


def _device(supply: Element, reading: Reading) -> MedicalDevice | Unrecorded:
    role = child(supply, "participant/participantRole")
    entity = child(role, "playingDevice")
    coded = reading.coded(child(entity, "code"))
    reading.read(supply)
    denied = _denied(coded.code, supply)
    if denied:
        return denied
    when = first_interval(supply)
    traced, others = _numbers(role)
    wording = reading.text(child(supply, "text"))
    lines = (wording if wording != coded.label else "", *others, *reading.details(supply))
    return MedicalDevice(
        **reading.base(),
        code_system=coded.system,
        code=coded.code,
        label=coded.label or wording,
        manufacturer=plain(child(role, "scopingEntity/desc")),
        model=plain(child(entity, "manufacturerModelName")),
        lot=traced.get("lot", ""),
        serial=traced.get("serial", ""),
        udi=traced.get("udi", ""),
        udi_di=traced.get("udi_di", ""),
        implanted_on=when.low,
        removed_on=when.high,
        expires_on=stamp_date(attribute(child(supply, "expectedUseTime/high"))),
        practitioner=reading.who(supply),
        note="\n".join(filter(None, lines)),
    )
