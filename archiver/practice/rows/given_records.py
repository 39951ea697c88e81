"""Which stored records a collection was given, by their place (``rowid``) in their tables: a byte for each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from archiver.practice import schema
from archiver.practice.columns import Row, StoreTable, table_of
from archiver.practice.rows import statements
from formats.model.provenance import SourceRow

ROWS = table_of(SourceRow)
_TABLE, _COLUMNS, _RECORDS = (ROWS.names.index(name) for name in ("table", "columns", "records"))


class GivenRecords:
    """The records that were stored when a collection began, and which of them it was given since.

    ``no_longer_made`` are identities of records that a row gave before and does not any more, each with the tables of
    such rows, or ``None`` where one is not otherwise as it was: whose it is, its table does not say.
    ``changed_tables`` are those of rows with another content.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._given = {
            kind.kind: bytearray(1 + db.execute(statements.last_place(table_of(kind))).fetchone()[0])
            for kind in schema.KINDS
        }
        self.no_longer_made: dict[str, set[str] | None] = {}
        self.changed_tables: set[str] = set()

    def note(self, table: str, place: int) -> None:
        """Note that the record at ``place`` of ``table`` was given; one that came since counts for nothing."""
        given = self._given[table]
        if place < len(given):
            given[place] = 1

    def note_changed(self, table: StoreTable, before: Row, now: Row) -> None:
        """Note which records the row ``before`` gave that it does not ``now``."""
        if table is not ROWS:
            return
        changed, name = before[_COLUMNS] != now[_COLUMNS], str(now[_TABLE])
        if changed:
            self.changed_tables.add(name)
        if before[_RECORDS] != now[_RECORDS]:
            for one in set(json.loads(before[_RECORDS])) - set(json.loads(now[_RECORDS])):
                tables = self.no_longer_made.setdefault(one, set())
                if changed:
                    self.no_longer_made[one] = None
                elif tables is not None:
                    tables.add(name)

    def lacks(self, table: str, place: int) -> bool:
        """Tell whether the record at ``place`` of ``table`` was stored before and not given."""
        given = self._given[table]
        return place < len(given) and not given[place]

    def last(self, table: str) -> int:
        """Return the last place of ``table`` when the collection began."""
        return len(self._given[table]) - 1

    def not_given(self, table: str) -> Iterator[int]:
        """Yield the places of ``table`` that were not given; at some of them nothing may be."""
        given = self._given[table]
        place = given.find(0, 1)
        while place > 0:
            yield place
            place = given.find(0, place + 1)
