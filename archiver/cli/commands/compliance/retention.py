"""``archiver retention``: until when each dossier is kept, by which rule, and what the practice decided."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, PatientName, Reason, StorePath, day_of
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.compliance.retention_rules import Rule
from formats.words import mark

app = TranslatedTyper(mark("Until when each dossier is kept, and why."))


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="retention")


@app.command("list", help=localize(mark("List each person with the end of retention.")))
def list_(
    *,
    store: StorePath,
    before: Annotated[
        str, typer.Option("--before", help=localize(mark("Only what is over before this day.")))
    ] = "",
    rule: Annotated[
        Rule | None, typer.Option("--rule", help=localize(mark("Only what this rule sets.")))
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import retention

    day = day_of(before, "--before") if before else None
    retention.show(store, before=day, rule=rule, as_json=as_json)


@app.command("consolidation", help=localize(mark("Write down when a damage was consolidated.")))
def consolidation(
    *,
    store: StorePath,
    patient: PatientName,
    on: Annotated[
        str,
        typer.Option("--on", help=localize(mark("The day of consolidation; ten years are kept from it."))),
    ],
    reason: Reason,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import retention

    retention.note_consolidation(
        store, patient, day=day_of(on, "--on", past=True), reason=reason, by=by, as_json=as_json
    )


@app.command("keep", help=localize(mark("Decide until when a dossier is kept.")))
def keep(
    *,
    store: StorePath,
    patient: PatientName,
    until: Annotated[
        str,
        typer.Option(
            "--until",
            help=localize(mark("The last day of the period; one that is earlier shortens nothing.")),
        ),
    ],
    reason: Reason,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import retention

    retention.keep(store, patient, day=day_of(until, "--until"), reason=reason, by=by, as_json=as_json)


@app.command("decisions", help=localize(mark("List what was decided about retention.")))
def decisions(
    *,
    store: StorePath,
    everything: Annotated[
        bool, typer.Option("--all", help=localize(mark("Those that were withdrawn, too.")))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import retention

    retention.show_decisions(store, everything=everything, as_json=as_json)


@app.command("withdraw", help=localize(mark("Withdraw a decision; it stays in the list of all.")))
def withdraw(
    *,
    store: StorePath,
    decision: Annotated[
        int, typer.Argument(help=localize(mark("The number of the decision, from the list.")))
    ],
    reason: Reason,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import retention

    retention.withdraw(store, decision, reason=reason, by=by, as_json=as_json)
