"""A resource of another program, made readable by the descriptions of ours: references, names, files within it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from formats.fhir.codes import CONTACT_SYSTEMS, IDENTIFIER_TYPES
from formats.fhir.elements import Element
from formats.fhir.vocabulary import coding_of
from formats.fhir_exports.beside import FilesBeside
from formats.fhir_exports.files import FoundFiles, ReadableFile, find_files
from formats.fhir_exports.index import ExportIndex, Key
from formats.fhir_exports.issuers import objects
from formats.model.identity import INS_OIDS, IdentifierType

CONTACTS = frozenset(CONTACT_SYSTEMS.values())
"""What a contact may be."""
_CONTAINED = frozenset({"Practitioner"})
"""Resources that become records of their own where another one contains them."""


@dataclass(slots=True)
class ReadableResource:
    """A copy of a resource that names others by type and id alone.

    ``contained`` are resources within it that are read as its own; ``outside`` counts references that lead out of the
    export, ``files`` are those that it holds. ``wrong_dates`` are elements that were taken out, for they hold none.
    """

    node: Element
    contained: list[tuple[Key, Element]] = field(default_factory=list)
    files: FoundFiles = field(default_factory=FoundFiles)
    outside: int = 0
    wrong_dates: dict[str, Any] = field(default_factory=dict)


def readable(
    node: Element,
    key: Key,
    index: ExportIndex,
    binaries: Mapping[Key, ReadableFile | None],
    beside: FilesBeside | None = None,
    place: str = "",
) -> ReadableResource:
    """Return ``node`` as the descriptions of our own resources read it; ``binaries`` are files that came before it.

    ``beside`` are files beside the one at ``place``, in which it lies.
    """
    made = ReadableResource(node=deepcopy(node))
    find = partial(beside.find, place) if beside else None
    made.files = find_files(made.node, index, binaries, find, proven=beside is not None and not beside.named)
    made.node["id"] = key.partition("/")[2]
    within = {str(one.get("id")): one for one in objects(node.get("contained"))}
    known = {name: _contained_key(key, one) for name, one in within.items()}
    made.contained = [(found, within[name]) for name, found in known.items() if found]
    for one in _references(made.node):
        text = one["reference"]
        found = known.get(text[1:], "") if text.startswith("#") else index.resolve(text)
        if found.startswith("PractitionerRole/"):
            found = index.resolve(index.practitioners.get(found, "")) or found
        if found:
            one["reference"] = found
        elif not text.startswith("#"):
            made.outside += 1
    _name(made.node)
    _identifiers(made.node)
    _telecom(made.node)
    return made


def _contained_key(key: Key, node: Element) -> Key:
    kind = node.get("resourceType")
    return f"{kind}/{key.partition('/')[2]}.{node.get('id')}"[:96] if kind in _CONTAINED else ""


def _references(node: Element) -> Iterator[Element]:
    """Yield every Reference in ``node``, level by level."""
    level: list[Any] = [node]
    while level:
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict) and isinstance(one.get("reference"), str):
                yield one
            inner += one.values() if isinstance(one, dict) else one
        level = [one for one in inner if isinstance(one, dict | list)]


def _name(node: Element) -> None:
    """Give the first name of a person the use that it has where no use is said, and a family name."""
    names = objects(node.get("name"))
    if not names or node["resourceType"] not in {"Patient", "Practitioner", "RelatedPerson"}:
        return
    if node["resourceType"] == "Patient" and not any(one.get("use") == "official" for one in names):
        first = next((one for one in names if "use" not in one), None)
        if first is not None:
            first["use"] = "official"
    if not names[0].get("family") and isinstance(names[0].get("text"), str):
        names[0]["family"] = names[0]["text"]


def _identifiers(node: Element) -> None:
    """Give a patient's number without a type that of its issuer: an INS, or else a number of a practice."""
    for one in objects(node.get("identifier")) if node["resourceType"] == "Patient" else ():
        if "type" not in one:
            system = str(one.get("system", "")).removeprefix("urn:oid:")
            kind = IdentifierType.INS if system in INS_OIDS else IdentifierType.LOCAL
            one["type"] = {"coding": [coding_of(coding) for coding in IDENTIFIER_TYPES[kind]]}


def _telecom(node: Element) -> None:
    """Leave out contacts of which nothing says what they are; the row has them."""
    contacts = node.get("telecom")
    if isinstance(contacts, list):
        known = [one for one in contacts if not isinstance(one, dict) or one.get("system") in CONTACTS]
        node["telecom"] = known
