"""``archiver split``: packages for several receivers out of a sealed one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.import_ import Package
from archiver.cli.options.export import Unsigned
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import ResigningOptions
from archiver.cli.terminal.help import argument_word
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.names import visible_name
from archiver.scope.legal_ground import LegalGround
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiverOptions:
    """Who receives a part: each a name, ``=`` and a key; and what becomes of the rest.

    Raises:
        BadParameter: when the rest goes to several, or to somebody and nobody, or the rows to nobody who is named.
    """

    receiver: Annotated[
        list[str],
        typer.Option(
            "--receiver",
            help=localize(
                mark("NAME=KEY: a receiver as the roster names them, and a key of theirs or its file.")
            ),
        ),
    ]
    rest: Annotated[
        list[str] | None,
        typer.Option("--rest", help=localize(mark("NAME=KEY: who receives whoever goes to nobody else."))),
    ] = None
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help=localize(mark("Leave out whoever goes to no receiver.")))
    ] = False
    practice_rows: Annotated[
        str,
        typer.Option(
            "--practice-rows", help=localize(mark("The receiver who gets the practice's own rows, if any."))
        ),
    ] = ""

    def __post_init__(self) -> None:
        rest = {name_and_key(text, "--rest")[0] for text in self.rest or ()}
        names = rest | {name_and_key(text, "--receiver")[0] for text in self.receiver}
        if len(rest) > 1 or (rest and self.leave_out):
            reason = localize(mark("the rest goes to one receiver, or is left out"))
            raise typer.BadParameter(reason, param_hint="--rest")
        if self.practice_rows and self.practice_rows not in names:
            reason = localize(mark("no receiver is called so"))
            raise typer.BadParameter(reason, param_hint="--practice-rows")


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOptions:
    """By which roster, into which folder, by whom and on what ground a package is split."""

    roster: Annotated[
        Path,
        typer.Option(
            "--roster",
            help=localize(mark("Which patient goes to whom: the column of practitioners says it.")),
        ),
    ]
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar=argument_word("folder"),
            help=localize(mark("The folder to make for the packages.")),
        ),
    ]
    sender: Annotated[
        str,
        typer.Option("--sender", callback=visible_name, help=localize(mark("Who splits, by name (public)."))),
    ]
    ground: Annotated[
        LegalGround | None,
        typer.Option(
            "--ground",
            help=localize(mark("Legal ground; else the one that was signed, or that of the package.")),
        ),
    ] = None
    unsigned: Unsigned = ""
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help=localize(
                mark("Your practice store: write the parts down in it, for archiver handover status.")
            ),
        ),
    ] = None


def name_and_key(text: str, option: str) -> tuple[str, str]:
    """Return the name and the key that ``text`` gives, as NAME=KEY.

    Raises:
        BadParameter: when it does not.
    """
    name, _, key = map(str.strip, text.partition("="))
    if not (name and key):
        reason = localize(mark("write NAME=KEY, the name as the roster has it"))
        raise typer.BadParameter(reason, param_hint=option)
    return visible_name(name), key


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("split", help=localize(mark("Split a sealed package into one for each receiver.")))(
        taking_groups(split)
    )


def split(
    *,
    package: Package,
    receivers: ReceiverOptions,
    parts: PartOptions,
    signing: SigningOptions,
    keys: KeySources,
    trust: ResigningOptions,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=localize(mark("Say what the split would be, and write nothing."))),
    ] = False,
    output: OutputOptions,
) -> None:
    from archiver.cli.run.splitting import split_package

    order = split_package.SplitOrder(
        package=package,
        receivers=receivers,
        parts=parts,
        keys=keys,
        trust=trust,
        signing=signing,
    )
    if dry_run:
        split_package.plan(order, output)
    else:
        split_package.run(order, output)
