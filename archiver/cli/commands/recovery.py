"""``archiver keys recovery``, ``drill``, ``restore`` and ``share``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.import_ import Package
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import CardsFile, KeySources
from archiver.cli.options.new_passphrase import NewPassphraseOptions
from archiver.cli.options.output import AsJson, OutputOptions
from archiver.cli.options.passphrases import FurtherPassphrase, IdentityPassphrase
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import OpeningOptions, ResigningOptions
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from formats.words import mark


def register(keys: typer.Typer) -> None:
    """Add the commands to ``archiver keys``."""
    keys.command("recovery", help=localize(mark("Make recovery cards: any 3 of 5 give your key back.")))(
        recovery
    )
    keys.command("drill", help=localize(mark("Try recovery cards: open a package with nothing else.")))(
        taking_groups(drill)
    )
    keys.command("restore", help=localize(mark("Make the key file again from recovery cards.")))(
        taking_groups(restore)
    )
    keys.command("share", help=localize(mark("Let somebody else open a package: a new signed revision.")))(
        taking_groups(share)
    )


def recovery(
    *,
    identity: Annotated[Path, typer.Argument(help=localize(mark("Your receiving key (receiver.identity).")))],
    out: Annotated[Path, typer.Option("--out", help=localize(mark("The PDF to make, print and delete.")))],
    threshold: Annotated[
        int, typer.Option("--threshold", help=localize(mark("How many cards give the key back.")))
    ] = 3,
    cards: Annotated[int, typer.Option("--cards", help=localize(mark("How many cards to make.")))] = 5,
    name: Annotated[
        str,
        typer.Option(
            "--name", callback=visible_name, help=localize(mark("Whose key it is, as the cards should say."))
        ),
    ] = "",
    identity_passphrase_file: IdentityPassphrase = None,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import recovery as act

    act.make(
        identity,
        identity_passphrase_file,
        out,
        name=name,
        threshold=threshold,
        cards=cards,
        as_json=as_json,
    )


def drill(
    *, package: Package, cards_file: CardsFile = None, trust: OpeningOptions, output: OutputOptions
) -> None:
    from archiver.cli.run import recovery as act

    act.drill(package, cards_file or [], trust, output)


def restore(
    *,
    folder: Annotated[Path, typer.Argument(help=localize(mark("Where to put the key.")))],
    cards_file: CardsFile = None,
    protection: NewPassphraseOptions,
    as_json: AsJson = False,
) -> None:
    from archiver.cli.run import recovery as act

    act.restore(folder, cards_file or [], protection, as_json=as_json)


def share(
    *,
    package: Package,
    new_package: Annotated[Path, typer.Argument(help=localize(mark("The new revision to make.")))],
    signing: SigningOptions,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help=localize(mark("Who may open it: age1pq1… or a file of such keys."))),
    ] = None,
    new_passphrase_file: FurtherPassphrase = None,
    only: Annotated[
        bool,
        typer.Option("--only", help=localize(mark("Leave the earlier keyrings out of the new revision."))),
    ] = False,
    receiver: Annotated[
        str,
        typer.Option(
            "--receiver", callback=visible_name, help=localize(mark("Who receives the package (public)."))
        ),
    ] = "",
    keys: KeySources,
    trust: ResigningOptions,
    output: OutputOptions,
) -> None:
    from archiver.cli.run import share as sharing

    sharing.run(
        sharing.ShareOrder(
            package=package,
            target=new_package,
            keys=keys,
            trust=trust,
            to=tuple(to or ()),
            new_passphrase_file=new_passphrase_file,
            only=only,
            receiver=receiver,
            signing=signing,
        ),
        output,
    )
