"""The bytes of a passphrase, the same for every seal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from archiver.errors import KeyUnreadable
from formats.words import mark

if TYPE_CHECKING:
    from archiver.sealing.age.wrapping import Randomness

WORD_BITS, WORD_COUNT = 10, 8
"""Bits that a word of a list of 1,024 stands for, and words of a passphrase that is typed."""
TYPED_WORK_FACTOR = 14
"""Logarithm of the cost at which scrypt derives a key (age) from such a passphrase, whose 80 bits are strong by
themselves. 2^18, as for one that a person thinks of, costs 0.7 processor seconds each time a package is made or opened,
and a practice that ends makes thousands."""
MAX_TYPED = 64
"""Characters: WinZip AES takes no longer key without another spelling of it."""


def passphrase_bytes(passphrase: str) -> bytes:
    """Return ``passphrase`` in UTF-8, exactly as typed: no normal form, as the stock tools do.

    Raises:
        KeyUnreadable: it is empty, or a terminal delivered bytes that are no characters.
    """
    if not passphrase:
        raise KeyUnreadable(reason=mark("the passphrase is empty"))
    try:
        return passphrase.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise KeyUnreadable(reason=mark("the passphrase holds something that is no character")) from fault


def typed_passphrase(randomness: Randomness) -> str:
    """Return eight words of the list of SLIP-39 by chance, which a person can type or say: 80 bits.

    So many make a passphrase strong by itself (CNIL, délibération 2022-100), which it has to be: WinZip AES
    stretches it a thousand times, no more. Words too long together for one key are drawn again.
    """
    from archiver.sealing.recovery.share import WORDS  # noqa: PLC0415 - few commands have a use for it

    while True:
        drawn = int.from_bytes(randomness(WORD_BITS * WORD_COUNT // 8))
        words = (WORDS[drawn >> WORD_BITS * place & (1 << WORD_BITS) - 1] for place in range(WORD_COUNT))
        passphrase = "-".join(words)
        if len(passphrase) <= MAX_TYPED:
            return passphrase


def spellings(passphrase: str) -> tuple[str, ...]:
    """Return ``passphrase`` as it was typed, then in the other ways in which systems write its accents.

    A passphrase written on one system with composed letters (NFC) may reach another decomposed (NFD).
    """
    forms = (passphrase, unicodedata.normalize("NFC", passphrase), unicodedata.normalize("NFD", passphrase))
    return tuple(dict.fromkeys(forms))
