"""Objects of a submission as elements: slots, classifications, identifiers, as they are written (ebRIM 3.0)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.xdm.codes import RIM
from formats.xml import Element

ORDER = ("Slot", "Name", "Description", "VersionInfo", "Classification", "ExternalIdentifier")
"""Children of a registry object, in the order of the schema (rim.xsd, RegistryObjectType)."""


def rim(name: str) -> str:
    """Return a name of ebRIM with its namespace."""
    return f"{{{RIM}}}{name}"


def rim_local(node: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(node.tag).rsplit("}", 1)[-1]


def slot_values(node: Element, name: str) -> list[str] | None:
    """Return the values of the slot ``name``; ``None`` where there is none, or more than one slot of the name."""
    found = [one for one in node.iterchildren(rim("Slot")) if one.get("name") == name]
    if len(found) != 1:
        return None
    return [(value.text or "").strip() for value in found[0].iter(rim("Value"))]


def single_value(node: Element, name: str) -> str:
    """Return the one value of a slot; empty where there is none, or several."""
    values = slot_values(node, name)
    return values[0] if values is not None and len(values) == 1 else ""


def has_slot(node: Element, name: str) -> bool:
    """Tell whether there is any slot ``name``."""
    return any(one.get("name") == name for one in node.iterchildren(rim("Slot")))


def classifications(node: Element, scheme: str) -> list[Element]:
    """Return the classifications of an object under ``scheme``."""
    return [
        one for one in node.iterchildren(rim("Classification")) if one.get("classificationScheme") == scheme
    ]


def external(node: Element, scheme: str) -> str:
    """Return the one external identifier under ``scheme``; empty where there is none, or several."""
    found = [
        one
        for one in node.iterchildren(rim("ExternalIdentifier"))
        if one.get("identificationScheme") == scheme
    ]
    return found[0].get("value", "").strip() if len(found) == 1 else ""


def label_of(node: Element) -> str:
    """Return the label of a classification, or the name of an object."""
    found = node.find(f"{rim('Name')}/{rim('LocalizedString')}")
    return found.get("value", "").strip() if found is not None else ""


def coding_is_whole(node: Element) -> bool:
    """Tell whether a classification has a code, its scheme and a label."""
    return bool(
        node.get("nodeRepresentation", "").strip() and single_value(node, "codingScheme") and label_of(node)
    )


def keeps_order(node: Element) -> bool:
    """Tell whether the children of an object keep the order of the schema."""
    places = [ORDER.index(rim_local(one)) for one in node if rim_local(one) in ORDER]
    return places == sorted(places)


def objects_within(listed: Element) -> Iterator[Element]:
    """Yield the objects of a submission, and the objects within them that have children of their own."""
    for one in listed:
        yield one
        yield from one.iterchildren(rim("Classification"), rim("ExternalIdentifier"))
