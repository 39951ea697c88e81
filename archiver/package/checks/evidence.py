"""The evidence records of a package: what each covers, and since when it proves that.

Nothing here needs a key. For each record, in this order:

1. Lists and records come in pairs, numbered from 001 without a gap.
2. The list is readable and belongs to its record; the record is readable, and the list's
   digests are of the kind it begins with.
3. The list names every member but evidence and statements of destruction, which it may name, and nothing that
   neither is there nor was signed: a unit that was destroyed stays named.
4. Every member that is there has the digest the list states.
5. The record proves that each existed (``archiver.evidence.verify``), as far as it reached at
   the moment asked for, and covers no more than the list names.

What ended without being renewed in time, was revoked or contradicts itself proves nothing and refutes
nothing: the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.evidence.errors import (
    EvidenceAlgorithmUnknown,
    EvidenceInvalid,
    EvidenceObjectMissing,
    EvidenceUnreadable,
)
from archiver.evidence.links import Objects, algorithms_of, record_at
from archiver.evidence.records import MAX_RECORD_BYTES, EvidenceRecord, read_record
from archiver.evidence.verify import UNDECIDED, answer_for, verify_record
from archiver.package import layout
from archiver.package.contents import open_member, small
from archiver.package.errors import (
    REFUSALS,
    EvidenceExcess,
    ListAlgorithmUnknown,
    ListInvalid,
    MemberMissing,
    MemberUnlisted,
)
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_evidence_manifest
from archiver.package.lists.hashing import HashedMember
from archiver.package.member_table import Contents, DigestTable, names_of
from archiver.signing.trust.anchors import Trust
from archiver.verdict import Answer, RecordVerdict, State, refuted_answer, unknown_answer
from formats.digests import Digest, DigestAlgorithm
from formats.errors import Failure, LimitExceeded
from formats.words import mark

EVIDENCE_REFUSALS = (*REFUSALS, EvidenceUnreadable, EvidenceInvalid)
"""What is wrong with evidence; a disk that refuses says nothing about it and is raised."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """An evidence record with its list, and the hash function of each of its chains.

    An ``exact`` one may cover nothing but what its list names.
    """

    number: int
    listed: DigestTable
    record: EvidenceRecord
    algorithms: tuple[DigestAlgorithm, ...]
    exact: bool = True

    @property
    def member(self) -> str:
        """Where the record lies."""
        return layout.evidence_members(self.number)[1]

    @property
    def manifest(self) -> str:
        """Where its list lies."""
        return layout.evidence_members(self.number)[0]


CONTRADICTED = "times-contradict"
"""The code of an answer that tells two times which cannot both be true."""
FoundEvidence = Mapping[int, Evidence | Failure]
"""Evidence by its number, or why it cannot be read."""


def find_evidence(contents: Contents) -> FoundEvidence:
    """Follow steps 1 and 2 for every record of a package."""
    numbers = {int(name[-7:-4]) for name in contents if layout.is_evidence(name)}
    last = max(numbers, default=0)
    found: dict[int, Evidence | Failure] = {}
    for number in range(1, min(last, layout.MAX_RECORDS) + 1):
        try:
            found[number] = _read(contents, number)
        except EVIDENCE_REFUSALS as failure:
            failure.where = failure.where or layout.evidence_members(number)[1]
            found[number] = failure
    if last > layout.MAX_RECORDS:
        found[last] = too_many(last, where=layout.evidence_members(last)[1])
    return found


def too_many(number: int, *, where: str) -> LimitExceeded:
    """Return the failure of a record ``number``, at ``where``, which is one too many."""
    name = mark("the number of evidence records")
    return LimitExceeded(where=where, name=name, found=number, limit=layout.MAX_RECORDS)


def algorithms_needed(*found: FoundEvidence) -> tuple[DigestAlgorithm, ...]:
    """Return the hash functions under which members have to be hashed to be compared."""
    records = (one for each in found for one in each.values() if isinstance(one, Evidence))
    return tuple(dict.fromkeys(algorithm for one in records for algorithm in one.algorithms))


def judge_evidence(
    found: FoundEvidence,
    signed: Mapping[str, Digest] | None,
    hashed: Mapping[str, HashedMember],
    trust: Trust,
    place: Callable[[int], str] = lambda number: layout.evidence_members(number)[1],
) -> tuple[RecordVerdict, ...]:
    """Follow steps 3 to 5 for every record; ``signed`` are the names of the signed list.

    ``place`` tells by its number where a record lies.
    """
    return tuple(
        _judged(one, signed or {}, hashed, trust)
        if isinstance(one, Evidence)
        else RecordVerdict(member=place(number), existed_at=_placed(answer_for(one), place(number)))
        for number, one in found.items()
    )


def judge_alone(evidence: Evidence, trust: Trust) -> RecordVerdict:
    """Return how a record stands by itself, whatever the members are by now: nothing but evidence is read.

    *Existed at* stays unknown, for nothing is asked about any object, unless the record is refuted.
    """
    try:
        return _examined(evidence, {}, trust)
    except EvidenceInvalid as failure:
        return RecordVerdict(member=evidence.member, existed_at=_placed(answer_for(failure), evidence.member))


def proven_times(records: tuple[RecordVerdict, ...]) -> tuple[datetime, ...]:
    """Return every moment at which the package provably existed, its signatures included, the earliest first."""
    return tuple(sorted(_moment(one.existed_at) for one in records if _is_proven(one.existed_at)))


def times_of_member(
    found: FoundEvidence, inside: tuple[RecordVerdict, ...], beside: tuple[RecordVerdict, ...], name: str
) -> tuple[datetime, ...]:
    """Return when evidence proves that a statement of destruction existed, by the ``name`` of a member of it.

    It may be younger than the evidence ``inside`` the package, of which only a record that lists it proves anything;
    a record ``beside`` the file covers every byte.
    """
    lists = {one.member: one.listed for one in found.values() if isinstance(one, Evidence)}
    covering = tuple(one for one in inside if name in lists.get(one.member, ()))
    return proven_times((*covering, *beside))


def package_existed_at(signature: Answer, records: tuple[RecordVerdict, ...]) -> Answer:
    """Return since when the package exists, of what the ``signature`` and the ``records`` say.

    A refuted answer before all others, so that nobody can spoil one unnoticed; then times that
    contradict each other; then the earliest proven moment; then why nobody can tell.
    """
    answers = [signature, *(one.existed_at for one in records)]
    refusal = next((one for one in answers if one.state is State.REFUTED), None)
    if refusal or signature.code == CONTRADICTED:
        return refusal or signature
    proofs = [one for one in answers if _is_proven(one)]
    if proofs:
        return min(proofs, key=_moment)
    return answers[1] if records else signature


def objects_of(evidence: Evidence, hashed: Mapping[str, HashedMember]) -> Objects:
    """Return the digests of the members that ``evidence`` covers and that are still there."""
    return {name: hashed[name].digests for name in evidence.listed if name in hashed}


# -- 1 and 2 ------------------------------------------------------------------------------


def _read(contents: Contents, number: int) -> Evidence:
    manifest, member = layout.evidence_members(number)
    # 1. the pair
    for name in (manifest, member):
        if name not in contents:
            raise MemberMissing(where=member, member=name)
    # 2. the list and the record
    try:
        with open_member(contents, manifest, MAX_ASIC_MANIFEST_BYTES) as stream:
            listed = read_evidence_manifest(stream, where=manifest, target=member, names=names_of(contents))
    except ListAlgorithmUnknown as fault:
        raise EvidenceAlgorithmUnknown(algorithm=fault.facts["algorithm"]) from fault
    record = read_record(small(contents, member, MAX_RECORD_BYTES))
    algorithms = algorithms_of(record)
    if algorithms[0] != listed.algorithm:
        reason = mark("its digests are not of the kind its evidence record begins with")
        raise ListInvalid(where=manifest, reason=reason)
    return Evidence(number=number, listed=listed, record=record, algorithms=algorithms)


# -- 3 to 5 -------------------------------------------------------------------------------


def _judged(
    evidence: Evidence, signed: Mapping[str, Digest], hashed: Mapping[str, HashedMember], trust: Trust
) -> RecordVerdict:
    # 3, 4. the list
    fault = next(_departures(evidence, signed, hashed), None)
    if fault:
        return RecordVerdict(member=evidence.member, existed_at=refuted_answer(fault))
    # 5. the record
    try:
        return _examined(evidence, objects_of(evidence, hashed), trust)
    except EvidenceInvalid as failure:
        return RecordVerdict(member=evidence.member, existed_at=_placed(answer_for(failure), evidence.member))


def _departures(
    evidence: Evidence, signed: Mapping[str, Digest], hashed: Mapping[str, HashedMember]
) -> Iterator[Failure]:
    where, listed = evidence.manifest, evidence.listed
    members = (name for name in hashed if not layout.is_later(name))
    for name in sorted(name for name in members if name not in listed):
        yield MemberUnlisted(where=where, member=name)
    absent = (name for name in listed if layout.is_evidence(name) or name not in hashed)
    for name in sorted(name for name in absent if name not in signed):
        yield MemberMissing(where=where, member=name)
    here = (name for name in listed if name in hashed and not layout.is_evidence(name))
    for name in sorted(name for name in here if hashed[name].digests[listed.algorithm] != listed[name]):
        yield EvidenceObjectMissing(where=where, member=name)


def _examined(evidence: Evidence, objects: Objects, trust: Trust) -> RecordVerdict:
    known = record_at(evidence.record, trust.at)
    if known is None:
        sentence = mark("The evidence record begins after the moment asked for.")
        return RecordVerdict(
            member=evidence.member,
            existed_at=unknown_answer("evidence-later", sentence, where=evidence.member),
        )
    verdict = verify_record(known, objects, trust)
    gone = len(evidence.listed) - len(objects)
    if evidence.exact and verdict.existed_at.state is not State.REFUTED and verdict.others > gone:
        raise EvidenceExcess(count=verdict.others - gone)
    return RecordVerdict(
        member=evidence.member,
        existed_at=_placed(verdict.existed_at, evidence.member),
        stamps=verdict.stamps,
        renew_before=verdict.renew_before,
        renewal=verdict.renewal,
    )


def _placed(answer: Answer, member: str) -> Answer:
    """Return ``answer`` with its place in the package; evidence that proves nothing keeps nobody from opening."""
    failure = answer.failure
    if isinstance(failure, UNDECIDED):
        return unknown_answer(failure.code, failure.sentence, where=member, **failure.facts)
    if failure is not None:
        failure.where = failure.where if failure.where.startswith(layout.META) else member
        return refuted_answer(failure)
    return replace(answer, where=member)


def _is_proven(answer: Answer) -> bool:
    return answer.state is State.PROVEN and "moment" in answer.facts


def _moment(answer: Answer) -> datetime:
    return datetime.fromisoformat(str(answer.facts["moment"]))
