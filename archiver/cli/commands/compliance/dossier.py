"""``archiver dossier``: whether dossiers are complete, and who has looked at what could not be read of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.register_entries import StorePath, short_text
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("What dossiers have, and what they lack."))


def _given(text: str | None) -> str | None:
    """Return what was given, when it is no longer than an entry of a register."""
    return None if text is None else short_text(text)


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "check", help=localize(mark("Say what dossiers lack, and what looks wrong in the practice."))
    )(taking_groups(check))
    app.command(
        "gone",
        help=localize(mark("List what the software of the practice had once and does not have any more.")),
    )(gone)
    app.command("review", help=localize(mark("Show what could not be read, and record who looked.")))(review)
    program.add_typer(app, name="dossier")


def check(
    *,
    store: StorePath,
    page: Annotated[
        Path | None, typer.Option("--page", help=localize(mark("Where to write it as a page (HTML).")))
    ] = None,
    output: OutputOptions,
) -> None:
    from archiver.cli.run.compliance import dossier

    dossier.check(store, page=page, output=output)


def gone(
    *,
    store: StorePath,
    drop: Annotated[
        bool,
        typer.Option(
            "--drop", help=localize(mark("Remove what only an earlier mapping made, and nothing else."))
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import gone as going

    going.gone(store, drop=drop, as_json=as_json)


def review(
    *,
    store: StorePath,
    patient: Annotated[
        str | None,
        typer.Argument(
            help=localize(
                mark("The patient: number, identity, or words that tell one person. Without: a list.")
            )
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            callback=_given,
            help=localize(mark("Who has looked at the originals; it is written down.")),
        ),
    ] = None,
    remark: Annotated[
        str | None,
        typer.Option("--remark", callback=_given, help=localize(mark("What was done about it."))),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import review as reviewing

    reviewing.review(store, patient, by=by, remark=remark or "", as_json=as_json)
