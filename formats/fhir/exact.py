"""Putting primitive values into elements and taking them out, exactly.

A value FHIR forbids (an empty or blank text, a control character, an integer of
more than 32 bits, a time zone of odd seconds) travels word for word in the
``exact-text`` extension of its element; beside it stands what can be shown.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from formats.fhir import extensions
from formats.fhir.elements import Element, UnreadableElement, expect_list, expect_object, locate
from formats.mapping.absence import ABSENT, Absent

EXACT_PIECE = 100_000
"""Characters of one piece of an exact text; a JSON escape makes six of one, and 600 kB fit a string."""

_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LONE_PAIR = re.compile("(?<=[\ud800-\udbff])(?=[\udc00-\udfff])")

T = TypeVar("T")
D = TypeVar("D")


class Primitive(ABC, Generic[T]):
    """One FHIR type: ``name`` as FHIR spells it."""

    name: str

    @abstractmethod
    def encode(self, value: T) -> tuple[Any, bool]:
        """Return what FHIR can show of ``value`` (``None`` if nothing), and whether that is all of it."""

    @abstractmethod
    def decode(self, raw: Any) -> T | Absent:
        """Return the value of ``raw``; what FHIR allows and the model cannot hold is absent.

        Raises:
            ValueError, TypeError: when ``raw`` is not of this type.
        """

    def spell(self, value: T) -> str:
        """Return ``value`` as a text that says all of it."""
        return str(value)

    @abstractmethod
    def unspell(self, text: str) -> T:
        """Return the value that was spelled ``text``; ValueError when none was."""

    def read(self, raw: Any, sibling: Any, name: str) -> T | Absent:
        """Return the value of an element from its ``raw`` value and its ``_name`` sibling.

        Raises:
            UnreadableElement: when either is not what FHIR says.
        """
        try:
            spelled = exact_text(sibling, name)
            if spelled is not None:
                return self.unspell(spelled)
            return ABSENT if raw is None else self.decode(raw)
        except (ValueError, TypeError, OverflowError, ArithmeticError, RecursionError) as fault:
            raise UnreadableElement(where=name, expected=self.name) from fault


def put_primitive(parent: Element, name: str, primitive: Primitive[T], value: T) -> None:
    """Put ``value`` into ``parent`` as its element ``name``."""
    shown, whole = primitive.encode(value)
    if whole:
        parent[name] = shown
    elif _is_extension(parent, name):
        parent["extension"] = exact_extension(primitive.spell(value))
    else:
        if shown is not None:
            parent[name] = shown
        parent[f"_{name}"] = {"extension": exact_extension(primitive.spell(value))}


def take(parent: Element, name: str, primitive: Primitive[T]) -> T | Absent:
    """Return the element ``name`` of ``parent``, or ABSENT."""
    sibling: Any = parent if _is_extension(parent, name) else parent.get(f"_{name}")
    return primitive.read(parent.get(name), sibling, name)


def _is_extension(parent: Element, name: str) -> bool:
    """Tell whether ``name`` is the value of an extension: it has a value or nests, never both (ext-1)."""
    return "url" in parent and name.startswith("value")


def take_at(node: Element, path: str, primitive: Primitive[T]) -> T | Absent:
    """Return the primitive at ``path`` below ``node``, or ABSENT."""
    place = locate(node, path)
    if place is None:
        return ABSENT
    return take(*place, primitive)


def take_or(node: Element, path: str, primitive: Primitive[T], default: D) -> T | D:
    """Return the primitive at ``path`` below ``node``, or ``default``."""
    value = take_at(node, path, primitive)
    return default if isinstance(value, Absent) else value


def put_all(parent: Element, name: str, primitive: Primitive[T], values: Iterable[T]) -> None:
    """Put ``values`` into ``parent`` as its repeating element ``name`` (R4, json.html#primitive)."""
    encoded = [(value, *primitive.encode(value)) for value in values]
    if any(shown is not None for _, shown, _ in encoded):
        parent[name] = [shown for _, shown, _ in encoded]
    if not all(whole for _, _, whole in encoded):
        parent[f"_{name}"] = [
            None if whole else {"extension": exact_extension(primitive.spell(value))}
            for value, _, whole in encoded
        ]


def take_all(parent: Element, name: str, primitive: Primitive[T]) -> tuple[T, ...]:
    """Return the values of the repeating element ``name`` of ``parent``."""
    raws = expect_list(parent.get(name), name)
    siblings = expect_list(parent.get(f"_{name}"), f"_{name}")
    length = max(len(raws), len(siblings))
    raws = raws + [None] * (length - len(raws))
    siblings = siblings + [None] * (length - len(siblings))
    found = (primitive.read(raw, sibling, name) for raw, sibling in zip(raws, siblings, strict=True))
    return tuple(value for value in found if not isinstance(value, Absent))


def exact_extension(text: str) -> list[Element]:
    """Return the extensions that hold ``text`` word for word; ``exact_text`` reads them."""
    # A lone surrogate pair must not meet in one literal: JSON would make one character of it.
    parts = [
        part[start : start + EXACT_PIECE]
        for part in _LONE_PAIR.split(text)
        for start in range(0, len(part) or 1, EXACT_PIECE)
    ]
    return [{"url": extensions.url("exact-text"), "valueString": _literal(part)} for part in parts]


def _literal(text: str) -> str:
    """Return ``text`` as a JSON string literal that itself is a valid FHIR string."""
    return json.dumps(text, ensure_ascii=bool(_NO_CHARACTER.search(text)))


def exact_text(sibling: Any, name: str) -> str | None:
    """Return the exact text beside the element ``name``, from its ``_name`` sibling; ``None`` where there is none.

    Raises:
        ValueError, UnreadableElement: when it is not as we write it.
    """
    if sibling is None:
        return None
    members = expect_list(expect_object(sibling, f"_{name}").get("extension"), f"_{name}.extension")
    pieces = [
        json.loads(member["valueString"])
        for member in members
        if isinstance(member, dict)
        and member.get("url") == extensions.url("exact-text")
        and isinstance(member.get("valueString"), str)
    ]
    return "".join(pieces) if pieces else None
