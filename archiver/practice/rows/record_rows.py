"""Rows of records on their way into a practice store, and those that are there.

Rows of new records are inserted many at a time, table by table: a statement of its own for each costs as
much again as the row. Tables that others refer to come first: while a reference points to nothing, SQLite looks
through all tables below for every row that something may refer to. Whoever looks a record up by its identity
finds it, inserted or not; in a table that was empty, only one that may have been put is looked up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from archiver.bloom_filter import BloomFilter
from archiver.practice import schema
from archiver.practice.columns import Row, StoreTable, rows_below
from archiver.practice.imports.former_rows import FormerRows
from archiver.practice.rows import statements
from archiver.practice.rows.given_records import GivenRecords
from archiver.practice.rows.storable import HALF_A_CHARACTER, refusal, row_sizes

MAX_PENDING = 500
"""Records whose rows wait to be inserted together, at most."""
MAX_PENDING_BYTES = 1 << 20
"""Bytes of their texts, at most; a larger record waits alone."""
SORTED_IN_MEMORY = 16 << 20
"""Bytes that are sorted at a time to make an index; of a large store the rest lies beside it."""

ChildRows = dict[tuple[str, Row], list[Row]]
"""Child rows by the name of their table and the key of what they belong to."""
RecordRow = tuple[StoreTable, Row]


class _Found(NamedTuple):
    """A record that was looked up: its rows, none where it is not stored, and the place of the first in its table."""

    table: StoreTable | None
    identity: str
    rows: list[RecordRow]
    place: int


_NOTHING = _Found(None, "", [], 0)
_PLACES = {kind.kind: place for place, kind in enumerate(schema.KINDS)}


class RecordRows:
    """The rows of the records of one open store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._pending: dict[tuple[StoreTable, str], list[RecordRow]] = {}
        self._bytes = 0
        self._found = _NOTHING
        self._empty_before: dict[StoreTable, bool] = {}
        self._put = BloomFilter()
        self.former = FormerRows(db)
        self.given: GivenRecords | None = None

    def put(self, table: StoreTable, identity: str, rows: list[RecordRow]) -> tuple[bool, bool]:
        """Add a record, or bring the stored one to the same content; return whether one was there, and is other now.

        Raises:
            RecordUnstorable: when one of its values is none that a store can hold; what is stored stays.
        """
        stored: list[RecordRow] = []
        if not self._was_empty(table) or not self._put.add(identity):
            try:
                stored = self.find(table, identity)
            except UnicodeEncodeError as fault:
                raise refusal(table.name, identity, HALF_A_CHARACTER) from fault
        if stored and self.given is not None:
            self.note_given(table, identity)
            if stored[0] != rows[0]:
                self.given.note_changed(table, stored[0][1], rows[0][1])
        if stored == rows:
            return True, False
        size, reason = row_sizes(rows)
        if reason:
            raise refusal(table.name, identity, reason)
        self._found = _NOTHING
        if stored:
            self._flush()
            self.former.note_replaced(table, identity, stored)
            self._replace(table, identity, rows)
            return True, True
        self._pending[table, identity] = rows
        self._bytes += size
        if len(self._pending) >= MAX_PENDING or self._bytes >= MAX_PENDING_BYTES:
            self._flush()
        return False, True

    def find(self, table: StoreTable, identity: str) -> list[RecordRow]:
        """Return the rows of the record with this ``id``, in the order in which the record gives them."""
        rows = self._pending.get((table, identity))
        if rows is not None:
            return rows
        if self._db.in_transaction and self._was_empty(table) and identity not in self._put:
            return []
        return self._look_up(table, identity).rows

    def note_given(self, table: StoreTable, identity: str) -> None:
        """Note, where somebody wants to know, that the source gave a record, which counts if it was stored before."""
        if self.given is not None and (table, identity) not in self._pending:
            self.given.note(table.name, self._look_up(table, identity).place)

    def _look_up(self, table: StoreTable, identity: str) -> _Found:
        if self._found.identity != identity or self._found.table is not table:
            self._found = _rows_of(self._db, table, identity)
        return self._found

    def _was_empty(self, table: StoreTable) -> bool:
        """Tell whether whatever ``table`` has was put here, in the transaction that runs."""
        empty = self._empty_before.get(table)
        if empty is None:
            some = self._db.execute(statements.holds_rows(table)).fetchone()[0]
            empty = self._empty_before[table] = not some
        return empty

    def insert(self) -> None:
        """Insert what waits, and forget what was looked up: somebody else is about to read, or to write."""
        self._flush()
        self._empty_before.clear()
        self.former.forget()

    def _flush(self) -> None:
        self._found = _NOTHING
        if not self._pending:
            return
        tables: dict[StoreTable, list[Row]] = {}
        for rows in self._pending.values():
            for table, row in rows:
                tables.setdefault(table, []).append(row)
        self._pending.clear()
        self._bytes = 0
        for table in sorted(tables, key=lambda one: _PLACES[one.owner or one.name]):
            self._db.executemany(statements.insert(table), tables[table])

    def discard(self) -> None:
        """Forget what waits: what it belongs to is undone."""
        self._pending.clear()
        self._bytes = 0
        self._found = _NOTHING
        self._empty_before.clear()
        self.former.forget()

    def _replace(self, table: StoreTable, identity: str, rows: list[RecordRow]) -> None:
        for member in reversed(table.family[1:]):
            self._db.execute(statements.delete_owned(member), (identity,))
        for position, (member, row) in enumerate(rows):
            self._db.execute(statements.insert(member) if position else statements.update(member), row)


@contextmanager
def indexes_last(db: sqlite3.Connection) -> Iterator[None]:
    """Make the indexes of ``db`` that hold no key after the block and not row by row, inside a transaction.

    For an empty store that is about to be filled: rows of a day are of many patients, and each would change
    another page of the index.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid"
    indexes = db.execute(query).fetchall()
    for name, _ in indexes:
        db.execute(f"DROP INDEX [{name}]")
    yield
    cache = db.execute("PRAGMA cache_size").fetchone()[0]
    db.execute(f"PRAGMA cache_size = -{SORTED_IN_MEMORY >> 10}")  # what SQLite sorts is as large as its cache
    for _, statement in indexes:
        db.execute(statement)
    db.execute(f"PRAGMA cache_size = {cache}")


def child_rows(db: sqlite3.Connection, table: StoreTable, owners: str, parameters: Row) -> ChildRows:
    """Return the child rows of the records of ``table`` whose ``owner`` is as ``owners`` says, with ``parameters``."""
    below: ChildRows = {}
    for member in table.family[1:]:
        query = f"{statements.select(member)} WHERE owner {owners} ORDER BY {statements.order(member)}"
        for row in db.execute(query, parameters):
            below.setdefault((member.name, row[: len(member.key) - 1]), []).append(row)
    return below


def _rows_of(db: sqlite3.Connection, table: StoreTable, identity: str) -> _Found:
    found = db.execute(statements.select_placed(table), (identity,)).fetchone()
    if found is None:
        return _Found(table, identity, [], 0)
    rows = [(table, found[1:])]
    if table.children:
        rows += rows_below(table, (identity,), child_rows(db, table, "= ?", (identity,)))
    return _Found(table, identity, rows, found[0])
