"""Names that generated source uses, and its layout."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class DistinctNames:
    """Names of one scope, of which no two are alike; ``reserved`` are given already."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = dict.fromkeys(reserved, 1)

    def variable(self, wished: str) -> str:
        """Return a name like ``wished`` that nothing else in the scope has."""
        number = self._taken[wished] = self._taken.get(wished, 0) + 1
        return wished if number == 1 else f"{wished}_{number}"


class Names(DistinctNames):
    """What generated source calls by name: tables, and functions of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.namespace: dict[str, Any] = {}
        """What each name means, for whoever runs the source."""
        self.functions: list[str] = []
        """Sources of functions that other functions call, in the order in which they are defined."""
        self._known: dict[int, str] = {}

    def of(self, value: Any, wished: str) -> str:
        """Return the name by which the source calls ``value``."""
        if id(value) not in self._known:
            self._known[id(value)] = self.variable(wished)
            self.namespace[self._known[id(value)]] = value
        return self._known[id(value)]

    def module(self, function: str) -> str:
        """Return the source of ``function`` and of those that it calls."""
        return "\n\n".join([*self.functions, function])


def as_block(statements: Iterable[str]) -> list[str]:
    """Return ``statements`` as a block within another."""
    return [f"    {statement}" for statement in statements]
