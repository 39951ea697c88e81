"""Where the keys that open a package come from, as options: key files, recovery cards, a passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.language import tell
from formats.words import mark

Identity = Annotated[
    list[Path] | None,
    typer.Option("--identity", help=tell(mark("Your receiving key (receiver.identity)."))),
]
Cards = Annotated[
    bool, typer.Option("--cards", help=tell(mark("Ask for the words of your recovery cards instead.")))
]
CardsFile = Annotated[
    list[Path] | None,
    typer.Option("--cards-file", help=tell(mark("File with the words of recovery cards; - reads them."))),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help=tell(mark("File whose first line opens the package."))),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeySources:
    """What the command line says about keys; ``ask`` stands for cards typed at the terminal."""

    identities: Sequence[Path] = ()
    cards_files: Sequence[Path] = ()
    ask: bool = False
    passphrase_file: Path | None = None

    @property
    def empty(self) -> bool:
        """Whether no key was named at all."""
        return not (self.identities or self.cards_files or self.ask or self.passphrase_file)


def sources(
    identities: Sequence[Path] | None,
    cards: bool,
    cards_files: Sequence[Path] | None,
    passphrase_file: Path | None,
) -> KeySources:
    """Return what the options say.

    Raises:
        BadParameter: when no key is named.
    """
    found = KeySources(
        identities=identities or (),
        cards_files=cards_files or (),
        ask=cards,
        passphrase_file=passphrase_file,
    )
    if found.empty:
        reason = tell(mark("name a key: --identity, --cards, --cards-file or --passphrase-file"))
        raise typer.BadParameter(reason, param_hint="--identity")
    return found
