"""Whether the rows of a table are told apart by its key, and whether a clock beside a day ever gives its time."""

from __future__ import annotations

from dataclasses import dataclass, field

from formats.databases.tables import Cells, SourceTable
from formats.databases.text_order import cell_as_text
from formats.sources.mapped.columns import actual_column
from formats.sources.mapped.language.date_patterns import parse_clock
from formats.sources.mapped.language.declarations import Scalar, TableDeclaration
from formats.sources.mapped.language.faults import MappingFaults
from formats.sources.mapped.language.references import own_values
from formats.words import Counted, mark, plural

ROWS = plural("{count} row", "{count} rows")
DAYS = plural("{count} day", "{count} days")


@dataclass(slots=True)
class KeyLook:
    """The keys of the rows of a table, and how many of them another row had before."""

    table: TableDeclaration
    columns: tuple[str, ...]
    rows: int = 0
    again: int = 0
    _seen: set[tuple[str, ...]] = field(default_factory=set)

    def note(self, cells: Cells) -> None:
        """Look at one row."""
        key = tuple(cell_as_text(cells.get(one)) for one in self.columns)
        if any(key):
            self.rows += 1
            self.again += key in self._seen
            self._seen.add(key)

    def tell(self, faults: MappingFaults) -> None:
        """Note a key that several rows have."""
        if self.again:
            sentence = mark(
                "The key {columns} does not tell the rows of {table} apart. Looked at: {rows}; with the key of "
                "another: {again}. Name more columns, or leave “key” out."
            )
            faults.add(
                "mapping-key-repeated",
                (*self.table.path, "key"),
                sentence,
                columns=", ".join(self.columns),
                table=self.table.name,
                rows=Counted(self.rows, ROWS),
                again=self.again,
            )


@dataclass(slots=True)
class ClockLook:
    """The days of a column, and how many of them have a time of day in the column beside it."""

    value: Scalar
    day: str
    clock: str
    days: int = 0
    timed: int = 0

    def note(self, cells: Cells) -> None:
        """Look at one row."""
        if not cell_as_text(cells.get(self.day)):
            return
        self.days += 1
        try:
            self.timed += bool(parse_clock(cell_as_text(cells.get(self.clock))))
        except ValueError:
            return

    def tell(self, faults: MappingFaults) -> None:
        """Note a clock that gives no day its time."""
        if self.days and not self.timed:
            sentence = mark("“{clock}” gives none of {days} in {day} a time of day; is it the right column?")
            faults.add(
                "mapping-clock-unused",
                (*self.value.path, "clock"),
                sentence,
                clock=self.clock,
                day=self.day,
                days=Counted(self.days, DAYS),
            )


def row_looks(table: TableDeclaration, found: SourceTable) -> list[KeyLook | ClockLook]:
    """Return what looks at the rows of ``table``, which the source has as ``found``."""
    looks: list[KeyLook | ClockLook] = []
    columns = tuple(actual_column(found, one) for one in table.key)
    if columns and all(columns):
        looks.append(KeyLook(table, columns))
    for record in table.records:
        for value in own_values(record.fields.values()):
            clock = value.clock
            if clock is None or clock.join or not value.columns or value.columns[0].join:
                continue
            day, beside = actual_column(found, value.columns[0].name), actual_column(found, clock.name)
            if day and beside:
                looks.append(ClockLook(value, day, beside))
    return looks
