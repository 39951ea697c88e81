"""``archiver inspect`` and ``archiver import``: read a package, and take it into a practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.terminal.language import localize
from formats.words import mark

Package = Annotated[Path, typer.Argument(help=localize(mark("The package.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command("inspect", help=localize(mark("List the patients of a package, with your key.")))(
        taking_groups(inspect)
    )
    program.command("import", help=localize(mark("Take the dossiers of a package into a practice.")))(
        taking_groups(import_)
    )


def inspect(*, package: Package, keys: KeySources, trust: OpeningOptions, output: OutputOptions) -> None:
    from archiver.cli.run import inspect as inspection

    inspection.inspect(inspection.opening_of(package, keys, trust), output)


def import_(
    *,
    package: Package,
    into: Annotated[
        Path,
        typer.Option(
            "--into",
            help=localize(mark("The practice store; made if it is not there.")),
        ),
    ],
    keys: KeySources,
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt", help=localize(mark("Where to write the receipt (JSON, and a .txt beside it)."))
        ),
    ] = None,
    trust: OpeningOptions,
    output: OutputOptions,
) -> int:
    from archiver.cli.run import import_ as importation, inspect as inspection

    opening = inspection.opening_of(package, keys, trust)
    return importation.receive_into(into, opening, receipt_at=receipt, output=output)
