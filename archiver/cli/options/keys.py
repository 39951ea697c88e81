"""Where the keys that open a package come from, as options: key files, recovery cards, a passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.options.passphrases import IdentityPassphrase
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.usage_errors import SayHow
from formats.words import mark

CardsFile = Annotated[
    list[Path] | None,
    typer.Option("--cards-file", help=localize(mark("File with the words of recovery cards; - reads them."))),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeySources:
    """What the command line says about keys; with ``cards`` somebody types them at the terminal.

    Raises:
        BadParameter: when no key is named.
    """

    identity: Annotated[
        list[Path] | None,
        typer.Option("--identity", help=localize(mark("Your receiving key (receiver.identity)."))),
    ] = None
    identity_passphrase_file: IdentityPassphrase = None
    cards: Annotated[
        bool,
        typer.Option("--cards", help=localize(mark("Ask for the words of your recovery cards instead."))),
    ] = False
    cards_file: CardsFile = None
    passphrase_file: Annotated[
        Path | None,
        typer.Option("--passphrase-file", help=localize(mark("File whose first line opens the package."))),
    ] = None

    @property
    def named(self) -> bool:
        """Whether a key is named."""
        return bool(self.identity or self.cards or self.cards_file or self.passphrase_file)

    def __post_init__(self) -> None:
        self.require()

    def require(self) -> None:
        """Refuse to go on without a key.

        Raises:
            SayHow: when none is named.
        """
        if not self.named:
            reason = localize(mark("Name a key: --identity, --cards, --cards-file or --passphrase-file"))
            raise SayHow(reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageKeys(KeySources):
    """Keys of a package, for a command that reads a practice store as well, which needs none."""

    def __post_init__(self) -> None:
        """Wait until it is known that a package is to be opened."""
