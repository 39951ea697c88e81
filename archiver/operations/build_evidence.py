"""Give packages evidence: one time-stamp over all of them, and a record in each.

1. Every package is examined without any key. One that is not whole and as it was signed is
   refused; so is one that has evidence, unless another record is asked for.
2. One time-stamp is asked for, over the root of a tree whose leaves are all members of all packages.
3. Each new record has to prove what it covers. Nothing has been written so far.
4. Each package gets its record, one after the other, each whole or not at all.

Who signed need not be somebody accepted: evidence says since when, and not by whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archiver.evidence.answers import EvidenceVerdict
from archiver.evidence.build import build_records
from archiver.evidence.links import Objects
from archiver.evidence.records import EvidenceRecord, write_record
from archiver.evidence.verify import verify_record
from archiver.examination.errors import EvidencePresent
from archiver.examination.evidence_places import (
    evidence_of,
    examine_place,
    hashed_beside,
    put_evidence_at,
    record_of,
)
from archiver.package import layout
from archiver.package.checks.check_set import is_set
from archiver.package.checks.examination import Examination
from archiver.package.lists.asic_manifest import Reference, write_asic_manifest
from archiver.package.manifests.manifest import Manifest
from archiver.package.manifests.set_manifest import SetManifest
from archiver.signing.signatures.tokens import read_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import Stamping
from archiver.verdict import StampVerdict, State
from formats.digests import SHA256, DigestAlgorithm
from formats.errors import Failure, LimitExceeded

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildRequest:
    """Which packages, and sets without their volumes, get evidence under ``algorithm``.

    With ``another``, beside what they have.
    """

    packages: tuple[Path, ...]
    trust: Trust
    algorithm: DigestAlgorithm = SHA256
    another: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceBuilt:
    """A package that now has evidence: where, over how many members, and until when it holds."""

    package: Path
    member: str
    members: int
    stamp: StampVerdict
    renew_before: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    """A package that was examined, and the number its evidence will have, within or ``beside`` it."""

    package: Path
    number: int
    objects: Objects
    beside: bool

    @property
    def member(self) -> str:
        """Where the record will lie."""
        return record_of(self.package, self.number, beside=self.beside)


def build_evidence(
    request: BuildRequest, stamp: Stamping, *, progress: Progress = lambda _: None
) -> Iterator[EvidenceBuilt]:
    """Yield every package of ``request`` once its evidence is in it; ``progress`` is told the bytes examined.

    A failure after the first was yielded leaves those before it with their evidence.

    Raises:
        EvidencePresent, PackageFailure, FormatFailure: when a package gets none.
        EvidenceInvalid: when the new time-stamp would prove nothing.
        Failure: what ``stamp`` raises; DiskFull, DiskFault: what the disk answered.
    """
    # 1. the packages
    candidates = []
    for package in request.packages:
        with failures_of(package):
            candidates.append(_candidate(package, request, progress))
    # 2. the time-stamp
    groups = [[one[request.algorithm] for one in each.objects.values()] for each in candidates]
    records = list(build_records(groups, stamp, algorithm=request.algorithm))
    # 3. the proof
    verdicts = [
        sound(record, each.objects, request.trust) for each, record in zip(candidates, records, strict=True)
    ]
    # 4. the packages again
    for each, record, verdict in zip(candidates, records, verdicts, strict=True):
        put_evidence_at(each.package, _members(each, record, request.algorithm))
        last = verdict.stamps[-1]
        yield EvidenceBuilt(
            package=each.package,
            member=each.member,
            members=len(each.objects),
            stamp=last,
            renew_before=last.until,
        )


@contextmanager
def failures_of(package: Path) -> Iterator[None]:
    """Name ``package`` in a failure that is about one of many."""
    try:
        yield
    except Failure as failure:
        if failure.facts.keys().isdisjoint({"package", "path"}):
            within = failure.where if failure.where != str(package) else ""
            failure.where = f"{package} {within}".rstrip()
        raise


def sound(record: EvidenceRecord, objects: Objects, trust: Trust) -> EvidenceVerdict:
    """Return the verdict about a record just made, judged at its newest time-stamp.

    An authority's clock may be ahead of ours.

    Raises:
        EvidenceInvalid: when it is refuted.
    """
    newest = read_token(record.chains[-1].stamps[-1].token).time
    verdict = verify_record(record, objects, replace(trust, at=max(trust.at, newest)))
    if verdict.existed_at.failure is not None:
        raise verdict.existed_at.failure
    return verdict


def _candidate(package: Path, request: BuildRequest, progress: Progress) -> _Candidate:
    found = examine_place(package, request.trust, progress=progress, besides=(request.algorithm,))
    _refuse_faulty(found)
    there = evidence_of(package)
    # a record beside covers the whole file, which may not change: the next one lies beside as well
    beside = is_set(package) or any(one.beside for one in there)
    count = sum(one.beside == beside for one in there)
    if there and not request.another:
        raise EvidencePresent(package=str(package))
    if count >= layout.MAX_RECORDS:
        limit = layout.MAX_RECORDS
        raise LimitExceeded(
            where=str(package), name="number of evidence records", found=count + 1, limit=limit
        )
    hashed = hashed_beside(package, (request.algorithm,)) if beside else found.hashed
    objects = {name: one.digests for name, one in hashed.items() if not layout.is_evidence(name)}
    return _Candidate(package=package, number=count + 1, objects=objects, beside=beside)


def _refuse_faulty(found: Examination[Manifest | SetManifest]) -> None:
    """Refuse what is refuted; a signature whose algorithm ended meanwhile leaves the rest as it is."""
    verdict = found.verdict
    for answer in (verdict.intact, verdict.complete, verdict.signed_by, verdict.existed_at):
        if answer.failure is not None and answer.state is State.REFUTED:
            raise answer.failure


def _members(candidate: _Candidate, record: EvidenceRecord, algorithm: DigestAlgorithm) -> dict[str, bytes]:
    manifest, member = layout.evidence_members(candidate.number)
    if candidate.beside:
        return {candidate.member: write_record(record)}
    listed = (
        Reference(name=name, media_type=layout.member_media_type(name), digest=digests[algorithm])
        for name, digests in candidate.objects.items()
    )
    return {
        manifest: write_asic_manifest(listed, target=member),
        member: write_record(record),
    }
