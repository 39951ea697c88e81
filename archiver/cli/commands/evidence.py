"""``archiver evidence``: since when packages exist, proven over the years without any key."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.trust import AuthorityOptions
from archiver.cli.terminal.help import TranslatedTyper
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Evidence of since when packages exist; no key is needed."))


class HashName(StrEnum):
    """Hash functions evidence may be built on or moved to."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    SHA3_256 = "sha3_256"
    SHA3_384 = "sha3_384"
    SHA3_512 = "sha3_512"


Packages = Annotated[
    list[Path],
    typer.Argument(help=localize(mark("Packages, unpacked or not; a set stands for all its volumes."))),
]
Tsa = Annotated[
    list[str],
    typer.Option(
        "--tsa", help=localize(mark("Address of a time-stamping authority; the next one if it fails."))
    ),
]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("build", help=localize(mark("Give packages evidence: one time-stamp over all of them.")))(
        taking_groups(build)
    )
    app.command(
        "renew", help=localize(mark("Renew the evidence of packages before something under it ends."))
    )(taking_groups(renew))
    app.command(
        "show", help=localize(mark("Show the time-stamps of packages' evidence, and what ends when."))
    )(taking_groups(show))
    program.add_typer(app, name="evidence")


def build(
    *,
    packages: Packages,
    tsa: Tsa,
    accepted: AuthorityOptions,
    hash_name: Annotated[
        HashName, typer.Option("--hash", help=localize(mark("The hash function it rests on.")))
    ] = HashName.SHA256,
    another: Annotated[
        bool,
        typer.Option("--another", help=localize(mark("Add a further record beside the evidence there is."))),
    ] = False,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run import evidence

    return evidence.build(
        packages, accepted.trust(), tsa, hash_name=hash_name.value, another=another, as_json=as_json
    )


def renew(
    *,
    packages: Packages,
    tsa: Tsa,
    accepted: AuthorityOptions,
    hash_name: Annotated[
        HashName | None,
        typer.Option("--hash", help=localize(mark("Move to this hash function; every part is read again."))),
    ] = None,
    due_within: Annotated[
        int | None,
        typer.Option("--due-within", min=0, help=localize(mark("Only what ends within so many days."))),
    ] = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run import evidence

    return evidence.renew(
        packages,
        accepted.trust(),
        tsa,
        hash_name=hash_name.value if hash_name else "",
        days=due_within,
        as_json=as_json,
    )


def show(*, packages: Packages, accepted: AuthorityOptions, as_json: AsJson = False) -> int:
    from archiver.cli.run import evidence

    return evidence.show(packages, accepted.trust(), as_json=as_json)
