"""Look at the evidence of packages without reading what it covers: what is there, and what ends when."""

from __future__ import annotations

from pathlib import Path

from archiver.evidence.verify import answer_for
from archiver.examination.errors import EvidenceAbsent
from archiver.examination.evidence_places import evidence_of
from archiver.package.checks.evidence import Evidence, judge_alone
from archiver.signing.trust.anchors import Trust
from archiver.verdict import RecordVerdict


def list_evidence(package: Path, trust: Trust) -> tuple[RecordVerdict, ...]:
    """Return how every record in or beside ``package`` (or set) stands by itself; whether it fits it is not asked.

    Raises:
        EvidenceAbsent: when there is none.
        PackageFailure, FormatFailure: when this is no package; DiskFault: when the disk refuses.
    """
    found = evidence_of(package)
    if not found:
        raise EvidenceAbsent(package=str(package))
    return tuple(
        judge_alone(one.found, trust)
        if isinstance(one.found, Evidence)
        else RecordVerdict(member=one.member, existed_at=answer_for(one.found))
        for one in found
    )
