"""Rules: what becomes of each part of a description in straight-line code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from formats.mapping.parts import FieldPart
from formats.mapping.values import ValueMapping

Source = TypeVar("Source")
PartRule = TypeVar("PartRule", bound=Callable[..., None])


class Rules(Generic[Source]):
    """The rules of one direction, by the exact type of a part: one derived from another has rules of its own."""

    def __init__(self, otherwise: Callable[[FieldPart, Source], None]) -> None:
        self._otherwise = otherwise
        self._known: dict[type, Callable[[Any, Source], None]] = {}

    def rule(self, *parts: type[FieldPart]) -> Callable[[PartRule], PartRule]:
        """Let the function below be the rule of ``parts``."""

        def register(function: PartRule) -> PartRule:
            self._known.update(dict.fromkeys(parts, function))
            return function

        return register

    def apply(self, mapping: ValueMapping, source: Source) -> None:
        """Add every part of ``mapping`` to ``source``."""
        for part in mapping.parts:
            self._known.get(type(part), self._otherwise)(part, source)
