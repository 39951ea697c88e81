"""The program ``archiver`` as a click group: its commands, each loaded and made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer

from archiver import __version__
from archiver.cli.terminal.command_group import Commands, command_group
from archiver.cli.terminal.completion import Install, Show
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

COMMANDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "collect": ("sources", "collect"),
        "imaging.network": ("studies",),
        "mapping": ("mapping",),
        "export": ("export",),
        "verify": ("verify",),
        "import_": ("inspect", "import", "import list", "import undo"),
        "dossiers": ("find", "show", "read", "deliver"),
        "packages.judge": ("judge",),
        "evidence": ("evidence",),
        "package": ("package",),
        "packages.proof": ("proof",),
        "packages.split": ("split",),
        "paperwork": ("paperwork",),
        "keys": ("keys",),
        "patients": ("patients",),
        "people": ("people",),
        "roster": ("roster",),
        "compliance.retention": ("retention",),
        "compliance.hold": ("hold",),
        "compliance.request": ("request",),
        "compliance.dossier": ("dossier",),
        "compliance.register": ("register",),
        "compliance.breach": ("breach",),
        "compliance.host": ("host",),
        "handovers": ("receipt", "handover"),
        "vault.vault": ("vault",),
        "backup.backup": ("backup",),
    }
)
"""Modules of ``archiver.cli.commands``, and the commands and groups that each registers, in the order of the help."""

_root = TranslatedTyper(
    mark("Archive and hand over the records of a dental practice."),
    name="archiver",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@_root.callback(invoke_without_command=True)
def _archiver(
    *,
    install_completion: Install = False,
    show_completion: Show = False,
    version: bool = typer.Option(False, "--version", help=localize(mark("Show the version and stop."))),
) -> None:
    del install_completion, show_completion  # their callbacks have done what they ask
    if version:
        typer.echo(f"archiver {__version__}")
        raise typer.Exit


@cache
def program() -> Any:
    """Return the group of all commands, made once; a module of commands is imported when one of them is asked for."""
    group = command_group(_root)
    group.commands = Commands(
        {name: partial(_command, module, name) for module, names in COMMANDS.items() for name in names}
    )
    return group


@cache
def commands_of(module: str) -> Any:
    """Return the group of what ``module`` of ``archiver.cli.commands`` registers."""
    part = TranslatedTyper("")
    import_module(f"archiver.cli.commands.{module}").register(part)
    return command_group(part)


def _command(module: str, name: str) -> Any:
    return commands_of(module).commands[name]
