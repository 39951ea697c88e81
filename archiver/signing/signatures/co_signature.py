"""One answer out of two signatures over the same list: both practitioners sign a handover.

1. *Signed by* is proven when both signatures belong to the package.
2. *Existed at* is the earliest moment the time-stamps prove; it is proven when every time-stamp
   that is there is proven, so that nobody can spoil one unnoticed.
3. *Trusted* is proven when both signers are accepted, in the weaker of both ways. A first signer who
   is accepted beside a second who is merely unknown leaves it open; of anything worse, that is the answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from archiver.signing.signatures.answers import SignatureAnswers
from archiver.signing.trust.acceptance import WEAKEST
from archiver.verdict import (
    NOT_EXAMINED,
    Answer,
    Revocation,
    State,
    ValidUntil,
    proven_answer,
    unknown_answer,
)
from formats.errors import Fact
from formats.words import mark

SILENT = frozenset({"no-timestamp", "timestamp-algorithm-unknown", "timestamp-signature-unknown"})
"""Codes of *existed at* of a signature that says nothing of when."""
BOTH_NAMED = mark(
    "Signed with the keys of certificates that bear the names {signer}, fingerprint {fingerprint}, and {co_signer}, "
    "fingerprint {co_fingerprint}; for one of them at least, who vouches for the name certifies others as well."
)
BOTH = {
    "accepted-named": BOTH_NAMED,
    "accepted-listed": BOTH_NAMED,
    "accepted-expected": BOTH_NAMED,
    "accepted-first-use": mark(
        "{signer}, fingerprint {fingerprint}, and {co_signer}, fingerprint {co_fingerprint}: one of them at least is "
        "accepted on first use; compare the fingerprints."
    ),
}
BOTH_ACCEPTED = mark(
    "{signer}, fingerprint {fingerprint}, and {co_signer}, fingerprint {co_fingerprint}, are both people you accept."
)


def combine_answers(first: SignatureAnswers, second: SignatureAnswers) -> SignatureAnswers:
    """Return what the ``first`` and the ``second`` signature answer together."""
    return SignatureAnswers(
        signed_by=_signed_by(first.signed_by, second.signed_by),
        existed_at=_existed_at(first, second),
        trusted=_trusted(first.trusted, second.trusted),
        holds=_holds(first.holds, second.holds),
    )


def _holds(first: ValidUntil | None, second: ValidUntil | None) -> ValidUntil | None:
    """Return which of both signatures ends first; nothing when one has ended already."""
    return min((first, second), key=lambda one: one.until) if first and second else None


def _signed_by(first: Answer, second: Answer) -> Answer:
    worse = _worse(first, second)
    if worse:
        return worse
    sentence = mark(
        "Signed by {signer}, fingerprint {fingerprint}, who states {moment} as the time, and by {co_signer}, "
        "fingerprint {co_fingerprint}, who states {co_moment}."
    )
    return proven_answer("signed-jointly", sentence, where=first.where, **first.facts, **_second(second))


def _existed_at(first: SignatureAnswers, second: SignatureAnswers) -> Answer:
    both = (first.existed_at, second.existed_at)
    stamped = [one.existed_at for one in (first, second) if not _is_silent(one)]
    if len(stamped) < 2:
        return stamped[0] if stamped else max(*both, key=lambda one: one.code != "no-timestamp")
    return _worse(*both) or min(stamped, key=_moment)


def _is_silent(one: SignatureAnswers) -> bool:
    """Say whether a signature says nothing of when: what nobody here can read undoes nothing the other proves."""
    unread = one.existed_at.code == NOT_EXAMINED.code and one.signed_by.state is State.UNKNOWN
    return unread or one.existed_at.code in SILENT


def _trusted(first: Answer, second: Answer) -> Answer:
    if first.state is State.PROVEN and second.code == "signer-untrusted":
        sentence = mark(
            "{signer}, fingerprint {fingerprint}, is someone you accept; {co_signer}, fingerprint "
            "{co_fingerprint}, who signed as well, is not yet."
        )
        return unknown_answer(
            "co-signer-untrusted", sentence, where=second.where, **first.facts, **_second(second)
        )
    worse = _worse(first, second)
    if worse:
        return worse
    code = min((first.code, second.code), key=WEAKEST.index)
    sentence = BOTH.get(code, BOTH_ACCEPTED)
    answer = proven_answer(code, sentence, where=first.where, **first.facts, **_second(second))
    revocations = (first.revocation, second.revocation)
    missing = Revocation.NOT_EXAMINED in revocations
    return replace(answer, revocation=Revocation.NOT_EXAMINED if missing else first.revocation)


def _worse(first: Answer, second: Answer) -> Answer | None:
    """Return the answer that spoils both: a refuted one, then one with which nothing may be opened, then an unknown."""
    doubts = [one for one in (first, second) if one.state is not State.PROVEN]
    return min(doubts, key=lambda one: (one.state is not State.REFUTED, one.failure is None), default=None)


def _second(answer: Answer) -> dict[str, Fact]:
    """Return the facts of the second signature under names of their own."""
    names = {"signer": "co_signer", "fingerprint": "co_fingerprint", "moment": "co_moment"}
    return {names.get(name, f"co_{name}"): fact for name, fact in answer.facts.items()}


def _moment(answer: Answer) -> datetime:
    return datetime.fromisoformat(str(answer.facts["moment"]))
