"""A row together with the rows that only make sense with it, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from formats.model.record import Record
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.reading import FileBody


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedRow:
    """A row of one patient and its children by table, each in the order of their keys."""

    row: Row
    patient: int
    children: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def of(self, table: str) -> tuple[Row, ...]:
        """Return the children in ``table``."""
        return self.children.get(table, ())


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLink:
    """``row`` went into the record ``record`` (an identity), where that is not plain from the keys."""

    row: Row
    record: str


Yielded = Record | FileBody | RecordLink


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """A table read beside its parent by ``column``; its rows dissolve into the parent's records, or not.

    ``alone`` says what a row of a known patient becomes whose parent, or the patient of that, is not in the
    database; it gets the parent where there is one.
    """

    table: str
    column: str
    dissolves: bool = True
    alone: Callable[[Row, int, Row | None, LookupContext], Iterator[Record]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TableMapping:
    """How one table, with its children, becomes records."""

    table: str
    read: Callable[[JoinedRow, LookupContext], Iterator[Yielded]]
    children: tuple[Child, ...] = ()
