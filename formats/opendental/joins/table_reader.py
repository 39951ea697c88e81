"""The passage of tables: rows in, records and verbatim rows out, nothing lost between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formats.databases.owners import Owners, key_number
from formats.databases.tables import Cells, Source, SourceTable
from formats.findings import Severity
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.opendental.codes import SYSTEM
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import Child, JoinedRow, RecordLink, TableMapping, Yielded
from formats.opendental.joins.ownership import (
    PATIENT,
    Ownership,
    OwnershipKeys,
    ownership_of,
)
from formats.opendental.joins.redaction import SETTING_VALUE, is_secret_setting, redacted_columns
from formats.opendental.joins.summaries import TableCounts
from formats.reading import Item, Tally
from formats.words import mark

MAX_GROUP = 100_000
"""Rows of one parent held together; a form has some hundred fields, an exam some two hundred measures."""

_MISREAD = (ValueError, TypeError, LookupError, ArithmeticError)
"""What a value nobody foresaw can cause in a mapping; the row is then kept verbatim and said to be so."""


@dataclass(kw_only=True, slots=True)
class _ReadTable:
    """A table while its rows go by.

    ``owners`` takes the patients of its rows where other tables point to them; ``redacted`` are the columns
    that stay behind.
    """

    table: SourceTable
    ownership_keys: OwnershipKeys
    owners: Owners | None
    redacted: frozenset[str]
    counts: TableCounts = field(default_factory=TableCounts)

    def key_of(self, cells: Cells) -> str:
        """Return what names a row: its key, or its place where the table has none."""
        return str(cells.get(self.table.key)) if self.table.key else f"row {self.counts.rows + 1}"


class _ChildRows:
    """Rows of a child table, met group by group while its parent goes by: in the order of the column with its key."""

    def __init__(self, rows: Iterator[Cells], column: str) -> None:
        self._rows = rows
        self._column = column
        self._next: Cells | None = next(rows, None)

    def before(self, key: int) -> Iterator[Cells]:
        """Yield the rows whose parent has already gone by or never came: their key is below ``key``."""
        while self._next is not None and self._key() < key:
            yield self._taken()

    def of(self, key: int) -> Iterator[Cells]:
        """Yield the rows of parent ``key``, at most ``MAX_GROUP``; further ones come out as orphans."""
        count = 0
        while self._next is not None and self._key() == key and count < MAX_GROUP:
            count += 1
            yield self._taken()

    def rest(self) -> Iterator[Cells]:
        """Yield what is left when no parent comes any more."""
        while self._next is not None:
            yield self._taken()

    def _key(self) -> int:
        return key_number((self._next or {}).get(self._column))

    def _taken(self) -> Cells:
        taken = self._next or {}
        self._next = next(self._rows, None)
        return taken


class TableReader:
    """Reads tables one after the other; every row of a table comes out as a verbatim row."""

    def __init__(
        self,
        source: Source,
        context: LookupContext,
        ownership_keys: Mapping[str, OwnershipKeys],
        counts: Mapping[str, int],
    ) -> None:
        self._source = source
        self._known = context
        self._present = frozenset(table for table in ownership_keys if counts.get(table))
        pointed = {table for name in self._present for table in ownership_keys[name].points_to()}
        self._owners: dict[str, Owners] = {table: Owners() for table in pointed if counts.get(table)}
        self._tables = {
            name: _ReadTable(
                table=table,
                ownership_keys=ownership_keys.get(name, OwnershipKeys(table=name)),
                owners=self._owners.get(name) if name != PATIENT else None,
                redacted=redacted_columns(table),
            )
            for name, table in source.tables().items()
        }
        self._owners[PATIENT] = Owners()
        for number in sorted(context.patients):
            self._owners[PATIENT].add(number, number)

    def understood(self, reading: TableMapping) -> Iterator[Item]:
        """Yield what a table and its children become, row by row, then their summaries and tallies."""
        children = tuple(child for child in reading.children if child.table in self._present)
        if reading.table not in self._present and not children:
            return
        streams = {
            child: _ChildRows(self._source.rows(child.table, child.column), child.column)
            for child in children
        }
        if reading.table in self._present:
            yield from self._parents(reading, streams)
        for child, stream in streams.items():
            for cells in stream.rest():
                yield from self._loose(child, cells)
        for table in (reading.table, *(child.table for child in children)):
            if table in self._tables:
                yield from self._summary(table)

    def empty(self, tables: Iterable[str]) -> Iterator[Tally]:
        """Yield the tallies of tables without a row: they were read to their end, and what they held once is gone."""
        yield from (Tally(table=table, rows=0) for table in tables if table in self._tables)

    def verbatim(self, table: str) -> Iterator[Item]:
        """Yield the rows of a table no mapping knows, then its summary and tally."""
        for cells in self._source.rows(table):
            yield from self._verbatim_row(self._row(table, cells), ())
        yield from self._summary(table)

    def practice_rows(self, table: str, made: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield the rows of a table of the practice; ``made`` gives the record a key became."""
        for cells in self._source.rows(table):
            row = self._row(table, cells)
            left_out = self._tables[table].redacted
            if table == "preference" and is_secret_setting(cells):
                self._tables[table].counts.secrets += 1
                left_out |= {SETTING_VALUE}
            record = (made or {}).get(row.key)
            yield self._source_row(row, None, (record,) if record else (), left_out)
            yield from row.notices
        yield from self._summary(table)

    def _parents(self, reading: TableMapping, streams: Mapping[Child, _ChildRows]) -> Iterator[Item]:
        column = self._tables[reading.table].table.key
        for cells in self._source.rows(reading.table):
            row = self._row(reading.table, cells)
            if not streams:
                yield from self._family(reading, row, {})
                continue
            key = key_number(cells.get(column))
            for child, stream in streams.items():
                for loose in stream.before(key):
                    yield from self._loose(child, loose)
            children = {
                child: tuple(self._row(child.table, child_cells) for child_cells in stream.of(key))
                for child, stream in streams.items()
            }
            yield from self._family(reading, row, children)

    def _family(
        self, reading: TableMapping, row: Row, children: Mapping[Child, tuple[Row, ...]]
    ) -> Iterator[Item]:
        """Yield what a row and its children become, then every one of them verbatim."""
        whose = self._whose(row)
        outcome: list[Yielded] = []
        if whose.patient is not None:
            joined = JoinedRow(
                row=row,
                patient=whose.patient,
                children={child.table: rows for child, rows in children.items()},
            )
            outcome = _outcome(lambda: reading.read(joined, self._known), row)
        made: list[str] = []
        linked: list[RecordLink] = []
        for item in outcome:
            if isinstance(item, RecordLink):
                linked.append(item)
                continue
            if isinstance(item, Record):
                made.append(item.id)
            yield item
        own = dict.fromkeys(made + [link.record for link in linked if link.row is row])
        yield self._source_row(row, whose.patient, tuple(own))
        yield from row.notices
        for child, rows in children.items():
            for child_row in rows:
                if whose.patient is None and child.alone:
                    yield from self._alone(child, child_row, row)
                    continue
                yield from self._verbatim_row(child_row, self._went_into(child, child_row, made, linked))

    def _alone(self, child: Child, row: Row, parent: Row | None) -> Iterator[Item]:
        """Yield what a child becomes without its parent, or without the patient of that, and then the child."""
        whose = self._whose(row)
        patient, read = whose.patient, child.alone
        outcome: list[Yielded] = []
        if patient is not None and read is not None:
            outcome = _outcome(lambda: read(row, patient, parent, self._known), row)
        yield from (one for one in outcome if isinstance(one, Record))
        yield self._source_row(row, patient, tuple(one.id for one in outcome if isinstance(one, Record)))
        yield from row.notices

    def _went_into(
        self, child: Child, row: Row, made: list[str], linked: list[RecordLink]
    ) -> tuple[str, ...]:
        if child.dissolves:
            return tuple(made)
        itself = self._known.id(child.table, row.key)
        found = [link.record for link in linked if link.row is row]
        return tuple(dict.fromkeys(([itself] if itself in made else []) + found))

    def _loose(self, child: Child, cells: Cells) -> Iterator[Item]:
        """Yield a child whose parent is not there; a key of 0 says that it has none."""
        row = self._row(child.table, cells)
        if child.alone and row.number(child.column):
            yield from self._alone(child, row, None)
            return
        if row.number(child.column):
            row.notice(
                Severity.WARNING,
                "opendental-parent-lost",
                mark("{column} points to a row that is not in the database; this row travels as it stands."),
                column=child.column,
            )
        yield from self._verbatim_row(row, ())

    def _verbatim_row(self, row: Row, records: tuple[str, ...]) -> Iterator[Item]:
        yield self._source_row(row, self._whose(row).patient, records)
        yield from row.notices

    def _source_row(
        self, row: Row, patient: int | None, records: tuple[str, ...], left_out: frozenset[str] | None = None
    ) -> SourceRow:
        reading = self._tables[row.table]
        reading.counts.rows += 1
        return SourceRow(
            id=self._known.id(f"source/{row.table}", row.key),
            patient=None if patient is None else self._known.patient(patient),
            system=SYSTEM,
            table=row.table,
            key=row.key,
            columns=row.verbatim(reading.redacted if left_out is None else left_out),
            records=records,
            unread=row.unread,
        )

    def _whose(self, row: Row) -> Ownership:
        """Return to whom a row belongs; remember it for rows that point to this one, and note what is odd."""
        reading = self._tables[row.table]
        found = ownership_of(reading.ownership_keys, row.cells, self._owners)
        if found.patient is None and found.named:
            row.notice(
                Severity.WARNING,
                "opendental-patient-lost",
                mark(
                    "This row belongs to a patient who is not in the database; "
                    "it is kept with the practice's own rows."
                ),
            )
        if found.patient is not None and reading.owners is not None:
            reading.owners.add(key_number(row.cells.get(reading.table.key)), found.patient)
        if found.others:
            reading.counts.note_shared(row.key)
        return found

    def _row(self, table: str, cells: Cells) -> Row:
        key = self._tables[table].key_of(cells)
        return Row(table=table, key=key, cells=cells, zone=self._known.zone)

    def _summary(self, table: str) -> Iterator[Item]:
        reading, counted = self._tables[table], self._source.count(table)
        yield from reading.counts.remarks(reading.table, reading.ownership_keys, counted)
        yield Tally(table=table, rows=counted)


def _outcome(read: Callable[[], Iterable[Yielded]], row: Row) -> list[Yielded]:
    try:
        return list(read())
    except _MISREAD as fault:
        row.notice(
            Severity.ERROR,
            "opendental-row-not-understood",
            mark("This row could not be understood ({reason}); it travels as it stands."),
            reason=f"{type(fault).__name__}: {fault}"[:200],
        )
        return []
