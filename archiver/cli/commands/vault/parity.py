"""``archiver vault parity``: recovery blocks (PAR2) beside each deposited file, by which ``repair`` mends it."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.commands.vault.options import Credentials, VaultPath
from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.vault.description import MAX_PARITY_PERCENT
from formats.words import mark

app = TranslatedTyper(mark("Parity (PAR2): what mends a file that is damaged on every storage."))


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``."""
    for name, command, sentence in (
        ("make", make, mark("Make parity of what has none, on every storage.")),
        ("show", show, mark("Show what has parity, and what has none.")),
        ("set", set_, mark("Say how much parity every deposit gets from now on.")),
    ):
        app.command(name, help=localize(sentence))(command)
    group.add_typer(app, name="parity")


def make(
    *,
    vault: VaultPath,
    packages: Annotated[
        list[str] | None,
        typer.Argument(
            help=localize(mark("The identifiers of packages or sets; without one, all in the vault."))
        ),
    ] = None,
    redundancy: Annotated[
        int,
        typer.Option(
            "--redundancy",
            min=0,
            max=MAX_PARITY_PERCENT,
            help=localize(mark("Percent of the bytes; 0: as the vault says, else 10.")),
        ),
    ] = 0,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import parity

    return parity.make(vault, packages or (), redundancy, credentials, as_json=as_json)


def show(*, vault: VaultPath, credentials: Credentials = None, as_json: AsJson = False) -> int:
    from archiver.cli.run.vault import parity

    return parity.show(vault, credentials, as_json=as_json)


def set_(
    *,
    vault: VaultPath,
    percent: Annotated[
        int,
        typer.Argument(
            min=0,
            max=MAX_PARITY_PERCENT,
            help=localize(mark("Percent of the bytes of each deposit; 0: none.")),
        ),
    ],
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault import describe

    describe.set_parity(vault, percent, credentials, as_json=as_json)
