"""Ways in which a proof about a package is none."""

from __future__ import annotations

from formats.errors import Failure
from formats.words import mark


class ProofUnreadable(Failure):
    code = "proof-unreadable"
    sentence = mark("This is not a proof about a package: {reason}.")


class ProofForeign(Failure):
    """A proof about another package than the one beside it."""

    code = "proof-foreign"
    sentence = mark("The proof is about another package than this one: {package}.")


class ProofOfOtherKind(Failure):
    """A proof that is asked what only the other kind can answer."""

    code = "proof-kind"
    sentence = mark("This proof does not answer that: {reason}.")


class ProofInvalid(Failure):
    code = "proof-invalid"
    sentence = mark("The proof does not hold: {reason}.")
