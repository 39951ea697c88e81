"""What is taken or prescribed: the product, and how it is to be taken, in the words of the document."""

from __future__ import annotations

from dataclasses import replace

from formats.cda.elements import Coded, attribute, child, elements_at, local_name, plain, value_type
from formats.cda.reading import Reading
from formats.xml import Element


def product(administration: Element, reading: Reading) -> Coded:
    """Return the product of a ``substanceAdministration``, by its own code, else by a translation of it."""
    material = child(administration, "consumable/manufacturedProduct/manufacturedMaterial")
    coded = reading.coded(child(material, "code"))
    return replace(coded, label=coded.label or plain(child(material, "name")))


def directions(administration: Element, reading: Reading) -> tuple[str, ...]:
    """Return how a product is to be taken, a line each: dose and frequency, route, site, what is said besides."""
    lines = [_dosage(administration), _label(administration, "routeCode", reading)]
    lines += [_label(administration, "approachSiteCode", reading)]
    for one in reading.below(administration):
        if local_name(one) == "substanceAdministration":
            reading.read(one)
            wording = reading.text(child(one, "text")) or _dosage(one)
            lines += [wording, *reading.details(one)]
    return tuple(line for line in (*lines, *reading.details(administration)) if line)


def _label(node: Element, name: str, reading: Reading) -> str:
    coded = reading.coded(child(node, name))
    return coded.label or coded.code


def _dosage(administration: Element) -> str:
    dose = _range(child(administration, "doseQuantity")) or _range(child(administration, "rateQuantity"))
    periods = (
        _quantity(child(one, "period"))
        for one in elements_at(administration, "effectiveTime")
        if value_type(one) in {"PIVL_TS", "EIVL_TS"}
    )
    return " / ".join(filter(None, (dose, next(filter(None, periods), ""))))


def _range(node: Element | None) -> str:
    low, high = _quantity(child(node, "low")), _quantity(child(node, "high"))
    if low and high and low != high:
        return f"{low} – {high}"
    return low or high or _quantity(node)


def _quantity(node: Element | None) -> str:
    return " ".join(filter(None, (attribute(node), attribute(node, "unit")))) if attribute(node) else ""
