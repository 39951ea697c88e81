"""Ways in which a unit, a keyring or recovery cards are refused."""

from __future__ import annotations

from archiver.errors import KeyFailure, PackageFailure
from formats.errors import Failure
from formats.words import mark, plural


class UnitRefused(Failure):
    code = "unit-refused"
    sentence = mark("The unit cannot be sealed: {reason}.")


class SealBroken(KeyFailure):
    """Ciphertext that fails its authentication: damaged, or made with another key."""

    code = "seal-broken"
    sentence = mark("The sealed data fails its integrity check: {reason}.")


class UnitMismatch(PackageFailure):
    code = "unit-mismatch"
    sentence = mark("Unit {unit} does not hold what the keyring says it holds.")


class CommitmentMismatch(PackageFailure):
    code = "commitment-mismatch"
    sentence = mark("The keyring is not the one that was signed with this package.")


class WrongKey(KeyFailure):
    code = "wrong-key"
    sentence = mark("This package was not sealed for this key.")


class RecipientsRefused(KeyFailure):
    code = "recipients-refused"
    sentence = mark("The keyring cannot be encrypted for these recipients: {reason}.")


class RecoveryRefused(KeyFailure):
    code = "recovery-refused"
    sentence = mark("No recovery cards can be made: {reason}.")


class CardFailure(KeyFailure):
    """Recovery cards that give no key: the cards are counted from 1 in the order in which they came."""

    code = "card"
    sentence = mark("The recovery cards cannot be used.")


class CardUnreadable(CardFailure):
    code = "card-unreadable"
    sentence = plural(
        "Card {card}: {reason} ({words} word).", "Card {card}: {reason} ({words} words).", by="words"
    )


class CardWordUnknown(CardFailure):
    code = "card-word-unknown"
    sentence = mark(
        "Card {card}, word {position}: no card holds the word {word}. Look again; near it is: {suggestion}."
    )


class CardMistyped(CardFailure):
    code = "card-mistyped"
    sentence = mark("Card {card} has a wrong word. Look again at word {position}: {suggestion}.")


class CardChecksumWrong(CardFailure):
    code = "card-checksum-wrong"
    sentence = mark("Card {card} has several wrong words, or words out of order. Compare every word.")


class CardsMixed(CardFailure):
    code = "cards-mixed"
    sentence = mark(
        "Card {card} is of another set: it begins with {begins}, and the first card with {expected}."
    )


class CardTwice(CardFailure):
    code = "card-twice"
    sentence = mark("Card {card} is the same as card {other}; another card of the set is needed.")


class CardsTooFew(CardFailure):
    code = "cards-too-few"
    sentence = plural(
        "{needed} cards are needed, and {found} came.",
        "{needed} cards are needed, and {found} came.",
        by="found",
    )


class CardsDisagree(CardFailure):
    code = "cards-disagree"
    sentence = mark(
        "Every card is well formed, but together they give no key: one was not made with the others."
    )


class CardsOfAnotherKey(CardFailure):
    code = "cards-of-another-key"
    sentence = mark("The cards give a key, but not the expected one: {found} instead of {expected}.")
