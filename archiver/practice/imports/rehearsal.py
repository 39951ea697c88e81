"""Rehearsal: changes that are made to a copy of a store's records, to learn what they would do; no file is written.

The copy is a temporary database of SQLite (sqlite.org/inmemorydb.html, 2): a file without a name beside the store, gone
with its connection however that ends. Where nothing can be written there, it is in memory. While it is made and used,
others write to the store as they like.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from archiver.practice.attachments import Attachments
from archiver.practice.connection import spill_beside, store_failures
from archiver.practice.store import PracticeStore
from formats.model.documents import Attachment


class RehearsedAttachments(Attachments):
    """Files of a rehearsal: whoever reads one has checked it, and it goes nowhere."""

    written = False

    def take(self, _place: str, _attachment: Attachment, *, listed: bool = False) -> bool:
        """Return whether the file would be new."""
        return not listed

    def remove(self, names: Iterable[str]) -> None:
        """Remove nothing."""


@contextmanager
def rehearsing(store: PracticeStore) -> Iterator[PracticeStore]:
    """Open a copy of ``store`` as it is at this moment, which is gone when the block ends.

    Raises:
        DiskFull, DiskFault: when there is no room for the copy; Failure: by the block.
    """
    place = "" if spill_beside(store.db, store.path) else ":memory:"
    with closing(sqlite3.connect(place, isolation_level=None)) as db, store_failures(store.path):
        store.db.backup(db)
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = ON")
        copy = PracticeStore(db, store.path)
        copy.attachments = RehearsedAttachments(store.attachments.folder)
        yield copy
