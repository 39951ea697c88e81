"""Report of a probe: what was tried on a storage, by whom, and whether its locks are enforced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

PROBE_REPORT = 1
"""Version of the JSON document."""


class ProbeOutcome(StrEnum):
    """What came of one check: the lock was enforced, it was not, or that could not be found out."""

    ENFORCED = "enforced"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class ProbeIdentity(StrEnum):
    """Who tried: the account that a vault uses, or one with every right."""

    USER = "user"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeResult:
    """One check: its ``id``, what was tried, ``answer`` of the server (a code of S3 or an HTTP status).

    Without ``essential`` a storage locks all the same: a vault does not rely on it.
    """

    id: str
    sentence: str
    outcome: ProbeOutcome
    answer: str = ""
    by: ProbeIdentity = ProbeIdentity.USER
    essential: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeReport:
    """All checks; ``left`` counts the versions that stay, since they are locked, until ``left_until``."""

    storage: str
    at: datetime
    results: tuple[ProbeResult, ...]
    left: int
    left_until: datetime
    place: str

    @property
    def outcome(self) -> ProbeOutcome:
        """Whether the storage locks: what the worst of the essential checks says."""
        found = {one.outcome for one in self.results if one.essential}
        if ProbeOutcome.BROKEN in found:
            return ProbeOutcome.BROKEN
        return ProbeOutcome.UNKNOWN if ProbeOutcome.UNKNOWN in found else ProbeOutcome.ENFORCED


def probe_document(report: ProbeReport) -> dict[str, Any]:
    """Return the report as a JSON document."""
    return {
        "probe": PROBE_REPORT,
        "storage": report.storage,
        "at": report.at.isoformat(timespec="seconds"),
        "locks": report.outcome.value,
        "checks": [
            {
                "id": one.id,
                "by": one.by.value,
                "outcome": one.outcome.value,
                "answer": one.answer,
                "essential": one.essential,
            }
            for one in report.results
        ],
        "left": {
            "versions": report.left,
            "until": report.left_until.isoformat(timespec="seconds"),
            "place": report.place,
        },
    }
