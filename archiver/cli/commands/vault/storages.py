"""``archiver vault probe`` and ``repair``: what is asked of storages, and what is done where one damaged something."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import Credentials, VaultPath
from archiver.cli.options.output import AsJson
from archiver.cli.terminal.language import localize
from formats.words import mark

OneAccount = Annotated[
    Path | None,
    typer.Option(
        "--credentials",
        help=localize(
            mark("File with the credentials of the object storage; without it, those of the environment.")
        ),
    ),
]


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``."""
    group.command(
        "probe", help=localize(mark("Try whether an object storage really locks (S3 Object Lock)."))
    )(probe)
    group.command("repair", help=localize(mark("Make damaged copies whole: from another, or by parity.")))(
        repair
    )


def probe(
    *,
    address: Annotated[
        str,
        typer.Argument(
            help=localize(mark("The storage: s3:https://SERVER/BUCKET/PREFIX.")),
        ),
    ],
    credentials: OneAccount = None,
    administrator: Annotated[
        Path | None,
        typer.Option(
            "--administrator",
            help=localize(
                mark("File with the credentials of an account that has every right; it must fail too.")
            ),
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault import probe as probing

    return probing.run(address, credentials, administrator, as_json=as_json)


def repair(*, vault: VaultPath, credentials: Credentials = None, as_json: AsJson = False) -> int:
    from archiver.cli.run.vault import repair as repairing

    return repairing.run(vault, credentials, as_json=as_json)
