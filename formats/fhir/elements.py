"""Finding a place in a resource, to put something there or to take it out.

A path reads like FHIRPath with three liberties: ``note[0]`` is the first element
of a list, ``name[use=official]`` the one that says so, and ``~fee`` the value of
our extension ``fee`` (see ``extensions.py``). Putting creates what is missing on
the way; taking never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from formats.errors import FormatFailure
from formats.fhir import extensions
from formats.words import mark

Element = dict[str, Any]
"""A resource or a part of one, as JSON holds it; decimals are ``Decimal``, never ``float``."""

_STEP = re.compile(r"(~?[\w-]+)(?:\[([^\]]*)\])?(?:\.|$)")


class UnreadableElement(FormatFailure):
    """An element of a resource that does not hold what FHIR says it holds."""

    code = "fhir-element"
    sentence = mark("This is not a FHIR {expected}.")


class MissingElement(FormatFailure):
    """A resource that lacks something a record cannot do without."""

    code = "fhir-missing"
    sentence = mark("There is no {name}, and the record cannot do without it.")


@dataclass(frozen=True, slots=True)
class Step:
    """One member of an object; with ``attribute`` the list element whose attribute is ``value``."""

    key: str
    listed: bool = False
    attribute: str = ""
    value: str = ""


@cache
def steps(path: str) -> tuple[Step, ...]:
    """Return the steps of ``path``; paths are written in this package, so their number is small."""
    found: list[Step] = []
    end = 0
    for match in _STEP.finditer(path):
        name, selector = match.groups()
        end = match.end()
        if name.startswith("~"):
            found.extend(_extension_steps(name[1:]))
        elif selector is None:
            found.append(Step(name))
        else:
            attribute, _, value = selector.partition("=")
            found.append(Step(name, listed=True, attribute=attribute if value else "", value=value))
    if end != len(path):
        raise ValueError(f"{path} is not a path")
    return tuple(found)


def _extension_steps(name: str) -> tuple[Step, ...]:
    extension = extensions.EXTENSIONS[name]
    inside = Step("extension", listed=True, attribute="url", value=extension.url)
    return (inside, Step(extension.value_key)) if extension.value else (inside,)


def enter(node: Element, path: str) -> tuple[Element, str]:
    """Return the object that holds the last member of ``path``, and its name, making the way there."""
    steps_there, key = split_path(path)
    for step in steps_there:
        node = make_step(node, step)
    return node, key


@cache
def split_path(path: str) -> tuple[tuple[Step, ...], str]:
    """Return the steps of ``path`` but the last, and the name the last one has."""
    *before, last = steps(path)
    return tuple(before), last.key


def make_step(node: Element, step: Step) -> Element:
    """Return the object that ``step`` leads to from ``node``, making it where it is not there yet."""
    if not step.listed:
        inner: Element = node.setdefault(step.key, {})
        return inner
    members: list[Element] = node.setdefault(step.key, [])
    for member in members:
        if not step.attribute or member.get(step.attribute) == step.value:
            return member
    made: Element = {step.attribute: step.value} if step.attribute else {}
    members.append(made)
    return made


def locate(node: Element, path: str) -> tuple[Element, str] | None:
    """Return the object that holds the last member of ``path``, and its name, if the way is there.

    Raises:
        UnreadableElement: when something else than an object or a list lies on the way.
    """
    steps_there, key = split_path(path)
    for step in steps_there:
        inner = _member(node, step)
        if inner is None:
            return None
        node = inner
    return node, key


def _member(node: Element, step: Step) -> Element | None:
    value = node.get(step.key)
    if value is None:
        return None
    if not step.listed:
        return expect_object(value, step.key)
    for member in expect_list(value, step.key):
        found = expect_object(member, step.key)
        if not step.attribute or found.get(step.attribute) == step.value:
            return found
    return None


def expect_object(value: object, name: str) -> Element:
    """Return ``value`` as an object.

    Raises:
        UnreadableElement: when it is none.
    """
    if not isinstance(value, dict):
        raise UnreadableElement(where=name, expected="object")
    return value


def expect_list(value: object, name: str) -> list[Any]:
    """Return ``value`` as a list; nothing is an empty one.

    Raises:
        UnreadableElement: when it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableElement(where=name, expected="list")
    return value


def object_at(node: Element, path: str) -> Element | None:
    """Return the object at ``path``, if there is one."""
    place = locate(node, path)
    value = place[0].get(place[1]) if place else None
    return None if value is None else expect_object(value, path)


def objects_at(node: Element, path: str) -> list[Element]:
    """Return the objects of the list at ``path``; none is an empty list."""
    place = locate(node, path)
    members = expect_list(place[0].get(place[1]), path) if place else []
    return [expect_object(member, path) for member in members]


def unknown_element() -> Element:
    """Return the content of an element that must be there and whose value nobody knows."""
    return {"extension": [{"url": extensions.DATA_ABSENT, "valueCode": "unknown"}]}


def failure_at(place: str, fault: FormatFailure, separator: str = ".") -> FormatFailure:
    """Return ``fault`` with ``place`` put before where it happened."""
    where = f"{place}{separator}{fault.where}" if fault.where else place
    return type(fault)(where=where, **fault.facts)
