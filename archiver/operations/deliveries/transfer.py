"""Hand a sealed package to an archiving system as a SEDA 2.3 SIP, without any key.

1. The package is examined; what is refuted is not handed over.
2. Its files are written one after the other, counted and hashed while they go by; the manifest follows them.
3. Files and units are counted, and must be those of the package. The SIP is there whole, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.delivery.sealed.examine_for_archive import examine_for_archive
from archiver.delivery.sealed.transfer_terms import transfer_of
from archiver.errors import AlreadyExists
from archiver.examination.first_use import FirstUse
from archiver.handover.kinds import require_counts
from archiver.package.manifests.unit_table import Unit, UnitTable
from archiver.package.member_table import Contents
from archiver.signing.trust.anchors import Trust
from archiver.spooled_list import SpooledList
from archiver.verdict import Verdict
from formats.digests import chunks
from formats.seda.transfer import DataObject, Transfer
from formats.seda.write import TransferWriter


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferRequest:
    """Which package goes where; ``terms`` are those of ``read_transfer_terms``."""

    package: Path
    target: Path
    trust: Trust
    first_use: FirstUse | None = None
    terms: Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferOutcome:
    """What was handed over: files, sealed units among them, units without a term, units on hold, bytes of the SIP."""

    transfer: Transfer
    verdict: Verdict
    files: int
    units: int
    without_term: int
    on_hold: int
    size: int


def transfer(
    request: TransferRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> TransferOutcome:
    """Follow the steps; ``progress`` is told the bytes examined, then those written.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        PackageFailure, FormatFailure: the failure of the first refuted answer.
        CountsDiffer: when not every file and unit of the package is in the SIP.
        LimitExceeded: for more than a ZIP takes.
    """
    if request.target.exists():
        raise AlreadyExists(path=str(request.target))
    # 1. the package
    examined = examine_for_archive(request.package, request.trust, request.first_use, progress=progress)
    if examined.manifest is None:
        raise ValueError("a set is not transferred: its volumes are")
    manifest = examined.manifest
    at = clock().replace(microsecond=0)
    made = transfer_of(manifest, request.terms, at)
    # 2. the files and the manifest
    found = Counter[str]()
    with disk.write_aside(request.target) as stream:
        writer = TransferWriter(stream, when=at)
        objects = SpooledList[DataObject]()
        for one in _objects(writer, manifest.units, examined.contents, progress):
            objects.append(one)
            found.update(_kinds(one))
        writer.finish(made, objects)
        size = stream.tell()
        # 3. the counts
        expected = {"files": len(examined.contents), "units": len(manifest.units)}
        require_counts(expected, {kind: found[kind] for kind in expected})
    return TransferOutcome(
        transfer=made,
        verdict=examined.verdict,
        files=found["files"],
        units=found["units"],
        without_term=found["without_term"],
        on_hold=found["on_hold"],
        size=size,
    )


def _objects(
    writer: TransferWriter, units: UnitTable, contents: Contents, progress: Callable[[int], None]
) -> Iterator[DataObject]:
    for name, place in contents.items():
        unit = unit_of(units, name)
        with disk.failures_about(place.path), place.open() as stream:
            yield writer.add(
                name,
                chunks(stream),
                size=place.size,
                unit=unit.id if unit else "",
                destroy_from=unit.destroy_from if unit else None,
                on_hold=bool(unit and unit.hold),
                watch=lambda piece: progress(len(piece)),
            )


def unit_of(units: UnitTable, name: str) -> Unit | None:
    """Return the unit that is the member ``name``, or nothing where it is none."""
    try:
        return units.of_member(name)
    except KeyError:
        return None


def _kinds(one: DataObject) -> Iterator[str]:
    yield "files"
    if one.unit:
        yield "units"
        if one.destroy_from is None:
            yield "without_term"
        if one.on_hold:
            yield "on_hold"
