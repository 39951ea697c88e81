"""``archiver register``: the register of processing, and the notice in the waiting room."""

from __future__ import annotations

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, PaperworkOptions
from archiver.cli.options.register_entries import StorePath
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("GDPR: register of processing, notice to patients."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "processing", help=localize(mark("Write the register of processing (PDF/A and spreadsheet)."))
    )(taking_groups(processing))
    app.command("notice", help=localize(mark("Write the notice for the waiting room (PDF/A).")))(
        taking_groups(notice)
    )
    program.add_typer(app, name="register")


def processing(*, store: StorePath, paperwork: PaperworkOptions, as_json: AsJson = False) -> None:
    from archiver.cli.run.paperwork import registers

    registers.processing(store, paperwork, as_json=as_json)


def notice(*, store: StorePath, paperwork: PaperworkOptions, as_json: AsJson = False) -> None:
    from archiver.cli.run.paperwork import registers

    registers.notice(store, paperwork, as_json=as_json)
