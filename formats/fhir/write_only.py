"""What a resource says to other readers only, such as a standard status beside our exact one; it is never read back."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from formats.fhir.elements import Element, enter, unknown_element
from formats.fhir.exact import put_primitive
from formats.fhir.primitives import ORGANIZATION, TEXT
from formats.mapping.parts import FieldPart, Setting


@dataclass(frozen=True, slots=True)
class WriteOnly(FieldPart):
    """What is written for other readers only."""

    write: Callable[[Any, Element], None]

    def tell(self, record: Any, node: Element) -> None:
        self.write(record, node)


@dataclass(frozen=True, slots=True)
class Observer(FieldPart):
    """The practice, as whoever FHIR wants to have seen something, by the reference at ``path``."""

    path: str

    def put(self, record: Any, node: Element, setting: Setting) -> None:  # noqa: ARG002 – of any record
        put_primitive(*enter(node, self.path), ORGANIZATION, setting.practice)


@dataclass(frozen=True, slots=True)
class JoinedTexts(FieldPart):
    """The texts of a field, which another part carries one by one, as one line at ``path``."""

    field: str
    path: str

    def tell(self, record: Any, node: Element) -> None:
        line = " ".join(getattr(record, self.field))
        if is_plain(line):
            put_primitive(*enter(node, self.path), TEXT, line)


def is_plain(line: str) -> bool:
    """Say whether a ``string`` can show ``line`` as it is."""
    return TEXT.encode(line) == (line, True)


@dataclass(frozen=True, slots=True)
class FixedValue(FieldPart):
    """What resources of a kind, or those whose record ``when`` accepts, say at ``path`` for others."""

    path: str
    value: Any
    when: Callable[[Any], bool] | None = None

    def tell(self, record: Any, node: Element) -> None:
        if self.when is None or self.when(record):
            parent, key = enter(node, self.path)
            parent[key] = self.value if isinstance(self.value, str) else deepcopy(self.value)


@dataclass(frozen=True, slots=True)
class RequiredElement(FieldPart):
    """An element FHIR cannot do without: when no other part wrote it, it is said to be unknown."""

    path: str
    primitive: bool = False

    def tell(self, record: Any, node: Element) -> None:  # noqa: ARG002 – whatever the record says
        parent, key = enter(node, self.path)
        if not parent.get(key) and f"_{key}" not in parent:
            parent[f"_{key}" if self.primitive else key] = unknown_element()
