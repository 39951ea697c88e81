"""Put a dossier that was read, and its files, into a practice store.

Mostly nobody here had its patient's number before and no other patient has a record of the same identity: then
the rows are put as they came. Else their records are made of them, and go where ``archiver.ingest`` says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archiver.ingest.newer_records import NewerRecords
from archiver.ingest.number_holders import NumberHolder, dossier_of
from archiver.ingest.read_units import ReadDossier
from archiver.ingest.reused_keys import KeyReuse
from archiver.practice.attachments import attachment_path, size_at
from archiver.practice.imports.file_recovery import with_earlier_files
from archiver.practice.practitioners import as_received
from archiver.practice.row_batches import RowBatch, put_batch, stored_owners
from archiver.practice.store import Change, PracticeStore
from archiver.practice.transactions import transaction
from formats.findings import Finding, Severity
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.model.missing import LOST, lost_row_id
from formats.model.provenance import SourceRow
from formats.words import mark

HERE = mark("The sender lost a file of this dossier ({digest}), and it is here: it stays.")
_UNFIT = (
    OverflowError, UnicodeEncodeError, sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)  # fmt: skip
"""What SQLite answers to a value that no store can hold; which record has it, putting each by itself tells."""


def put_dossier(
    store: PracticeStore,
    read: ReadDossier,
    holder: NumberHolder,
    *,
    newer: NewerRecords,
    newer_shared: NewerRecords,
    former: bool,
) -> tuple[bool, tuple[Finding, ...]]:
    """Put the dossier ``read``, of the patient ``holder``, into ``store``; return whether it changed anything.

    A file that its sender lost and that is here stays here; it is told.

    What is ``newer`` here stays, of the practice and those who work there ``newer_shared``; ``former`` says that they
    do not work here.

    Raises:
        FormatFailure, AttachmentChanged: what is wrong with one of its files.
        RecordUnstorable, ReferenceMissing: what is wrong with one of its records.
        AttachmentMissing: when a file is gone that was here when the dossier was read.
        DiskFull, DiskFault: what the disk answered.
    """
    changed = False
    for batch in read.shared:
        for record in batch.records():
            changed |= newer_shared.put(store, as_received(record, former=former)) is not Change.UNCHANGED
    for file in read.files:
        changed |= store.take_file(file.place, file.attachment) is not Change.UNCHANGED
    if read.fault is not None:
        raise read.fault
    changed |= store.put(holder.patient) is not Change.UNCHANGED
    if any(reason in LOST for _, reason in read.missing):
        dossier, files = _with_files_here(store, dossier_of(read.dossier(), holder.patient))
        changed |= _put_records(store, dossier, newer)
        return changed, tuple(_remarks(files))
    if holder.before is not None:
        _close_holes(store, read)
    if holder.patient.id == holder.number:
        return _put_rows(store, read, holder, newer) or changed, ()
    return _put_records(store, dossier_of(read.dossier(), holder.patient), newer) or changed, ()


def _with_files_here(store: PracticeStore, dossier: Dossier) -> tuple[Dossier, tuple[Attachment, ...]]:
    folder = store.attachments.folder
    return with_earlier_files(
        dossier, store.get, lambda one: size_at(attachment_path(folder, one.sha256)) == one.size
    )


def _remarks(files: Iterable[Attachment]) -> Iterator[Finding]:
    for one in files:
        yield Finding(
            severity=Severity.NOTE,
            code="lost-file-here",
            where="",
            sentence=HERE,
            facts={"digest": one.sha256},
        )


def _close_holes(store: PracticeStore, read: ReadDossier) -> None:
    """Say of the files that come that they are lost no more, where a package before had lost them."""
    for file in read.files:
        row = store.get(SourceRow, lost_row_id(read.patient.id, file.attachment.sha256))
        if row is not None and row.unread:
            store.put(replace(row, unread={}))


def _put_rows(store: PracticeStore, read: ReadDossier, holder: NumberHolder, newer: NewerRecords) -> bool:
    batches = [(one, stored_owners(store, one)) for one in read.records()]
    if any(owner not in {"", holder.number} for _, stored in batches for owner in stored.values()):
        return _put_records(store, dossier_of(read.dossier(), holder.patient), newer)
    try:
        with transaction(store.db):
            return _put_batches(store, batches, newer)
    except _UNFIT:
        return _put_records(store, dossier_of(read.dossier(), holder.patient), newer)


def _put_batches(
    store: PracticeStore, batches: list[tuple[RowBatch, dict[str, str]]], newer: NewerRecords
) -> bool:
    changed = False
    for batch, stored in batches:
        changed |= put_batch(store, batch, stored, put_rows=newer.put_rows)
    return changed


def _put_records(store: PracticeStore, dossier: Dossier, newer: NewerRecords) -> bool:
    reuse, changed = KeyReuse(store), False
    for record in dossier.records():
        changed |= newer.put(store, reuse.settled(record)) is not Change.UNCHANGED
    return changed
