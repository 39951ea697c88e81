"""``archiver vault``: preserve packages for decades, prove that they are whole, and give them back."""

from __future__ import annotations

import typer

from archiver.cli.commands.vault import packages, storages
from archiver.cli.terminal.help import TranslatedTyper
from formats.words import mark

app = TranslatedTyper(mark("Preserve packages for decades, without any key (OCFL)."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program, in the order in which people need them."""
    packages.register(app)
    storages.register(app)
    program.add_typer(app, name="vault")
