"""``archiver receipt`` and ``archiver handover``: receipts signed and checked, what was sent and acknowledged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, StorePath, text_option
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import AuthorityOptions, OpeningOptions
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from archiver.compliance.request_words import Conveyance
from formats.words import mark

receipt_app = TranslatedTyper(mark("The receipt of an import: signed, and checked."))
handover_app = TranslatedTyper(mark("What was sent, and what was acknowledged."))

ReceiptFile = Annotated[Path, typer.Argument(help=localize(mark("The receipt (JSON).")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    receipt_app.command("sign", help=localize(mark("Sign a receipt with the key of whoever received.")))(
        taking_groups(sign)
    )
    receipt_app.command("check", help=localize(mark("Compare a receipt with what was sent, line by line.")))(
        taking_groups(check)
    )
    program.add_typer(receipt_app, name="receipt")
    handover_app.command("status", help=localize(mark("Say what was sent, received, and is overdue.")))(
        status
    )
    handover_app.command(
        "record", help=localize(mark("File a receipt that came back, or an export from its package."))
    )(taking_groups(record))
    handover_app.command(
        "proof",
        help=localize(mark("Write down that packages were handed over: one, or those of a list of claims.")),
    )(proof)
    program.add_typer(handover_app, name="handover")


def sign(
    *,
    receipt: ReceiptFile,
    signing: SigningOptions,
    authorities: AuthorityOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.handovers import receipts

    receipts.sign(receipt, signing, authorities.trust(), as_json=as_json)


def check(
    *,
    receipt: ReceiptFile,
    package: Annotated[
        Path,
        typer.Option("--package", help=localize(mark("The package that was sent, or what ties its set."))),
    ],
    keys: PackageKeys,
    trust: OpeningOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.handovers import receipts

    return receipts.check(receipt, package, keys, trust, as_json=as_json)


def status(*, store: StorePath, as_json: AsJson = False) -> int:
    from archiver.cli.run.handovers import status as handovers

    return handovers.show_handovers(store, as_json=as_json)


def record(
    *,
    store: StorePath,
    receipt: Annotated[Path | None, typer.Argument(help=localize(mark("The receipt (JSON).")))] = None,
    package: Annotated[
        Path | None,
        typer.Option(
            "--package", help=localize(mark("What was sent: enter it, where this store has no record of it."))
        ),
    ] = None,
    keys: PackageKeys,
    trust: OpeningOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.handovers import receipts

    return receipts.record(store, receipt, package, keys, trust, as_json=as_json)


def proof(
    *,
    store: StorePath,
    package: Annotated[
        str,
        typer.Argument(
            help=localize(mark("The package: its identifier, or its file where it alone is called so."))
        ),
    ] = "",
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims", help=localize(mark("The list of claims of many packages, as it was filled in."))
        ),
    ] = None,
    how: Annotated[Conveyance, typer.Option("--how", help=localize(mark("How it was handed over.")))],
    recipient: Annotated[str, text_option("--to", mark("To whom the package was handed over."))] = "",
    on: Annotated[str, typer.Option("--on", help=localize(mark("The day; else today.")))] = "",
    by: Author,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.handovers import deliveries

    order = deliveries.ProofOrder(
        store=store, package=package, claims=claims, how=how, recipient=recipient, on=on, by=by
    )
    deliveries.prove(order, as_json=as_json)
