"""``archiver people``: who may be the same person, and what a human says about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from formats.words import mark

app = TranslatedTyper(mark("Patients who may be the same person."))

Store = Annotated[Path, typer.Argument(help=localize(mark("The practice store.")))]
Number = Annotated[int, typer.Argument(help=localize(mark("The number of the question, from the list.")))]
By = Annotated[
    str, typer.Option("--by", callback=visible_name, help=localize(mark("Who decides; it is written down.")))
]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="people")


@app.command("list", help=localize(mark("List the questions that wait for a human.")))
def list_(
    *,
    store: Store,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import people

    people.show(store, as_json=as_json)


@app.command("same", help=localize(mark("Say that the two are one person; this can be undone.")))
def same(*, store: Store, number: Number, by: By, as_json: AsJson = False) -> None:
    from archiver.cli.run import people

    people.decide(store, number, same=True, by=by, as_json=as_json)


@app.command("different", help=localize(mark("Say that the two are different people.")))
def different(*, store: Store, number: Number, by: By, as_json: AsJson = False) -> None:
    from archiver.cli.run import people

    people.decide(store, number, same=False, by=by, as_json=as_json)


@app.command("separate", help=localize(mark("Undo a merge: the patient stands alone again.")))
def separate(
    *,
    store: Store,
    patient: Annotated[str, typer.Argument(help=localize(mark("The patient's identity.")))],
    by: By,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import people

    people.separate(store, patient, by=by, as_json=as_json)
