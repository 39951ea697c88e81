"""Value mappings: the parts of one type of the model, every field accounted for.

The rule of completeness holds from the declaration on: a mapping that carries a
field twice, or neither carries it nor names it as left out, cannot be made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, ClassVar

from formats.errors import FormatFailure
from formats.mapping.parts import FieldPart, FoundFields, OneField, Setting


class IncompleteMapping(TypeError):
    """A mapping that does not account for every field of its type exactly once."""


@dataclass(frozen=True, slots=True)
class ValueMapping:
    """Two-way mapping of the values of type ``made``.

    ``given`` are fields that whoever reads knows from elsewhere, such as the
    identity of a record. ``reconcile`` makes the fields that were found such that
    a value can hold them, where outside data may contradict itself. A format
    derives its own, and says with which failure its readers refuse a node that
    lacks what a value cannot do without.

    Raises:
        IncompleteMapping: naming the fields that are carried twice, or not accounted for.
    """

    made: type
    parts: tuple[FieldPart, ...]
    given: tuple[str, ...] = ()
    reconcile: Callable[[FoundFields], FoundFields] | None = None
    missing: ClassVar[type[FormatFailure]]
    """Raised with the ``name`` of a field that has no default and was not found."""

    def __post_init__(self) -> None:
        accounted = Counter((*self.given, *self.fields))
        declared = {one.name for one in fields(self.made)}
        read_back = {name for part in self.parts if part.read_back for name in part.fields}
        faults = {
            "twice": [name for name, times in accounted.items() if times > 1],
            "never": declared - accounted.keys(),
            "unknown": accounted.keys() - declared,
            "left out without a default": ({*required_fields(self.made)} & accounted.keys())
            - read_back
            - {*self.given},
        }
        listed = "; ".join(f"{what}: {', '.join(sorted(names))}" for what, names in faults.items() if names)
        if listed:
            raise IncompleteMapping(f"{self.made.__name__}: {listed}")

    def put(self, value: Any, node: Any, setting: Setting) -> None:
        """Put every field of ``value`` into ``node``."""
        for part in self.parts:
            part.put(value, node, setting)

    def take(self, node: Any, **fixed: Any) -> Any:
        """Return the value that ``node`` holds.

        Raises:
            FormatFailure: naming the element that is not readable, or the field that is missing.
        """
        found = dict(fixed)
        for part in self.parts:
            found.update(part.take(node))
        for name in required_fields(self.made):
            if name not in found:
                raise self.missing(name=name)
        return self.made(**(self.reconcile(found) if self.reconcile else found))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the parts carry, or name as left out."""
        return tuple(name for part in self.parts for name in part.fields)


@cache
def required_fields(made: type) -> tuple[str, ...]:
    """Return the fields of ``made`` that have no default."""
    return tuple(
        one.name for one in fields(made) if one.default is MISSING and one.default_factory is MISSING
    )


@dataclass(frozen=True, slots=True)
class NestedField(OneField):
    """A field that is a value of its own, spread over the same node."""

    group: ValueMapping

    def put(self, value: Any, node: Any, setting: Setting) -> None:
        self.group.put(getattr(value, self.field), node, setting)

    def take(self, node: Any) -> FoundFields:
        return {self.field: self.group.take(node)}
