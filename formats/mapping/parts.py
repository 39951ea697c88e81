"""Field parts: the pieces of a two-way description.

A part puts one or more fields of a value of the model into a node of an outside
format and takes them out again. Because one description serves both ways, writer
and reader cannot drift apart. What a node is (a JSON object, an XML element, a row
of a table) is the business of the format, whose own parts know paths and types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FoundFields = dict[str, Any]
"""Fields of a value by name; what the node does not say is not in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What every node of one document shares: the practice's identity and its currency."""

    practice: str = ""
    currency: str = ""


class FieldPart:
    """A piece of a description; alone it carries nothing, says nothing and reads nothing."""

    __slots__ = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it carries, or accounts for."""
        return ()

    @property
    def read_back(self) -> bool:
        """Whether ``take`` returns the fields, as far as the node has them."""
        return True

    def put(self, value: Any, node: Any, setting: Setting) -> None:  # noqa: ARG002 – few parts need it
        """Put the fields of ``value`` into ``node``."""
        self.tell(value, node)

    def tell(self, value: Any, node: Any) -> None:
        """Put the fields of ``value`` into ``node``, for parts that the setting does not concern."""

    def take(self, node: Any) -> FoundFields:  # noqa: ARG002 – a part may speak to other readers only
        """Return the fields that ``node`` holds."""
        return {}


@dataclass(frozen=True, slots=True)
class OneField(FieldPart):
    """A part that carries one field."""

    field: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)


@dataclass(frozen=True, slots=True)
class Both(FieldPart):
    """Fields with rules of their own: how they are written and how they are read, side by side."""

    carried: tuple[str, ...]
    write: Callable[[Any, Any], None]
    read: Callable[[Any], FoundFields]

    @property
    def fields(self) -> tuple[str, ...]:
        return self.carried

    def tell(self, value: Any, node: Any) -> None:
        self.write(value, node)

    def take(self, node: Any) -> FoundFields:
        return self.read(node)


@dataclass(frozen=True, slots=True)
class ImpliedField(OneField):
    """A field whose value the type of the node already tells."""

    value: Any

    def take(self, node: Any) -> FoundFields:  # noqa: ARG002 – known without looking
        return {self.field: self.value}


@dataclass(frozen=True, slots=True)
class LeftOut(OneField):
    """A field that the node does not carry, and why."""

    reason: str

    @property
    def read_back(self) -> bool:
        return False
