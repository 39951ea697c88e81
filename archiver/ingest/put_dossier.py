"""Put a dossier that was read, and its files, into a practice store.

Mostly nobody here had its patient's number before and no other patient has a record of the same identity: then
the rows are put as they came. Else their records are made of them, and go where ``archiver.ingest`` says.
"""

from __future__ import annotations

import sqlite3

from archiver.ingest.newer_records import NewerRecords
from archiver.ingest.number_holders import NumberHolder, dossier_of
from archiver.ingest.read_units import ReadDossier
from archiver.ingest.reused_keys import KeyReuse
from archiver.practice.practitioners import as_received
from archiver.practice.row_batches import RowBatch, put_batch, stored_owners
from archiver.practice.store import Change, PracticeStore
from archiver.practice.transactions import transaction

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
) -> bool:
    """Put the dossier ``read``, of the patient ``holder``, into ``store``; return whether it changed anything.

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
    put = _put_rows if holder.patient.id == holder.number else _put_records
    return put(store, read, holder, newer) or changed


def _put_rows(store: PracticeStore, read: ReadDossier, holder: NumberHolder, newer: NewerRecords) -> bool:
    batches = [(one, stored_owners(store, one)) for one in read.records()]
    if any(owner not in {"", holder.number} for _, stored in batches for owner in stored.values()):
        return _put_records(store, read, holder, newer)
    try:
        with transaction(store.db):
            return _put_batches(store, batches, newer)
    except _UNFIT:
        return _put_records(store, read, holder, newer)


def _put_batches(
    store: PracticeStore, batches: list[tuple[RowBatch, dict[str, str]]], newer: NewerRecords
) -> bool:
    changed = False
    for batch, stored in batches:
        changed |= put_batch(store, batch, stored, put_rows=newer.put_rows)
    return changed


def _put_records(store: PracticeStore, read: ReadDossier, holder: NumberHolder, newer: NewerRecords) -> bool:
    reuse, changed = KeyReuse(store), False
    for record in dossier_of(read.dossier(), holder.patient).records():
        changed |= newer.put(store, reuse.settled(record)) is not Change.UNCHANGED
    return changed
