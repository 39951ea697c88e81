"""Hand over dossiers as FHIR R4: a document each, or all of them as NDJSON; everything, or nothing.

1. What is written of a dossier is counted and compared with it; source rows are left out, and counted.
2. Each file lies beside the resources under its SHA-256, and is compared with it while it is copied.
3. The journal of a store says what was handed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archiver import disk
from archiver.delivery.fhir_files import FhirFiles
from archiver.delivery.write import DossierSource, person_name
from archiver.handover.keyring_entry import patient_traits
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.deliveries.totals import DeliveryTotals, deliver_whole
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.spooled_list import SpooledList
from archiver.temporary_files import folder_aside
from formats.fhir_interchange.bulk import NdjsonExport
from formats.fhir_interchange.document import DOCUMENT, write_fhir_document
from formats.findings import Finding
from formats.mapping.ins import ins_findings
from formats.model.provenance import SourceRow

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from archiver.handover.opening import OpenedHandover


@dataclass(frozen=True, kw_only=True, slots=True)
class FhirRequest:
    """Which persons, each by all records of the person, the new ``folder``, and for whom.

    With ``ndjson`` all are written by type of resource, else each dossier as a document.
    """

    persons: Collection[Sequence[SearchRecord]]
    folder: Path
    ndjson: bool
    by: str = ""
    receiver: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FhirOutcome:
    """How many dossiers there are, what they hold and lack, and resources by type; ``rows_left_out`` are no resources.

    ``documents`` are the files of the documents in the folder, ``size`` is the bytes of all files.
    """

    dossiers: int
    counts: Counter[str]
    resources: Counter[str]
    rows_left_out: int
    documents: Collection[str]
    size: int
    findings: Collection[Finding] = ()


def write_fhir(
    content: PracticeStore | OpenedHandover,
    request: FhirRequest,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> FhirOutcome:
    """Follow the steps; ``progress`` is told the persons done.

    Raises:
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        Failure: as ``open_dossier``, of a package.
    """
    at = clock().replace(microsecond=0)
    return deliver_whole(
        content,
        request,
        at,
        lambda reader: _write(reader, request, at, progress),
        lambda outcome: {"files": outcome.counts["files"], "bytes": outcome.size, "encrypted": False},
    )


def _write(
    reader: DossierReader, request: FhirRequest, at: datetime, progress: Callable[[int], None]
) -> FhirOutcome:
    with folder_aside(request.folder, mode=disk.PRIVATE_FOLDER) as aside:
        written = _Written(aside, at)
        if request.ndjson:
            _write_lines(reader, request, written, progress)
        else:
            _write_fhir_documents(reader, request, written, progress)
        disk.settle(path for path in aside.rglob("*") if path.is_file())
        size = sum(path.stat().st_size for path in aside.rglob("*") if path.is_file())
    return FhirOutcome(
        dossiers=written.totals.dossiers,
        counts=written.totals.counts,
        resources=written.resources,
        rows_left_out=written.rows_left_out,
        documents=written.documents,
        size=size,
        findings=written.totals.findings,
    )


class _Written:
    """What was written into the folder ``root`` so far."""

    def __init__(self, root: Path, at: datetime) -> None:
        self.root, self.at = root, at
        self.totals, self.resources = DeliveryTotals(), Counter[str]()
        self.rows_left_out = 0
        self.documents = SpooledList[str]()

    def note(self, source: DossierSource, written: Counter[str], files: Counter[str]) -> None:
        """Count a dossier of which so much was ``written``, and as many ``files``.

        Raises:
            CountsDiffer: when that is not all of it.
        """
        self.totals.add(source, written + files, left_out=[SourceRow.kind])
        self.rows_left_out += source.dossier.counts()[SourceRow.kind]
        for one in ins_findings(source.dossier.patient):
            self.totals.findings.append(one)


def _write_lines(
    reader: DossierReader, request: FhirRequest, written: _Written, progress: Callable[[int], None]
) -> None:
    files = FhirFiles(written.root)
    with NdjsonExport(partial(_open_in, written.root), written.at) as export:
        for records in request.persons:
            for record in records:
                with reader.open(record.id) as source:
                    with disk.failures_about():
                        counts = export.add(source.dossier)
                    written.note(source, counts, files.add(source))
            progress(1)
        with disk.failures_about():
            export.finish()
        written.resources = export.resources


def _write_fhir_documents(
    reader: DossierReader, request: FhirRequest, written: _Written, progress: Callable[[int], None]
) -> None:
    """Write each dossier into a folder of its own, or the only one into the folder itself."""
    alone = len(request.persons) == 1 and all(len(records) == 1 for records in request.persons)
    taken: dict[str, int] = {}
    for records in request.persons:
        for record in records:
            with reader.open(record.id) as source:
                folder = "" if alone else person_name(patient_traits(source.dossier.patient), taken)
                _write_one(source, folder, written)
        progress(1)


def _write_one(source: DossierSource, folder: str, written: _Written) -> None:
    root = written.root / folder
    disk.make_private_folder(root)
    with disk.open_new(root / DOCUMENT) as stream, disk.failures_about():
        counts, resources = write_fhir_document(source.dossier, stream, written_at=written.at)
    written.resources.update(resources)
    written.documents.append(f"{folder}/{DOCUMENT}" if folder else DOCUMENT)
    written.note(source, counts, FhirFiles(root).add(source))


def _open_in(root: Path, name: str) -> BinaryIO:
    return disk.open_new(root / name)
