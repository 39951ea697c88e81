"""Hand a sealed package, or a set with its volumes, to an archive as a bag (BagIt, RFC 8493), without any key.

1. The package is examined; what is refuted is not handed over.
2. Its files are copied unchanged, hashed while they go by; a package that is one file stays one.
3. The bag's metadata says which package it is, of whom, and how many dossiers it has: nothing about a patient.
The bag is there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import __version__, disk
from archiver.delivery.sealed.bag import BagFolder
from archiver.delivery.sealed.examine_for_archive import examine_for_archive
from archiver.delivery.sealed.package_files import package_files
from archiver.errors import AlreadyExists
from archiver.examination.examined import ExaminedPackage
from archiver.examination.first_use import FirstUse
from archiver.package.manifests.manifest import Organisation
from archiver.signing.trust.anchors import Trust
from archiver.temporary_files import folder_aside
from archiver.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class BagRequest:
    """Which package or set goes into which new folder."""

    package: Path
    target: Path
    trust: Trust
    first_use: FirstUse | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BagOutcome:
    """The identifier of what was handed over, and the files and bytes of the bag's payload."""

    package: str
    verdict: Verdict
    files: int
    size: int


def bag(
    request: BagRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> BagOutcome:
    """Follow the steps; ``progress`` is told the bytes examined, then those copied.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        PackageFailure, FormatFailure: the failure of the first refuted answer.
    """
    if request.target.exists():
        raise AlreadyExists(path=str(request.target))
    examined = examine_for_archive(request.package, request.trust, request.first_use, progress=progress)
    labels = tuple(_labels(examined, clock()))
    with folder_aside(request.target) as aside:
        folder = BagFolder(aside)
        for name, place in package_files(request.package, examined):
            folder.add(name, place, progress=progress)
        folder.finish(labels)
        disk.settle(one for one in aside.rglob("*") if one.is_file())
    identifier = dict(labels)["External-Identifier"]
    return BagOutcome(package=identifier, verdict=examined.verdict, files=folder.files, size=folder.size)


def _labels(examined: ExaminedPackage, at: datetime) -> Iterator[tuple[str, str]]:
    listed, manifest = examined.volume_list, examined.manifest
    if listed is not None:
        sender, identifier, counts, volumes = listed.sender, listed.set_id, listed.counts, len(listed.volumes)
    elif manifest is not None:
        handover = manifest.handover
        sender, identifier, counts, volumes = handover.sender, manifest.package_id, handover.counts, 1
    else:
        raise ValueError("a package without a manifest is refuted")
    yield from _sender(sender)
    yield "Bagging-Date", at.date().isoformat()
    yield "External-Identifier", identifier
    described = (
        f"Sealed packages (ASiC-E, ETSI EN 319 162-1) of the records of a dental practice: {volumes}. "
        f"Patients' dossiers, each encrypted: {counts.get('patients', 0)}."
    )
    yield "External-Description", described
    yield "Bag-Software-Agent", f"archiver {__version__}"


def _sender(sender: Organisation) -> Iterator[tuple[str, str]]:
    yield "Source-Organization", sender.name
    for one in sender.identifiers:
        yield "Source-Organization-Identifier", f"{one.system} {one.value}"
