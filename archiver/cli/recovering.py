"""``archiver keys recovery``, ``drill``, ``restore`` and ``share``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.importing import AsJson, Package
from archiver.cli.key_sources import Cards, CardsFile, Identity, PassphraseFile, sources
from archiver.cli.language import tell
from archiver.cli.secrets import NewPassphrase, SignerPassphrase
from archiver.cli.verifying import At, Fingerprints, Roots
from formats.words import mark


def register(keys: typer.Typer) -> None:
    """Add the commands to ``archiver keys``."""
    keys.command("recovery", help=tell(mark("Make recovery cards: any 3 of 5 give your key back.")))(recovery)
    keys.command("drill", help=tell(mark("Try recovery cards: open a package with nothing else.")))(drill)
    keys.command("restore", help=tell(mark("Make the key file again from recovery cards.")))(restore)
    keys.command("share", help=tell(mark("Let somebody else open a package: a new signed revision.")))(share)


def recovery(
    *,
    identity: Annotated[Path, typer.Argument(help=tell(mark("Your receiving key (receiver.identity).")))],
    out: Annotated[Path, typer.Option("--out", help=tell(mark("The PDF to make, print and delete.")))],
    threshold: Annotated[
        int, typer.Option("--threshold", help=tell(mark("How many cards give the key back.")))
    ] = 3,
    cards: Annotated[int, typer.Option("--cards", help=tell(mark("How many cards to make.")))] = 5,
    name: Annotated[
        str, typer.Option("--name", help=tell(mark("Whose key it is, as the cards should say.")))
    ] = "",
) -> None:
    from archiver.cli import recovery as act

    act.make(identity, out, name=name, threshold=threshold, cards=cards)


def drill(
    *,
    package: Package,
    cards_file: CardsFile = None,
    roots: Roots = None,
    signer: Fingerprints = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli import recovery as act, verification

    act.drill(package, cards_file or [], verification.trust(roots, signer or [], at), as_json=as_json)


def restore(
    *,
    folder: Annotated[Path, typer.Argument(help=tell(mark("Where to put the key.")))],
    cards_file: CardsFile = None,
) -> None:
    from archiver.cli import recovery as act

    act.restore(folder, cards_file or [])


def share(
    *,
    package: Package,
    new_package: Annotated[Path, typer.Argument(help=tell(mark("The new revision to make.")))],
    signer: Annotated[Path, typer.Option("--signer", help=tell(mark("Your signing key (PKCS#12).")))],
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help=tell(mark("Who may open it: age1pq1… or a file of such keys."))),
    ] = None,
    new_passphrase_file: NewPassphrase = None,
    only: Annotated[
        bool, typer.Option("--only", help=tell(mark("Leave the earlier keyrings out of the new revision.")))
    ] = False,
    receiver: Annotated[
        str, typer.Option("--receiver", help=tell(mark("Who receives the package (public).")))
    ] = "",
    identity: Identity = None,
    cards: Cards = False,
    cards_file: CardsFile = None,
    passphrase_file: PassphraseFile = None,
    roots: Roots = None,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", help=tell(mark("SHA-256 fingerprint of a signer you accept."))),
    ] = None,
    at: At = None,
    signer_passphrase_file: SignerPassphrase = None,
) -> None:
    from archiver.cli import sharing, verification

    sharing.run(
        sharing.Order(
            package=package,
            target=new_package,
            keys=sources(identity, cards, cards_file, passphrase_file),
            trust=verification.trust(roots, accept or [], at),
            to=tuple(to or ()),
            new_passphrase_file=new_passphrase_file,
            only=only,
            receiver=receiver,
            signer=signer,
            signer_passphrase_file=signer_passphrase_file,
        )
    )
