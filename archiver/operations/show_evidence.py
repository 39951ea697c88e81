"""Look at the evidence of packages without reading what it covers: what is there, and what ends when."""

from __future__ import annotations

from pathlib import Path

from archiver.evidence.verify import answer_for
from archiver.examination.errors import EvidenceAbsent
from archiver.examination.evidence_places import evidence_of, record_of
from archiver.package.checks.evidence import Evidence, judge_alone
from archiver.signing.trust.anchors import Trust
from archiver.verdict import RecordVerdict


def list_evidence(package: Path, trust: Trust) -> tuple[RecordVerdict, ...]:
    """Return how every record of ``package`` (or set) stands by itself; whether it fits the package is not asked.

    Raises:
        EvidenceAbsent: when there is none.
        PackageFailure, FormatFailure: when this is no package; DiskFault: when the disk refuses.
    """
    found = evidence_of(package)
    if not found:
        raise EvidenceAbsent(package=str(package))
    return tuple(
        judge_alone(one, trust)
        if isinstance(one, Evidence)
        else RecordVerdict(member=record_of(package, number), existed_at=answer_for(one))
        for number, one in found.items()
    )
