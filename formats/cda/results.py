"""Results of examinations and vital signs: observations, alone or in organizers within organizers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from formats.cda.codes import BIOLOGY_REPORT, COMMENT, SectionCode, SectionKind
from formats.cda.elements import (
    attribute,
    child,
    first_interval,
    local_name,
    plain,
    value_type,
)
from formats.cda.reading import COLON, Reading
from formats.model.observations import (
    Comparator,
    Interpretation,
    Observation,
    ObservationCategory,
    ObservationStatus,
    ObservedValue,
)
from formats.xml import Element

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_STATUSES = {
    "completed": ObservationStatus.FINAL,
    "active": ObservationStatus.PRELIMINARY,
    "aborted": ObservationStatus.CANCELLED,
    "cancelled": ObservationStatus.CANCELLED,
}
_QUANTITIES = frozenset({"PQ", "INT", "REAL"})
_SPECIMEN = (
    "specimen/specimenRole/specimenPlayingEntity/code",
    "participant/participantRole/playingEntity/code",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Around:
    """What the statements around an observation say of it."""

    panel: str = ""
    laboratory: str = ""
    specimen: str = ""


def read_results(statement: Element, section: SectionCode, reading: Reading) -> Iterator[Observation]:
    """Yield the observations in ``statement``, the entry of a section of results."""
    yield from _within(statement, _category(section, reading), _Around(), reading)


def _category(section: SectionCode, reading: Reading) -> ObservationCategory:
    if section.kind is SectionKind.VITAL_SIGN:
        return ObservationCategory.VITAL_SIGNS
    biology = reading.document.type.code == BIOLOGY_REPORT
    return ObservationCategory.LABORATORY if biology else ObservationCategory.EXAM


def _within(
    one: Element, category: ObservationCategory, around: _Around, reading: Reading
) -> Iterator[Observation]:
    name = local_name(one)
    inside = _context(one, around, reading)
    below = list(reading.below(one))
    if name == "observation":
        yield _observation(one, category, around, reading)
    elif not any(local_name(each) in {"observation", "organizer", "act"} for each in below):
        return
    else:
        reading.read(one)
    for each in below:
        if local_name(each) == "procedure":
            inside = replace(inside, specimen=_specimen(each, reading) or inside.specimen)
            reading.read(each)
        elif attribute(child(each, "code"), "code") != COMMENT:
            yield from _within(each, category, inside, reading)


def _context(one: Element, around: _Around, reading: Reading) -> _Around:
    coded = reading.coded(child(one, "code"))
    organisation = plain(child(one, "performer/assignedEntity/representedOrganization/name"))
    return _Around(
        panel=coded.label or coded.code or around.panel,
        laboratory=organisation or around.laboratory,
        specimen=_specimen(one, reading) or around.specimen,
    )


def _specimen(one: Element, reading: Reading) -> str:
    found = (reading.coded(child(one, place)) for place in _SPECIMEN)
    return next((coded.label or coded.code for coded in found if coded), "")


def _observation(
    one: Element, category: ObservationCategory, around: _Around, reading: Reading
) -> Observation:
    reading.read(one)
    coded, here = reading.coded(child(one, "code")), _context(one, around, reading)
    value = child(one, "value")
    wording = reading.text(child(one, "text"))
    sites = (reading.coded(child(one, name)) for name in ("targetSiteCode", "methodCode"))
    shown = {coded.label, reading.value_text(value)}
    comments = [
        reading.text(child(reading.read(each), "text"))
        for each in reading.below(one)
        if attribute(child(each, "code"), "code") == COMMENT
    ]
    lines = [wording if wording not in shown else "", *(site.label for site in sites), *comments]
    return Observation(
        **reading.base(),
        category=category,
        status=_STATUSES.get(attribute(child(one, "statusCode"), "code"), ObservationStatus.UNKNOWN),
        code_system=coded.system,
        code=coded.code,
        label=coded.label or wording,
        panel=around.panel,
        observed_on=first_interval(one).low or first_interval(one).high,
        issued_at=reading.written_at(one),
        practitioner=reading.who(one),
        laboratory=here.laboratory,
        specimen=here.specimen,
        result=_result(one, value, reading),
        note="\n".join(filter(None, lines)),
    )


def _result(one: Element, value: Element | None, reading: Reading) -> ObservedValue:
    denied = attribute(one, "negationInd") == "true"
    ranged = _range(child(one, "referenceRange/observationRange"), reading)
    found = _value(value, reading)
    if denied:  # the model holds what was found, not that something was not: as the document words it
        found = {"text": COLON.join(("negationInd", reading.value_text(value) or "true"))}
    unit = found.get("unit", "")
    if ranged.get("unit", unit) != unit:
        ranged = {"range_text": ranged["range_text"]}
    ranged.pop("unit", None)
    return ObservedValue(**found, **ranged, interpretation=_interpretation(one))


def _value(value: Element | None, reading: Reading) -> dict[str, Any]:
    if value is None:
        return {}
    kind = value_type(value)
    if kind in _QUANTITIES and _NUMBER.fullmatch(attribute(value)):
        return {"value": Decimal(attribute(value)), **_unit(value)}
    if kind == "IVL_PQ":
        return _open_interval(value)
    return {"text": reading.value_text(value)}


def _unit(node: Element) -> dict[str, str]:
    unit = attribute(node, "unit")
    return {"unit": unit, "unit_code": unit} if unit and unit != "1" else {}


def _open_interval(value: Element) -> dict[str, Any]:
    """Return an interval with one end as a number with a comparator, one with two as text."""
    ends = {name: child(value, name) for name in ("low", "high")}
    known = {
        name: node for name, node in ends.items() if node is not None and _NUMBER.fullmatch(attribute(node))
    }
    if len(known) != 1:
        texts = (f"{attribute(node)} {attribute(node, 'unit')}".strip() for node in known.values())
        return {"text": " – ".join(texts)}
    ((name, node),) = known.items()
    closed = node.get("inclusive") != "false"
    comparators = {
        ("low", True): Comparator.AT_LEAST,
        ("low", False): Comparator.MORE,
        ("high", True): Comparator.AT_MOST,
        ("high", False): Comparator.LESS,
    }
    return {"value": Decimal(attribute(node)), "comparator": comparators[name, closed], **_unit(node)}


def _range(node: Element | None, reading: Reading) -> dict[str, Any]:
    """Return the reference range: its numbers and their ``unit``, and as it is written."""
    if node is None:
        return {}
    value = child(node, "value")
    ends = {name: child(value, name) for name in ("low", "high")}
    texts = (f"{attribute(one)} {attribute(one, 'unit')}".strip() for one in ends.values() if one is not None)
    found: dict[str, Any] = {
        "range_text": reading.text(child(node, "text")) or " – ".join(filter(None, texts))
    }
    for name, one in ends.items():
        if one is not None and _NUMBER.fullmatch(attribute(one)):
            found[name] = Decimal(attribute(one))
            found.setdefault("unit", attribute(one, "unit"))
    return found


def _interpretation(one: Element) -> Interpretation | None:
    code = attribute(child(one, "interpretationCode"), "code")
    return Interpretation(code) if code in set(Interpretation) else None
