"""Whose signature, since when, and whether the reader accepts it: three answers from one signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archiver.signing.cades import examine_signature
from archiver.signing.errors import (
    CertificateEnded,
    CertificateRevoked,
    SignatureInvalid,
    SignerUnfit,
    SignerUntrusted,
    TimestampInvalid,
)
from archiver.signing.signed_data import Data
from archiver.signing.standing import Examined, Judgement, Said, Stamp, Standing
from archiver.signing.trust import Trust
from archiver.verdict import NOT_EXAMINED, Answer, Holding, proven, refuted, unknown, unproven
from formats.errors import Failure
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureAnswers:
    """The questions of a verdict that a signature answers, and until when it does so by itself."""

    signed_by: Answer
    existed_at: Answer
    trusted: Answer
    holds: Holding | None = None


def answer(
    signature: bytes, data: Data, trust: Trust, *, where: str, proven_at: datetime | None = None
) -> SignatureAnswers:
    """Return what ``signature`` over ``data`` answers; ``where`` is the member it was read from.

    ``proven_at`` is when something outside the signature, an evidence record for
    instance, proves that it existed.
    """
    try:
        examined = examine_signature(signature, data, trust, proven_at=proven_at)
    except SignatureInvalid as failure:
        failure.where = where
        return SignatureAnswers(signed_by=refuted(failure), existed_at=NOT_EXAMINED, trusted=NOT_EXAMINED)
    holds = examined.holds
    return SignatureAnswers(
        signed_by=_ended(examined, trust, where) or _signed_by(examined, where),
        existed_at=_existed_at(examined, trust, where),
        trusted=_trusted(examined, trust, where),
        holds=holds if holds and trust.at < holds.until else None,
    )


# -- by whom ------------------------------------------------------------------------------


def _signed_by(examined: Examined, where: str) -> Answer:
    return proven(
        "signed",
        mark("Signed by {signer}, fingerprint {fingerprint}, who states {moment} as the time."),
        where=where,
        signer=examined.signer.subject,
        fingerprint=examined.signer.fingerprint,
        moment=_text(examined.signed_at),
    )


def _ended(examined: Examined, trust: Trust, where: str) -> Answer | None:
    """Return that anybody might have made the signature, when an algorithm under it had ended."""
    if not examined.ended:
        return None
    sentence = mark(
        "The signature of {signer}, fingerprint {fingerprint}, rests on {algorithm}, which policy {policy} no "
        "longer trusts on {moment}, and nothing proves that it was made before."
    )
    return unknown(
        "signature-algorithm-ended",
        sentence,
        where=where,
        signer=examined.signer.subject,
        fingerprint=examined.signer.fingerprint,
        algorithm=examined.ended,
        policy=trust.policy.name,
        moment=_text(examined.judged_at),
    )


# -- since when ---------------------------------------------------------------------------


def _existed_at(examined: Examined, trust: Trust, where: str) -> Answer:
    stamp, said = examined.stamp, examined.stamp_revocation
    if stamp is None:
        sentence = mark("No time-stamp: only the signer says when this was made.")
        return unknown("no-timestamp", sentence, where=where)
    failure = _false_stamp(stamp, where)
    if failure:
        return refuted(failure)
    facts = {"authority": stamp.authority, "moment": _text(stamp.time)}
    open_question = _open_stamp(stamp, said, trust)
    if open_question:
        code, sentence = open_question
        return unknown(code, sentence, where=where, **facts)
    if stamp.trust_list:
        sentence = mark(
            "It existed on {moment}, as {authority} attests, whom the trust list {trust_list} names; "
            "the list itself was not verified."
        )
        return proven("timestamped-listed", sentence, where=where, **facts, trust_list=stamp.trust_list)
    sentence = mark("It existed on {moment}, as {authority} attests.")
    return proven("timestamped", sentence, where=where, **facts)


def _false_stamp(stamp: Stamp, where: str) -> Failure | None:
    if not stamp.genuine:
        return TimestampInvalid(where=where, reason=mark("it was made for something else"))
    return None


def _open_stamp(stamp: Stamp, said: Judgement, trust: Trust) -> tuple[str, str] | None:
    """Return code and sentence of what keeps a genuine time-stamp from proving anything."""
    cases = (
        (
            stamp.time > trust.at,
            "timestamp-later",
            mark("A time-stamp of {authority} says {moment}, which is after the moment asked for."),
        ),
        (
            stamp.standing is Standing.REVOKED,
            "timestamp-authority-revoked",
            mark(
                "A time-stamp of {authority} says {moment}; that authority's certificate was revoked, and it could "
                "have been dated back."
            ),
        ),
        (
            stamp.standing is Standing.OUTSIDE_VALIDITY,
            "timestamp-ended",
            mark(
                "A time-stamp of {authority} says {moment}; that authority's certificate is not valid at the "
                "moment asked for, and nothing renewed it."
            ),
        ),
        (
            stamp.standing is not Standing.TRUSTED,
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
            stamp.strangers,
            "timestamp-strangers",
            mark(
                "A time-stamp of {authority} says {moment}, but it holds certificates that are not of its chain."
            ),
        ),
        (
            said.said in {Said.STALE, Said.UNUSABLE},
            "timestamp-revocation-unclear",
            mark(
                "A time-stamp of {authority} says {moment}; what came with it about revocations does not tell "
                "whether that authority's certificate was good."
            ),
        ),
    )
    return next(((code, sentence) for holds, code, sentence in cases if holds), None)


# -- accepted by the reader ---------------------------------------------------------------


def _trusted(examined: Examined, trust: Trust, where: str) -> Answer:
    signer = examined.signer
    facts = {"signer": signer.subject, "fingerprint": signer.fingerprint}
    if not trust.stated:
        sentence = mark("You accept nobody yet; the signer is called {signer}, fingerprint {fingerprint}.")
        return unknown("no-roots", sentence, where=where, **facts)
    failure = _unfit(examined) or _distrust(examined, trust)
    if isinstance(failure, CertificateEnded) and _stamped_in_time(examined):
        sentence = mark(
            "The certificate of {signer}, fingerprint {fingerprint}, was valid when a time-stamp says this "
            "was signed, but at the moment asked for neither it nor the time-stamp can be relied on."
        )
        return unknown("stamp-unproven", sentence, where=where, **facts)
    if failure:
        failure.where = where
        return unproven(failure)
    return _unclear(examined, facts, where) or _accepted(examined, trust, facts, where)


def _unfit(examined: Examined) -> Failure | None:
    """Return why nobody accepts what this certificate signs, whoever issued it."""
    signer = examined.signer
    if not examined.unfit:
        return None
    return SignerUnfit(signer=signer.subject, fingerprint=signer.fingerprint, reason=examined.unfit)


def _distrust(examined: Examined, trust: Trust) -> Failure | None:
    """Return why the signer is not accepted.

    A fingerprint accepts a certificate by itself; its dates count all the same,
    for the moment that counts and for the time the signer states.
    """
    signer = examined.signer
    if examined.standing is Standing.REVOKED:
        moment = examined.revocation.moment
        return CertificateRevoked(signer=signer.subject, moment=_text(moment) if moment else "")
    for moment in (examined.judged_at, examined.signed_at):
        if not signer.start <= moment <= signer.end:
            return CertificateEnded(start=_text(signer.start), end=_text(signer.end), moment=_text(moment))
    if signer.fingerprint in trust.fingerprints or trust.first_use:
        return None
    if examined.standing is Standing.OUTSIDE_VALIDITY:
        start, end = _text(examined.start), _text(examined.end)
        return CertificateEnded(start=start, end=end, moment=_text(examined.judged_at))
    if examined.standing is Standing.TRUSTED:
        return None
    return SignerUntrusted(signer=signer.subject, fingerprint=signer.fingerprint)


def _stamped_in_time(examined: Examined) -> bool:
    """Say whether a genuine time-stamp that is not proven now says the chain was valid when it was made."""
    stamp = examined.stamp
    return (
        stamp is not None
        and stamp.genuine
        and stamp.standing is not Standing.REVOKED
        and examined.start <= stamp.time <= examined.end < examined.judged_at
    )


def _unclear(examined: Examined, facts: dict[str, str], where: str) -> Answer | None:
    """Return what revocation sources that came along leave open, when they do."""
    said = examined.revocation
    if said.said is Said.STALE and said.moment is not None:
        sentence = mark(
            "What came with the signature of {signer}, fingerprint {fingerprint}, about revocations tells "
            "nothing after {moment}, and nothing proves that it was signed before."
        )
        return unknown("revocation-stale", sentence, where=where, **facts, moment=_text(said.moment))
    if said.said is Said.UNUSABLE:
        sentence = mark(
            "What came with the signature of {signer}, fingerprint {fingerprint}, about revocations does not "
            "speak of its chain, or cannot be checked."
        )
        return unknown("revocation-unusable", sentence, where=where, **facts)
    return None


def _accepted(examined: Examined, trust: Trust, facts: dict[str, str], where: str) -> Answer:
    if facts["fingerprint"] in trust.fingerprints:
        sentence = mark("{signer}, fingerprint {fingerprint}, is someone you accept.")
        return proven("accepted", sentence, where=where, **facts)
    if examined.standing is Standing.TRUSTED and examined.trust_list:
        sentence = mark(
            "{signer}, fingerprint {fingerprint}, is vouched for by an authority of the trust list "
            "{trust_list}; the list itself was not verified."
        )
        return proven("accepted-listed", sentence, where=where, **facts, trust_list=examined.trust_list)
    if examined.standing is Standing.TRUSTED:
        sentence = mark("{signer}, fingerprint {fingerprint}, is someone you accept.")
        return proven("accepted", sentence, where=where, **facts)
    sentence = mark("{signer}, fingerprint {fingerprint}, is accepted on first use; compare the fingerprint.")
    return proven("accepted-first-use", sentence, where=where, **facts)


def _text(moment: datetime) -> str:
    return moment.isoformat()
