"""``archiver paperwork``: the documents that go with a transfer, as PDF/A, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.output import AsJson, PaperworkOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.paperwork.situation import Situation
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class DepartureOptions:
    """What a person states of a departure; what they do not is a line to fill in."""

    practitioner: Annotated[
        str, typer.Option("--practitioner", help=localize(mark("Who leaves: an RPPS number or a name.")))
    ]
    situation: Annotated[
        Situation,
        typer.Option(
            "--situation",
            help=localize(mark("Goes on elsewhere, is succeeded, or stops without a successor.")),
        ),
    ]
    last_day: Annotated[
        datetime | None,
        typer.Option(
            "--last-day", formats=["%Y-%m-%d"], help=localize(mark("From which day on, such as 2027-06-30."))
        ),
    ] = None
    successor: Annotated[
        str, typer.Option("--successor", callback=visible_name, help=localize(mark("Who takes over.")))
    ] = ""
    new_practice: Annotated[
        str,
        typer.Option(
            "--new-practice", callback=visible_name, help=localize(mark("Where the practitioner goes on."))
        ),
    ] = ""
    keeper: Annotated[
        str,
        typer.Option(
            "--keeper",
            callback=visible_name,
            help=localize(mark("Who keeps the records without a successor.")),
        ),
    ] = ""


app = TranslatedTyper(mark("Documents of a transfer: slip, attestation, letters."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("transfer", help=localize(mark("Write the slip and the attestation of a package.")))(
        taking_groups(transfer)
    )
    app.command("departure", help=localize(mark("Write to patients, the Order and the health agency.")))(
        taking_groups(departure)
    )
    app.command("receipt", help=localize(mark("Write a receipt as a document, to sign on paper.")))(
        taking_groups(receipt)
    )
    program.add_typer(app, name="paperwork")


def transfer(
    *,
    package: Annotated[Path, typer.Argument(help=localize(mark("The package, or what ties a set.")))],
    paperwork: PaperworkOptions,
    keys: PackageKeys,
    trust: OpeningOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.paperwork import documents

    documents.transfer(package, paperwork, keys, trust, as_json=as_json)


def departure(
    *,
    store: Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))],
    leaving: DepartureOptions,
    paperwork: PaperworkOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.paperwork import documents

    documents.departure(store, leaving, paperwork, as_json=as_json)


def receipt(
    *,
    receipt: Annotated[Path, typer.Argument(help=localize(mark("The receipt (JSON).")))],
    paperwork: PaperworkOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.paperwork import documents

    documents.receipt(receipt, paperwork, as_json=as_json)


@app.command("templates", help=localize(mark("Copy the templates of all documents, to change them.")))
def templates(
    *,
    folder: Annotated[Path, typer.Argument(help=localize(mark("The folder to make.")))],
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.paperwork import documents

    documents.templates(folder, as_json=as_json)
