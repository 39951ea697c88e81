"""``archiver roster propose``: whose patient everybody is by a named rule, for people to go through."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark


def register(group: typer.Typer) -> None:
    """Add the command to the group ``roster``."""
    help_text = localize(
        mark("Propose whose patient everybody is, with the evidence, and report whom two can claim.")
    )
    group.command("propose", help=help_text)(propose)


def propose(
    *,
    store: Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))],
    rule: Annotated[
        list[str],
        typer.Option(
            "--rule",
            help=localize(
                mark("By which clause: attending, booked-with, treated-by, exclusive-18-months, explicit.")
            ),
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(mark("The folder for the roster and the report.")),
        ),
    ],
    practitioner: Annotated[
        str, typer.Option("--practitioner", help=localize(mark("Who leaves: RPPS or name.")))
    ] = "",
    roster: Annotated[
        Path | None,
        typer.Option("--roster", help=localize(mark("The settled roster, for the rule explicit."))),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on", formats=["%Y-%m-%d"], help=localize(mark("The day of the split; without it today."))
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import propose as proposing

    order = proposing.ProposeOrder(
        store=store, rules=tuple(rule), folder=to, practitioner=practitioner, roster=roster, on=on
    )
    proposing.run(order, as_json=as_json)
