"""``archiver inspect`` and ``archiver import``: read a package, and take it into a practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.key_sources import Cards, CardsFile, Identity, PassphraseFile, sources
from archiver.cli.language import tell
from archiver.cli.verifying import At, Fingerprints, Roots
from formats.words import mark

Package = Annotated[Path, typer.Argument(help=tell(mark("The package.")))]
AsJson = Annotated[bool, typer.Option("--json", help=tell(mark("Print one JSON document.")))]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command("inspect", help=tell(mark("List the patients of a package, with your key.")))(inspect)
    program.command("import", help=tell(mark("Take the dossiers of a package into a practice.")))(import_)


def inspect(
    *,
    package: Package,
    identity: Identity = None,
    cards: Cards = False,
    cards_file: CardsFile = None,
    passphrase_file: PassphraseFile = None,
    roots: Roots = None,
    signer: Fingerprints = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli import importation, verification

    named = sources(identity, cards, cards_file, passphrase_file)
    importation.inspect(package, named, verification.trust(roots, signer or [], at), as_json=as_json)


def import_(
    *,
    package: Package,
    into: Annotated[
        Path, typer.Option("--into", help=tell(mark("The practice store; it need not be empty.")))
    ],
    identity: Identity = None,
    cards: Cards = False,
    cards_file: CardsFile = None,
    passphrase_file: PassphraseFile = None,
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt", help=tell(mark("Where to write the receipt (JSON, and a .txt beside it)."))
        ),
    ] = None,
    roots: Roots = None,
    signer: Fingerprints = None,
    at: At = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli import importation, verification

    accepted = verification.trust(roots, signer or [], at)
    opening = importation.request(package, sources(identity, cards, cards_file, passphrase_file), accepted)
    return importation.receive_into(into, opening, receipt_at=receipt, as_json=as_json)
