"""Read sealed dossiers in any process, up to what only the one process that records can do.

1. The unit is decrypted, and must hold the plain archive the keyring promises.
2. The archive is read; it must be of the patient of the keyring's line, with the page that its own version makes of
   the data, and the counts the keyring promises.
3. Its files are written into the staging folder, its records made the rows of the store.

What is wrong with one dossier, and with no other, is its refusal; anything else is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from archiver import disk, temporary_files
from archiver.errors import WrongPassphrase
from archiver.handover.errors import CountsDiffer
from archiver.handover.keyring_entry import compare_dossier
from archiver.handover.kinds import require_counts
from archiver.ingest.degradations import degradations
from archiver.package.member_table import Place
from archiver.practice.errors import RecordUnstorable, ReferenceMissing
from archiver.practice.imports.dossier_part import DossierParts, divide
from archiver.practice.registers.degraded_entries import Degradation
from archiver.practice.row_batches import RowBatch, batch_of, read_batches, write_batches
from archiver.practice.staging import StagedFile, Staging
from archiver.sealing.errors import SealBroken, UnitMismatch
from archiver.sealing.keyring import KeyringEntry
from archiver.sealing.unsealing import open_entry
from formats.errors import AttachmentChanged, Failure, FormatFailure, InconsistentDossier
from formats.findings import Finding
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.missing import Missing, missing_content, whole_counts
from formats.model.people import Patient, Practice, Practitioner
from formats.pdlgc.read import PatientArchive, read_patient_archive
from formats.pdlgc.sender import Sender
from formats.reading import FileBody

REFUSING = (
    FormatFailure, InconsistentDossier, CountsDiffer, AttachmentChanged, RecordUnstorable, ReferenceMissing
)  # fmt: skip
"""What is wrong with one dossier, and with no other."""
ROWS_IN_MEMORY = 256 << 10
"""Bytes of rows that travel in memory; those of a longer dossier wait in the staging folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTask:
    """One patient's unit to read: where it lies, how it opens, and what stands on every page of its package.

    Of the dossier come in what any of ``parts`` asks for, all where there is none. With ``anew`` files are written
    that the store's folder has already.
    """

    entry: KeyringEntry
    place: Place
    sender: Sender
    written_at: datetime
    parts: DossierParts = ()
    anew: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadDossier:
    """A dossier as it waits to be recorded, but for what of it is ``left_aside``, by kind.

    ``shared`` are the practice and those who work there. ``files`` are those before the one that has a
    ``fault``, where there is one. ``rows`` are its records, or the path of the file in which they wait.
    """

    shared: list[RowBatch]
    patient: Patient
    files: tuple[StagedFile, ...]
    fault: Failure | None
    rows: bytes | Path
    counts: Mapping[str, int]
    missing: Missing
    findings: tuple[Finding, ...]
    page_compared: bool
    degradations: tuple[Degradation, ...] = ()
    left_aside: Mapping[str, int] = field(default_factory=dict)

    def remove_rows(self) -> None:
        """Remove the file in which its records wait, where there is one: nobody asks for them again."""
        if isinstance(self.rows, Path):
            disk.remove(self.rows)

    def practice(self) -> Practice:
        """Return the practice whose dossier it is."""
        return next(one for one in self.shared[0].records() if isinstance(one, Practice))

    def records(self) -> list[RowBatch]:
        """Return its records, kind by kind."""
        if isinstance(self.rows, bytes):
            return read_batches(self.rows)
        with temporary_files.open_temporary(self.rows) as stream:
            return read_batches(stream.read())

    def dossier(self) -> Dossier:
        """Return the dossier itself."""
        shared: dict[str, Any] = {one.kind: tuple(one.records()) for one in self.shared}
        records: dict[str, Any] = {one.kind: tuple(one.records()) for one in self.records()}
        (practice,) = shared[Practice.kind]
        practitioners = shared.get(Practitioner.kind, ())
        return Dossier(practice=practice, practitioners=practitioners, patient=self.patient, **records)


def read_units(staging: Staging, tasks: Sequence[UnitTask]) -> list[ReadDossier | Failure]:
    """Read each of ``tasks``; of one that is refused, return why.

    Raises:
        UnitMismatch: when a unit does not hold what the keyring promises, which is no fault of the dossier.
        DiskFull, DiskFault: what the disk answered.
    """
    return [read_unit(staging, one) for one in tasks]


def read_unit(staging: Staging, task: UnitTask) -> ReadDossier | Failure:
    """Follow the steps above; see ``read_units``."""
    entry = task.entry
    try:
        with task.place.open() as sealed, open_entry(sealed, entry) as plain:
            archive = read_patient_archive(plain)
            try:
                compare_dossier(entry, archive.dossier.patient, archive.place)
            except UnitMismatch as failure:
                return failure
            compared = archive.compare_page(task.sender, task.written_at)
            counts = whole_counts(archive.dossier)
            require_counts(entry.counts, counts)
            return _read(staging, archive, counts, task, page_compared=compared)
    except REFUSING as failure:
        return failure
    except (WrongPassphrase, SealBroken) as failure:  # the keyring's own passphrase: another unit lies there
        raise UnitMismatch(unit=entry.unit) from failure


def _read(
    staging: Staging,
    archive: PatientArchive,
    counts: Mapping[str, int],
    task: UnitTask,
    *,
    page_compared: bool,
) -> ReadDossier:
    dossier, counts, left_aside = divide(archive.dossier, counts, task.parts)
    files: list[StagedFile] = []
    fault: Failure | None = None
    try:
        files.extend(staging.stage(body, anew=task.anew) for body in _bodies(dossier, archive))
    except REFUSING as failure:
        fault = failure
    rows: bytes | Path = write_batches(
        batch_of(kind, records) for kind in PATIENT_KINDS if (records := getattr(dossier, kind.kind))
    )
    if isinstance(rows, bytes) and len(rows) > ROWS_IN_MEMORY and staging.folder:
        rows = Path(staging.write(BytesIO(rows)))
    return ReadDossier(
        shared=[batch_of(Practice, [dossier.practice]), batch_of(Practitioner, dossier.practitioners)],
        patient=dossier.patient,
        files=tuple(files),
        fault=fault,
        rows=rows,
        counts=counts,
        missing=missing_content(dossier),
        findings=archive.findings,
        page_compared=page_compared,
        degradations=tuple(degradations(dossier, archive.findings)),
        left_aside=left_aside,
    )


def _bodies(dossier: Dossier, archive: PatientArchive) -> Iterator[FileBody]:
    for attachment in dossier.attachments():
        yield FileBody(attachment=attachment, open=partial(archive.open_attachment, attachment.sha256))
