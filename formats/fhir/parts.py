"""The parts of a resource's description: primitives, lists, amounts, periods and references at their paths.

What is written only for other readers is in ``formats.fhir.write_only``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from formats.fhir import extensions
from formats.fhir.codes import RECORD
from formats.fhir.decimals import CENTS
from formats.fhir.elements import Element, enter, expect_list, expect_object, locate
from formats.fhir.exact import Primitive, put_all, put_primitive, take, take_all, take_at, take_or
from formats.fhir.primitives import DAY, TEXT
from formats.mapping.absence import ABSENT, Absent, without_absent
from formats.mapping.parts import FieldPart, FoundFields, OneField, Setting
from formats.model.dates import AnyDate, surely_before

CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Value(OneField):
    """One field as a primitive at ``path``; a value equal to ``omit`` is not written."""

    path: str
    primitive: Primitive[Any]
    omit: Any = None

    def tell(self, record: Any, node: Element) -> None:
        value = getattr(record, self.field)
        if value is not None and value != self.omit:
            put_primitive(*enter(node, self.path), self.primitive, value)

    def take(self, node: Element) -> FoundFields:
        missing = ABSENT if self.omit is None else self.omit
        return without_absent(**{self.field: take_or(node, self.path, self.primitive, missing)})


def text_field(field: str, path: str, primitive: Primitive[str] = TEXT) -> Value:
    """Return the part of a text whose absence is the empty text."""
    return Value(field, path, primitive, "")


@dataclass(frozen=True, slots=True)
class Values(OneField):
    """A field of many primitives, as the repeating element at ``path``."""

    path: str
    primitive: Primitive[Any] = TEXT

    def tell(self, record: Any, node: Element) -> None:
        if values := getattr(record, self.field):
            put_all(*enter(node, self.path), self.primitive, values)

    def take(self, node: Element) -> FoundFields:
        place = locate(node, self.path)
        return {self.field: take_all(*place, self.primitive) if place else ()}


@dataclass(frozen=True, slots=True)
class Sole(OneField):
    """One text as the only member of a repeating element, such as the given name of a practitioner."""

    path: str

    def tell(self, record: Any, node: Element) -> None:
        if value := getattr(record, self.field):
            put_all(*enter(node, self.path), TEXT, (value,))

    def take(self, node: Element) -> FoundFields:
        place = locate(node, self.path)
        values = take_all(*place, TEXT) if place else ()
        return {self.field: values[0] if values else ""}


@dataclass(frozen=True, slots=True)
class RepeatedField(OneField):
    """A field of many primitives, each in an extension ``name`` of its own at ``path``."""

    name: str
    primitive: Primitive[Any]

    def tell(self, record: Any, node: Element) -> None:
        extension = extensions.EXTENSIONS[self.name]
        for value in getattr(record, self.field):
            member: Element = {"url": extension.url}
            put_primitive(member, extension.value_key, self.primitive, value)
            node.setdefault("extension", []).append(member)

    def take(self, node: Element) -> FoundFields:
        key = extensions.EXTENSIONS[self.name].value_key
        found = (take(member, key, self.primitive) for member in extensions_of(node, self.name))
        return {self.field: tuple(value for value in found if not isinstance(value, Absent))}


def extensions_of(node: Element, name: str, place: str = "extension") -> list[Element]:
    """Return the extensions ``name`` of ``node``, in their order."""
    members = [expect_object(member, place) for member in expect_list(node.get(place), place)]
    address = extensions.url(name)
    return [member for member in members if member.get("url") == address]


@dataclass(frozen=True, slots=True)
class Amount(OneField):
    """A field of cents as the Money at ``path``."""

    path: str

    def put(self, record: Any, node: Element, setting: Setting) -> None:
        cents = getattr(record, self.field)
        if cents is None:
            return
        parent, key = enter(node, self.path)
        money: Element = parent.setdefault(key, {})
        put_primitive(money, "value", CENTS, cents)
        if CURRENCY.fullmatch(setting.currency):
            money["currency"] = setting.currency

    def take(self, node: Element) -> FoundFields:
        return without_absent(**{self.field: take_at(node, f"{self.path}.value", CENTS)})


@dataclass(frozen=True, slots=True)
class Span(FieldPart):
    """Two dates as the Period at ``path``; an end that is not surely from the start on cannot be in one (per-1)."""

    start: str
    end: str
    path: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.start, self.end)

    def tell(self, record: Any, node: Element) -> None:
        start: AnyDate | None = getattr(record, self.start)
        end: AnyDate | None = getattr(record, self.end)
        if start:
            put_primitive(*enter(node, f"{self.path}.start"), DAY, start)
        if end and start and not is_period(start, end):
            put_primitive(*enter(node, "~end-date"), DAY, end)
        elif end:
            put_primitive(*enter(node, f"{self.path}.end"), DAY, end)

    def take(self, node: Element) -> FoundFields:
        start = take_at(node, f"{self.path}.start", DAY)
        other = take_at(node, "~end-date", DAY)
        end = take_or(node, f"{self.path}.end", DAY, other)
        return without_absent(**{self.start: start, self.end: end})


def is_period(start: AnyDate, end: AnyDate) -> bool:
    """Say whether a Period can hold both dates: its end is surely not before its start (per-1)."""
    return start == end or surely_before(start, end)


@dataclass(frozen=True, slots=True)
class Outside(OneField):
    """The identity of a dossier that is not in this bundle, as a logical reference at ``path``."""

    path: str

    def tell(self, record: Any, node: Element) -> None:
        identity = getattr(record, self.field)
        if identity is not None:
            parent, key = enter(node, self.path)
            parent[key] = {"type": "Patient", "identifier": {"system": RECORD}}
            put_primitive(parent[key]["identifier"], "value", TEXT, identity)

    def take(self, node: Element) -> FoundFields:
        return without_absent(**{self.field: take_at(node, f"{self.path}.identifier.value", TEXT)})
