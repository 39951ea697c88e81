"""Content digests of dossiers: SHA-256 over all rows of a practice store that belong to a patient record.

1. Every row of every table that names a patient belongs to that patient: records, what they are made of, holds,
   decisions, links. A file counts by its own SHA-256, which its record names.
2. Every other row belongs to the practice, but for the journal of the store, what is derived from files, and the lists
   of files.
3. SQLite writes each row as text (``quote``), one table after the other, in the order in which the rows lie there.

A store that nobody changed gives the same digests. Rows that only lie in another order seal a dossier once more.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator

from archiver.practice.columns import StoreTable, table_of
from archiver.practice.schema import KINDS, OWN_TABLES
from archiver.practice.store import PracticeStore
from formats.model.documents import Attachment
from formats.model.people import Patient
from formats.regular_files import open_regular

NOT_CONTENT = frozenset({"files", "header_facts", "file_remarks", "journal", "about_tables", "former_rows"})
"""Tables that say nothing of content: derived from it, or a log of it."""


class ContentDigests:
    """Digests of the dossiers of a store by the identity of their patient, and of what belongs to the ``practice``."""

    def __init__(self, store: PracticeStore) -> None:
        states = {one: hashlib.sha256() for (one,) in store.db.execute("SELECT id FROM patients")}
        practice = hashlib.sha256()
        for name, query in _queries():
            mark_of_table = f"{name}\n".encode()
            for patient, line in store.db.execute(query):
                state = states.get(patient) if patient is not None else practice
                if state is not None:
                    state.update(mark_of_table + line.encode())
        self.dossiers = {patient: state.digest() for patient, state in states.items()}
        self.practice = practice.digest()


def _queries() -> Iterator[tuple[str, str]]:
    """Yield each table with the query for its rows: whose each is, and the row as text."""
    for kind in KINDS:
        root = table_of(kind)
        owner = "id" if kind is Patient else "patient" if "patient" in root.names else ""
        for table in root.family:
            yield table.name, _of_table(table, root, owner)
    for name, (columns, _, _, _) in OWN_TABLES.items():
        if name not in NOT_CONTENT:
            yield name, _rows("t.patient" if "patient" in columns else "NULL", columns, f"[{name}] t")


def _of_table(table: StoreTable, root: StoreTable, owner: str) -> str:
    if not owner or not table.owner:
        return _rows(f"t.[{owner}]" if owner else "NULL", table.names, f"[{table.name}] t")
    # CROSS JOIN: the rows come in the order of the child table, whatever SQLite would find quicker
    return _rows(
        f"r.[{owner}]", table.names, f"[{table.name}] t CROSS JOIN [{root.name}] r ON r.id = t.owner"
    )


def _rows(owner: str, columns: Iterable[str], source: str) -> str:
    line = " || ',' || ".join(f"quote(t.[{one}])" for one in columns)
    return f"SELECT {owner}, {line} FROM {source}"


def unassigned_files(store: PracticeStore) -> list[Attachment]:
    """Return the files of ``store`` that are in no dossier: nobody has said yet whose they are."""
    listed = " UNION ALL ".join(
        f"SELECT [{column.name}] FROM [{table.name}] WHERE [{column.name}] IS NOT NULL"
        for kind in KINDS
        for table in table_of(kind).family
        for column in table.stored
        if column.refers == "files"
    )
    query = f"SELECT sha256, size, media_type FROM files WHERE sha256 NOT IN ({listed}) ORDER BY 1"
    return [
        Attachment(sha256=name, size=size, media_type=media_type)
        for name, size, media_type in store.db.execute(query)
    ]


def store_fingerprint(store: PracticeStore) -> str:
    """Return what changes whenever SQLite writes into the file of ``store``: its change counter and its size.

    The counter is that of the file's header (sqlite.org/fileformat2.html, 1.3.7); what waits in a write-ahead log is
    counted by the length of that.
    """
    with open_regular(store.path) as stream:
        header = stream.read(100)
    state = hashlib.sha256(header)
    for ending in ("", "-wal"):
        path = store.path.with_name(store.path.name + ending)
        status = path.stat() if path.exists() else None
        known = (status.st_size, status.st_mtime_ns, status.st_ino) if status and status.st_size else ()
        state.update(f"{ending}{known}\n".encode())
    return state.hexdigest()


def is_whole(db: sqlite3.Connection) -> bool:
    """Tell whether SQLite finds the database whole (PRAGMA quick_check): a damaged one is no source of a backup."""
    return [one for (one,) in db.execute("PRAGMA quick_check(1)")] == ["ok"]
