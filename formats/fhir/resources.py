"""A record as a resource: its type, its identity, its kind, and the parts between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from formats.errors import FormatFailure
from formats.fhir.codes import KIND
from formats.fhir.elements import Element, UnreadableElement, objects_at
from formats.fhir.groups import FieldGroup
from formats.fhir.parts import Value
from formats.fhir.primitives import ID, PATIENT
from formats.mapping.parts import FieldPart, FoundFields, Setting
from formats.model.record import Record
from formats.words import mark

SUBJECT = Value("patient", "subject.reference", PATIENT)
"""The patient a record belongs to, where FHIR calls them the subject."""
PATIENT_REFERENCE = Value("patient", "patient.reference", PATIENT)
"""The patient a record belongs to, where FHIR says patient."""


def in_category(*codes: str) -> Callable[[Element], bool]:
    """Return the test whether a resource says that it is of one of the categories ``codes``."""

    def test(node: Element) -> bool:
        codings = (coding for one in objects_at(node, "category") for coding in objects_at(one, "coding"))
        return any(coding.get("code") in codes for coding in codings)

    return test


def always(_node: Element) -> bool:
    """Tell that every resource of the type is such a record."""
    return True


def never(_node: Element) -> bool:
    """Tell that no resource of another program is such a record."""
    return False


@dataclass(frozen=True, slots=True)
class Resource:
    """How records of one type, or those of them that ``holds`` accepts, become resources of ``name``.

    ``foreign`` tells which resources of other programs, that say no kind, are such a record.
    """

    name: str
    record: type[Record]
    parts: tuple[FieldPart, ...]
    holds: Callable[[Any], bool] = lambda _record: True
    reconcile: Callable[[FoundFields], FoundFields] | None = None
    foreign: Callable[[Element], bool] = always
    group: FieldGroup = field(init=False)
    """The parts as a group."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "group", FieldGroup(self.record, self.parts, ("id",), self.reconcile))

    def write(self, record: Record, setting: Setting) -> Element:
        """Return ``record`` as a resource.

        Raises:
            FormatFailure: when its identity is no FHIR id.
        """
        node = start(self.name, record.id, record.kind)
        self.group.put(record, node, setting)
        return node

    def read(self, node: Element) -> Record:
        """Return the record that the resource ``node`` holds.

        Raises:
            UnreadableElement, MissingElement: naming the element or the field.
        """
        record: Record = self.group.take(node, id=resource_id(node))
        return record


def start(name: str, key: str, kind: str) -> Element:
    """Return a resource that says its type, its identity and its kind, and nothing more.

    Raises:
        FormatFailure: when ``key`` is no FHIR id.
    """
    shown, _ = ID.encode(key)
    if shown is None:
        raise FormatFailure(where=f"{kind}/{key}", format=mark("a FHIR id"))
    return {"resourceType": name, "id": key, "meta": {"tag": [{"system": KIND, "code": kind}]}}


def resource_id(node: Element) -> str:
    """Return the id of the resource ``node``.

    Raises:
        UnreadableElement: when it has none, or none that FHIR allows.
    """
    key = node.get("id")
    if not isinstance(key, str) or ID.encode(key)[0] is None:
        raise UnreadableElement(where="id", expected="id")
    return key
