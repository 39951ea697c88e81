"""The practice store: records in, dossiers out."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.practice import schema, statements
from archiver.practice.attachments import Attachments, put_header_facts
from archiver.practice.columns import StoreTable, rows_of_value, table_of, value_of_rows
from archiver.practice.connection import (
    holds_nothing,
    open_database,
    store_failures,
)
from archiver.practice.errors import StoreUnreadable
from archiver.practice.imports.former_rows import FormerRows
from archiver.practice.record_rows import RecordRow, RecordRows, child_rows
from archiver.practice.transactions import transaction
from formats.errors import not_found
from formats.model.documents import Attachment
from formats.model.dossier import PATIENT_KINDS, Dossier, references
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody
from formats.words import mark

_CLAIM = "UPDATE settings SET value = value WHERE name = ''"
"""Changes nothing, but from here on nobody else can write: files are added before the records that list them."""

CACHE = 48 << 20
"""Bytes of pages that a block of changes holds; new records reach into all of an index, whatever their order."""
BATCH = 200
"""Records fetched at a time, and their children with them; below the variables of any SQLite."""

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Change(StrEnum):
    """What putting a record did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


_CHANGES = {(False, True): Change.ADDED, (True, True): Change.UPDATED, (True, False): Change.UNCHANGED}
"""By whether a record was there, and is other now."""


class PracticeStore:
    """An open practice store; use :func:`opened` to get one. ``created`` says that it was not there before."""

    def __init__(self, db: sqlite3.Connection, path: Path, *, created: bool = False) -> None:
        self._db = db
        self._rows = RecordRows(db)
        self.path = path
        self.created = created
        self.attachments = Attachments(path.with_name(f"{path.stem}.files"))

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, with everything that was put before this moment."""
        self._rows.insert()
        return self._db

    @property
    def former_rows(self) -> FormerRows:
        """What an import changes, written down."""
        return self._rows.former

    @contextmanager
    def changing(self, *, savepoint: bool = True) -> Iterator[None]:
        """Make the changes of the block together or not at all, records and files alike.

        References are checked at the end, so records may come in any order.
        A block inside a block is undone alone; without ``savepoint`` its failure must be one of the outer
        block, which spares a copy of every page that it changes.
        """
        outermost = not self.db.in_transaction
        if not outermost and not savepoint:
            yield
            return
        files = self.attachments.added
        try:
            with store_failures(self.path), transaction(self.db):
                if outermost:
                    self.db.execute(_CLAIM)
                    self.db.execute("PRAGMA defer_foreign_keys = ON")
                    self.db.execute(f"PRAGMA cache_size = -{CACHE >> 10}")
                yield
                self._rows.insert()
                if outermost:
                    self.attachments.settle_added()
        except BaseException:  # Ctrl-C may come after the records were committed: then their files stay
            self._rows.discard()
            self.attachments.take_back_added(self._lists, down_to=files)
            raise
        if outermost:
            self.attachments.accept_added()

    def put(self, record: Record) -> Change:
        """Add ``record``, or bring the stored one with its ``id`` to the same content.

        Raises:
            RecordUnstorable: when one of its values is none that a store can hold; what is stored stays.
        """
        table = table_of(type(record))
        return self.put_rows(table, record.id, rows_of_value(table, record))

    def put_rows(self, table: StoreTable, identity: str, rows: list[RecordRow]) -> Change:
        """Put the record of ``identity`` that ``rows`` are: its own first, then those of its children in order.

        Raises:
            RecordUnstorable: likewise.
        """
        if self._db.in_transaction:
            return _CHANGES[self._rows.put(table, identity, rows)]
        with transaction(self._db):
            done = self._rows.put(table, identity, rows)
            self._rows.insert()
        return _CHANGES[done]

    def keep_file(self, body: FileBody) -> Change:
        """Keep the bytes of an attachment, list it, and store what its header says."""
        new = self.attachments.keep(body, listed=self._lists(body.attachment.sha256))
        change = self._listed(body.attachment, new=new)
        put_header_facts(self._db, body)
        return change

    def take_file(self, place: str, attachment: Attachment) -> Change:
        """Keep a file that waits at ``place`` (``Attachments.take``), and list it."""
        new = self.attachments.take(place, attachment, listed=self._lists(attachment.sha256))
        return self._listed(attachment, new=new)

    def _listed(self, attachment: Attachment, *, new: bool) -> Change:
        row = (attachment.sha256, attachment.size, attachment.media_type)
        done = self._db.execute(statements.LIST_FILE, row)
        return Change.ADDED if new or done.rowcount else Change.UNCHANGED

    def sweep(self) -> int:
        """Remove files no record lists, which a killed program left; return how many. Only while changing."""
        return self.attachments.sweep(self._lists)

    def remove_unlisted(self, names: Iterable[str]) -> None:
        """Remove those of the files that no record lists, like ``sweep``."""
        self.attachments.remove(one for one in names if not self._lists(one))

    def _lists(self, name: str) -> bool:
        query = "SELECT 1 FROM files WHERE sha256 = ?"
        return self._db.execute(query, (name,)).fetchone() is not None

    def rows(self, table: StoreTable, identity: str) -> list[RecordRow]:
        """Return the rows of the record with this ``id``, as ``put_rows`` takes them; none where it is not stored."""
        return self._rows.find(table, identity)

    def holds(self, kind: type[Record], identity: str) -> bool:
        """Tell whether a record of ``kind`` with this ``id`` is stored."""
        return bool(self._rows.find(table_of(kind), identity))

    def owner(self, kind: type[Record], identity: str) -> str | None:
        """Return the patient whose record of ``kind`` this is, "" for the practice as a whole, or ``None``."""
        table = table_of(kind)
        rows = self._rows.find(table, identity)
        return rows[0][1][table.names.index("patient")] or "" if rows else None

    def get(self, kind: type[AnyRecord], identity: str) -> AnyRecord | None:
        """Return the record of ``kind`` with this ``id``, or ``None``."""
        if not self.holds(kind, identity):
            return None
        found: AnyRecord = next(self._read(kind, "id = ?", (identity,)))
        return found

    def practices(self) -> Iterator[Practice]:
        """Yield the practices known here; records of more than one live side by side after an import."""
        yield from self._read(Practice, "TRUE", ())

    def practitioners(self) -> Iterator[Practitioner]:
        """Yield everyone who treats or treated here."""
        yield from self._read(Practitioner, "TRUE", ())

    def patients(self) -> Iterator[Patient]:
        """Yield every patient record, in the order in which they came."""
        yield from self._read(Patient, "TRUE", ())

    def practice_rows(self) -> Iterator[SourceRow]:
        """Yield the verbatim rows of the practice as a whole."""
        yield from self._read(SourceRow, "patient IS NULL", ())

    def dossier(self, patient: str) -> Dossier:
        """Return everything held about one patient record.

        Raises:
            StoreUnreadable: when there is no such patient.
        """
        found = next(self._read(Patient, "id = ?", (patient,)), None)
        if found is None:
            raise StoreUnreadable(where=patient, reason=mark("it has no such patient"))
        there = self.db.execute(statements.KINDS_WITH_RECORDS, (patient,)).fetchone()
        by_kind = {
            kind.kind: self._of_patient(kind, patient)
            for kind, some in zip(PATIENT_KINDS, there, strict=True)
            if some
        }
        named = set(references(found, "practitioners"))
        for records in by_kind.values():
            named.update(name for record in records for name in references(record, "practitioners"))
        practice = next(self._read(Practice, "id = ?", (found.practice,)))
        staff = tuple(self._practitioners(named))
        return Dossier(practice=practice, practitioners=staff, patient=found, **by_kind)

    def file_bytes(self, patient: str) -> int:
        """Return how many bytes the files of one patient record have, each counted once."""
        found: int = self.db.execute(statements.file_bytes(), (patient,)).fetchone()[0]
        return found

    def _practitioners(self, named: set[str]) -> Iterator[Practitioner]:
        if named:
            where = f"id IN ({', '.join('?' * len(named))})"
            yield from self._read(Practitioner, where, tuple(named))

    def _read(self, kind: type[Any], where: str, parameters: tuple[Any, ...]) -> Iterator[Any]:
        """Yield the records of ``kind`` that ``where`` selects, holding ``BATCH`` of them at a time."""
        table = table_of(kind)
        place = table.names.index("id") + 1
        query = statements.select_after(table, where)
        last = 0
        while rows := self.db.execute(query, (*parameters, last, BATCH)).fetchall():
            owners = f"IN ({', '.join('?' * len(rows))})"
            below = child_rows(self._db, table, owners, tuple(row[place] for row in rows))
            for row in rows:
                yield value_of_rows(table, row[1:], below)
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def _of_patient(self, kind: type[Any], patient: str) -> tuple[Any, ...]:
        """Return the records of one patient, fetching all their children at once."""
        table = table_of(kind)
        query = f"{statements.select(table)} WHERE patient = ? ORDER BY rowid"
        rows = self.db.execute(query, (patient,)).fetchall()
        owners = f"IN (SELECT id FROM [{table.name}] WHERE patient = ?)"
        below = child_rows(self._db, table, owners, (patient,))
        return tuple(value_of_rows(table, own, below) for own in rows)

    def counts(self) -> dict[str, int]:
        """Return how many records of each kind the store holds, with ``files``."""
        tables = ("files", *(kind.kind for kind in schema.KINDS))
        return {name: self.db.execute(f"SELECT count(*) FROM [{name}]").fetchone()[0] for name in tables}

    def source_row_counts(self, system: str) -> Counter[str]:
        """Return how many verbatim rows are held of each table of a source system."""
        query = "SELECT [table] FROM source_rows WHERE system = ?"  # counted here: SQLite would sort them all
        return Counter(name for (name,) in self.db.execute(query, (system,)))

    def number_holders(self, number: str) -> list[str]:
        """Return the patient records that share the number whose own record is ``number``, the latest holder first."""
        query = "SELECT patient FROM number_holders WHERE number = ? ORDER BY since DESC, rowid DESC"
        found = [row[0] for row in self._db.execute(query, (number,)).fetchall()]
        return found or ([number] if self.holds(Patient, number) else [])

    def setting(self, name: str) -> str | None:
        """Return a fact about this store, or ``None``."""
        row = self.db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_setting(self, name: str, value: str) -> None:
        """Remember a fact about this store."""
        self.db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def note(self, at: str, operation: str, detail: Mapping[str, Any]) -> None:
        """Write a line into the journal; ``at`` is ISO 8601 with its zone."""
        line = (at, operation, json.dumps(detail, ensure_ascii=False, sort_keys=True))
        self.db.execute("INSERT INTO journal (at, operation, detail) VALUES (?, ?, ?)", line)


@contextmanager
def open_store(path: Path, *, create: bool = False, reading: bool = False) -> Iterator[PracticeStore]:
    """Open the store at ``path``; with ``create`` make it if it is not there.

    A store made by a block that fails before anything was kept is taken away again.
    Only with ``reading``, for a block that changes nothing, may it lie where nobody can write.

    Raises:
        FileNotFound: when there is none; StoreUnreadable: when the file is something else.
        StoreReadOnly: when the block, or opening it for one that may, would have to write.
    """
    made = not path.exists()
    if made and not create:
        raise not_found(path)
    db = None
    try:
        with store_failures(path), disk.failures_about(path):
            if made:
                try:
                    disk.make_private(path)
                except AlreadyExists:  # somebody was quicker: it is theirs
                    made = False
                    raise
            db = open_database(path, new=made, reading=reading)
        with store_failures(path):
            yield PracticeStore(db, path, created=made)
    except BaseException:
        empty = made and holds_nothing(db)
        if db is not None:
            db.close()
        if empty:
            for ending in ("", "-wal", "-shm"):
                disk.remove(path.with_name(path.name + ending))
        raise
    db.close()
