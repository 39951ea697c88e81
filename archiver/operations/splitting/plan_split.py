"""Plan a split: who would receive what, how large it would be, and what stands in its way; nothing is written.

1. The package is opened and the roster read, as for a split; only signatures that lack are no refusal yet.
2. A unit is copied as it is, so its length is known; what a package has besides is counted at most.
3. The disk must have room for all packages, whose folder must be free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from archiver import disk
from archiver.assembly.part import CARRIED, PartSource, open_sources
from archiver.errors import AlreadyExists
from archiver.handover.opening import OpenedHandover, open_handover
from archiver.operations.rosters.examine_agreement import examine_agreement
from archiver.operations.splitting.assign_units import (
    PackageUnit,
    agreement_asked,
    assign_units,
    package_units,
    parts_of,
)
from archiver.operations.splitting.plan_export import package_bytes
from archiver.operations.splitting.split_request import SplitTargets
from archiver.package import layout
from archiver.scope.rosters.roster import read_roster
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.scope.rosters.roster_check import CheckedRoster
from archiver.verdict import Answer
from formats.findings import Finding
from formats.model.missing import without_sums

LINE_BYTES = 3_000
"""Bytes at most of a dossier besides its unit: lines of keyring, manifest and lists, frames of the container."""
REPACKED = 2
"""Times the length of the practice's unit that its rows take at most, where they go along."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPart:
    """A package that would be made: ``counts`` of what it would hold by kind, ``size`` in bytes at most."""

    receiver: str
    file: str
    patients: int
    counts: Mapping[str, int]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitPlan:
    """What a split would be: the packages, and what would be in none of them.

    ``needed`` is what the disk must have at most, ``free`` what it has. Who signs the packages is not counted in
    ``agreement``; the other fields are those of ``SplitOutcome``.
    """

    parts: tuple[PlannedPart, ...]
    source: str
    patients: int
    left_out: int
    linked: int
    shared: int
    needed: int
    free: int
    agreement: RosterAgreement
    trusted: Answer
    doubt: Answer | None
    findings: tuple[Finding, ...] = ()

    @property
    def feasible(self) -> bool:
        """Whether the disk has room."""
        return self.needed <= self.free


def plan_split(
    request: SplitTargets,
    *,
    judge: Callable[[CheckedRoster], object] = CheckedRoster.require_correct,
    checking: Callable[[int], None] = lambda _: None,
) -> SplitPlan:
    """Follow the steps above; ``judge`` refuses a roster with errors, ``checking`` is told the bytes examined.

    Raises:
        AlreadyExists: when the folder is there.
        Failure: as ``split_package``, but for RosterUnsigned.
    """
    if request.folder.exists():
        raise AlreadyExists(path=str(request.folder))
    free = disk.free_bytes(request.folder.parent)
    received = open_handover(request.opening, progress=checking)
    with open_sources(received.volumes) as sources:
        units = list(package_units(received))
        roster = read_roster(request.roster)
        assignment = assign_units(request, roster, sources, units, judge)
        agreement = examine_agreement(agreement_asked(request, roster, sources))
        overhead = package_bytes() + sum(map(_carried_bytes, sources))
        parts = []
        for receiver, chosen in parts_of(request, assignment):
            rows = sum(map(_row_bytes, sources)) if receiver.name == request.practice_rows else 0
            counts, size = _content(received, units, chosen)
            parts.append(
                PlannedPart(
                    receiver=receiver.name,
                    file=receiver.file,
                    patients=len(chosen),
                    counts=counts,
                    size=overhead + rows + size,
                )
            )
    return SplitPlan(
        parts=tuple(parts),
        source=received.identifier,
        patients=len(units),
        left_out=0 if request.rest else len(assignment.rest),
        linked=assignment.linked,
        shared=assignment.shared,
        needed=sum(one.size for one in parts),
        free=free,
        agreement=agreement,
        trusted=received.verdict.trusted,
        doubt=received.doubt,
        findings=(*assignment.findings, *agreement.findings),
    )


def _content(
    received: OpenedHandover, units: Sequence[PackageUnit], chosen: frozenset[str]
) -> tuple[Mapping[str, int], int]:
    """Return what the dossiers of the patient records ``chosen`` hold, and how many bytes they take at most."""
    counts: Counter[str] = Counter(patients=len(chosen))
    size = 0
    for one in units:
        if one.patient.id in chosen:
            volume = received.volumes[one.volume]
            counts.update(without_sums(volume.keyring.entries[one.place].counts))
            size += LINE_BYTES + volume.package.manifest.units.of_member(layout.unit_member(one.unit)).size
    return {kind: count for kind, count in sorted(counts.items()) if count}, size


def _carried_bytes(source: PartSource) -> int:
    """Return how many bytes of what a source says of itself go into each part."""
    contents = source.opened.package.contents.items()
    return sum(place.size for name, place in contents if name == layout.MANIFEST or name.startswith(CARRIED))


def _row_bytes(source: PartSource) -> int:
    """Return how many bytes the practice's own rows take at most: those of its unit, packed anew."""
    own = next(one.unit for one in source.opened.keyring.entries if one.patient is None)
    return REPACKED * source.manifest.units.of_member(layout.unit_member(own)).size
