"""The public SLIP-39 vectors: 45 sets of cards with the secret they give, or none."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from archiver.sealing.errors import CardFailure
from archiver.sealing.recovery.recovery_set import combine
from archiver.sealing.recovery.words import read_card
from tests.material import MATERIAL, material

PASSPHRASE = b"TREZOR"
"""The passphrase of all vectors; our own cards have none."""
REASONS = {
    "invalid checksum (256": {"card-mistyped", "card-checksum-wrong"},
    "invalid checksum (128": {"card-unreadable"},
    "invalid padding": {"card-unreadable"},
    "different identifiers": {"cards-mixed"},
    "different iteration exponents": {"cards-mixed"},
    "mismatching group thresholds": {"cards-mixed"},
    "mismatching group counts": {"cards-mixed"},
    "greater group threshold than group counts": {"card-unreadable"},
    "duplicate member indices": {"card-twice"},
    "mismatching member thresholds": {"cards-mixed"},
    "invalid digest": {"cards-disagree"},
    "Insufficient number of groups": {"cards-too-few"},
    "insufficient number of members": {"cards-too-few"},
    "Basic sharing 2-of-3": {"cards-too-few"},
    "insufficient length": {"card-unreadable"},
    "invalid master secret length": {"card-unreadable"},
}
"""What a vector's name says is wrong with it, and the codes that say the same."""
MINIMUM = {True: 15, False: 30}
"""Vectors that give a secret and that give none, in the collection as it was first read."""

Vector = tuple[str, list[str], str]


def vectors() -> list[Vector]:
    path = MATERIAL / "slip39" / "vectors.json"
    if not path.exists():
        return []
    return [(name, cards, secret) for name, cards, secret, *_ in json.loads(path.read_text("utf-8"))]


def test_the_collection_is_whole() -> None:
    material("slip39", "vectors.json")
    found = Counter(bool(secret) for _, _, secret in vectors())
    assert all(found[kind] >= count for kind, count in MINIMUM.items()), found


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector[0].split(".")[0])
def test_vector(vector: Vector) -> None:
    name, cards, secret = vector
    if secret:
        shares = [read_card(words, number) for number, words in enumerate(cards, 1)]
        assert combine(shares, passphrase=PASSPHRASE).hex() == secret
        assert combine(shares[::-1], passphrase=PASSPHRASE).hex() == secret
        assert combine(shares).hex() != secret
        return
    with pytest.raises(CardFailure) as refusal:
        combine([read_card(words, number) for number, words in enumerate(cards, 1)], passphrase=PASSPHRASE)
    (expected,) = {frozenset(codes) for description, codes in REASONS.items() if description in name}
    assert refusal.value.code in expected
