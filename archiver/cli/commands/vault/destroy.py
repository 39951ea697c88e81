"""``archiver vault approver`` and ``destroy``: two approvers, one destruction."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import (
    ApproverSignerOptions,
    Credentials,
    ReceiptSignerOptions,
    VaultPath,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, Reason, short_text, text_option
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(
    mark("Destroy packages whose term has ended: asked for by one approver, approved by another.")
)
DestructionName = Annotated[
    str, typer.Argument(help=localize(mark("The identifier of the destruction, from the list.")))
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``."""
    group.command("approver", help=localize(mark("Say who may ask for destructions and approve them.")))(
        taking_groups(approver)
    )
    group.add_typer(app, name="destroy")
    for name, command, sentence in (
        (
            "request",
            taking_groups(request),
            mark("Ask for the destruction of packages whose term has ended."),
        ),
        ("approve", taking_groups(approve), mark("Approve what another approver asked for.")),
        (
            "withdraw",
            taking_groups(withdraw),
            mark("Withdraw a request, approved or not, before it is carried out."),
        ),
        (
            "carry-out",
            taking_groups(carry_out),
            mark("Destroy what was approved, and write the certificate."),
        ),
        ("list", list_, mark("List what was asked for, approved, withdrawn, begun, done.")),
    ):
        app.command(name, help=localize(sentence))(command)


def approver(
    *,
    vault: VaultPath,
    name: Annotated[str, text_option("--name", mark("The name of the person."), short_text)],
    signing: ApproverSignerOptions,
    remove: Annotated[
        bool, typer.Option("--remove", help=localize(mark("Take the person out of the list.")))
    ] = False,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import destroy

    destroy.approver(vault, name, None if remove else signing, credentials=credentials, as_json=as_json)


def request(
    *,
    vault: VaultPath,
    packages: Annotated[
        list[str] | None, typer.Argument(help=localize(mark("The identifiers of packages or sets.")))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--due", help=localize(mark("Everything whose term has ended.")))
    ] = False,
    units: Annotated[
        list[str] | None,
        typer.Option(
            "--unit",
            metavar=argument_word("unit"),
            help=localize(mark("Only this unit of the package, the rest stays; may be given again.")),
        ),
    ] = None,
    due_units: Annotated[
        bool,
        typer.Option(
            "--due-units", help=localize(mark("Only the units whose term has ended, the rest stays."))
        ),
    ] = False,
    by: Author,
    signing: ApproverSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import destroy

    destroy.request(
        vault,
        packages or (),
        signing,
        everything=everything,
        units=units or (),
        due_units=due_units,
        by=by,
        credentials=credentials,
        as_json=as_json,
    )


def approve(
    *,
    vault: VaultPath,
    destruction: DestructionName,
    by: Author,
    signing: ApproverSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import destroy

    destroy.approve(vault, destruction, signing, by=by, credentials=credentials, as_json=as_json)


def withdraw(
    *,
    vault: VaultPath,
    destruction: DestructionName,
    reason: Reason,
    by: Author,
    signing: ApproverSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import destroy

    destroy.withdraw(
        vault, destruction, signing, reason=reason, by=by, credentials=credentials, as_json=as_json
    )


def carry_out(
    *,
    vault: VaultPath,
    destruction: DestructionName,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar=argument_word("folder"), help=localize(mark("The folder for the certificates."))
        ),
    ],
    signing: ReceiptSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault.disposal import destroy

    destroy.carry_out(vault, destruction, signing, to, credentials=credentials, as_json=as_json)


def list_(*, vault: VaultPath, as_json: AsJson = False) -> int:
    from archiver.cli.run.vault.disposal import destroy

    return destroy.list_(vault, as_json=as_json)
