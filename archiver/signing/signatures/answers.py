"""Whose signature, since when, and whether the reader accepts it: three answers from one signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.signing.algorithms import Use
from archiver.signing.errors import (
    CertificateAlgorithmUnknown,
    CertificateEnded,
    CertificateRevoked,
    SignatureAlgorithmUnknown,
    SignatureInvalid,
    SignerUnexpected,
    SignerUnfit,
    SignerUntrusted,
)
from archiver.signing.signatures.cades import examine_signature, examine_stamp
from archiver.signing.signatures.existence import signature_existed_at, unverified_stamp_answer
from archiver.signing.signatures.signed_data import Data
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import (
    PathStatus,
    RevocationJudgement,
    RevocationStatus,
    SignatureExamination,
    SignatureTimeStamp,
)
from archiver.verdict import (
    NOT_EXAMINED,
    Answer,
    Revocation,
    ValidUntil,
    proven_answer,
    refuted_answer,
    unknown_answer,
    unproven_answer,
)
from formats.errors import Failure
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureAnswers:
    """The questions of a verdict that a signature answers, and until when it does so by itself."""

    signed_by: Answer = NOT_EXAMINED
    existed_at: Answer = NOT_EXAMINED
    trusted: Answer = NOT_EXAMINED
    holds: ValidUntil | None = None


def answer_signature(
    signature: bytes,
    data: Data,
    trust: Trust,
    *,
    where: str,
    proven_at: Sequence[datetime] = (),
    besides: Sequence[Use] = (),
) -> SignatureAnswers:
    """Return what ``signature`` over ``data`` answers; ``where`` is the member it was read from.

    ``proven_at`` is when something outside the signature, an evidence record for
    instance, proves that it existed. ``besides`` are algorithms that what it signs rests on.
    """
    try:
        examined = examine_signature(signature, data, trust, proven_at=proven_at, besides=besides)
    except SignatureAlgorithmUnknown as failure:
        return _unverified(failure, signature, trust, where, proven_at)
    except SignatureInvalid as failure:
        return _false(failure, where)
    holds = examined.holds
    return SignatureAnswers(
        signed_by=_ended(examined, trust, where) or _signed_by(examined, where),
        existed_at=_with_revocation(
            signature_existed_at(examined, trust, where),
            _stamp_examined(examined.stamp, examined.stamp_revocation),
        ),
        trusted=_with_revocation(_trusted(examined, trust, where), examined.revocation.examined),
        holds=holds if holds and trust.at < holds.until else None,
    )


def _false(failure: SignatureInvalid, where: str) -> SignatureAnswers:
    failure.where = where
    return SignatureAnswers(signed_by=refuted_answer(failure))


def _unverified(
    failure: Failure, signature: bytes, trust: Trust, where: str, proven_at: Sequence[datetime]
) -> SignatureAnswers:
    """Return the answers where nobody here can verify the signature: its time-stamp is judged all the same."""
    try:
        stamp, revocation = examine_stamp(signature, trust, proven_at=proven_at)
    except SignatureInvalid as fault:
        return _false(fault, where)
    failure.where = where
    existed = unverified_stamp_answer(stamp, revocation, trust, where)
    return SignatureAnswers(
        signed_by=unproven_answer(failure),
        existed_at=_with_revocation(existed, _stamp_examined(stamp, revocation)),
    )


def _with_revocation(answer: Answer, examined: bool | None) -> Answer:
    """Return ``answer`` with whether anything about revocations was examined for it."""
    if examined is None:
        return answer
    return replace(answer, revocation=Revocation.EXAMINED if examined else Revocation.NOT_EXAMINED)


def _stamp_examined(stamp: SignatureTimeStamp | None, revocation: RevocationJudgement) -> bool | None:
    if stamp is None or stamp.unread:
        return None
    return stamp.examined or revocation.examined


# -- by whom ------------------------------------------------------------------------------


def _signed_by(examined: SignatureExamination, where: str) -> Answer:
    return proven_answer(
        "signed",
        mark("Signed by {signer}, fingerprint {fingerprint}, who states {moment} as the time."),
        where=where,
        signer=examined.signer.subject,
        fingerprint=examined.signer.fingerprint,
        moment=_text(examined.signed_at),
    )


def _ended(examined: SignatureExamination, trust: Trust, where: str) -> Answer | None:
    """Return the answer where an algorithm under the signature had ended, so that anybody might have made it."""
    if not examined.ended:
        return None
    sentence = mark(
        "The signature of {signer}, fingerprint {fingerprint}, rests on {algorithm}, which policy {policy} no "
        "longer trusts on {moment}, and nothing proves that it was made before."
    )
    return unknown_answer(
        "signature-algorithm-ended",
        sentence,
        where=where,
        signer=examined.signer.subject,
        fingerprint=examined.signer.fingerprint,
        algorithm=examined.ended,
        policy=trust.policy.name,
        moment=_text(examined.judged_at),
    )


# -- accepted by the reader ---------------------------------------------------------------


def _trusted(examined: SignatureExamination, trust: Trust, where: str) -> Answer:
    signer = examined.signer
    facts = {"signer": signer.subject, "fingerprint": signer.fingerprint}
    if not trust.stated:
        sentence = mark("You accept nobody yet; the signer is called {signer}, fingerprint {fingerprint}.")
        return unknown_answer("no-roots", sentence, where=where, **facts)
    failure = _unfit(examined) or _distrust(examined, trust)
    if isinstance(failure, CertificateEnded) and _stamped_in_time(examined):
        sentence = mark(
            "The certificate of {signer}, fingerprint {fingerprint}, was valid when a time-stamp says this "
            "was signed, but at the moment asked for neither it nor the time-stamp can be relied on."
        )
        return unknown_answer("stamp-unproven", sentence, where=where, **facts)
    if failure:
        failure.where = where
        return unproven_answer(failure)
    return _unclear(examined, facts, where) or _accepted(examined, trust, facts, where)


def _unfit(examined: SignatureExamination) -> Failure | None:
    """Return why nobody accepts what this certificate signs, whoever issued it."""
    signer = examined.signer
    if not examined.unfit:
        return None
    return SignerUnfit(signer=signer.subject, fingerprint=signer.fingerprint, reason=examined.unfit)


def _distrust(examined: SignatureExamination, trust: Trust) -> Failure | None:
    """Return why the signer is not accepted.

    A fingerprint accepts a certificate by itself; its dates count all the same,
    for the moment that counts and for the time the signer states.
    """
    signer = examined.signer
    if examined.path_status is PathStatus.REVOKED:
        moment = examined.revocation.moment
        return CertificateRevoked(signer=signer.subject, moment=_text(moment) if moment else "")
    for moment in (examined.judged_at, examined.signed_at):
        if not signer.start <= moment <= signer.end:
            return CertificateEnded(start=_text(signer.start), end=_text(signer.end), moment=_text(moment))
    if signer.fingerprint in trust.fingerprints or trust.first_use:
        return _unexpected(examined, trust)
    if examined.path_status is PathStatus.OUTSIDE_VALIDITY:
        start, end = _text(examined.start), _text(examined.end)
        return CertificateEnded(start=start, end=end, moment=_text(examined.judged_at))
    return (
        _unexpected(examined, trust) if examined.path_status is PathStatus.TRUSTED else _untrusted(examined)
    )


def _untrusted(examined: SignatureExamination) -> Failure:
    """Return why no accepted root leads to the signer: nobody vouches, or nobody here can tell."""
    signer = examined.signer
    if examined.unread:
        return CertificateAlgorithmUnknown(
            signer=signer.subject, fingerprint=signer.fingerprint, algorithm=examined.unread
        )
    return SignerUntrusted(signer=signer.subject, fingerprint=signer.fingerprint)


def _unexpected(examined: SignatureExamination, trust: Trust) -> Failure | None:
    """Return the failure where somebody else signed than the reader expects, when they said whom."""
    signer = examined.signer
    if not trust.expected or _met(examined, trust):
        return None
    return SignerUnexpected(signer=signer.subject, fingerprint=signer.fingerprint)


def _met(examined: SignatureExamination, trust: Trust) -> str:
    """Return whom the reader said they expect, where the signer is one of them."""
    one = examined.signer
    traits = {"subject": one.subject, "name": one.name, "number": one.number, "fingerprint": one.fingerprint}
    return next((expected.text for expected in trust.expected if expected.is_met_by(**traits)), "")


def _stamped_in_time(examined: SignatureExamination) -> bool:
    """Say whether a genuine time-stamp that is not proven now says the chain was valid when it was made."""
    stamp = examined.stamp
    return (
        stamp is not None
        and stamp.genuine
        and stamp.path_status is not PathStatus.REVOKED
        and examined.start <= stamp.time <= examined.end < examined.judged_at
    )


def _unclear(examined: SignatureExamination, facts: dict[str, str], where: str) -> Answer | None:
    """Return what revocation sources that came along leave open, when they do."""
    revocation = examined.revocation
    if revocation.status is RevocationStatus.STALE and revocation.moment is not None:
        sentence = mark(
            "What came with the signature of {signer}, fingerprint {fingerprint}, about revocations tells "
            "nothing after {moment}, and nothing proves that it was signed before."
        )
        return unknown_answer(
            "revocation-stale", sentence, where=where, **facts, moment=_text(revocation.moment)
        )
    if revocation.status is RevocationStatus.UNKNOWN:
        sentence = mark(
            "Who answers for revocations does not know the certificate of {signer}, fingerprint {fingerprint}."
        )
        return unknown_answer("revocation-unknown", sentence, where=where, **facts)
    if revocation.status is RevocationStatus.UNUSABLE:
        sentence = mark(
            "What came with the signature of {signer}, fingerprint {fingerprint}, about revocations does not "
            "speak of its chain, or cannot be checked."
        )
        return unknown_answer("revocation-unusable", sentence, where=where, **facts)
    return None


def _accepted(examined: SignatureExamination, trust: Trust, facts: dict[str, str], where: str) -> Answer:
    by_root = examined.path_status is PathStatus.TRUSTED
    if facts["fingerprint"] in trust.fingerprints or (by_root and examined.sole):
        sentence = mark("{signer}, fingerprint {fingerprint}, is someone you accept.")
        return proven_answer("accepted", sentence, where=where, **facts)
    if by_root:
        return _accepted_by_name(examined, trust, facts, where)
    sentence = mark("{signer}, fingerprint {fingerprint}, is accepted on first use; compare the fingerprint.")
    return proven_answer("accepted-first-use", sentence, where=where, **facts)


def _accepted_by_name(
    examined: SignatureExamination, trust: Trust, facts: dict[str, str], where: str
) -> Answer:
    """Return the answer where who vouches for the signer vouches for others as well: only the name is checked."""
    signer = examined.signer
    facts = {**facts, "name": signer.name, "number": signer.number, "root": examined.root}
    expected = _met(examined, trust)
    facts |= {"expected": expected} if expected else {}
    if examined.trust_list:
        sentence = mark(
            "Signed with the key of a certificate that bears the name {signer}, fingerprint {fingerprint}; {root}, "
            "an authority of the trust list {trust_list}, vouches for the name; the list itself was not verified."
        )
        code = "accepted-expected" if expected else "accepted-listed"
        return proven_answer(code, sentence, where=where, **facts, trust_list=examined.trust_list)
    sentence = mark(
        "Signed with the key of a certificate that bears the name {signer}, fingerprint {fingerprint}; {root}, "
        "which certifies others as well, vouches for the name."
    )
    code = "accepted-expected" if expected else "accepted-named"
    return proven_answer(code, sentence, where=where, **facts)


def _text(moment: datetime) -> str:
    return moment.isoformat()
