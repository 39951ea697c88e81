"""``archiver vault storage``: storages of a vault in service, added, listed, retired, cleared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.commands.vault.options import (
    Credentials,
    HostingOptions,
    ReceiptSignerOptions,
    VaultPath,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.options.register_entries import Author, Reason, text_option
from archiver.cli.terminal.help import TranslatedTyper, argument_word
from archiver.cli.terminal.language import localize
from formats.words import mark

app = TranslatedTyper(mark("Add storages to a vault in service, fill them, take them out, clear them."))
StorageName = Annotated[
    str, typer.Argument(help=localize(mark("The name of the storage, such as storage-1.")))
]
NewStorage = Annotated[
    str,
    typer.Argument(
        help=localize(mark("An empty folder on a disk of its own, or s3:https://SERVER/BUCKET/PREFIX.")),
    ),
]
DespiteDamage = Annotated[
    bool,
    typer.Option(
        "--despite-damage",
        help=localize(mark("Go on although no storage has some packages whole; they are named.")),
    ),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class FillingOptions:
    """How a storage is taken, and how far it is filled."""

    unlocked: Annotated[
        str,
        text_option(
            "--unlocked", mark("Why an object storage is taken that does not lock; it is written down.")
        ),
    ] = ""
    most: Annotated[
        int,
        typer.Option(
            "--most",
            min=0,
            help=localize(mark("How many packages are copied at most; the same command goes on. 0: all.")),
        ),
    ] = 0
    despite_damage: DespiteDamage = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RetirementOptions:
    """Why a storage goes, who decided, and what is no obstacle."""

    by: Author
    reason: Reason
    lost: Annotated[
        bool,
        typer.Option(
            "--lost", help=localize(mark("The storage will not answer any more: a dead disk, a closed host."))
        ),
    ] = False
    despite_damage: DespiteDamage = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearingOptions:
    """Who clears a storage, how, and where the signed statement goes."""

    by: Author
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar=argument_word("folder"), help=localize(mark("The folder for the statement."))
        ),
    ]
    means: Annotated[
        str,
        text_option(
            "--means",
            mark("How it was destroyed otherwise, such as a shredded disk; nothing is removed then."),
        ),
    ] = ""


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``vault``, in the order in which people need them."""
    group.add_typer(app, name="storage")
    add_storage_commands(app, taking_groups(add), list_, taking_groups(retire), taking_groups(clear))


def add_storage_commands(group: typer.Typer, *commands: Callable[..., object]) -> None:
    """Add the four ``commands`` about storages to a group, of a vault or of a backup: add, list, retire, clear."""
    sentences = {
        "add": mark("Add a storage, and copy everything there; again: go on."),
        "list": mark("List the storages, those that are being filled, and those of before."),
        "retire": mark("Take a storage out, if no package is whole there alone."),
        "clear": mark("Destroy what a retired storage still has, and sign that."),
    }
    for (name, sentence), command in zip(sentences.items(), commands, strict=True):
        group.command(name, help=localize(sentence))(command)


def add(
    *,
    vault: VaultPath,
    address: NewStorage,
    hosting: HostingOptions,
    filling: FillingOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault.storages import add as adding

    return adding.add(vault, address, hosting, filling, credentials, as_json=as_json)


def list_(*, vault: VaultPath, as_json: AsJson = False) -> None:
    from archiver.cli.run.vault.storages import show

    show.list_(vault, as_json=as_json)


def retire(
    *,
    vault: VaultPath,
    storage: StorageName,
    retirement: RetirementOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault.storages import retire as retiring

    return retiring.retire(vault, storage, retirement, credentials, as_json=as_json)


def clear(
    *,
    vault: VaultPath,
    storage: StorageName,
    options: ClearingOptions,
    signing: ReceiptSignerOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.vault.storages import clear as clearing

    return clearing.clear(vault, storage, options, signing, credentials, as_json=as_json)
