"""``archiver request``: requests for access to a dossier, with their deadlines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.export import RedactionOptions, WithoutLost
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import (
    Author,
    PatientName,
    Reason,
    StorePath,
    short_text,
    text_option,
)
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from archiver.compliance.request_words import Conveyance, HeirPurpose, RequestEnd, Requester
from formats.words import mark

app = TranslatedTyper(mark("Requests for access to a dossier, and their deadlines."))
Number = Annotated[int, typer.Argument(help=localize(mark("The number of the request, from the list.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.add_typer(app, name="request")


@app.command("open", help=localize(mark("Write down who asks for whose dossier.")))
def open_(
    *,
    store: StorePath,
    patient: PatientName,
    requester: Annotated[
        Requester, typer.Option("--requester", help=localize(mark("Who asks.")))
    ] = Requester.PATIENT,
    name: Annotated[str, text_option("--name", mark("The name of whoever asks."), short_text)],
    purpose: Annotated[
        HeirPurpose | None, typer.Option("--purpose", help=localize(mark("To what end an heir asks.")))
    ] = None,
    received: Annotated[
        str,
        typer.Option(
            "--received", help=localize(mark("When it came: a day, or a day and a time; else now."))
        ),
    ] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import request

    opening = request.OpeningOptions(
        patient=patient, requester=requester, name=name, purpose=purpose, received=received, by=by
    )
    request.open_(store, opening, as_json=as_json)


@app.command("identity", help=localize(mark("Write down how the identity of whoever asks was checked.")))
def identity(
    *,
    store: StorePath,
    request: Number,
    how: Annotated[
        str, text_option("--how", mark("What was looked at; no copy of a paper is kept."), short_text)
    ],
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import request_answer as requests

    requests.note_identity(store, request, how=how, by=by, as_json=as_json)


@app.command(
    "list", help=localize(mark("List the open requests with what is due; status 5 when one is late."))
)
def list_(
    *,
    store: StorePath,
    everything: Annotated[bool, typer.Option("--all", help=localize(mark("Closed ones, too.")))] = False,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.compliance import request

    return request.show_all(store, everything=everything, as_json=as_json)


@app.command(
    "show", help=localize(mark("Show one request: deadlines, identity check, what was left out, proof."))
)
def show(*, store: StorePath, request: Number, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import request as requests

    requests.show(store, request, as_json=as_json)


@app.command("fulfil", help=localize(mark("Write the dossier without what is not to be handed over.")))
@taking_groups
def fulfil(
    *,
    store: StorePath,
    request: Number,
    to: Annotated[
        Path,
        typer.Option("--to", metavar=argument_word("folder"), help=localize(mark("The folder to make."))),
    ],
    redaction: RedactionOptions,
    without_lost: WithoutLost = False,
    zipped: Annotated[
        bool,
        typer.Option(
            "--zip", help=localize(mark("The dossier as one encrypted ZIP, for a passphrase of words."))
        ),
    ] = False,
    by: Author,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.compliance import request_answer as requests
    from archiver.operations.compliance.access_requests import FulfilOrder

    order = FulfilOrder(
        request=request,
        folder=to,
        by=by,
        selection=redaction.selection(),
        whole=redaction.whole,
        zipped=zipped,
        without_lost=without_lost,
    )
    return requests.fulfil(store, order, as_json=as_json)


@app.command("proof", help=localize(mark("Write down how, when and to whom the dossier was handed over.")))
def proof(
    *,
    store: StorePath,
    request: Number,
    how: Annotated[Conveyance, typer.Option("--how", help=localize(mark("How it was handed over.")))],
    recipient: Annotated[str, text_option("--to", mark("To whom it was handed over."), short_text)],
    on: Annotated[str, typer.Option("--on", help=localize(mark("The day; else today.")))] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import request_answer as requests

    requests.prove(store, request, how=how, recipient=recipient, on=on, by=by, as_json=as_json)


@app.command("close", help=localize(mark("Close a request that is not answered with a dossier.")))
def close(
    *,
    store: StorePath,
    request: Number,
    ending: Annotated[RequestEnd, typer.Option("--as", help=localize(mark("How it ended.")))],
    reason: Reason,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import request_answer as requests

    requests.close(store, request, ending=ending, reason=reason, by=by, as_json=as_json)


@app.command("reopen", help=localize(mark("Open a closed request again.")))
def reopen(*, store: StorePath, request: Number, reason: Reason, by: Author, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import request_answer as requests

    requests.close(store, request, ending=None, reason=reason, by=by, as_json=as_json)
