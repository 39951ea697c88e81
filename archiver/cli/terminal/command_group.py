"""The click group of a Typer program whose commands are made when they are asked for.

Typer makes every command of a program from its signature before it runs one of them, which
takes longer than most of what a command does at its start. The functions of Typer that make
one command are not documented: they are called here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cache, partial
from typing import Any

import typer
from typer.main import get_command_from_info, get_group_from_info
from typer.models import TyperInfo

FORM: Any = {"pretty_exceptions_short": True, "rich_markup_mode": None}


class Commands(Mapping[str, Any]):
    """Commands and groups by name, in the order in which they were declared."""

    def __init__(self, makers: dict[str, Callable[[], Any]]) -> None:
        self._makers = makers
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@cache
def command_group(program: typer.Typer) -> Any:
    """Return the group of ``program``, made once; every command of it has a name."""
    return _group(program, TyperInfo(program))


def _group(program: typer.Typer, info: TyperInfo) -> Any:
    """Return the group of ``program`` under the name that ``info`` gives it."""
    empty, alone = copy(program), copy(info)
    empty.registered_commands, empty.registered_groups, alone.typer_instance = [], [], empty
    group = get_group_from_info(alone, suggest_commands=program.suggest_commands, **FORM)
    makers: dict[str, Callable[[], Any]] = {}
    for command in program.registered_commands:
        makers[str(command.name)] = partial(get_command_from_info, command, **FORM)
    for inner in program.registered_groups:
        if inner.typer_instance is not None:
            makers[str(inner.name)] = partial(_group, inner.typer_instance, inner)
    group.commands = Commands(makers)  # type: ignore[assignment]
    return group
