"""Recovery cards: the 32 bytes of a receiving key on paper, any three of five of them enough.

A card is one SLIP-39 share. Beside its words it carries the key id and the
check value, so that a person notices at once when cards give another key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from archiver.sealing.age import HybridIdentity, HybridRecipient
from archiver.sealing.age.hybrid import SEED
from archiver.sealing.errors import (
    CardsDisagree,
    CardsMixed,
    CardsOfAnotherKey,
    CardsTooFew,
    CardTwice,
    RecoveryRefused,
)
from archiver.sealing.recovery.share import MAX_CARDS, Share, join_shares, split_secret
from formats.words import mark

THRESHOLD = 3
"""Cards it takes unless somebody decides otherwise: one lost house and one lost safe are survived."""
CARDS = 5

_CHECK = b"archiver recovery check value\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoverySet:
    """Cards that belong together, and what tells the key they give."""

    cards: tuple[Share, ...] = field(repr=False)
    threshold: int
    number: int
    key_id: str
    check_value: str


def key_id(recipient: HybridRecipient) -> str:
    """Return the first 64 bits of the SHA-256 of the recipient's text, as ``xxxx-xxxx-xxxx-xxxx``.

    ``printf %s age1pq1… | sha256sum`` begins with it.
    """
    return _grouped(hashlib.sha256(str(recipient).encode("ascii")).hexdigest()[:16])


def check_value(identity: HybridIdentity) -> str:
    """Return 32 bits that only the right key gives, as ``xxxx-xxxx``; they tell nothing about it."""
    return _grouped(hashlib.sha256(_CHECK + identity.seed).hexdigest()[:8])


def split_identity(identity: HybridIdentity, *, threshold: int, cards: int) -> RecoverySet:
    """Split the key into ``cards`` cards, any ``threshold`` of which give it back; made and tried.

    Raises:
        RecoveryRefused: fewer than two would be needed, more than there are, or too many made.
    """
    if not 2 <= threshold <= cards <= MAX_CARDS:
        raise RecoveryRefused(reason=mark("2 to 16 cards are made, and at least 2 of them needed"))
    shares = split_secret(identity.seed, threshold=threshold, cards=cards)
    if combine(shares) != identity.seed:
        raise CardsDisagree
    return RecoverySet(
        cards=shares,
        threshold=threshold,
        number=shares[0].set_number,
        key_id=key_id(identity.to_recipient()),
        check_value=check_value(identity),
    )


def identity_of(shares: Sequence[Share], *, expected: str = "") -> HybridIdentity:
    """Return the key that the cards give.

    ``expected`` is the check value a person read from a card, or nothing.

    Raises:
        CardsMixed, CardTwice, CardsTooFew, CardsDisagree: see :func:`combine`.
        CardsOfAnotherKey: the secret is no key of this kind, or has another check value.
    """
    secret = combine(shares)
    if len(secret) != SEED:
        raise CardsOfAnotherKey(found=f"{len(secret) * 8} bit", expected=f"{SEED * 8} bit")
    identity = HybridIdentity(seed=secret)
    found = check_value(identity)
    if expected and _plain(expected) != _plain(found):
        raise CardsOfAnotherKey(found=found, expected=expected.strip()[:20])
    return identity


def combine(shares: Sequence[Share], *, passphrase: bytes = b"") -> bytes:
    """Return the secret of the cards, in any order; those beyond what it takes must give the same.

    ``passphrase`` is for cards of other makers; ours have none.

    Raises:
        CardsTooFew: with how many it takes.
        CardsMixed: two sets are on the table.
        CardTwice: one card came twice, or two carry the same number.
        CardsDisagree: a card was altered together with its checksum.
    """
    _judge(shares)
    chosen, beyond = _chosen(shares)
    secret = join_shares(chosen, passphrase=passphrase)
    if secret is None:
        raise CardsDisagree
    for share in beyond:
        mates = [one for one in chosen if one.group == share.group]
        others = [one for one in chosen if one is not mates[-1]]
        if join_shares([*others, share], passphrase=passphrase) != secret:
            raise CardsDisagree
    return secret


def _judge(shares: Sequence[Share]) -> None:
    for at, share in enumerate(shares):
        first = shares[0]
        mate = next((one for one in shares[:at] if one.group == share.group), share)
        if share.same_set != first.same_set or share.threshold != mate.threshold:
            raise CardsMixed(card=at + 1, begins=share.begins, expected=first.begins)
        for before, other in enumerate(shares[:at]):
            if (share.group, share.member) == (other.group, other.member):
                raise CardTwice(card=at + 1, other=before + 1)


def _chosen(shares: Sequence[Share]) -> tuple[list[Share], list[Share]]:
    """Return exactly as many shares as it takes, and the rest of the groups they are of."""
    ordered = sorted(shares, key=lambda share: (share.group, share.member))
    groups = [list(members) for _, members in groupby(ordered, key=lambda share: share.group)]
    complete = [members for members in groups if len(members) >= members[0].threshold]
    needed = shares[0].group_threshold if shares else 1
    if not shares or len(complete) < needed:
        lacking = [members[0].threshold for members in groups]
        raise CardsTooFew(needed=max(sum(lacking), needed), found=len(shares))
    taken = complete[:needed]
    chosen = [share for members in taken for share in members[: members[0].threshold]]
    return chosen, [share for members in taken for share in members[members[0].threshold :]]


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
