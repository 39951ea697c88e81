"""``archiver export``: from the practice store into one sealed, signed package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.language import tell
from archiver.cli.secrets import SignerPassphrase
from archiver.transfer.legal_ground import LegalGround
from formats.words import mark


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("export", help=tell(mark("Seal patients' dossiers into one signed package.")))(export)


def export(
    *,
    store: Annotated[Path, typer.Argument(help=tell(mark("The practice store.")))],
    package: Annotated[Path, typer.Argument(help=tell(mark("The package to make, such as dr-x.asice.")))],
    to: Annotated[
        list[str], typer.Option("--to", help=tell(mark("Who may open it: age1pq1… or a file of such keys.")))
    ],
    signer: Annotated[Path, typer.Option("--signer", help=tell(mark("Your signing key (PKCS#12).")))],
    practitioner: Annotated[
        str, typer.Option("--practitioner", help=tell(mark("With whom the patients leave: RPPS or name.")))
    ] = "",
    roster: Annotated[
        Path | None, typer.Option("--roster", help=tell(mark("The list of the patients who leave (CSV).")))
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help=tell(mark("Take every patient and the practice as a whole.")))
    ] = False,
    ground: Annotated[
        LegalGround, typer.Option("--ground", help=tell(mark("On what legal ground.")))
    ] = LegalGround.NOT_STATED,
    receiver: Annotated[
        str, typer.Option("--receiver", help=tell(mark("Who receives the package (public).")))
    ] = "",
    controller_after: Annotated[
        str,
        typer.Option(
            "--controller-after", help=tell(mark("Who answers for the records afterwards (public)."))
        ),
    ] = "",
    signer_passphrase_file: SignerPassphrase = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))] = False,
) -> None:
    from archiver.cli import exportation

    if everybody == (roster is not None):
        raise typer.BadParameter(tell(mark("either --roster or --all")), param_hint="--roster")
    exportation.run(
        exportation.Order(
            store=store,
            package=package,
            to=tuple(to),
            signer=signer,
            signer_passphrase_file=signer_passphrase_file,
            practitioner=practitioner,
            roster=roster,
            ground=ground,
            receiver=receiver,
            controller_after=controller_after,
        ),
        as_json=as_json,
    )
