"""Put a dossier that was read, and its files, into a practice store.

Mostly nobody here had its patient's number before and no other patient has a record of the same identity: then
the rows are put as they came. Else their records are made of them, and go where ``archiver.ingest`` says.
"""

from __future__ import annotations

import sqlite3

from archiver.ingest.number_holders import NumberHolder, dossier_of
from archiver.ingest.read_units import ReadDossier
from archiver.ingest.reused_keys import KeyReuse
from archiver.practice.row_batches import RowBatch, put_batch, stored_owners
from archiver.practice.store import Change, PracticeStore
from archiver.practice.transactions import transaction

_UNFIT = (
    OverflowError, UnicodeEncodeError, sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
)  # fmt: skip
"""What SQLite answers to a value that no store can hold; which record has it, putting each by itself tells."""


def put_dossier(store: PracticeStore, read: ReadDossier, holder: NumberHolder) -> bool:
    """Put the dossier ``read``, of the patient ``holder``, into ``store``; return whether it changed anything.

    Raises:
        FormatFailure, AttachmentChanged: what is wrong with one of its files.
        RecordUnstorable, ReferenceMissing: what is wrong with one of its records.
        AttachmentMissing: when a file is gone that was here when the dossier was read.
        DiskFull, DiskFault: what the disk answered.
    """
    changed = False
    for batch in read.shared:
        for record in batch.records():
            changed |= store.put(record) is not Change.UNCHANGED
    for file in read.files:
        changed |= store.take_file(file.place, file.attachment) is not Change.UNCHANGED
    if read.fault is not None:
        raise read.fault
    changed |= store.put(holder.patient) is not Change.UNCHANGED
    return (_put_rows if holder.patient.id == holder.number else _put_records)(store, read, holder) or changed


def _put_rows(store: PracticeStore, read: ReadDossier, holder: NumberHolder) -> bool:
    batches = [(one, stored_owners(store, one)) for one in read.records()]
    if any(owner not in {"", holder.number} for _, stored in batches for owner in stored.values()):
        return _put_records(store, read, holder)
    try:
        with transaction(store.db):
            return _put_batches(store, batches)
    except _UNFIT:
        return _put_records(store, read, holder)


def _put_batches(store: PracticeStore, batches: list[tuple[RowBatch, dict[str, str]]]) -> bool:
    changed = False
    for batch, stored in batches:
        changed |= put_batch(store, batch, stored)
    return changed


def _put_records(store: PracticeStore, read: ReadDossier, holder: NumberHolder) -> bool:
    reuse, changed = KeyReuse(store), False
    for record in dossier_of(read.dossier(), holder.patient).records():
        changed |= store.put(reuse.settled(record)) is not Change.UNCHANGED
    return changed
