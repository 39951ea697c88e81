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
Question = Annotated[
    str, typer.Argument(help=localize(mark("The identifier of the question, from the list.")))
]
By = Annotated[
    str, typer.Option("--by", callback=visible_name, help=localize(mark("Who decides; it is written down.")))
]
Remark = Annotated[
    str,
    typer.Option("--remark", callback=visible_name, help=localize(mark("Why; it is written down as well."))),
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
    from archiver.cli.run.people import decisions

    decisions.show(store, as_json=as_json)


@app.command("show", help=localize(mark("Show both records of a question side by side.")))
def show(
    *,
    store: Store,
    question: Annotated[
        str,
        typer.Argument(help=localize(mark("The identifier of a question; without it, every open one."))),
    ] = "",
    answered: Annotated[
        bool, typer.Option("--all", help=localize(mark("Those that were answered as well.")))
    ] = False,
    page: Annotated[
        Path | None,
        typer.Option("--page", help=localize(mark("Where to write them as a page for a browser (HTML)."))),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help=localize(mark("Where to write them as a list to answer in (CSV)."))),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.people import comparison

    comparison.show(store, question, answered=answered, page=page, answers=answers, as_json=as_json)


@app.command("same", help=localize(mark("Say that the two are one person; this can be undone.")))
def same(*, store: Store, question: Question, by: By, remark: Remark = "", as_json: AsJson = False) -> None:
    from archiver.cli.run.people import decisions

    decisions.decide(store, question, same=True, by=by, remark=remark, as_json=as_json)


@app.command("different", help=localize(mark("Say that the two are different people; this can be undone.")))
def different(
    *, store: Store, question: Question, by: By, remark: Remark = "", as_json: AsJson = False
) -> None:
    from archiver.cli.run.people import decisions

    decisions.decide(store, question, same=False, by=by, remark=remark, as_json=as_json)


@app.command("answer", help=localize(mark("Record a list of answers: all of them, or none.")))
def answer(
    *,
    store: Store,
    file: Annotated[
        Path, typer.Option("--file", help=localize(mark("The list of answers (CSV), from show or its page.")))
    ],
    by: Annotated[
        str,
        typer.Option(
            "--by",
            callback=visible_name,
            help=localize(mark("Who decides where the list does not say; it is written down.")),
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.people import decisions

    decisions.answer(store, file, by=by, as_json=as_json)


@app.command("undo", help=localize(mark("Take an answer back: the question is open again.")))
def undo(*, store: Store, question: Question, by: By, as_json: AsJson = False) -> None:
    from archiver.cli.run.people import decisions

    decisions.undo(store, question, by=by, as_json=as_json)


@app.command("separate", help=localize(mark("Undo every merge of a patient, who stands alone again.")))
def separate(
    *,
    store: Store,
    patient: Annotated[str, typer.Argument(help=localize(mark("The patient's identity.")))],
    by: By,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.people import decisions

    decisions.separate(store, patient, by=by, as_json=as_json)


@app.command("duplicates", help=localize(mark("Search the practice for records that may be of one person.")))
def duplicates(*, store: Store, as_json: AsJson = False) -> None:
    from archiver.cli.run.people import decisions

    decisions.duplicates(store, as_json=as_json)
