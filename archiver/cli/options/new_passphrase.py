"""The passphrase of private keys that are about to be made: given in a file, typed, or declined."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.passphrases import from_file
from archiver.cli.terminal.console import note
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask
from archiver.cli.terminal.usage_errors import SayHow
from archiver.sealing.passphrase import passphrase_bytes
from formats.words import mark

VARIABLE = "ARCHIVER_NEW_PASSPHRASE"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPassphraseOptions:
    """What the command line says about the passphrase of new private keys.

    Raises:
        BadParameter: when it is both given and declined.
    """

    new_passphrase_file: Annotated[
        Path | None,
        typer.Option(
            "--new-passphrase-file",
            help=localize(mark("File whose first line becomes the passphrase of the secret files.")),
        ),
    ] = None
    no_passphrase: Annotated[
        bool,
        typer.Option("--no-passphrase", help=localize(mark("Leave the secret files without a passphrase."))),
    ] = False

    def __post_init__(self) -> None:
        if self.no_passphrase and self.new_passphrase_file is not None:
            reason = localize(mark("--new-passphrase-file gives a passphrase, --no-passphrase declines one"))
            raise typer.BadParameter(reason, param_hint="--no-passphrase")


def passphrase_of(options: NewPassphraseOptions, question: str) -> str | None:
    """Return the passphrase, or ``None`` when it is declined; at a terminal ``question`` asks for it.

    Raises:
        BadParameter: when nobody gives, types or declines one.
        KeyUnreadable: when its file holds none, or it holds what is no character.
    """
    if options.no_passphrase:
        return None
    if options.new_passphrase_file is not None:
        passphrase = from_file(options.new_passphrase_file)
    else:
        passphrase = os.environ.get(VARIABLE) or _typed(localize(question))
    passphrase_bytes(passphrase)
    return passphrase


def _typed(question: str) -> str:
    if not sys.stdin.isatty():
        reason = localize(
            mark(
                "Nobody is here to type a passphrase: name its file (--new-passphrase-file), "
                "or decline it with --no-passphrase"
            )
        )
        raise SayHow(reason)
    while not (answer := ask(question, default="", hidden=True, repeat=True)).strip():
        note(
            mark("The secret files need a passphrase. Whoever wants none begins again with --no-passphrase.")
        )
    return answer
