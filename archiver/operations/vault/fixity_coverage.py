"""How much of a vault is verified, copy by copy, and these numbers for Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import Check, CheckOutcome, CheckTable
from archiver.vault.open_vault import Vault


class CopyState(StrEnum):
    """What is known of a copy: whole within the interval, damaged, unreadable, or not verified in time."""

    VERIFIED = "verified"
    DAMAGED = "damaged"
    UNCHECKED = "could-not-check"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True, slots=True)
class FixityCoverage:
    """How much of a vault is verified: each object counts once for each storage.

    ``verified`` were found whole within the interval, ``overdue`` not, and are not known to be damaged or unreadable;
    ``oldest`` is when the longest ago of all was last found whole, and nothing where one never was.
    """

    total: int
    verified: int
    damaged: int
    unchecked: int
    overdue: int
    oldest: str

    @property
    def share(self) -> float:
        """The part that is verified, from 0 to 1 in steps of a ten-thousandth, rounded down: 1 is every copy."""
        return self.verified * 10_000 // self.total / 10_000 if self.total else 0.0


def expected_copies(vault: Vault, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield each object with each storage on which it has to be: all of them, and so the object of the vault.

    A storage that is being filled has to have nothing yet: what is brought there is checked by whoever brings it.
    """
    names = [one.name for one in vault.whole_replicas]
    last = ""
    for object_id, _, _ in catalogue.objects():
        if object_id != last:
            yield from ((object_id, one) for one in names)
        last = object_id
    yield from ((vault.description.id, one) for one in names)


def fixity_coverage(vault: Vault, catalogue: Catalogue, table: CheckTable, *, at: datetime) -> FixityCoverage:
    """Return how much of ``vault`` is verified ``at`` a moment."""
    counts = Counter[CopyState]()
    oldest: str | None = None
    for object_id, storage in expected_copies(vault, catalogue):
        last = table.find(object_id, storage)
        ok_at = last.ok_at if last else ""
        oldest = ok_at if oldest is None else min(oldest, ok_at)
        counts[copy_state(last, days=vault.description.fixity_days, at=at)] += 1
    return total_coverage(counts, oldest or "")


def total_coverage(counts: Mapping[CopyState, int], oldest: str) -> FixityCoverage:
    """Return what so many copies in each state come to."""
    return FixityCoverage(
        total=sum(counts.values()),
        verified=counts[CopyState.VERIFIED],
        damaged=counts[CopyState.DAMAGED],
        unchecked=counts[CopyState.UNCHECKED],
        overdue=counts[CopyState.OVERDUE],
        oldest=oldest,
    )


def copy_state(last: Check | None, *, days: int, at: datetime) -> CopyState:
    """Return what is known ``at`` a moment of a copy whose last check that was, with so many days of fixity."""
    if last is not None and last.outcome is not CheckOutcome.OK:
        return CopyState.DAMAGED if last.outcome is CheckOutcome.DAMAGED else CopyState.UNCHECKED
    whole = found_whole(last, fixity_moment(at - timedelta(days=days)), at)
    return CopyState.VERIFIED if whole else CopyState.OVERDUE


def found_whole(last: Check | None, limit: str, at: datetime) -> bool:
    """Tell whether the last check found a copy whole since ``limit``; one yet to come was dated by a wrong clock."""
    return last is not None and last.outcome is CheckOutcome.OK and limit < last.ok_at <= fixity_moment(at)


GAUGES = {
    "copies": "Copies of objects in the vault.",
    "copies_verified": "Copies found whole within the fixity interval.",
    "copies_damaged": "Copies whose last check found damage.",
    "copies_unchecked": "Copies whose last check could not be done.",
    "copies_overdue": "Copies not verified within the fixity interval.",
    "oldest_verified_seconds": "When the longest unverified copy was last found whole; 0: never.",
    "audited_seconds": "When these numbers were written.",
}
"""Gauges that a vault shows to Prometheus, and what each counts."""


def prometheus_text(coverage: FixityCoverage, *, vault: str, at: datetime) -> str:
    """Return the coverage in the text format that a node exporter of Prometheus reads from a file."""
    values = {
        "copies": coverage.total,
        "copies_verified": coverage.verified,
        "copies_damaged": coverage.damaged,
        "copies_unchecked": coverage.unchecked,
        "copies_overdue": coverage.overdue,
        "oldest_verified_seconds": _seconds(coverage.oldest),
        "audited_seconds": int(at.timestamp()),
    }
    lines = []
    for name, meaning in GAUGES.items():
        full = f"archiver_vault_{name}"
        lines += [
            f"# HELP {full} {meaning}",
            f"# TYPE {full} gauge",
            f'{full}{{vault="{vault}"}} {values[name]}',
        ]
    return "\n".join(lines) + "\n"


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) if moment else 0


def fixity_moment(at: datetime) -> str:
    """Return a moment as the table of checks has it."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()
