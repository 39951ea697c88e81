"""The source of a function that writes, as the parts of a mapping are added to it one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from formats.fhir.codegen import plain
from formats.fhir.codegen.names import DistinctNames, Names, as_block
from formats.fhir.codegen.write_tree import (
    Addition,
    Assembly,
    Expression,
    JsonContainer,
    Pieces,
    add,
    containers_to,
    literal,
    without_comma,
)
from formats.fhir.elements import steps
from formats.fhir.exact import Primitive
from formats.mapping.values import ValueMapping

RESERVED = ("record", "setting", "place", "one", "member", "members")
"""Variables that every function may have."""


class WriterSource(DistinctNames):
    """The source of one function, as the parts of a mapping are added one by one."""

    def __init__(self, names: Names, mapping: ValueMapping, owner: str = "record") -> None:
        super().__init__(RESERVED)
        self.names = names
        self.root = JsonContainer("{", "}")
        self.opaque: list[str] = []
        """Variables of the objects on which parts without a rule have run."""
        self.keys: set[str] = set()
        """Members of the object itself that parts with a rule add."""
        self._owner, self._mapping, self._field = owner, mapping, "element"
        self._before: list[str] = []
        self._locals: dict[str, str] = {}

    def within(self, field: str, mapping: ValueMapping, add_parts: Callable[[ValueMapping], None]) -> None:
        """Let ``add_parts`` add the parts of a value that is spread over the same object."""
        before = self._owner, self._mapping
        self._owner, self._mapping = self.local(field), mapping
        add_parts(mapping)
        self._owner, self._mapping = before

    @property
    def owner(self) -> str:
        """The variable of the value whose parts are being added."""
        return self._owner

    def local(self, field: str) -> Expression:
        """Return the variable that holds ``field`` of the value."""
        self._field = field
        value = f"{self._owner}.{field}"
        if value not in self._locals:
            self._locals[value] = self.variable(field)
            self.run(f"{self._locals[value]} = {value}")
        return Expression(self._locals[value])

    def there(self, field: str) -> str | None:
        """Return the condition that ``field`` is not ``None``, where it may be."""
        default = next(one.default for one in fields(self._mapping.made) if one.name == field)
        return f"{self.local(field)} is not None" if default is None else None

    def run(self, *statements: str) -> None:
        """Let ``statements`` run before what is added next."""
        self._before += statements

    def json_of(self, primitive: Primitive[Any], value: str) -> Expression:
        """Return the call that writes ``value`` as ``primitive``."""
        return Expression(f"{self.names.of(plain.writer_of(primitive), f'write_{primitive.name}')}({value})")

    def word(self, table: dict[str, str], field: str) -> Expression:
        """Return what ``table`` has for the word in ``field``."""
        return Expression(f"{self.names.of(table, f'{field.upper()}_JSON')}[{self.local(field)}._value_]")

    def leaf(self, path: str, value: Pieces, condition: str | None = None) -> None:
        """Add ``value`` as the element at ``path``."""
        *before, last = steps(path)
        self._add(path, containers_to(self.root, before), (f',"{last.key}":', *value), condition, last.key)

    def members(self, path: str, content: Pieces, condition: str | None = None) -> None:
        """Add ``content``, members with their commas, to the object at ``path``."""
        self._add(path, containers_to(self.root, steps(path) if path else ()), content, condition)

    def listed(self, path: str, content: Pieces, condition: str | None = None) -> None:
        """Add ``content``, members with their commas, to the list at ``path``."""
        *before, last = steps(path)
        containers = containers_to(self.root, before)
        self._add(path, (*containers, containers[-1].members(last.key)), content, condition)

    def _add(
        self,
        path: str,
        containers: tuple[JsonContainer, ...],
        content: Pieces,
        condition: str | None,
        key: str = "",
    ) -> None:
        addition = Addition(
            self.variable(f"{self._field}_json"), content, condition, key, tuple(self._before)
        )
        self._before = []
        add(containers, addition)
        if path:
            self.keys.add(steps(path)[0].key)

    def conditions_at(self, path: str) -> list[str] | None:
        """Return the variables that say whether the element at ``path`` is there, or nothing where it always is."""
        *before, last = steps(path)
        parent = containers_to(self.root, before)[-1]
        there = [
            addition
            for inner, addition in parent.additions
            if (addition.key == last.key if inner is None else inner is parent.children.get(last))
        ]
        return None if any(one.condition is None for one in there) else [one.name for one in there]

    def known(self) -> str:
        """Return the name of the members that no part of rules of its own may add to."""
        return self.names.of(self.keys, "MEMBERS")

    def function(self, name: str, arguments: str, opening: Pieces, closing: str) -> str:
        """Return the source of a function that returns the object between ``opening`` and ``closing``."""
        self.keys.discard("extension")
        assembly = Assembly(self.root)
        body = assembly.statements
        if self.root.additions[0][1].condition is None:
            inner = without_comma(assembly.content)
        else:
            body.append(f"members = {literal(assembly.content)}")
            inner = (Expression(f"members[1:] or {self.names.of(plain.UNKNOWN, 'UNKNOWN')}"),)
        body.append(f"return {literal((*opening, *inner, closing))}")
        return "\n".join([f"def {name}({arguments}):", *as_block(body), ""])
