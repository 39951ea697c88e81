"""``archiver export``: from the practice store into one sealed, signed package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.export import LeavingOptions, PartyOptions, VolumeOptions
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.passphrases import OpeningPassphrase
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import AuthorityOptions
from archiver.cli.terminal.language import localize
from formats.words import mark


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("export", help=localize(mark("Seal patients' dossiers into one signed package.")))(
        taking_groups(export)
    )


def export(
    *,
    store: Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))],
    package: Annotated[Path, typer.Argument(help=localize(mark("The package to make, such as dr-x.asice.")))],
    signing: SigningOptions,
    authorities: AuthorityOptions,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help=localize(mark("Who may open it: age1pq1… or a file of such keys."))),
    ] = None,
    passphrase_file: OpeningPassphrase = None,
    leaving: LeavingOptions,
    parties: PartyOptions,
    volumes: VolumeOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.run import export as exportation

    order = exportation.ExportOrder(
        store=store,
        package=package,
        to=tuple(to or ()),
        passphrase_file=passphrase_file,
        signing=signing,
        authorities=authorities.trust(),
        leaving=leaving,
        parties=parties,
        by_retention_year=volumes.by_retention_year,
        volume_size=volumes.limit(),
    )
    exportation.run(order, output)
