"""What every resource of an export is called, whose it is, and which record it becomes: known before any is read.

The ids of another program are its own: a record gets an identity from its practice, the type and the id. A resource of
ours, which says its kind in a tag, keeps the identity it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from formats.cda.document import practice_identity
from formats.digests import SHA256
from formats.errors import LimitExceeded
from formats.fhir import extensions
from formats.fhir.elements import Element
from formats.fhir.kinds import kind_of
from formats.fhir.layout import as_json
from formats.fhir_exports.places import PlacedResource
from formats.model.people import Practice
from formats.model.record import record_id
from formats.words import mark

MAX_RESOURCES = 5_000_000
"""Resources of one place, of which the identities are kept in memory: some 300 bytes each."""
OWNERS = ("subject", "patient", "beneficiary", "individual", "for")
"""Elements that say whose a resource is."""
_PATIENT = extensions.url("patient")
"""Where a payment says whose it is, for which FHIR has no element."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LITERAL = re.compile(
    r"(?:.*/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})(?:/_history/.*)?", re.DOTALL
)

Key = str
"""Type and id of a resource, ``Patient/12``."""


@dataclass(slots=True)
class ExportIndex:
    """All resources of one export, by their keys; ``default`` keeps the dossiers that name no organisation."""

    default: Practice
    owners: dict[Key, str] = field(default_factory=dict)
    addresses: dict[str, Key] = field(default_factory=dict)
    own: set[Key] = field(default_factory=set)
    organizations: dict[Key, str] = field(default_factory=dict)
    practices: dict[Key, str] = field(default_factory=dict)
    practitioners: dict[Key, str] = field(default_factory=dict)

    def note(self, found: PlacedResource) -> Key:
        """Know a resource, and return its key.

        Raises:
            LimitExceeded: when it is one too many.
        """
        if len(self.owners) >= MAX_RESOURCES:
            name = mark("the number of resources")
            raise LimitExceeded(where=found.place, name=name, found=MAX_RESOURCES + 1, limit=MAX_RESOURCES)
        node, key = found.node, key_of(found)
        self.owners.setdefault(key, owner_text(node))
        if found.address:
            self.addresses[found.address] = key
        if kind_of(node):
            self.own.add(key)
        if node["resourceType"] == "Organization":
            self.organizations[key] = _organization_identity(node, key)
        elif node["resourceType"] == "Patient":
            self.practices[key] = reference_text(node.get("managingOrganization"))
        elif node["resourceType"] == "PractitionerRole":
            self.practitioners[key] = reference_text(node.get("practitioner"))
        return key

    def resolve(self, reference: str) -> Key:
        """Return the key of what ``reference`` names in this export; nothing for anything else."""
        if reference in self.addresses:
            return self.addresses[reference]
        literal = _LITERAL.fullmatch(reference)
        key = f"{literal['type']}/{literal['id']}" if literal else ""
        return key if key in self.owners else ""

    def owner(self, key: Key) -> Key:
        """Return the patient whose a resource is; nothing for one of nobody."""
        if key.startswith("Patient/"):
            return key
        found = self.resolve(self.owners.get(key, ""))
        return found if found.startswith("Patient/") else ""

    def organization(self, patient: Key) -> Key:
        """Return the organisation that keeps the dossier of ``patient``; nothing where none is named."""
        found = self.resolve(self.practices.get(patient, ""))
        return found if found.startswith("Organization/") else ""

    def managing_organizations(self) -> set[Key]:
        """Return the organisations that keep dossiers of this export."""
        return {found for one in self.practices if (found := self.organization(one))}

    def identity(self, key: Key) -> str:
        """Return the identity of the record that a resource becomes."""
        name, _, number = key.partition("/")
        if key in self.own:
            return number
        if name == "Organization":
            return self.organizations[key]
        organization = self.organization(self.owner(key)) if name != "Practitioner" else ""
        practice = self.identity(organization) if organization else self.default.id
        return record_id(practice, f"fhir-{name}", number)


def key_of(found: PlacedResource) -> Key:
    """Return type and id of a resource; one without an id is called by its address, or else by what it says."""
    node = found.node
    number: Any = node.get("id")
    if not isinstance(number, str) or not _ID.fullmatch(number):
        number = found.address.rpartition(":")[2]
    if not _ID.fullmatch(number):
        number = SHA256.hash_value(as_json(node).encode("utf-8", "surrogatepass")).hex()[:32]
    return f"{node['resourceType'][:64]}/{number}"


def owner_text(node: Element) -> str:
    """Return the reference by which a resource says whose it is."""
    for name in OWNERS:
        found = reference_text(node.get(name))
        if found:
            return found
    extension = next((one for one in _objects(node.get("extension")) if one.get("url") == _PATIENT), {})
    if found := reference_text(extension.get("valueReference")):
        return found
    actors = (reference_text(one.get("actor")) for one in _objects(node.get("participant")))
    entities = (reference_text(one.get("what")) for one in _objects(node.get("entity")))
    return next((one for one in (*actors, *entities) if "Patient/" in one), "")


def _objects(value: Any) -> list[Element]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def reference_text(value: Any) -> str:
    """Return the text of a Reference."""
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _texts(node: Element, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the texts of each identifier that has all of ``names``."""
    for one in _objects(node.get("identifier")):
        found = tuple(one.get(name) for name in names)
        if all(isinstance(text, str) and text for text in found):
            yield tuple(map(str, found))


def _organization_identity(node: Element, key: Key) -> str:
    system, value = next(_texts(node, "system", "value"), ("", ""))
    name = node.get("name")
    return practice_identity(system, value, name if isinstance(name, str) and name else key)


def default_practice(patient: Element | None, name: str) -> Practice:
    """Return the practice of an export whose patients name none: who issued the number of one, or the place."""
    for one in _objects((patient or {}).get("identifier")):
        assigner = one.get("assigner")
        display = assigner.get("display") if isinstance(assigner, dict) else None
        if isinstance(display, str) and display:
            return Practice(id=practice_identity("", "", display), name=display)
    system = next(_texts(patient or {}, "system"), ("",))[0] or name
    return Practice(id=practice_identity("", "", system), name=system)
