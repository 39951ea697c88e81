"""Since when a signature exists: what its time-stamp proves, and what leaves that open."""

from __future__ import annotations

from datetime import datetime

from archiver.signing.errors import TimestampInvalid
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import (
    ContradictedTime,
    Contradiction,
    PathStatus,
    Proof,
    RevocationJudgement,
    SignatureExamination,
    SignatureTimeStamp,
)
from archiver.verdict import Answer, State, proven_answer, refuted_answer, unknown_answer
from formats.errors import Failure
from formats.words import mark


def signature_existed_at(examined: SignatureExamination, trust: Trust, where: str) -> Answer:
    """Return since when the signature ``examined`` exists; ``where`` is the member it was read from."""
    stamp = examined.stamp
    failure = _false_stamp(stamp, where) if stamp else None
    if failure:
        return refuted_answer(failure)
    if examined.contradiction:
        return _contradicted(examined.contradiction, where)
    return _stamped_at(stamp, examined.stamp_revocation, trust, where) if stamp else _without_stamp(where)


def unverified_stamp_answer(
    stamp: SignatureTimeStamp | None, revocation: RevocationJudgement, trust: Trust, where: str
) -> Answer:
    """Return what the time-stamp answers of a signature that nobody here can verify.

    It proves since when the value of that signature exists. Whether the value belongs to the package only
    the signature could tell, so a good time-stamp leaves the question open; one that is false is refuted.
    """
    if stamp is None:
        return _without_stamp(where)
    failure = _false_stamp(stamp, where)
    found = refuted_answer(failure) if failure else _stamped_at(stamp, revocation, trust, where)
    if found.state is not State.PROVEN:
        return found
    sentence = mark(
        "The value of the signature existed on {moment}, as {authority} attests; whether it belongs to what is "
        "signed, nobody can tell who cannot verify the signature."
    )
    facts = {"authority": stamp.authority, "moment": _text(stamp.time)}
    return unknown_answer("timestamp-signature-unknown", sentence, where=where, **facts)


def _without_stamp(where: str) -> Answer:
    sentence = mark("No time-stamp: only the signer says when this was made.")
    return unknown_answer("no-timestamp", sentence, where=where)


def _stamped_at(
    stamp: SignatureTimeStamp, revocation: RevocationJudgement, trust: Trust, where: str
) -> Answer:
    """Return what a genuine time-stamp proves."""
    facts = {"authority": stamp.authority, "moment": _text(stamp.time)}
    if stamp.unread:
        sentence = mark("A time-stamp says {moment}; it uses {algorithm}, which this program does not know.")
        return unknown_answer(
            "timestamp-algorithm-unknown",
            sentence,
            where=where,
            moment=facts["moment"],
            algorithm=stamp.unread,
        )
    open_question = _open_stamp(stamp, revocation, trust)
    if open_question:
        code, sentence = open_question
        return unknown_answer(code, sentence, where=where, **facts)
    if stamp.trust_list:
        sentence = mark(
            "It existed on {moment}, as {authority} attests, whom the trust list {trust_list} names; "
            "the list itself was not verified."
        )
        return proven_answer(
            "timestamped-listed", sentence, where=where, **facts, trust_list=stamp.trust_list
        )
    sentence = mark("It existed on {moment}, as {authority} attests.")
    return proven_answer("timestamped", sentence, where=where, **facts)


def _false_stamp(stamp: SignatureTimeStamp, where: str) -> Failure | None:
    if not stamp.genuine:
        return TimestampInvalid(where=where, reason=mark("it was made for something else"))
    return None


def _open_stamp(
    stamp: SignatureTimeStamp, revocation: RevocationJudgement, trust: Trust
) -> tuple[str, str] | None:
    """Return code and sentence of what keeps a genuine time-stamp from proving anything."""
    cases = (
        (
            stamp.time > trust.at,
            "timestamp-later",
            mark("A time-stamp of {authority} says {moment}, which is after the moment asked for."),
        ),
        (
            stamp.path_status is PathStatus.REVOKED,
            "timestamp-authority-revoked",
            mark(
                "A time-stamp of {authority} says {moment}; that authority's certificate was revoked, and it could "
                "have been dated back."
            ),
        ),
        (
            stamp.path_status is PathStatus.OUTSIDE_VALIDITY,
            "timestamp-ended",
            mark(
                "A time-stamp of {authority} says {moment}; that authority's certificate is not valid at the "
                "moment asked for, and nothing renewed it."
            ),
        ),
        (
            stamp.path_status is not PathStatus.TRUSTED,
            "timestamp-untrusted",
            mark("A time-stamp of {authority} says {moment}, and nothing shows who that authority is."),
        ),
        (
            stamp.ended,
            "timestamp-algorithm-ended",
            mark(
                "A time-stamp of {authority} says {moment}; it rests on an algorithm that is not relied on at the "
                "moment asked for, and nothing renewed it."
            ),
        ),
        (
            stamp.unrelated,
            "timestamp-strangers",
            mark(
                "A time-stamp of {authority} says {moment}, but it holds certificates that are not of its chain."
            ),
        ),
        (
            revocation.unsettled or stamp.revocation_unknown,
            "timestamp-revocation-unclear",
            _UNSETTLED,
        ),
    )
    return next(((code, sentence) for holds, code, sentence in cases if holds), None)


_UNSETTLED = mark(
    "A time-stamp of {authority} says {moment}; what came with it about revocations does not tell "
    "whether that authority's certificate was good."
)
_CONTRADICTIONS = {
    (Proof.TIME_STAMP, ContradictedTime.CERTIFICATE): mark(
        "A time-stamp of {authority} says {moment}, and the signer's certificate began on {other}: they contradict "
        "each other."
    ),
    (Proof.TIME_STAMP, ContradictedTime.STATED): mark(
        "A time-stamp of {authority} says {moment}, and the signer states {other}, which is later: they contradict "
        "each other."
    ),
    (Proof.EVIDENCE, ContradictedTime.CERTIFICATE): mark(
        "Evidence says {moment}, and the signer's certificate began on {other}: they contradict each other."
    ),
    (Proof.EVIDENCE, ContradictedTime.STATED): mark(
        "Evidence says {moment}, and the signer states {other}, which is later: they contradict each other."
    ),
    (Proof.EVIDENCE, ContradictedTime.TIME_STAMP): mark(
        "Evidence says {moment}, and a time-stamp that it covers says {other}: they contradict each other."
    ),
}


def _contradicted(found: Contradiction, where: str) -> Answer:
    """Return the answer *unknown* of two times that contradict each other, with both."""
    facts = {"moment": _text(found.moment), "other": _text(found.other)}
    if found.authority:
        facts["authority"] = found.authority
    return unknown_answer(
        "times-contradict", _CONTRADICTIONS[found.proof, found.against], where=where, **facts
    )


def _text(moment: datetime) -> str:
    return moment.isoformat()
