"""``archiver vault due``, ``hold``, ``lift`` and ``restitute``: what may leave a vault, and what must not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import Credentials, PackageName, ReceiptSignerOptions, VaultPath
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, Reason, day_of, short_text, text_option
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

MAX_WITHIN = 36_500
"""Days ahead for which a list can be asked: a hundred years."""


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``, in the order in which people need them."""
    for name, command, sentence in (
        ("due", due, mark("List packages whose term has ended, which are held, or which state no term.")),
        ("hold", taking_groups(hold), mark("Put a package under a hold: nothing of it is destroyed.")),
        ("lift", taking_groups(lift), mark("Lift a hold; what was said stays written down.")),
        (
            "restitute",
            taking_groups(restitute),
            mark("Hand packages over with all that the vault has of them."),
        ),
    ):
        group.command(name, help=localize(sentence))(command)


def due(
    *,
    vault: VaultPath,
    on: Annotated[str, typer.Option("--on", help=localize(mark("The day; without it, today.")))] = "",
    within: Annotated[
        int,
        typer.Option("--within", min=0, max=MAX_WITHIN, help=localize(mark("So many days later."))),
    ] = 0,
    units: Annotated[
        bool,
        typer.Option(
            "--units", help=localize(mark("The units that are due, by their identifiers, as well."))
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--csv", help=localize(mark("Where to write the list (CSV).")))
    ] = None,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import due as listing

    day = day_of(on, "--on") if on else None
    listing.run(vault, day, within, units=units, report=report, credentials=credentials, as_json=as_json)


def hold(
    *,
    vault: VaultPath,
    package: PackageName,
    reason: Reason,
    by: Author,
    signing: ReceiptSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import hold as holding

    holding.hold(vault, package, signing, reason=reason, by=by, credentials=credentials, as_json=as_json)


def lift(
    *,
    vault: VaultPath,
    package: PackageName,
    number: Annotated[
        int | None,
        typer.Option(
            "--number",
            min=0,
            max=999,
            help=localize(mark("Which hold, where there are several; 0: those that the sender stated.")),
        ),
    ] = None,
    reason: Reason,
    by: Author,
    signing: ReceiptSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import hold as holding

    holding.lift(
        vault, package, number, signing, reason=reason, by=by, credentials=credentials, as_json=as_json
    )


def restitute(
    *,
    vault: VaultPath,
    packages: Annotated[
        list[str] | None, typer.Argument(help=localize(mark("The identifiers of packages or sets.")))
    ] = None,
    sender: Annotated[
        str, typer.Option("--sender", help=localize(mark("All of a depositor: its name or a number of it.")))
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help=localize(mark("Everything in the vault.")))
    ] = False,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(mark("A new folder for what is handed over.")),
        ),
    ],
    by: Author,
    receiver: Annotated[
        str, text_option("--receiver", mark("To whom it is handed over; it is written down."), short_text)
    ],
    signing: ReceiptSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import restitute as restituting

    return restituting.run(
        vault,
        packages or (),
        signing,
        sender=sender,
        everything=everything,
        target=to,
        by=by,
        receiver=receiver,
        credentials=credentials,
        as_json=as_json,
    )
