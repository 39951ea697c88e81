"""The elements that a straight-line reader looks at, and what it does with each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from formats.fhir.codegen.names import as_block
from formats.fhir.elements import Step

Use = Callable[[str], str]
"""Makes a statement from the name of the variable that holds an element."""


@dataclass(slots=True)
class ReadTree:
    """An element: what is done with it whole, with its members, and with the members of a list."""

    uses: list[Use] = field(default_factory=list)
    members: dict[str, ReadTree] = field(default_factory=dict)
    first: ReadTree | None = None
    chosen: dict[str, dict[str, ReadTree]] = field(default_factory=dict)
    """Members of a list by the attribute that tells them apart, and by its value."""

    def at(self, steps: Sequence[Step]) -> ReadTree:
        """Return the tree that ``steps`` lead to."""
        tree = self
        for step in steps:
            tree = tree.members.setdefault(step.key, ReadTree())
            if step.attribute:
                tree = tree.chosen.setdefault(step.attribute, {}).setdefault(step.value, ReadTree())
            elif step.listed:
                tree.first = tree.first or ReadTree()
                tree = tree.first
        return tree

    def statements(self, name: str, variable: Callable[[str], str]) -> Iterator[str]:
        """Yield what is done with the element that the variable ``name`` holds."""
        for use in self.uses:
            yield use(name)
        for key, tree in self.members.items():
            inner = variable(f"raw_{key}")
            yield f'{inner} = {name}.get("{key}")'
            yield f"if {inner} is not None:"
            yield from as_block(tree.statements(inner, variable))
        if self.first:
            first = variable("first")
            yield f"{first} = {name}[0]"
            yield from self.first.statements(first, variable)
        for attribute, trees in self.chosen.items():
            member = variable("member")
            yield f"for {member} in {name}:"
            yield f'    {attribute} = {member}.get("{attribute}")'
            for count, (value, tree) in enumerate(trees.items()):
                yield f"    {'elif' if count else 'if'} {attribute} == '{value}':"
                yield from as_block(as_block(tree.statements(member, variable)))
