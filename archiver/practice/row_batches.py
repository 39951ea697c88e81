"""Records as batches of rows, ready for the store: what one process makes of them and another one puts.

A batch is all records of one kind. As bytes (``write_batches``) it is texts, numbers and lists alone, which a process
reads from another in a hundredth of the time of their objects.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from archiver.practice import schema
from archiver.practice.columns import Row, StoreTable, rows_below, rows_of_value, table_of, value_of_rows
from archiver.practice.rows import statements
from archiver.practice.rows.record_rows import RecordRow
from archiver.practice.store import Change, PracticeStore
from archiver.practice.stored_records import BATCH
from formats.model.record import Record

_KINDS: Mapping[str, type[Record]] = MappingProxyType({kind.kind: kind for kind in schema.KINDS})


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Records of one ``kind``: their own rows, and those of each table below it, in their order."""

    kind: str
    own: Sequence[Row]
    below: Sequence[Sequence[Row]]

    @property
    def table(self) -> StoreTable:
        """The table of the kind."""
        return table_of(_KINDS[self.kind])

    def identities(self) -> list[str]:
        """Return the identity of each record."""
        place = self.table.names.index("id")
        return [row[place] for row in self.own]

    def rows(self) -> Iterator[tuple[str, list[tuple[StoreTable, Row]]]]:
        """Yield each record as its identity and its rows, as ``rows_of_value`` gives them."""
        table, below = self.table, self._children()
        for identity, own in zip(self.identities(), self.own, strict=True):
            yield identity, [(table, own), *rows_below(table, (identity,), below)]

    def records(self) -> Iterator[Record]:
        """Yield the records."""
        below = self._children()
        for own in self.own:
            yield value_of_rows(self.table, own, below)

    def _children(self) -> dict[tuple[str, Row], list[Row]]:
        found: dict[tuple[str, Row], list[Row]] = {}
        for member, rows in zip(self.table.family[1:], self.below, strict=True):
            for row in rows:
                found.setdefault((member.name, row[: len(member.key) - 1]), []).append(row)
        return found


def batch_of(kind: type[Record], records: Iterable[Record]) -> RowBatch:
    """Return ``records``, all of one ``kind``, as a batch."""
    table = table_of(kind)
    rows_by_table: dict[str, list[Row]] = {member.name: [] for member in table.family}
    for record in records:
        for member, row in rows_of_value(table, record):
            rows_by_table[member.name].append(row)
    own, *below = rows_by_table.values()
    return RowBatch(kind.kind, own, below)


def write_batches(batches: Iterable[RowBatch]) -> bytes:
    """Return ``batches`` as bytes for another process of this program."""
    return marshal.dumps([(one.kind, one.own, one.below) for one in batches])


def read_batches(data: bytes) -> list[RowBatch]:
    """Return what ``write_batches`` was given; the bytes are our own."""
    return [RowBatch(*one) for one in marshal.loads(data)]  # noqa: S302 - texts, numbers and lists alone


def stored_owners(store: PracticeStore, batch: RowBatch) -> dict[str, str]:
    """Return which records of ``batch`` the store has, and the patient of each (empty without one)."""
    owner = "coalesce(patient, '')" if "patient" in batch.table.names else "''"
    found: dict[str, str] = {}
    identities = iter(batch.identities())
    while some := tuple(islice(identities, BATCH)):
        among = ", ".join("?" * len(some))
        found.update(
            store.db.execute(f"SELECT id, {owner} FROM [{batch.kind}] WHERE id IN ({among})", some).fetchall()
        )
    return found


def put_batch(
    store: PracticeStore,
    batch: RowBatch,
    stored: Mapping[str, str],
    *,
    put_rows: Callable[[PracticeStore, StoreTable, str, list[RecordRow]], Change] = PracticeStore.put_rows,
) -> bool:
    """Put the records of ``batch``, those not ``stored`` all at once; return whether anything changed.

    ``put_rows`` puts one that is stored.
    What one of them is refused for is what SQLite says: ``PracticeStore.put`` says which one it is.
    """
    changed = False
    if stored:
        for identity, rows in batch.rows():
            if identity in stored and put_rows(store, batch.table, identity, rows) is not Change.UNCHANGED:
                changed = True
    if len(stored) == len(batch.own):
        return changed
    place = batch.table.names.index("id")
    for member, every in zip(batch.table.family, (batch.own, *batch.below), strict=True):
        at = 0 if member.owner else place
        new = [row for row in every if row[at] not in stored] if stored else every
        if new:
            store.db.executemany(statements.insert(member), new)
    return True
