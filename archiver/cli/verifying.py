"""``archiver verify``: examine a package without any key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.language import tell
from formats.words import mark

Roots = Annotated[
    Path | None,
    typer.Option("--roots", help=tell(mark("Certificates you accept: a PEM file or a folder of them."))),
]
Fingerprints = Annotated[
    list[str] | None,
    typer.Option("--signer", help=tell(mark("SHA-256 fingerprint of a signer you accept."))),
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help=tell(mark("Judge certificates at this moment instead of now.")),
    ),
]


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "verify", help=tell(mark("Examine a package without any key: intact, complete, signed by whom?"))
    )(verify)


def verify(
    *,
    package: Annotated[Path, typer.Argument(help=tell(mark("The package, or the same tree unpacked.")))],
    roots: Roots = None,
    signer: Fingerprints = None,
    at: At = None,
    as_json: Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))] = False,
) -> int:
    from archiver.cli import verification

    return verification.run(package, verification.trust(roots, signer or [], at), as_json=as_json)
