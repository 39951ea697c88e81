"""``archiver hold``: dossiers that are kept beyond their term."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, PatientName, Reason, StorePath, day_of
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.practice.registers.hold_grounds import HoldGround
from formats.words import mark

app = TranslatedTyper(mark("Dossiers under a hold: a claim, an appeal."))
Number = Annotated[int, typer.Argument(help=localize(mark("The number of the hold, from the list.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="hold")


@app.command("set", help=localize(mark("Put a dossier under a hold: it is kept beyond its term.")))
def set_(
    *,
    store: StorePath,
    patient: PatientName,
    ground: Annotated[
        HoldGround, typer.Option("--ground", help=localize(mark("What suspends the term.")))
    ] = HoldGround.CLAIM,
    reason: Reason,
    since: Annotated[
        str,
        typer.Option(
            "--since", help=localize(mark("The day on which the claim was made; today if not said."))
        ),
    ] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import hold

    day = day_of(since, "--since", past=True) if since else None
    hold.put(store, patient, ground=ground, reason=reason, since=day, by=by, as_json=as_json)


@app.command("lift", help=localize(mark("Lift a hold; it stays in the list of all.")))
def lift(*, store: StorePath, hold: Number, reason: Reason, by: Author, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import hold as holding

    holding.lift(store, hold, reason=reason, by=by, as_json=as_json)


@app.command("list", help=localize(mark("List the dossiers under a hold.")))
def list_(
    *,
    store: StorePath,
    everything: Annotated[
        bool, typer.Option("--all", help=localize(mark("Those that were lifted, too.")))
    ] = False,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import hold

    hold.show(store, everything=everything, as_json=as_json)
