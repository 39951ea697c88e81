"""Hand dossiers to a European health archive: one SIP (E-ARK CITS eHealth1), whole or not at all.

1. Each person is a patient record, each of the person's dossiers a case of it.
2. What is written of a dossier is counted and compared with it.
3. The journal of a store says what was handed over.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import __version__, disk
from archiver.errors import AlreadyExists
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.deliveries.totals import DeliveryTotals, deliver_whole
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.spooled_list import SpooledList
from formats.eark.entries import Agent, DossierEntry, PackageFacts
from formats.eark.write import DossierPackageWriter
from formats.fhir.layout import BundleLine
from formats.findings import Finding

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover

SOFTWARE = "archiver"


@dataclass(frozen=True, kw_only=True, slots=True)
class EarkRequest:
    """Which persons, each by all records of the person, the new file ``target``, and for whom."""

    persons: Collection[Sequence[SearchRecord]]
    target: Path
    by: str = ""
    receiver: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarkOutcome:
    """The identifier of the package, its dossiers, what they hold and lack, and the bytes of the file."""

    package: str
    dossiers: int
    counts: Counter[str]
    size: int
    findings: Collection[Finding] = ()


def write_eark(
    content: PracticeStore | OpenedHandover,
    request: EarkRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    progress: Callable[[int], None] = lambda _: None,
) -> EarkOutcome:
    """Follow the steps; ``progress`` is told the persons done.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        Failure: as ``open_dossier``, of a package.
    """
    if request.target.exists():
        raise AlreadyExists(path=str(request.target))
    at = clock().replace(microsecond=0)
    facts = PackageFacts(
        identifier=str(uuid.UUID(bytes=randomness(16), version=4)),
        created=at,
        software=SOFTWARE,
        version=__version__,
        creator=_creator(content),
    )
    return deliver_whole(
        content,
        request,
        at,
        lambda reader: _write(reader, request, facts, progress),
        lambda outcome: {
            "package": outcome.package,
            "files": outcome.counts["files"],
            "bytes": outcome.size,
            "encrypted": False,
        },
    )


def _write(
    reader: DossierReader, request: EarkRequest, facts: PackageFacts, progress: Callable[[int], None]
) -> EarkOutcome:
    dossiers, patients = SpooledList[DossierEntry](), SpooledList[BundleLine]()
    totals = DeliveryTotals()
    with disk.write_aside(request.target, mode=disk.PRIVATE) as stream:
        writer = DossierPackageWriter(stream, facts, dossiers=dossiers, patients=patients)
        for records in request.persons:
            writer.begin_person()
            for record in records:
                with reader.open(record.id) as source:
                    totals.add(source, writer.add(source.dossier, source.open_attachment))
            progress(1)
        writer.finish()
        size = stream.tell()
    return EarkOutcome(
        package=facts.identifier,
        dossiers=totals.dossiers,
        counts=totals.counts,
        size=size,
        findings=totals.findings,
    )


def _creator(content: PracticeStore | OpenedHandover) -> Agent:
    """Return the practice whose dossiers they are, with its first number."""
    practice = (
        practice_of_store(content)
        if isinstance(content, PracticeStore)
        else content.volumes[0].package.manifest.handover.controller_before
    )
    identifiers = practice.identifiers if practice else ()
    number = next((f"{one.system} {one.value}".strip() for one in identifiers), "")
    return Agent(name=practice.name if practice else "", identifier=number)
