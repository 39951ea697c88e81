"""``archiver vault``: preserve packages for decades, prove that they are whole, and give them back."""

from __future__ import annotations

import typer

from archiver.cli.commands.vault import (
    destroy,
    disposal,
    journal,
    packages,
    parity,
    preservation,
    storage,
    storages,
)
from archiver.cli.terminal.help import TranslatedTyper
from formats.words import mark

app = TranslatedTyper(mark("Preserve packages for decades, without any key (OCFL)."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program, in the order in which people need them."""
    packages.register(app)
    preservation.register(app)
    storages.register(app)
    storage.register(app)
    parity.register(app)
    journal.register(app)
    disposal.register(app)
    destroy.register(app)
    program.add_typer(app, name="vault")
