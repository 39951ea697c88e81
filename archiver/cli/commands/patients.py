"""``archiver patients``: who is in a practice store, also as the beginning of a roster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.terminal.language import localize
from formats.words import mark


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("patients", help=localize(mark("List the patients of a practice store.")))(patients)


def patients(
    *,
    store: Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))],
    roster: Annotated[
        Path | None,
        typer.Option(
            "--roster", help=localize(mark("Write them as a roster (CSV), for both to go through."))
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import patients as patient_list

    patient_list.show(store, roster=roster, as_json=as_json)
