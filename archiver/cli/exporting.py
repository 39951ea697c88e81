"""``archiver export``: from the practice store into one sealed, signed package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.groups import taking_groups
from archiver.cli.language import tell
from archiver.cli.secrets import OpeningPassphrase
from archiver.cli.signing_options import SigningOptions
from archiver.cli.sizes import bytes_of
from archiver.transfer.legal_ground import LegalGround
from formats.words import mark


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("export", help=tell(mark("Seal patients' dossiers into one signed package.")))(
        taking_groups(export)
    )


def export(
    *,
    store: Annotated[Path, typer.Argument(help=tell(mark("The practice store.")))],
    package: Annotated[Path, typer.Argument(help=tell(mark("The package to make, such as dr-x.asice.")))],
    signing: SigningOptions,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help=tell(mark("Who may open it: age1pq1… or a file of such keys."))),
    ] = None,
    passphrase_file: OpeningPassphrase = None,
    practitioner: Annotated[
        str, typer.Option("--practitioner", help=tell(mark("With whom the patients leave: RPPS or name.")))
    ] = "",
    roster: Annotated[
        Path | None, typer.Option("--roster", help=tell(mark("The list of the patients who leave (CSV).")))
    ] = None,
    hold: Annotated[
        Path | None,
        typer.Option(
            "--hold", help=tell(mark("The list of the patients under a hold: a claim, a judge (CSV)."))
        ),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help=tell(mark("Take every patient and the practice as a whole.")))
    ] = False,
    ground: Annotated[
        LegalGround, typer.Option("--ground", help=tell(mark("On what legal ground.")))
    ] = LegalGround.NOT_STATED,
    sender: Annotated[
        str,
        typer.Option("--sender", help=tell(mark("Who sends, for a store without a practice of its own."))),
    ] = "",
    receiver: Annotated[
        str, typer.Option("--receiver", help=tell(mark("Who receives the package (public).")))
    ] = "",
    controller_after: Annotated[
        str,
        typer.Option(
            "--controller-after", help=tell(mark("Who answers for the records afterwards (public)."))
        ),
    ] = "",
    volume_size: Annotated[
        str,
        typer.Option(
            "--volume-size", help=tell(mark("Cut into volumes of at most this size: 700MB, 4GiB; 0 never."))
        ),
    ] = "4GiB",
    by_retention_year: Annotated[
        bool,
        typer.Option(
            "--by-retention-year",
            help=tell(mark("Give each year in which retention ends volumes of its own.")),
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))] = False,
) -> None:
    from archiver.cli import exportation
    from archiver.operations.export_request import MIN_VOLUME_BYTES

    if everybody == (roster is not None):
        raise typer.BadParameter(tell(mark("either --roster or --all")), param_hint="--roster")
    if everybody and practitioner:
        raise typer.BadParameter(tell(mark("with --all everybody leaves")), param_hint="--practitioner")
    exportation.run(
        exportation.Order(
            store=store,
            package=package,
            to=tuple(to or ()),
            passphrase_file=passphrase_file,
            signing=signing,
            practitioner=practitioner,
            roster=roster,
            hold=hold,
            ground=ground,
            receiver=receiver,
            sender=sender,
            controller_after=controller_after,
            volume_size=bytes_of(volume_size, least=MIN_VOLUME_BYTES, option="--volume-size"),
            by_retention_year=by_retention_year,
        ),
        as_json=as_json,
    )
