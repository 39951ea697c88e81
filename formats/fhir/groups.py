"""Values of the model inside a record: spread over the same object, or each in its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

from formats.errors import FormatFailure
from formats.fhir import extensions
from formats.fhir.elements import Element, MissingElement, enter, failure_at, objects_at, unknown_element
from formats.fhir.parts import FieldPart, FoundFields, OneField, Setting, extensions_of


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The parts of one value of the model."""

    made: type
    parts: tuple[FieldPart, ...]
    _writers: tuple[tuple[Callable[..., None], bool], ...] = field(init=False, repr=False, compare=False)
    """How each part writes, looked up once, and whether the setting concerns it."""

    def __post_init__(self) -> None:
        writers = (
            (part.plan(), False) if type(part).put is FieldPart.put else (part.put, True)
            for part in self.parts
        )
        object.__setattr__(self, "_writers", tuple(writers))

    def put(self, value: Any, node: Element, setting: Setting) -> None:
        """Put every field of ``value`` into ``node``."""
        for write, concerned in self._writers:
            if concerned:
                write(value, node, setting)
            else:
                write(value, node)

    def take(self, node: Element, **given: Any) -> Any:
        """Return the value that ``node`` holds.

        Raises:
            UnreadableElement, MissingElement: naming the element or the field.
        """
        found = dict(given)
        for part in self.parts:
            found.update(part.take(node))
        for name in _needed(self.made):
            if name not in found:
                raise MissingElement(name=name)
        return self.made(**found)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields the parts carry."""
        return tuple(name for part in self.parts for name in part.fields)


@cache
def _needed(made: type) -> tuple[str, ...]:
    """Return the fields of ``made`` that have no default."""
    return tuple(
        field.name for field in fields(made) if field.default is MISSING and field.default_factory is MISSING
    )


@dataclass(frozen=True, slots=True)
class NestedField(OneField):
    """A field that is a value of its own, spread over the same object."""

    group: FieldGroup

    def put(self, record: Any, node: Element, setting: Setting) -> None:
        self.group.put(getattr(record, self.field), node, setting)

    def take(self, node: Element) -> FoundFields:
        return {self.field: self.group.take(node)}


@dataclass(frozen=True, slots=True)
class Many(OneField):
    """A field of many values, as the list of objects at ``path``; ``number`` tells each its place."""

    path: str
    group: FieldGroup
    number: Callable[[int], Element] | None = None

    def put(self, record: Any, node: Element, setting: Setting) -> None:
        values = getattr(record, self.field)
        if not values:
            return
        parent, key = enter(node, self.path)
        members = parent.setdefault(key, [])
        for place, value in enumerate(values, 1):
            member: Element = self.number(place) if self.number else {}
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
