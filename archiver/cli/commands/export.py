"""``archiver export``: from the practice store into one sealed, signed package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.exits import SUCCESS
from archiver.cli.options.export import (
    LeavingOptions,
    OwnKeyOptions,
    PartyOptions,
    RedactionOptions,
    VolumeOptions,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.passphrases import OpeningPassphrase
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import RosterSignerOptions
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
    authorities: RosterSignerOptions,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help=localize(mark("Who may open it: age1pq1… or a file of such keys."))),
    ] = None,
    passphrase_file: OpeningPassphrase = None,
    own: OwnKeyOptions,
    leaving: LeavingOptions,
    redaction: RedactionOptions,
    parties: PartyOptions,
    volumes: VolumeOptions,
    paperwork: Annotated[
        Path | None,
        typer.Option(
            "--paperwork", help=localize(mark("Folder for the transfer slip and the attestation (PDF/A)."))
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=localize(mark("Say what the export would be, and write nothing."))),
    ] = False,
    output: OutputOptions,
) -> int:
    from archiver.cli.run.exports import export as exportation

    leaving.require_one_package(paperwork)
    leaving.require_redaction(stated=redaction.stated)

    order = exportation.ExportOrder(
        store=store,
        package=package,
        to=tuple(to or ()),
        own_key=own.own_key,
        passphrase_file=passphrase_file,
        signing=signing,
        authorities=authorities.trust(),
        roster_signers=authorities.roster_trust(),
        leaving=leaving,
        redaction=redaction,
        parties=parties,
        ground=parties.ground_in(leaving.situation),
        by_retention_year=volumes.by_year(leaving.situation),
        volume_size=volumes.limit(),
        paperwork=paperwork,
    )
    if dry_run:
        exportation.plan(order, output)
        return SUCCESS
    return exportation.run(order, output)
