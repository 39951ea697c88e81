"""The words of recovery cards as people type, scan or paste them.

Case, numbering and punctuation do not count, and the first four letters of a
word are enough. A file holds cards apart by blank lines, or one card a line;
lines that begin with ``#`` are remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archiver.sealing.errors import CardChecksumWrong, CardMistyped, CardUnreadable, CardWordUnknown
from archiver.sealing.recovery.share import (
    MAX_CARDS,
    NUMBERS,
    WORDS,
    Share,
    checksum_gap,
    checksum_holds,
    length_fits,
    read_share,
)
from formats.errors import LimitExceeded
from formats.words import mark

MAX_CARDS_FILE = 64 * 1024
"""Bytes of a file of cards; sixteen cards with their numbers take under 6,000."""
OURS = 33
"""Words of a card of ours: a share of 256 bits."""
ENOUGH = 4
"""Letters that tell the words apart (SLIP-39, "Wordlist")."""
SUGGESTIONS = 3
"""Words proposed for one that no card holds."""
NEAR = 2
"""Typing slips within which a word is proposed."""
_FLAG_AT = 1
"""Position, from 0, of the word that says which checksum is meant."""

_BEGINNINGS = {word[:ENOUGH]: word for word in WORDS}
_LETTERS = re.compile(r"[^\W\d_]+")


def read_card(text: str, card: int) -> Share:
    """Return the share that ``text`` spells; ``card`` is its number in messages.

    Raises:
        CardWordUnknown: a word no card holds, with its position and what it may be.
        CardUnreadable: a number of words no card has, or a share that says nonsense.
        CardMistyped: one wrong word, or two that changed places, told where.
        CardChecksumWrong: more than that.
    """
    typed = _LETTERS.findall(text.lower())
    words = [_word(word, card, position) for position, word in enumerate(typed, 1)]
    numbers = [NUMBERS[word] for word in words]
    whole = length_fits(len(words)) and checksum_holds(numbers)
    if not whole and len(words) != OURS:
        reason = mark("a card of this program has 33 words")
        raise CardUnreadable(card=card, reason=reason, words=len(words))
    if not whole:
        raise _mistyped(numbers, card)
    share = read_share(words)
    if share is None:
        raise CardUnreadable(card=card, reason=mark("its words make no sense together"), words=len(words))
    return share


def cards_in(text: str) -> tuple[str, ...]:
    """Return the text of each card in ``text``.

    Raises:
        LimitExceeded: there are more than a set has.
    """
    cards = tuple(card for paragraph in _paragraphs(text) for card in _cards(paragraph))
    if len(cards) > MAX_CARDS:
        raise LimitExceeded(name=mark("the number of cards"), found=len(cards), limit=MAX_CARDS)
    return cards


def _paragraphs(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        if _LETTERS.search(line):
            lines.append(line)
        elif not line.strip() and lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _cards(lines: Sequence[str]) -> Iterator[str]:
    """Yield each line when every one is as long as a card, else all of them as one card."""
    if all(length_fits(len(_LETTERS.findall(line))) for line in lines):
        yield from lines
    else:
        yield " ".join(lines)


def _word(typed: str, card: int, position: int) -> str:
    if typed in NUMBERS:
        return typed
    whole = _BEGINNINGS.get(typed[:ENOUGH])
    if whole is not None and whole.startswith(typed):
        return whole
    suggestion = ", ".join(_near(typed)) or "?"
    raise CardWordUnknown(card=card, position=position, word=typed[:20], suggestion=suggestion)


def _near(typed: str) -> list[str]:
    """Return the words a slip of the hand away, nearest first."""
    typed = typed[:20]
    ranked = sorted((_slips(typed, word), word) for word in WORDS)
    return [word for slips, word in ranked[:SUGGESTIONS] if slips <= NEAR]


def _slips(one: str, other: str) -> int:
    """Count the letters to insert, leave out or replace between two words (Levenshtein)."""
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = previous[column - 1] + (letter != wanted)
            current.append(min(previous[column] + 1, current[-1] + 1, cost))
        previous = current
    return previous[-1]


def _mistyped(numbers: Sequence[int], card: int) -> CardMistyped | CardChecksumWrong:
    """Return the failure that tells the one change which mends the checksum.

    Any three wrong words are noticed, so two wrong ones are never taken for
    another single one (RS1024, minimum distance four).
    """
    for position in range(len(numbers) - 1):
        changed = [*numbers]
        changed[position : position + 2] = [numbers[position + 1], numbers[position]]
        if checksum_holds(changed):
            pair = f"{WORDS[changed[position]]} {WORDS[changed[position + 1]]}"
            return CardMistyped(card=card, position=position + 1, suggestion=pair)
    for position in range(len(numbers)):
        for number in _mending(numbers, position):
            if checksum_holds([*numbers[:position], number, *numbers[position + 1 :]]):
                return CardMistyped(card=card, position=position + 1, suggestion=WORDS[number])
    return CardChecksumWrong(card=card)


def _mending(numbers: Sequence[int], position: int) -> Iterator[int]:
    """Yield the words that may mend the checksum at ``position``; the second word holds a flag: try all."""
    if position == _FLAG_AT:
        yield from range(len(WORDS))
        return
    gap = checksum_gap(numbers)
    part = {0: 0}
    for bit in (1 << place for place in range(10)):
        changed = [*numbers[:position], numbers[position] ^ bit, *numbers[position + 1 :]]
        added = checksum_gap(changed) ^ gap
        part |= {value ^ bit: total ^ added for value, total in part.items()}
    yield from (numbers[position] ^ value for value, total in part.items() if total == gap)
