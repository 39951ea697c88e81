"""What every resource of an export is called, whose it is, and which record it becomes: known before any is read.

The ids of another program are its own: a record gets an identity from its practice, the type and the id. A resource of
ours, which says its kind in a tag, keeps the identity it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from formats.digests import SHA256
from formats.errors import FormatFailure, LimitExceeded
from formats.fhir import extensions
from formats.fhir.elements import Element
from formats.fhir.kinds import kind_of
from formats.fhir.layout import as_json
from formats.fhir_exports.issuers import element_text, objects, practice_of
from formats.fhir_exports.moments import ExportMoments
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
FILES = {"DocumentReference": ("content", "attachment"), "Media": ("content", "")}
"""Where resources name their files: the element that holds each, and in it the Attachment."""
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LITERAL = re.compile(
    r"(?:.*/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})(?:/_history/.*)?", re.DOTALL
)

Key = str
"""Type and id of a resource, ``Patient/12``."""


@dataclass(slots=True)
class ExportIndex:
    """All resources of one export, by their keys; ``default`` keeps the dossiers that name no organisation.

    ``repeated`` are the keys that come more than once, ``addressed`` the addresses at which files are said to lie.
    """

    default: Practice
    count: int = 0
    owners: dict[Key, str] = field(default_factory=dict)
    addresses: dict[str, Key] = field(default_factory=dict)
    own: set[Key] = field(default_factory=set)
    organizations: dict[Key, str] = field(default_factory=dict)
    practices: dict[Key, str] = field(default_factory=dict)
    practitioners: dict[Key, str] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)
    repeated: set[Key] = field(default_factory=set)
    addressed: set[str] = field(default_factory=set)
    moments: ExportMoments = field(default_factory=ExportMoments)

    def note(self, found: PlacedResource) -> Key:
        """Know a resource, and return its key.

        Raises:
            LimitExceeded: when it is one too many.
        """
        self.count += 1
        if self.count > MAX_RESOURCES:
            name = mark("the number of resources")
            raise LimitExceeded(where=found.place, name=name, found=MAX_RESOURCES + 1, limit=MAX_RESOURCES)
        node, key = found.node, key_of(found)
        if key in self.owners:
            self.repeated.add(key)
        owner = self.owners.setdefault(key, owner_text(node))
        self.moments.note(key, owner, node, found.bundled)
        self.addressed.update(_file_addresses(node))
        if found.address:
            self.addresses[found.address] = key
        if _is_own(node):
            self.own.add(key)
        if node["resourceType"] == "Organization":
            practice = practice_of(node, key)
            self.organizations[key], self.names[key] = practice.id, practice.name
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

    def described_organization(self, reference: str) -> tuple[Key, Practice] | None:
        """Return the key of the organisation that ``reference`` names in this export, and what it is called."""
        key = self.resolve(reference)
        if key not in self.organizations:
            return None
        return key, Practice(id=self.organizations[key], name=self.names[key])

    def patient_named(self, reference: str) -> Key:
        """Return the patient whom a reference names, or whose the resource is that it names."""
        key = self.resolve(reference)
        return self.owner(key) if key else ""

    def files(self) -> set[Key]:
        """Return the resources that are files of others (Binary)."""
        found = {self.resolve(one) for one in self.addressed}
        return {one for one in found if one.startswith("Binary/")}

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


def _is_own(node: Element) -> bool:
    """Tell whether a resource is one of ours, which says its kind."""
    try:
        return bool(kind_of(node))
    except FormatFailure:
        return False


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
    extension = next((one for one in objects(node.get("extension")) if one.get("url") == _PATIENT), {})
    if found := reference_text(extension.get("valueReference")):
        return found
    actors = (reference_text(one.get("actor")) for one in objects(node.get("participant")))
    entities = (reference_text(one.get("what")) for one in objects(node.get("entity")))
    return next((one for one in (*actors, *entities) if "Patient/" in one), "")


def reference_text(value: Any) -> str:
    """Return the text of a Reference."""
    found = value.get("reference") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _file_addresses(node: Element) -> Iterator[str]:
    """Yield the addresses at which a document or picture of somebody says that its files lie."""
    member, inner = FILES.get(node["resourceType"], ("", ""))
    for one in holders(node.get(member)):
        attachment = one.get(inner) if inner else one
        if isinstance(attachment, dict) and (address := element_text(attachment, "url")):
            yield address


def holders(value: Any) -> list[Element]:
    """Return the objects that hold the files of a resource: a list of them, or one."""
    return [value] if isinstance(value, dict) else objects(value)
