"""What an evidence record proves at a chosen moment (RFC 4998, 4.3 and 5.3).

Nothing here is shared with building and renewing but the shape of records and
the hash functions. The steps, in order:

1. Every time-stamp is a readable token; a chain keeps to one hash function, which the
   record announces.
2. Every object is in the first list of every chain: as its digest in the first chain,
   together with all earlier chains in each later one.
3. Within a chain, every later time-stamp covers the one before it.
4. Every token was made over the root its lists lead to.
5. The times go forward, and none is later than the moment asked for.
6. Every token is genuine, and its authority's certificate leads to an accepted root
   when the next time-stamp was made; for the last one, at the moment asked for.
7. Every algorithm was relied on at that time; a hash function, until the next chain began.
8. All objects *existed* when the first time-stamp was made only if everything above
   holds; without a way to an accepted root nobody can tell. What fails in 1 to 4, or a token that is not
   genuine, is false; authorities that ended, were revoked or contradict each other, and algorithms that
   ended, prove nothing.

The RFC also reads a record as evidence that a group is complete. Here every object is
asked for by itself, so that one can be destroyed; ``others`` counts what is left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from archiver.evidence import hashes
from archiver.evidence.answers import EvidenceVerdict
from archiver.evidence.errors import (
    EvidenceAlgorithmEnded,
    EvidenceAlgorithmUnknown,
    EvidenceAuthorityEnded,
    EvidenceAuthorityRevoked,
    EvidenceImprintMismatch,
    EvidenceInvalid,
    EvidenceLinkBroken,
    EvidenceOrderWrong,
    EvidenceTokenInvalid,
)
from archiver.evidence.links import ChainLink, Objects, leaves, links_of, stamped_values, uncovered_objects
from archiver.evidence.records import EvidenceRecord
from archiver.signing.algorithms import Use, use_of
from archiver.signing.errors import AlgorithmUnknown, TokenInvalid
from archiver.signing.policy import AlgorithmPolicy
from archiver.signing.signatures.tokens import ExaminedToken, examine_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from archiver.verdict import (
    NOT_EXAMINED,
    Answer,
    Renewal,
    Revocation,
    StampVerdict,
    State,
    proven_answer,
    refuted_answer,
    unknown_answer,
    unproven_answer,
)
from formats.errors import Failure
from formats.words import mark

UNDECIDED = (
    EvidenceAuthorityEnded,
    EvidenceAlgorithmEnded,
    EvidenceAlgorithmUnknown,
    EvidenceAuthorityRevoked,
    EvidenceOrderWrong,
)
"""Why evidence proves nothing although nothing in it is false."""


def verify_record(record: EvidenceRecord, objects: Objects, trust: Trust) -> EvidenceVerdict:
    """Follow the steps above for ``objects`` at the moment, with the roots and the policy of ``trust``.

    Raises:
        LookupError: when an object was not hashed under one of ``algorithms_of(record)``.
    """
    # 1. the tokens
    try:
        links = links_of(record, trust.at)
    except EvidenceInvalid as failure:
        return EvidenceVerdict(existed_at=answer_for(failure))
    # 2. the objects
    missing = uncovered_objects(record, objects)
    # 3 to 7. every time-stamp
    times = [None, *(link.token.time for link in links)]
    stamps = [_examine(link, before, trust) for link, before in zip(links, times, strict=False)]
    # 8. the verdict
    verdict = EvidenceVerdict(
        existed_at=_existed_at(stamps, missing, len(objects)),
        stamps=tuple(stamps),
        uncovered=missing,
        others=_others(record, objects),
    )
    if verdict.existed_at.failure is not None:
        return verdict
    last = stamps[-1]
    dying = trust.policy.end(use_of(last.digest_algorithm)) <= last.until
    return replace(
        verdict, renewal=Renewal.HASH_TREE if dying else Renewal.TIME_STAMP, renew_before=last.until
    )


def answer_for(failure: Failure) -> Answer:
    """Return the answer ``failure`` gives: refuted where something is false, else unknown."""
    return unproven_answer(failure) if isinstance(failure, UNDECIDED) else refuted_answer(failure)


# -- 3 to 7 -------------------------------------------------------------------------------


def _examine(link: ChainLink, before: datetime | None, trust: Trust) -> StampVerdict:
    verdict = StampVerdict(
        place=link.place,
        digest_algorithm=link.algorithm,
        time=link.token.time,
        authority="",
        until=link.token.time,
        answer=NOT_EXAMINED,
    )
    try:
        # 3. the link to the one before
        _refuse_gap(link)
        # 4. the root
        if link.token.imprint.value not in _roots(link):
            raise EvidenceImprintMismatch(stamp=link.place)
        # 6. the signature
        examined = _authority(link, trust)
        verdict = replace(verdict, authority=examined.stamp.authority, **_until(link, examined, trust.policy))
        if not examined.stamp.genuine:
            raise EvidenceTokenInvalid(stamp=link.place, reason=mark("its certificate did not make it"))
        # 5. the times
        _refuse_disorder(link, before, examined)
        # 6. the authority
        _refuse_authority(link, examined)
        # 7. the algorithms
        _refuse_ended(link, examined, trust.policy)
    except EvidenceInvalid as failure:
        return replace(verdict, answer=answer_for(failure))
    facts = {"authority": examined.stamp.authority, "moment": link.token.time.isoformat()}
    if link.token.time > trust.at:
        sentence = mark("A time-stamp of {authority} says {moment}, which is after the moment asked for.")
        return replace(verdict, answer=unknown_answer("evidence-later", sentence, where=link.place, **facts))
    if examined.stamp.revocation_unknown:
        sentence = mark(
            "A time-stamp of {authority} says {moment}; who answers for revocations does not know that "
            "authority's certificate."
        )
        return replace(
            verdict,
            answer=unknown_answer("timestamp-revocation-unclear", sentence, where=link.place, **facts),
        )
    if examined.stamp.path_status is not PathStatus.TRUSTED:
        sentence = mark("A time-stamp of {authority} says {moment}, and nothing shows who that authority is.")
        return replace(
            verdict, answer=unknown_answer("timestamp-untrusted", sentence, where=link.place, **facts)
        )
    sentence = mark("{authority} attests {moment}.")
    revocation = Revocation.EXAMINED if examined.stamp.examined else Revocation.NOT_EXAMINED
    answer = proven_answer("timestamp-valid", sentence, where=link.place, **facts)
    return replace(verdict, answer=replace(answer, revocation=revocation))


def _refuse_gap(link: ChainLink) -> None:
    if link.previous is None:
        return
    expected = link.algorithm.hash_value(link.previous.token)
    if expected not in stamped_values(link.stamp):
        raise EvidenceLinkBroken(stamp=link.place, reason=mark("it was made over something else"))


def _roots(link: ChainLink) -> set[bytes]:
    """Return the hash values the lists lead to: every list is hashed in binary order and joins the next one.

    A first list of a single value leads on as it is, or hashed once more: programs read
    RFC 4998 (4.3, step 3) either way, and both are records of a known kind.
    """
    lists = link.stamp.lists
    if not lists:
        return {link.token.imprint.value}
    firsts = {hashes.node(link.algorithm, lists[0])}
    if len(lists[0]) == 1:
        firsts.add(lists[0][0])
    return {
        reduce(lambda value, values: hashes.node(link.algorithm, (value, *values)), lists[1:], first)
        for first in firsts
    }


def _refuse_disorder(link: ChainLink, before: datetime | None, examined: ExaminedToken) -> None:
    """Refuse a time-stamp that says an earlier time than the one it covers: one of both authorities is wrong."""
    if before is not None and link.token.time < before:
        raise EvidenceOrderWrong(
            stamp=link.place,
            authority=examined.stamp.authority,
            moment=link.token.time.isoformat(),
            other=before.isoformat(),
        )


def _authority(link: ChainLink, trust: Trust) -> ExaminedToken:
    try:
        return examine_token(link.stamp.token, link.token.imprint, replace(trust, at=link.renewed))
    except AlgorithmUnknown as fault:
        raise EvidenceAlgorithmUnknown(algorithm=fault.facts["algorithm"]) from fault
    except TokenInvalid as fault:
        raise EvidenceTokenInvalid(stamp=link.place, reason=fault.facts["reason"]) from fault


def _refuse_authority(link: ChainLink, examined: ExaminedToken) -> None:
    stamp, moment = examined.stamp, link.renewed
    facts = {"stamp": link.place, "authority": stamp.authority}
    if stamp.path_status is PathStatus.REVOKED:
        raise EvidenceAuthorityRevoked(moment=moment.isoformat(), **facts)
    if link.token.time < examined.start:
        raise EvidenceAuthorityEnded(moment=link.token.time.isoformat(), **facts)
    if stamp.path_status is PathStatus.OUTSIDE_VALIDITY or moment > examined.end:
        raise EvidenceAuthorityEnded(moment=moment.isoformat(), **facts)


def _refuse_ended(link: ChainLink, examined: ExaminedToken, policy: AlgorithmPolicy) -> None:
    rests = [(use, link.renewed) for use in examined.uses] + [(use_of(link.algorithm), link.succeeded)]
    for use, moment in rests:
        if policy.end(use) <= moment:
            raise EvidenceAlgorithmEnded(
                stamp=link.place, algorithm=use.text, policy=policy.name, moment=moment.isoformat()
            )


def _until(link: ChainLink, examined: ExaminedToken, policy: AlgorithmPolicy) -> dict[str, Any]:
    """Return when the first thing under a time-stamp ends, and which: an algorithm, else its certificate."""
    ends = [(examined.end, ""), *((policy.end(use), use.text) for use in _rests(link, examined))]
    until, algorithm = min(ends)
    return {"until": until, "algorithm": algorithm}


def _rests(link: ChainLink, examined: ExaminedToken) -> tuple[Use, ...]:
    return (*examined.uses, use_of(link.algorithm))


# -- 8 ------------------------------------------------------------------------------------


def _others(record: EvidenceRecord, objects: Objects) -> int:
    """Return how many digests of the newest first list belong to no object that was asked about."""
    asked = leaves(record, len(record.chains), objects).values()
    return len(stamped_values(record.chains[-1].stamps[0]).difference(asked))


def _existed_at(stamps: Sequence[StampVerdict], missing: Mapping[str, EvidenceInvalid], asked: int) -> Answer:
    doubts = [stamp.answer for stamp in stamps if stamp.answer.state is not State.PROVEN]
    # what is false before what proves nothing, so that no end hides it; then what nobody can tell
    false = [one for one in doubts if one.state is State.REFUTED]
    false += [refuted_answer(one) for one in missing.values()]
    failed = [one for one in doubts if one.failure]
    for answer in (*false, *failed, *doubts):
        return answer
    if not asked:
        return unknown_answer("nothing-asked", mark("The evidence record was not asked about any object."))
    first = stamps[0]
    examined = all(stamp.answer.revocation is Revocation.EXAMINED for stamp in stamps)
    answer = proven_answer(
        "evidenced",
        mark("It existed on {moment}, as {authority} attested first; renewed since: {renewals}."),
        moment=first.time.isoformat(),
        authority=first.authority,
        renewals=len(stamps) - 1,
    )
    return replace(answer, revocation=Revocation.EXAMINED if examined else Revocation.NOT_EXAMINED)
