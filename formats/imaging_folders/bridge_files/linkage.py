"""``linkage.xml`` of EzDent-i (Vatech): LinkageParameter/Patient with ChartNumber, LastName, FirstName, Birthday."""

from __future__ import annotations

from collections.abc import Iterator

from formats.errors import FormatFailure, LimitExceeded
from formats.findings import Finding
from formats.imaging_folders.bridge_files.key_values import verbatim_columns
from formats.imaging_folders.bridge_files.statement import (
    MAX_FILE_BYTES,
    BridgeUnreadable,
    NamedPatient,
    patient_named,
)
from formats.model.identity import Sex
from formats.words import mark
from formats.xml import Element, parse

ROOT, PATIENT = "linkageparameter", "patient"
SEXES = {"male": Sex.MALE, "m": Sex.MALE, "female": Sex.FEMALE, "f": Sex.FEMALE}


def read_linkage(data: bytes, place: str) -> Iterator[NamedPatient | Finding]:
    """Yield each patient, and what was noticed; what is an attribute in one writer's file may be an element.

    Raises:
        BridgeUnreadable: when it is no such XML, or names nobody.
    """
    try:
        root = parse(data, what=place, limit=MAX_FILE_BYTES, bare=True)
    except LimitExceeded:
        raise
    except FormatFailure as fault:
        raise BridgeUnreadable(where=place, reason=mark("it is no XML")) from fault
    patients = [one for one in root if _name(one) == PATIENT]
    if _name(root) != ROOT or not patients:
        raise BridgeUnreadable(where=place, reason=mark("it names no patient"))
    for one in patients:
        yield from _named(one, place)


def _named(element: Element, place: str) -> Iterator[NamedPatient | Finding]:
    lines = [("", str(key), str(value)) for key, value in element.attrib.items()]
    lines += [("", str(inner.tag), "".join(map(str, inner.itertext())).strip()) for inner in element]
    cells = {key.rpartition("}")[2].casefold(): value for _, key, value in reversed(lines)}
    yield from patient_named(
        place,
        verbatim_columns(lines),
        number=cells.get("chartnumber", ""),
        family=cells.get("lastname", ""),
        given=cells.get("firstname", ""),
        born=cells.get("birthday", ""),
        sex=SEXES.get(cells.get("gender", "").casefold(), Sex.UNKNOWN),
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].casefold()
