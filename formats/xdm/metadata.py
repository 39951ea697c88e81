"""Metadata of a medium (ebRIM 3.0): submission set, document entries and associations, as written by anybody.

What is bound to an object is what stands in it: real files name another object, or none, in ``registryObject`` and
``classifiedObject``, and write children in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formats import xml
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark
from formats.xdm.codes import (
    DOCUMENT_AUTHOR,
    DOCUMENT_CLASS,
    DOCUMENT_PATIENT,
    DOCUMENT_TYPE,
    DOCUMENT_UNIQUE,
    RIM,
    SUBMISSION_AUTHOR,
    SUBMISSION_PATIENT,
    SUBMISSION_SET,
    SUBMISSION_SOURCE,
    SUBMISSION_UNIQUE,
)
from formats.xml import Element

MAX_METADATA_BYTES = 32 << 20
"""Metadata of a medium; one entry takes 40 KB where it is generous with comments."""
MAX_OBJECTS = 10_000
"""Objects of one submission; a dossier of a lifetime has some hundred documents."""


class NotMetadata(FormatFailure):
    """XML that is no submission of documents."""

    code = "xdm-metadata"
    sentence = mark("The metadata of the medium (METADATA.XML) describe no documents.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who wrote something, as HL7 v2 names a professional (XCN) and an organisation (XON)."""

    person: str = ""
    institution: str = ""
    role: str = ""
    specialty: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistryCode:
    """A classification: its code, the scheme of the code, its label."""

    code: str = ""
    scheme: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistryObject:
    """An object of the submission: an entry, the submission set, a folder, an association; ``text`` is its XML."""

    kind: str
    id: str
    attributes: Mapping[str, str]
    slots: Mapping[str, tuple[str, ...]]
    title: str
    comments: str
    identifiers: Mapping[str, str]
    classes: Mapping[str, tuple[RegistryCode, ...]]
    authors: tuple[Author, ...]
    text: str

    def slot(self, name: str) -> str:
        """Return the first value of a slot; empty where there is none."""
        return next(iter(self.slots.get(name, ())), "")

    def classified(self, scheme: str) -> RegistryCode:
        """Return the first code under ``scheme``."""
        return next(iter(self.classes.get(scheme, ())), RegistryCode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Association:
    """What one object is to another: ``kind`` without the URN before it."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """Everything that one METADATA.XML says; ``objects`` are all, in their order."""

    objects: tuple[RegistryObject, ...]
    entries: tuple[RegistryObject, ...]
    submission_set: RegistryObject | None
    associations: tuple[Association, ...] = field(default=())

    @property
    def author(self) -> Author:
        """Who submits."""
        authors = self.submission_set.authors if self.submission_set else ()
        return next(iter(authors), Author())

    @property
    def source(self) -> str:
        """The OID of who submits."""
        return self.submission_set.identifiers.get(SUBMISSION_SOURCE, "") if self.submission_set else ""


def read_metadata(data: bytes, what: str = "METADATA.XML") -> Submission:
    """Return what the metadata ``data`` say.

    Raises:
        NotMetadata: when they describe nothing.
        FormatFailure: when they are not well-formed, have a DTD, or go past a limit.
    """
    root = xml.parse(data, what=what, limit=MAX_METADATA_BYTES, bare=True)
    listed = (
        root if root.tag == _name("RegistryObjectList") else root.find(f".//{_name('RegistryObjectList')}")
    )
    if listed is None:
        raise NotMetadata(where=what)
    if len(listed) > MAX_OBJECTS:
        name = mark("the number of objects in the metadata")
        raise LimitExceeded(where=what, name=name, found=len(listed), limit=MAX_OBJECTS)
    objects = tuple(_object(one) for one in listed)
    packages = [one for one in objects if one.kind == "RegistryPackage"]
    sets = {one.attributes.get("classifiedObject") for one in objects if _names_a_set(one)}
    marked = [one for one in packages if SUBMISSION_SET in one.classes or one.id in sets]
    return Submission(
        objects=objects,
        entries=tuple(one for one in objects if one.kind == "ExtrinsicObject"),
        submission_set=next(iter((*marked, *packages)), None),
        associations=tuple(_association(one) for one in objects if one.kind == "Association"),
    )


def _names_a_set(one: RegistryObject) -> bool:
    return one.kind == "Classification" and one.attributes.get("classificationNode") == SUBMISSION_SET


def _name(local: str) -> str:
    return f"{{{RIM}}}{local}"


def _local(node: Element) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _object(node: Element) -> RegistryObject:
    classes: dict[str, tuple[RegistryCode, ...]] = {}
    authors: list[Author] = []
    for one in node.iterchildren(_name("Classification")):
        scheme = one.get("classificationScheme", "") or one.get("classificationNode", "")
        if scheme in {DOCUMENT_AUTHOR, SUBMISSION_AUTHOR}:
            authors.append(_author(one))
        else:
            slots = _slots(one)
            found = RegistryCode(
                code=one.get("nodeRepresentation", "").strip(),
                scheme=next(iter(slots.get("codingScheme", ())), ""),
                label=_localized(one, "Name"),
            )
            classes[scheme] = (*classes.get(scheme, ()), found)
    identifiers = {
        one.get("identificationScheme", ""): one.get("value", "").strip()
        for one in node.iterchildren(_name("ExternalIdentifier"))
    }
    return RegistryObject(
        kind=_local(node),
        id=node.get("id", ""),
        attributes={str(name): str(value) for name, value in node.attrib.items()},
        slots=_slots(node),
        title=_localized(node, "Name"),
        comments=_localized(node, "Description"),
        identifiers=identifiers,
        classes=classes,
        authors=tuple(authors),
        text=xml.xml_text(node),
    )


def _slots(node: Element) -> dict[str, tuple[str, ...]]:
    return {
        one.get("name", ""): tuple(
            filter(None, ((value.text or "").strip() for value in one.iter(_name("Value"))))
        )
        for one in node.iterchildren(_name("Slot"))
    }


def _localized(node: Element, name: str) -> str:
    found = node.find(f"{_name(name)}/{_name('LocalizedString')}")
    return found.get("value", "").strip() if found is not None else ""


def _author(node: Element) -> Author:
    slots = _slots(node)
    first = {name: next(iter(values), "") for name, values in slots.items()}
    return Author(
        person=first.get("authorPerson", ""),
        institution=first.get("authorInstitution", ""),
        role=first.get("authorRole", ""),
        specialty=first.get("authorSpecialty", ""),
    )


def _association(one: RegistryObject) -> Association:
    return Association(
        kind=one.attributes.get("associationType", "").rsplit(":", 1)[-1],
        source=one.attributes.get("sourceObject", ""),
        target=one.attributes.get("targetObject", ""),
    )


# -- a document entry ---------------------------------------------------------------------


def unique_id(entry: RegistryObject) -> str:
    """Return the identifier of a document: that of a clinical document is its ``id``."""
    return entry.identifiers.get(DOCUMENT_UNIQUE, "")


def patient_ids(entry: RegistryObject) -> Iterator[str]:
    """Yield the identifiers of the patient (CX): the one all know, and the one of the source."""
    yield from filter(None, (entry.identifiers.get(DOCUMENT_PATIENT, ""), entry.slot("sourcePatientId")))


def document_type(entry: RegistryObject) -> RegistryCode:
    """Return what kind of document it is, or else its class."""
    found = entry.classified(DOCUMENT_TYPE)
    return found if found.code or found.label else entry.classified(DOCUMENT_CLASS)


def submission_key(submission: Submission, otherwise: str) -> str:
    """Return what tells a submission from others."""
    one = submission.submission_set
    return (one.identifiers.get(SUBMISSION_UNIQUE) or one.id if one else "") or otherwise


def submission_patient(submission: Submission) -> str:
    """Return the identifier (CX) of the patient of the whole submission."""
    one = submission.submission_set
    return one.identifiers.get(SUBMISSION_PATIENT, "") if one else ""
