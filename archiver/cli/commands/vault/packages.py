"""``archiver vault init`` and what is done with packages: taken in, listed, audited, given back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import (
    AccessOptions,
    Credentials,
    HostingOptions,
    PackageName,
    ParityPercent,
    ReceiptSignerOptions,
    VaultPath,
    WorkerOptions,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import short_text, text_option
from archiver.cli.options.trust import TrustOptions
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from archiver.vault.description import FIXITY_DAYS, RETENTION_YEARS
from formats.words import mark

Target = Annotated[
    Path,
    typer.Option(
        "--to", metavar=argument_word("folder"), help=localize(mark("The folder for what is given back."))
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``, in the order in which people need them."""
    for name, command, sentence in (
        ("init", taking_groups(init), mark("Make a vault, on one storage or several.")),
        ("host", taking_groups(host), mark("Write down who hosts a storage, with the certificate (HDS).")),
        ("deposit", taking_groups(deposit), mark("Verify packages, take them in, and sign a receipt.")),
        ("list", list_, mark("List what is in the vault.")),
        ("show", show, mark("Show what the vault has of one package.")),
        ("fetch", taking_groups(fetch), mark("Give a package back, byte for byte.")),
        ("export", taking_groups(export), mark("Give back everything of one depositor.")),
        ("audit", taking_groups(audit), mark("Read what is due and say how much is whole.")),
        ("rebuild", rebuild, mark("Make the catalogue again from the files.")),
    ):
        group.command(name, help=localize(sentence))(command)


def init(
    *,
    vault: VaultPath,
    name: Annotated[str, text_option("--name", mark("The name of whoever runs the vault."), short_text)],
    storage: Annotated[
        list[str] | None,
        typer.Option(
            "--storage",
            metavar=argument_word("folder"),
            help=localize(
                mark("A folder on a disk of its own, or s3:https://SERVER/BUCKET/PREFIX; one for each copy.")
            ),
        ),
    ] = None,
    credentials: Credentials = None,
    unlocked: Annotated[
        str,
        text_option(
            "--unlocked", mark("Why an object storage is taken that does not lock; it is written down.")
        ),
    ] = "",
    hosting: HostingOptions,
    fixity_days: Annotated[
        int,
        typer.Option(
            "--fixity-days", min=1, help=localize(mark("Within how many days every file is read again."))
        ),
    ] = FIXITY_DAYS,
    retention_years: Annotated[
        int,
        typer.Option(
            "--retention-years",
            min=1,
            max=100,
            help=localize(mark("How long packages stay that state no term.")),
        ),
    ] = RETENTION_YEARS,
    parity: ParityPercent = 0,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault import describe

    describe.init(
        vault,
        name,
        storage or [],
        hosting,
        credentials,
        unlocked=unlocked,
        terms=(fixity_days, retention_years, parity),
        as_json=as_json,
    )


def host(
    *,
    vault: VaultPath,
    storage: Annotated[
        str, typer.Argument(help=localize(mark("The name of the storage, such as storage-1.")))
    ],
    hosting: HostingOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run.vault import describe

    describe.host(vault, storage, hosting, credentials, as_json=as_json)


def deposit(
    *,
    vault: VaultPath,
    packages: Annotated[
        list[Path],
        typer.Argument(help=localize(mark("Packages, sets with their volumes, and folders that hold them."))),
    ],
    receipts: Annotated[
        Path,
        typer.Option(
            "--receipts",
            metavar=argument_word("folder"),
            help=localize(mark("The folder for the receipts of the depositor.")),
        ),
    ],
    signing: ReceiptSignerOptions,
    trust: TrustOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import deposit as depositing

    return depositing.run(vault, packages, receipts, signing, trust, credentials=credentials, as_json=as_json)


def list_(
    *,
    vault: VaultPath,
    sender: Annotated[
        str, typer.Option("--sender", help=localize(mark("The depositor alone: its name or a number of it.")))
    ] = "",
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import catalogue

    return catalogue.list_(vault, sender, as_json=as_json)


def show(
    *, vault: VaultPath, package: PackageName, credentials: Credentials = None, as_json: AsJson = False
) -> int:
    from archiver.cli.run.vault import catalogue

    return catalogue.show(vault, package, credentials, as_json=as_json)


def fetch(
    *,
    vault: VaultPath,
    package: PackageName,
    to: Target,
    revision: Annotated[
        int,
        typer.Option(
            "--revision", min=0, max=999, help=localize(mark("The revision; without it, the last."))
        ),
    ] = 0,
    receipts: Annotated[
        bool, typer.Option("--receipts", help=localize(mark("The receipts as well, with their signatures.")))
    ] = False,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            help=localize(mark("The vault's evidence as well, beside each file, where verify finds it.")),
        ),
    ] = False,
    parity: Annotated[
        bool,
        typer.Option(
            "--parity", help=localize(mark("The parity as well, beside each file, where par2 finds it."))
        ),
    ] = False,
    access: AccessOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import restitution
    from archiver.operations.vault.fetch import FurtherFiles

    asked = {
        FurtherFiles.RECEIPTS: receipts,
        FurtherFiles.EVIDENCE: evidence,
        FurtherFiles.PARITY: parity,
    }
    return restitution.fetch(
        vault,
        package,
        to,
        revision=revision,
        further=[one for one, wanted in asked.items() if wanted],
        access=access,
        credentials=credentials,
        as_json=as_json,
    )


def export(
    *,
    vault: VaultPath,
    sender: Annotated[
        str, typer.Option("--sender", help=localize(mark("The depositor: its name or a number of it.")))
    ],
    to: Target,
    access: AccessOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import restitution

    return restitution.export(vault, sender, to, access, credentials, as_json=as_json)


def rebuild(*, vault: VaultPath, credentials: Credentials = None, as_json: AsJson = False) -> int:
    from archiver.cli.run.vault import catalogue

    return catalogue.rebuild(vault, credentials, as_json=as_json)


def audit(
    *,
    vault: VaultPath,
    everything: Annotated[
        bool, typer.Option("--all", help=localize(mark("What was checked lately as well.")))
    ] = False,
    most: Annotated[
        int,
        typer.Option("--most", min=0, help=localize(mark("How many copies at most; 0: all that are due."))),
    ] = 0,
    workers: WorkerOptions,
    prometheus: Annotated[
        Path | None,
        typer.Option(
            "--prometheus", help=localize(mark("Where to write the numbers for Prometheus (.prom)."))
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help=localize(mark("Where to write the report, a page for the browser and for print.")),
        ),
    ] = None,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import audit as auditing

    return auditing.run(
        vault,
        credentials=credentials,
        everything=everything,
        most=most,
        workers=workers,
        prometheus=prometheus,
        report=report,
        as_json=as_json,
    )
