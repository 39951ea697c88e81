"""Values of the model inside a record: spread over the same object, or each in its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formats.errors import FormatFailure
from formats.fhir import extensions
from formats.fhir.elements import Element, MissingElement, enter, failure_at, objects_at, unknown_element
from formats.fhir.parts import extensions_of
from formats.mapping.parts import FoundFields, OneField, Setting
from formats.mapping.values import ValueMapping


class FieldGroup(ValueMapping):
    """The parts of one value of the model in an object of a resource."""

    __slots__ = ()

    missing = MissingElement


@dataclass(frozen=True, slots=True)
class Many(OneField):
    """A field of many values, as the list of objects at ``path``.

    ``number`` is the element that tells each its place, and the type of its value.
    """

    path: str
    group: FieldGroup
    number: tuple[str, type[int | str]] | None = None

    def put(self, record: Any, node: Element, setting: Setting) -> None:
        values = getattr(record, self.field)
        if not values:
            return
        parent, key = enter(node, self.path)
        members = parent.setdefault(key, [])
        for place, value in enumerate(values, 1):
            member: Element = {self.number[0]: self.number[1](place)} if self.number else {}
            self.group.put(value, member, setting)
            members.append(member or unknown_element())  # FHIR has no empty objects

    def take(self, node: Element) -> FoundFields:
        found = []
        for index, member in enumerate(objects_at(node, self.path)):
            try:
                found.append(self.group.take(member))
            except FormatFailure as fault:
                raise failure_at(f"{self.path}[{index}]", fault) from fault
        return {self.field: tuple(found)}


@dataclass(frozen=True, slots=True)
class ExtensionField(Many):
    """A field of many values, each as an extension that nests others; ``path`` is ``~`` and its name."""

    def put(self, record: Any, node: Element, setting: Setting) -> None:
        for value in getattr(record, self.field):
            member: Element = {"url": extensions.url(self.path[1:])}
            self.group.put(value, member, setting)
            node.setdefault("extension", []).append(member)

    def take(self, node: Element) -> FoundFields:
        found = []
        for index, member in enumerate(extensions_of(node, self.path[1:])):
            try:
                found.append(self.group.take(member))
            except FormatFailure as fault:
                raise failure_at(f"{self.path}[{index}]", fault) from fault
        return {self.field: tuple(found)}
