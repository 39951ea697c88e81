"""One share of a secret as words (SLIP-39), and how shares are made and joined.

The only module that knows the package ``shamir-mnemonic``. Its own chance
draws the polynomials and the number of the set. The passphrase of SLIP-39
stays empty: a wrong one would silently give another secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import (
    EncryptedMasterSecret,
    MnemonicError,
    Share as SlipShare,
    generate_mnemonics,
    recover_ems,
)
from shamir_mnemonic.constants import (
    CHECKSUM_LENGTH_WORDS,
    CUSTOMIZATION_STRING_EXTENDABLE,
    CUSTOMIZATION_STRING_ORIG,
)
from shamir_mnemonic.rs1024 import create_checksum, verify_checksum
from shamir_mnemonic.shamir import ShareGroup
from shamir_mnemonic.wordlist import WORDLIST

WORDS: tuple[str, ...] = tuple(WORDLIST)
"""The 1024 words; their first four letters tell them apart."""
NUMBERS = {word: number for number, word in enumerate(WORDS)}

MAX_CARDS = 16
"""Shares of one set (SLIP-39, four bits of member index)."""
ITERATION_EXPONENT = 1
"""SLIP-39 derives the key of its inner cipher with 10,000 · 2^e rounds of PBKDF2: 20,000, its usual
choice. They only slow down guessing a passphrase, and ours is empty; 32 random bytes need no slowing."""
MIN_WORDS = 20
"""Words of the shortest share, that of a secret of 128 bits."""
MAX_WORDS = 65
"""Words of the longest share read here, that of a secret of 512 bits; ours have 33."""

_EXTENDABLE_AT = 1 << 4
"""The flag in the second word, above the four bits of the iteration exponent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """One share: its words, which set it is of, and its place in it; counts are from 0."""

    words: tuple[str, ...] = field(repr=False)
    set_number: int
    threshold: int
    member: int
    group: int
    group_threshold: int
    group_count: int
    same_set: tuple[int, ...]
    """What all shares of one set have in common."""

    @property
    def begins(self) -> str:
        """The two words with which every share of the set begins."""
        return " ".join(self.words[:2])


def split_secret(secret: bytes, *, threshold: int, cards: int) -> tuple[Share, ...]:
    """Split ``secret`` (an even number of bytes, 16 or more) so that ``threshold`` of ``cards`` give it back.

    The shares are extendable: a later set of the same secret needs no change of its inner cipher.
    """
    (group,) = generate_mnemonics(
        1, [(threshold, cards)], secret, extendable=True, iteration_exponent=ITERATION_EXPONENT
    )
    return tuple(_share(SlipShare.from_mnemonic(words)) for words in group)


def length_fits(count: int) -> bool:
    """Say whether a share can have ``count`` words: whole bytes, at most eight bits of padding."""
    return MIN_WORDS <= count <= MAX_WORDS and (10 * (count - 7)) % 16 <= 8


def checksum_holds(numbers: Sequence[int]) -> bool:
    """Say whether the words with these numbers carry their right checksum (RS1024)."""
    return bool(verify_checksum(numbers, _customization(numbers)))


def checksum_gap(numbers: Sequence[int]) -> int:
    """Return what the words lack to their checksum, as a number; every wrong word adds its own part by XOR.

    Only a wrong second word may change the code itself, through the flag it holds.
    """
    checksum = numbers[-CHECKSUM_LENGTH_WORDS:]
    right = create_checksum(numbers[:-CHECKSUM_LENGTH_WORDS], _customization(numbers))
    gap: int = 0
    for one, other in zip(checksum, right, strict=True):
        gap = gap << 10 | one ^ other
    return gap


def _customization(numbers: Sequence[int]) -> bytes:
    extendable = bool(numbers[1] & _EXTENDABLE_AT)
    word: bytes = CUSTOMIZATION_STRING_EXTENDABLE if extendable else CUSTOMIZATION_STRING_ORIG
    return word


def read_share(words: Sequence[str]) -> Share | None:
    """Return the share of ``words``, whose length and checksum hold, or nothing when it says nonsense."""
    try:
        return _share(SlipShare.from_mnemonic(" ".join(words)))
    except MnemonicError:
        return None


def join_shares(shares: Sequence[Share], *, passphrase: bytes = b"") -> bytes | None:
    """Return the secret of exactly as many shares as it takes, or nothing when they do not fit together.

    ``passphrase`` is for cards of other makers; ours have none.
    """
    groups: dict[int, ShareGroup] = {}
    try:
        for share in shares:
            groups.setdefault(share.group, ShareGroup()).add(SlipShare.from_mnemonic(" ".join(share.words)))
        sealed: EncryptedMasterSecret = recover_ems(groups)
    except MnemonicError:
        return None
    secret: bytes = sealed.decrypt(passphrase)
    return secret


def _share(found: SlipShare) -> Share:
    return Share(
        words=tuple(found.words()),
        set_number=found.identifier,
        threshold=found.member_threshold,
        member=found.index,
        group=found.group_index,
        group_threshold=found.group_threshold,
        group_count=found.group_count,
        same_set=(*map(int, found.common_parameters()), len(found.value)),
    )
