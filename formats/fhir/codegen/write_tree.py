"""The objects and lists of a resource, and the order in which their text comes together.

An object is written where something first adds to it. Several parts of a description
may add to one object, each only for some records, so where it stands may differ from
record to record; what is the same for all is decided here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from formats.fhir.elements import Step


class Expression(str):
    """A Python expression; other text between such pieces is JSON as it stands."""

    __slots__ = ()


Pieces = tuple[str, ...]
"""JSON and the expressions in it, in order; a member of an object or a list begins with its comma."""


@dataclass(eq=False, slots=True)
class Addition:
    """What one part adds, where ``condition`` holds; without one it adds always."""

    name: str
    pieces: Pieces
    condition: str | None = None
    key: str = ""
    """The element it is, where it is a whole one."""
    before: tuple[str, ...] = ()
    """Statements that the condition and the pieces need."""

    @property
    def in_place(self) -> Pieces:
        """The pieces to stand in a larger text."""
        return self.pieces if self.condition is None else (Expression(self.name),)


@dataclass(eq=False, slots=True)
class JsonContainer:
    """An object or a list within another; ``initial`` is what it begins with whoever adds to it."""

    opening: str
    closing: str
    initial: str = ""
    children: dict[Step, JsonContainer] = field(default_factory=dict)
    additions: list[tuple[JsonContainer | None, Addition]] = field(default_factory=list)

    def child(self, step: Step) -> JsonContainer:
        """Return the container that ``step`` leads to."""
        if step not in self.children:
            self.children[step] = JsonContainer(f',"{step.key}":{{', "}")
        return self.children[step]

    def members(self, key: str) -> JsonContainer:
        """Return the list ``key`` of this object."""
        step = Step(key, listed=True)
        if step not in self.children:
            self.children[step] = JsonContainer(f',"{key}":[', "]")
        return self.children[step]

    def member(self, step: Step) -> JsonContainer:
        """Return the member that ``step`` tells from the other members of this list."""
        if step not in self.children:
            initial = f'"{step.attribute}":"{step.value}"' if step.attribute else ""
            self.children[step] = JsonContainer(",{", "}", initial)
        return self.children[step]

    @property
    def always(self) -> bool:
        """Whether something is added to it whatever the record says."""
        return any(addition.condition is None for _, addition in self.additions)

    def wrapped(self, content: Pieces) -> Pieces:
        """Return ``content`` as this object or list."""
        if self.initial:
            return (self.opening + self.initial, *content, self.closing)
        return (self.opening, *without_comma(content), self.closing)


def containers_to(root: JsonContainer, steps: Sequence[Step]) -> tuple[JsonContainer, ...]:
    """Return the containers from ``root`` to where ``steps`` lead."""
    containers = [root]
    for step in steps:
        if step.listed:
            containers.append(containers[-1].members(step.key))
            containers.append(containers[-1].member(step))
        else:
            containers.append(containers[-1].child(step))
    return tuple(containers)


def add(containers: Sequence[JsonContainer], addition: Addition) -> None:
    """Let ``addition`` add to the last of ``containers``, and so be part of all of them."""
    for outer, inner in zip(containers, (*containers[1:], None), strict=True):
        outer.additions.append((inner, addition))


def without_comma(pieces: Pieces) -> Pieces:
    """Return ``pieces`` without the comma that begins them."""
    first, *others = pieces
    return (Expression(f"{first}[1:]") if isinstance(first, Expression) else first[1:], *others)


def literal(pieces: Pieces) -> str:
    """Return ``pieces`` as the source of an f-string, or of a plain string or a name where that is enough."""
    if len(pieces) == 1 and isinstance(pieces[0], Expression):
        return pieces[0]
    made = any(isinstance(piece, Expression) for piece in pieces)
    text = "".join(
        f"{{{piece}}}" if isinstance(piece, Expression) else _escaped(piece, braces=made) for piece in pieces
    )
    return f"{'f' * made}'{text}'"


def _escaped(text: str, *, braces: bool) -> str:
    for character, shown in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(character, shown)
    return text.replace("{", "{{").replace("}", "}}") if braces else text


class Assembly:
    """Puts the text of a container together from what is added to it."""

    def __init__(self, root: JsonContainer) -> None:
        self.statements: list[str] = []
        self._parts = 0
        self._whole: dict[int, Pieces] = {}
        for _, addition in root.additions:
            self.statements += addition.before
            for container in reversed(list(_alone(root, addition))):
                addition.pieces = container.wrapped(addition.pieces)
            if addition.condition is not None:
                self.statements.append(
                    f'{addition.name} = {literal(addition.pieces)} if {addition.condition} else ""'
                )
        self.content = self._content(root)
        """The content of the container, once ``statements`` have run."""

    def _content(self, container: JsonContainer) -> Pieces:
        pieces: list[str] = []
        done: list[tuple[JsonContainer, Addition]] = []
        for child, run in groupby(container.additions, key=lambda one: one[0]):
            additions = [addition for _, addition in run]
            if child is None or len(child.additions) == 1:
                pieces += [piece for addition in additions for piece in addition.in_place]
            elif len(additions) == len(child.additions):
                pieces += self._object(child)
            else:
                pieces += self._in_turn(
                    child, additions, [addition for there, addition in done if there is child]
                )
                done += [(child, addition) for addition in additions]
        return tuple(pieces)

    def _object(self, container: JsonContainer) -> Pieces:
        """Return ``container`` with its content, or a variable that is empty where nothing is added to it."""
        content = self._content(container)
        if container.additions[0][1].condition is None:
            return container.wrapped(content)
        name = self._name()
        self.statements.append(f"{name} = {literal(content)}")
        whole = container.wrapped((Expression(name),))
        if container.always:
            return whole
        self.statements.append(f'{name} = {literal(whole)} if {name} else ""')
        return (Expression(name),)

    def _in_turn(
        self, container: JsonContainer, additions: list[Addition], earlier: list[Addition]
    ) -> Pieces:
        """Return ``container`` where these ``additions`` are the first that make it, nothing otherwise."""
        if id(container) not in self._whole:
            self._whole[id(container)] = self._object(container)
        whole = self._whole[id(container)]
        if any(addition.condition is None for addition in earlier):
            return ()
        conditions = [f"not {addition.name}" for addition in earlier]
        if all(addition.condition is not None for addition in additions):
            conditions.append(f"({' or '.join(addition.name for addition in additions)})")
        if not conditions:
            return whole
        name = self._name()
        self.statements.append(f'{name} = {literal(whole)} if {" and ".join(conditions)} else ""')
        return (Expression(name),)

    def _name(self) -> str:
        self._parts += 1
        return f"part_{self._parts}"


def _alone(root: JsonContainer, addition: Addition) -> Iterator[JsonContainer]:
    """Yield the containers below ``root`` that hold nothing but ``addition``, outermost first."""
    container: JsonContainer | None = root
    while container is not None:
        container = next(inner for inner, one in container.additions if one is addition)
        if container is not None and len(container.additions) == 1:
            yield container
