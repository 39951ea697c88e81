"""``archiver breach``: breaches of personal data, with the clock of seventy-two hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson, PaperworkOptions
from archiver.cli.options.register_entries import Author, Reason, StorePath, short_text, text_option
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.compliance.breach_words import BreachNature, BreachRisk
from formats.words import mark

app = TranslatedTyper(mark("Data breaches: 72 hours to notify the CNIL."))
Number = Annotated[int, typer.Argument(help=localize(mark("The number of the breach, from the list.")))]
WHEN = mark("When: 2026-11-29 14:30; else now.")


@dataclass(frozen=True, kw_only=True, slots=True)
class BreachFacts:
    """What the notification of a breach says (GDPR article 33(3)); what nobody knows yet is left out."""

    happened: Annotated[str, text_option("--happened", mark("When it happened, as far as it is known."))] = ""
    persons: Annotated[
        int | None, typer.Option("--persons", min=0, help=localize(mark("About how many persons.")))
    ] = None
    records: Annotated[
        int | None, typer.Option("--records", min=0, help=localize(mark("About how many records.")))
    ] = None
    data: Annotated[str, text_option("--data", mark("Which persons, and which of their data."))] = ""
    consequences: Annotated[str, text_option("--consequences", mark("What may come of it for them."))] = ""
    measures: Annotated[str, text_option("--measures", mark("What was done about it, or will be."))] = ""
    risk: Annotated[
        BreachRisk | None,
        typer.Option("--risk", help=localize(mark("The risk to the persons, as the practice assesses it."))),
    ] = None
    risk_reason: Annotated[
        str, text_option("--risk-reason", mark("Why this risk; asked for with --risk."))
    ] = ""


def register(program: typer.Typer) -> None:
    """Add the commands to the program, in the order in which people need them."""
    for name, command, sentence in (
        ("open", taking_groups(open_), mark("Write a breach down: the clock runs.")),
        ("list", list_, mark("List the open breaches; status 5 when one is late.")),
        ("update", taking_groups(update), mark("Fill in what was learned, and the risk.")),
        ("notify", notify, mark("Write down that the CNIL was notified.")),
        ("inform", inform, mark("Write down how the persons were told, or why not.")),
        ("close", close, mark("Close a breach; it stays in the list of all.")),
        ("reopen", reopen, mark("Open a breach again.")),
        ("sheet", taking_groups(sheet), mark("Write the sheet of a breach (PDF/A).")),
    ):
        app.command(name, help=localize(sentence))(command)
    program.add_typer(app, name="breach")


def open_(
    *,
    store: StorePath,
    what: Annotated[str, text_option("--what", mark("What happened."), short_text)],
    nature: Annotated[list[BreachNature], typer.Option("--nature", help=localize(mark("What was lost.")))],
    known: Annotated[
        str,
        typer.Option(
            "--known",
            help=localize(mark("When the practice became aware: a day, or a day and a time; else now.")),
        ),
    ] = "",
    facts: BreachFacts,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import breach

    breach.open_(store, what=what, natures=nature, known=known, facts=facts, by=by, as_json=as_json)


def update(
    *,
    store: StorePath,
    breach: Number,
    what: Annotated[str, text_option("--what", mark("What happened."))] = "",
    nature: Annotated[
        list[BreachNature] | None, typer.Option("--nature", help=localize(mark("What was lost.")))
    ] = None,
    facts: BreachFacts,
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import breach as breaches

    breaches.update(store, breach, what=what, natures=nature or (), facts=facts, by=by, as_json=as_json)


def notify(
    *,
    store: StorePath,
    breach: Number,
    on: Annotated[str, typer.Option("--on", help=localize(WHEN))] = "",
    number: Annotated[str, text_option("--number", mark("The number that the CNIL gave."))] = "",
    delay: Annotated[str, text_option("--delay", mark("Why it took more than 72 hours."))] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import breach as breaches

    breaches.notify(store, breach, on=on, notification=number, delay=delay, by=by, as_json=as_json)


def inform(
    *,
    store: StorePath,
    breach: Number,
    on: Annotated[str, typer.Option("--on", help=localize(WHEN))] = "",
    how: Annotated[str, text_option("--how", mark("How they were told."))] = "",
    not_because: Annotated[
        str, text_option("--not-because", mark("Why they need not be told (GDPR article 34(3))."))
    ] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.compliance import breach as breaches

    breaches.inform(store, breach, on=on, how=how, not_because=not_because, by=by, as_json=as_json)


def close(*, store: StorePath, breach: Number, reason: Reason, by: Author, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import breach as breaches

    breaches.close(store, breach, reason=reason, by=by, as_json=as_json)


def reopen(*, store: StorePath, breach: Number, reason: Reason, by: Author, as_json: AsJson = False) -> None:
    from archiver.cli.run.compliance import breach as breaches

    breaches.reopen(store, breach, reason=reason, by=by, as_json=as_json)


def list_(
    *,
    store: StorePath,
    everything: Annotated[bool, typer.Option("--all", help=localize(mark("Closed ones, too.")))] = False,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.compliance import breach

    return breach.show(store, everything=everything, as_json=as_json)


def sheet(*, store: StorePath, breach: Number, paperwork: PaperworkOptions, as_json: AsJson = False) -> None:
    from archiver.cli.run.paperwork import registers

    registers.breach_sheet(store, breach, paperwork, as_json=as_json)
