"""Look at the evidence of packages without reading what it covers: what is there, and what ends when."""

from __future__ import annotations

from pathlib import Path

from archiver.errors import EvidenceAbsent
from archiver.package import layout
from archiver.package.contents import contents_of
from archiver.package.evidence import Evidence, find_evidence, judge_alone
from archiver.signing.trust import Trust
from archiver.verdict import RecordVerdict, refuted


def oversee(package: Path, trust: Trust) -> tuple[RecordVerdict, ...]:
    """Return how every record of ``package`` stands by itself; whether it fits the package is not asked.

    Raises:
        EvidenceAbsent: when there is none.
        PackageFailure, FormatFailure: when this is no package; DiskFault: when the disk refuses.
    """
    found = find_evidence(contents_of(package))
    if not found:
        raise EvidenceAbsent(package=str(package))
    return tuple(
        judge_alone(one, trust)
        if isinstance(one, Evidence)
        else RecordVerdict(member=layout.evidence_members(number)[1], existed_at=refuted(one))
        for number, one in found.items()
    )
