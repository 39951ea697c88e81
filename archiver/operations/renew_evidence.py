"""Renew the evidence of packages before something under it ends.

1. Every record is read and judged without what it covers. One that does not hold is refused:
   a renewal does not heal what was broken before.
2. With a term, records that hold longer than that are left as they are.
3. Where the hash function stays, the record alone is enough (*time-stamp renewal*). Where another
   one is asked for, the package is examined and every member hashed under it as well, in one
   reading (*hash-tree renewal*); a unit that was destroyed meanwhile is left out of the new list.
4. One time-stamp is asked for, over all records under the same hash function.
5. Each renewed record has to hold. Nothing has been written so far.
6. Each package gets its renewed records, one package after the other, each whole or not at all.

A record beside a package covers its whole file. Where there is one it is renewed, and what lies within stays as it is:
a file that changes is not the one that was proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from archiver.evidence.errors import EvidenceStampUnproven
from archiver.evidence.links import Objects
from archiver.evidence.records import EvidenceRecord, write_record
from archiver.evidence.renew import RecordObjects, renew_hash_trees, renew_time_stamps
from archiver.examination.errors import EvidenceAbsent
from archiver.examination.evidence_places import evidence_of, examine_place, hashed_beside, put_evidence_at
from archiver.operations.build_evidence import failures_of, sound
from archiver.package.checks.evidence import Evidence, objects_of
from archiver.package.checks.evidence_beside import EvidenceBeside
from archiver.package.lists.hashing import HashedMember
from archiver.signing.trust.anchors import Service, Trust
from archiver.signing.validity import Stamping
from archiver.verdict import Renewal, StampVerdict, State
from formats.digests import DigestAlgorithm

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewRequest:
    """Which packages, and sets without their volumes, to renew, judged by whose ``trust``; its moment is the present.

    Without an ``algorithm`` each record keeps its own. ``due_within`` renews only what ends by then.
    """

    packages: tuple[Path, ...]
    trust: Trust
    algorithm: DigestAlgorithm | None = None
    due_within: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RenewedRecord:
    """One record: how it was renewed (nothing when it was not due), and its newest time-stamp.

    ``next`` is what has to be done before ``renew_before``.
    """

    package: Path
    member: str
    done: Renewal | None
    stamp: StampVerdict
    renew_before: datetime
    next: Renewal


@dataclass(frozen=True, kw_only=True, slots=True)
class _Task:
    """One record to renew: ``objects`` are what it covers, for a hash-tree renewal alone."""

    package: Path
    evidence: Evidence
    done: Renewal | None
    objects: Objects
    record: EvidenceRecord

    def outcome(self, trust: Trust) -> RenewedRecord:
        verdict = sound(self.record, self.objects, trust)
        last = verdict.stamps[-1]
        return RenewedRecord(
            package=self.package,
            member=self.evidence.member,
            done=self.done,
            stamp=last,
            renew_before=verdict.renew_before or last.until,
            next=verdict.renewal or Renewal.TIME_STAMP,
        )


def renew_evidence(
    request: RenewRequest, stamp: Stamping, *, progress: Progress = lambda _: None
) -> Iterator[RenewedRecord]:
    """Yield every record of the packages of ``request``, once its package is renewed.

    ``progress`` is told the bytes examined. A failure after the first was yielded leaves
    those before it renewed.

    Raises:
        EvidenceAbsent: when a package has no evidence.
        EvidenceInvalid, EvidenceUnreadable, ListInvalid: when its evidence does not hold.
        EvidenceStampUnproven: when it comes from somebody whom the reader has not accepted.
        PackageFailure, FormatFailure: when a package to be hashed anew is not as it was.
        Failure: what ``stamp`` raises; DiskFull, DiskFault: what the disk answered.
    """
    # 1 to 3. the records, and what they cover where it is needed
    tasks: list[_Task] = []
    for package in request.packages:
        with failures_of(package):
            tasks += _tasks(package, request, progress)
    # 4. the time-stamp
    tasks = _renewed(tasks, request.algorithm, stamp)
    # 5. the proof
    outcomes = [task.outcome(request.trust) for task in tasks]
    # 6. the packages
    pairs = zip(tasks, outcomes, strict=True)
    for package, of_package in groupby(pairs, key=lambda pair: pair[0].package):
        mine = list(of_package)
        members = {one.evidence.member: write_record(one.record) for one, _ in mine if one.done}
        if members:
            put_evidence_at(package, members)
        yield from (outcome for _, outcome in mine)


def _tasks(package: Path, request: RenewRequest, progress: Progress) -> list[_Task]:
    found = evidence_of(package)
    if not found:
        raise EvidenceAbsent(package=str(package))
    for one in found:
        if not isinstance(one.found, Evidence):
            raise one.found
    whole = any(one.beside for one in found)
    tasks = [
        _task(package, one.found, request, fixed=whole and not one.beside)
        for one in found
        if isinstance(one.found, Evidence)
    ]
    if any(task.done is Renewal.HASH_TREE for task in tasks):
        return _with_objects(package, tasks, request, progress)
    return tasks


def _task(package: Path, evidence: Evidence, request: RenewRequest, *, fixed: bool) -> _Task:
    verdict = sound(evidence.record, {}, request.trust)
    unproven = next((one for one in verdict.stamps if one.answer.state is not State.PROVEN), None)
    if unproven and request.trust.anchors(Service.TIME_STAMPS, request.trust.at):
        raise EvidenceStampUnproven(where=evidence.member, stamp=unproven.place, authority=unproven.authority)
    done: Renewal | None = Renewal.TIME_STAMP
    if request.algorithm not in {None, evidence.algorithms[-1]}:
        done = Renewal.HASH_TREE
    until = verdict.stamps[-1].until
    if fixed or (request.due_within is not None and until - request.trust.at > request.due_within):
        done = None
    return _Task(package=package, evidence=evidence, done=done, objects={}, record=evidence.record)


def _with_objects(
    package: Path, tasks: Sequence[_Task], request: RenewRequest, progress: Progress
) -> list[_Task]:
    """Examine the package and return ``tasks`` with what each covers, hashed under the new function too."""
    found = examine_place(
        package, request.trust, progress=progress, besides=filter(None, (request.algorithm,))
    )
    records = {one.member: one.existed_at for one in found.verdict.records}
    for answer in (found.verdict.intact, found.verdict.signed_by, *records.values()):
        if answer.failure is not None and answer.state is State.REFUTED:
            raise answer.failure
    beside = any(isinstance(task.evidence, EvidenceBeside) for task in tasks)
    whole = hashed_beside(package, filter(None, (request.algorithm,))) if beside else {}
    return [
        replace(task, objects=_covered(task.evidence, whole, found.hashed))
        if task.done is Renewal.HASH_TREE
        else task
        for task in tasks
    ]


def _covered(
    evidence: Evidence, whole: Mapping[str, HashedMember], members: Mapping[str, HashedMember]
) -> Objects:
    """Return what ``evidence`` covers: the ``whole`` file it lies beside, or the ``members`` of a package."""
    if isinstance(evidence, EvidenceBeside):
        return {name: one.digests for name, one in whole.items()}
    return objects_of(evidence, members)


def _renewed(tasks: Sequence[_Task], algorithm: DigestAlgorithm | None, stamp: Stamping) -> list[_Task]:
    """Return ``tasks`` in their order with their renewed records."""
    stamped = [task for task in tasks if task.done is Renewal.TIME_STAMP]
    rehashed = [task for task in tasks if task.done is Renewal.HASH_TREE]
    records = [RecordObjects(record=task.record, objects=task.objects) for task in rehashed]
    renewed = {Renewal.TIME_STAMP: renew_time_stamps([task.record for task in stamped], stamp)}
    if algorithm is not None:
        renewed[Renewal.HASH_TREE] = renew_hash_trees(records, stamp, algorithm=algorithm)
    return [replace(task, record=next(renewed[task.done])) if task.done else task for task in tasks]
