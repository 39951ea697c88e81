"""Read a key from its recovery cards: from files, or as somebody types them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver import disk
from archiver.cli.terminal.console import complain, note
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask
from archiver.sealing.age import HybridIdentity
from archiver.sealing.errors import CardFailure
from archiver.sealing.recovery.recovery_set import check_value, identity_of, key_id
from archiver.sealing.recovery.share import MAX_CARDS, Share
from archiver.sealing.recovery.words import MAX_CARDS_FILE, cards_in, read_card
from formats.errors import LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark, plural

STANDARD_INPUT = Path("-")


def key_from_cards(files: Sequence[Path]) -> HybridIdentity:
    """Return the key that recovery cards give, from ``files`` or as somebody types them; tell which it is.

    Raises:
        CardFailure, LimitExceeded, DiskFault: when they give none.
    """
    if files:
        texts = [text for path in files for text in cards_in(_text(path))]
        key = identity_of([read_card(text, number) for number, text in enumerate(texts, 1)])
    else:
        shares = list(_typed())
        question = localize(mark("Check value on the cards (empty to pass over)"))
        key = identity_of(shares, expected=ask(question, default=""))
    note(
        mark("The cards give key {key}, check value {check}; both must stand on each card."),
        key=key_id(key.to_recipient()),
        check=check_value(key),
    )
    return key


def _typed() -> Iterator[Share]:
    """Ask for one card after the other, until there are as many as it takes."""
    needed, number = MAX_CARDS, 1
    while number <= needed:
        question = localize(mark("Words of card {number}"), number=number)
        try:
            share = read_card(ask(question), number)
        except CardFailure as failure:
            if not sys.stdin.isatty():
                raise
            complain(failure)
            continue
        if number == 1:
            needed = share.threshold
            note(
                plural(
                    "{needed} card of this set is needed.",
                    "{needed} cards of this set are needed.",
                    by="needed",
                ),
                needed=needed,
            )
        yield share
        number += 1


def _text(path: Path) -> str:
    """Return the text of a file of cards; what is not text shows as an unknown word."""
    if path == STANDARD_INPUT:
        data = sys.stdin.buffer.read(MAX_CARDS_FILE + 1)
    else:
        with disk.failures_about(), open_regular(path) as stream:
            data = stream.read(MAX_CARDS_FILE + 1)
    if len(data) > MAX_CARDS_FILE:
        name = mark("the size of the file of cards in bytes")
        raise LimitExceeded(where=str(path), name=name, found=len(data), limit=MAX_CARDS_FILE)
    return data.decode("utf-8-sig", "replace")
