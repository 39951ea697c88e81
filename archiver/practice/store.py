"""The practice store: records and files that are put, together or not at all; how they are read: ``StoredRecords``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.practice.attachments import Attachments, put_header_facts
from archiver.practice.columns import StoreTable, rows_of_value, table_of
from archiver.practice.connection import (
    check_references,
    holds_nothing,
    is_begun,
    open_database,
    references_last,
    store_failures,
)
from archiver.practice.errors import FilesWithoutStore
from archiver.practice.imports.former_rows import FormerRows
from archiver.practice.previews import remove_previews, sweep_previews
from archiver.practice.rows import statements
from archiver.practice.rows.given_records import GivenRecords
from archiver.practice.rows.record_rows import RecordRow
from archiver.practice.stored_records import StoredRecords
from archiver.practice.transactions import transaction
from formats.errors import not_found
from formats.model.documents import Attachment
from formats.model.record import Record
from formats.reading import FileBody

_CLAIM = "UPDATE settings SET value = value WHERE name = ''"
"""Changes nothing, but from here on nobody else can write: files are added before the records that list them."""

CACHE = 48 << 20
"""Bytes of pages that a block of changes holds; new records reach into all of an index, whatever their order."""


class Change(StrEnum):
    """What putting a record did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


_CHANGES = {(False, True): Change.ADDED, (True, True): Change.UPDATED, (True, False): Change.UNCHANGED}
"""By whether a record was there, and is other now."""


class PracticeStore(StoredRecords):
    """An open practice store; use :func:`open_store` to get one. ``created`` says that it was not there before."""

    def __init__(self, db: sqlite3.Connection, path: Path, *, created: bool = False) -> None:
        super().__init__(db)
        self.path = path
        self.created = created
        self.attachments = _attachments(path)

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
        filling = outermost and holds_nothing(self.db)
        try:
            with store_failures(self.path), references_last(self.db, filling), transaction(self.db):
                if outermost:
                    self.db.execute(_CLAIM)
                    self.db.execute("PRAGMA defer_foreign_keys = ON")
                    self.db.execute(f"PRAGMA cache_size = -{CACHE >> 10}")
                yield
                self._rows.insert()
                if filling:
                    check_references(self.db)
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

    @contextmanager
    def noting_given(self) -> Iterator[GivenRecords]:
        """Note which of the records that are stored now are put in the block, or said to be given."""
        given = self._rows.given = GivenRecords(self.db)
        try:
            yield given
        finally:
            self._rows.given = None

    def note_given(self, kind: type[Record], identity: str) -> None:
        """Note, where somebody wants to know, that a source gave a record that is not put."""
        self._rows.note_given(table_of(kind), identity)

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
        if done.rowcount:
            return Change.ADDED
        return Change.UPDATED if new else Change.UNCHANGED  # it was listed, and lost or damaged

    def sweep(self) -> int:
        """Remove files no record lists, which a killed program left; return how many. Only while changing."""
        sweep_previews(self.attachments.folder, self._lists)
        return self.attachments.sweep(self._lists)

    def remove_unlisted(self, names: Iterable[str]) -> None:
        """Remove those of the files that no record lists, like ``sweep``."""
        self.attachments.remove(self._without_previews(one for one in names if not self._lists(one)))

    def _without_previews(self, names: Iterable[str]) -> Iterator[str]:
        for one in names:
            remove_previews(self.attachments.folder, one)
            yield one

    def _lists(self, name: str) -> bool:
        query = "SELECT 1 FROM files WHERE sha256 = ?"
        return self._db.execute(query, (name,)).fetchone() is not None

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


def _attachments(path: Path) -> Attachments:
    """Return the files of the store at ``path``."""
    return Attachments(path.with_name(f"{path.stem}.files"))


@contextmanager
def open_store(path: Path, *, create: bool = False, reading: bool = False) -> Iterator[PracticeStore]:
    """Open the store at ``path``; with ``create`` make it if it is not there, or was begun and has no table yet.

    A store made by a block that fails before anything was kept is taken away again.
    Only with ``reading``, for a block that changes nothing, may it lie where nobody can write.

    Raises:
        FileNotFound: when there is none; StoreUnreadable: when the file is something else.
        FilesWithoutStore: when one would be made beside the files of another.
        StoreReadOnly: when the block, or opening it for one that may, would have to write.
    """
    there = path.exists()
    made = not there or (create and path.is_file() and is_begun(path))
    if made and not create:
        raise not_found(path)
    if made and _attachments(path).holds_files():
        raise FilesWithoutStore(where=str(path), folder=_attachments(path).folder.name)
    db = None
    try:
        with store_failures(path), disk.failures_about(path):
            if not there:
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
