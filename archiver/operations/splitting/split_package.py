"""Split a sealed package: packages for several receivers, of which no unit is opened but the practice's.

1. The package, or every volume of a set, is opened as for an import: whole, unchanged, signed by somebody accepted.
2. The roster is read whole and says who goes to whom; the rest goes to a receiver too, or is left out on purpose.
   As many agreed on it as the ground asks for, or the packages say why it is followed without them.
3. Each package is written (``archiver.assembly.part``).
4. What is in them, each dossier counted once, and what is left out, must be what the sources announce. Only then do
   they get their names, all together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.assembly.part import PartContext, PartRequest, PartSource, open_sources, write_part
from archiver.assembly.request import Randomness
from archiver.handover.kinds import require_counts
from archiver.handover.opening import OpenedHandover, open_handover, present_totals
from archiver.operations.rosters.examine_agreement import NoteFindings, followed_agreement
from archiver.operations.splitting.assign_units import (
    PackageUnit,
    agreement_asked,
    assign_units,
    package_units,
    parts_of,
)
from archiver.operations.splitting.split_request import (
    SplitOutcome,
    SplitPackage,
    SplitReceiver,
    SplitRequest,
)
from archiver.package import layout
from archiver.package.contents import contents_of, member_digest
from archiver.package.manifests.manifest import Manifest, Organisation
from archiver.practice.registers.handovers import ExportedUnit
from archiver.scope.legal_ground import LegalGround
from archiver.scope.rosters.roster import read_roster
from archiver.scope.rosters.roster_agreement import RosterAgreement
from archiver.scope.rosters.roster_check import CheckedRoster
from archiver.scope.rosters.split_roster import SplitAssignment
from archiver.signing.keys.signer_check import refuse_unfit
from archiver.spooled_list import SpooledList
from archiver.temporary_files import folder_aside
from formats.model.missing import without_sums
from formats.names import comparable

Progress = Callable[[int], None]


def split_package(
    request: SplitRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    judge: Callable[[CheckedRoster], object] = CheckedRoster.require_correct,
    uncounted: NoteFindings = lambda _: None,
    checking: Progress = lambda _: None,
    progress: Progress = lambda _: None,
) -> SplitOutcome:
    """Follow the steps above; whatever goes wrong, nothing is left behind.

    ``judge`` refuses a roster with errors; ``uncounted`` is told, before a refusal, which of its signatures do not
    count, ``checking`` the bytes examined, ``progress`` the units copied.

    Raises:
        Failure: as ``open_handover`` and ``refuse_unfit``; the one error of the roster, or RosterErrors.
        SplitIncomplete, SplitReceiverEmpty: when somebody goes to nobody, or nobody to a receiver.
        RosterUnsigned: when fewer agreed on the roster than the ground asks for, and nobody says why.
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        CountsDiffer: when the packages would not hold what the sources hold.
    """
    at = clock().replace(microsecond=0)
    refuse_unfit((request.signer, request.co_signer), at)
    # 1. the sources
    received = open_handover(request.opening, progress=checking)
    with open_sources(received.volumes) as sources, folder_aside(request.folder) as folder:
        lines = list(package_units(received))
        # 2. the roster
        roster = read_roster(request.roster)
        assignment = assign_units(request, roster, sources, lines, judge)
        asked = agreement_asked(request, roster, sources, (request.signer, request.co_signer))
        agreement = followed_agreement(asked, unsigned=request.unsigned, uncounted=uncounted)
        # 3. and 4. the packages and the counts
        context = _context(request, agreement, sources, folder, at, randomness, progress)
        rows = sum(sum(1 for _ in one.practice.rows()) for one in sources)
        packages = _packages(context, request, received, lines, assignment, rows)
    return SplitOutcome(
        packages=tuple(packages),
        source=received.identifier,
        patients=len(lines),
        left_out=0 if request.rest else len(assignment.rest),
        linked=assignment.linked,
        shared=assignment.shared,
        practice_rows=0 if request.practice_rows else rows,
        agreement=agreement,
        trusted=received.verdict.trusted,
        doubt=received.doubt,
        destroyed=tuple(one.unit for volume in received.volumes for one in volume.destroyed),
        findings=(*assignment.findings, *agreement.findings),
    )


def _packages(
    context: PartContext,
    request: SplitRequest,
    received: OpenedHandover,
    lines: Sequence[PackageUnit],
    assignment: SplitAssignment,
    rows: int,
) -> Sequence[SplitPackage]:
    """Follow steps 3 and 4; ``rows`` are the practice's own."""
    packages = [
        _write(context, request, receiver, lines, chosen, rows)
        for receiver, chosen in parts_of(request, assignment)
    ]
    left = frozenset() if request.rest else assignment.rest
    _compare_counts(received, packages, [one.unit for one in lines if one.patient.id in left])
    return packages


def _context(
    request: SplitRequest,
    agreement: RosterAgreement,
    sources: Sequence[PartSource],
    folder: Path,
    at: datetime,
    randomness: Randomness,
    progress: Progress,
) -> PartContext:
    return PartContext(
        sources=sources,
        folder=folder,
        at=at,
        sender=_sender(request.sender, sources),
        ground=_ground(request, agreement, sources),
        agreement=agreement,
        signer=request.signer,
        co_signer=request.co_signer,
        stamp=request.stamp,
        revocation=request.sources,
        randomness=randomness,
        progress=progress,
    )


def _ground(request: SplitRequest, agreement: RosterAgreement, sources: Sequence[PartSource]) -> str:
    """Return the ground of the packages; one of the sources that this version does not know stays as it is."""
    if request.ground or agreement.ground is not LegalGround.NOT_STATED:
        return agreement.ground.value
    return sources[0].manifest.handover.legal_ground


def _write(
    context: PartContext,
    request: SplitRequest,
    receiver: SplitReceiver,
    lines: Sequence[PackageUnit],
    chosen: frozenset[str],
    rows: int,
) -> SplitPackage:
    """Write the package of ``receiver``, with the patient records ``chosen``; ``rows`` are the practice's own."""
    with_rows = receiver.name == request.practice_rows
    left = len(lines) - len(chosen)
    part = PartRequest(
        units=_units(lines, chosen, len(context.sources)),
        access=receiver.access,
        receiver=receiver.name,
        practitioner="" if receiver is request.rest else receiver.name,
        left_out=_left_out(context.sources, patients=left, rows=0 if with_rows else rows),
        practice_rows=with_rows,
    )
    path = context.folder / receiver.file
    with disk.write_aside(path) as stream:
        manifest = write_part(context, part, stream)
    digest = member_digest(contents_of(path), layout.ASIC_MANIFEST)
    return SplitPackage(
        receiver=receiver.name,
        path=request.folder / receiver.file,
        size=path.stat().st_size,
        manifest=manifest,
        signed_list=digest.hex if digest else "",
        units=SpooledList(_exported(context.sources, lines, chosen, manifest), folder=request.folder.parent),
    )


def _exported(
    sources: Sequence[PartSource], lines: Sequence[PackageUnit], chosen: frozenset[str], manifest: Manifest
) -> Iterator[ExportedUnit]:
    """Yield the units of a part as a register of handovers has them: the dossiers, then the practice's own."""
    known = set()
    for one in lines:
        if one.patient.id in chosen:
            counts = sources[one.volume].opened.keyring.entries[one.place].counts
            known.add(one.unit)
            yield ExportedUnit(unit=one.unit, patient=one.patient.id, counts=dict(counts))
    yield from (ExportedUnit(unit=unit.id) for unit in manifest.units if unit.id not in known)


def _compare_counts(received: OpenedHandover, packages: Sequence[SplitPackage], left: Sequence[str]) -> None:
    """Follow step 4; ``left`` are the units that are left out."""
    units = {unit.id for one in packages for unit in one.manifest.units}.union(left)
    total: Counter[str] = Counter()
    for entry in (one for volume in received.volumes for one in volume.keyring.entries):
        if entry.patient is not None and entry.unit in units:
            total.update({**without_sums(entry.counts), "patients": 1})
    require_counts(present_totals(received), total)


def _units(lines: Sequence[PackageUnit], chosen: frozenset[str], sources: int) -> Sequence[Mapping[str, int]]:
    """Return of each source the units of the patient records ``chosen``, with the places of their lines."""
    units: list[dict[str, int]] = [{} for _ in range(sources)]
    for one in lines:
        if one.patient.id in chosen:
            units[one.volume][one.unit] = one.place
    return units


def _sender(name: str, sources: Sequence[PartSource]) -> Organisation:
    """Return who splits; with their official numbers, where the source names them."""
    handover = sources[0].manifest.handover
    parties = (handover.receiver, handover.controller_after, handover.sender, handover.controller_before)
    known = (one for one in parties if one and comparable(one.name) == comparable(name))
    return next(known, Organisation(name=name))


def _left_out(sources: Sequence[PartSource], *, patients: int, rows: int) -> dict[str, int]:
    """Return what a package does not have: what the sources left out, and what they have besides."""
    left = Counter(sources[0].manifest.handover.scope.left_out)
    left.update({"patients": patients, "practice_rows": rows})
    return {kind: count for kind, count in left.items() if count}
