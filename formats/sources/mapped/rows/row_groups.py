"""Rows of other tables that a row brings along: its children, met in one pass, and what its joins point to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formats.databases.tables import Cells, SortedSource
from formats.databases.text_order import cell_as_text
from formats.errors import LimitExceeded
from formats.findings import Finding, Severity
from formats.sources.mapped.columns import actual_column
from formats.sources.mapped.language.declarations import Children, MappingDeclaration
from formats.sources.mapped.rows.compile_records import CompiledJoin
from formats.sources.mapped.rows.found_records import joined_key
from formats.sources.mapped.rows.notices import Notices
from formats.sources.mapped.rows.row import MappedRow
from formats.words import mark, plural

MAX_GROUP = 100_000
"""Children of one row that are held together."""
MAX_LOOKUP_ROWS = 500_000
"""Rows of a table that another one looks up: they are held in memory, with the columns that are asked for."""


class ChildRows:
    """Rows of a table of children while their parents go by (merge join): both in the order of the key as text.

    ``unread`` takes, by key of a child, the columns whose content is missing.
    """

    def __init__(self, source: SortedSource, mapping: MappingDeclaration, children: Children) -> None:
        table = source.tables()[children.table.lower()]
        declared = mapping.tables[children.table]
        self._of_parent = declared.owner is not None and declared.owner.columns == (children.column,)
        self.notices = Notices(children.table)
        self.unread: dict[str, dict[str, str]] = {}
        self._column = actual_column(table, children.column)
        self._key = [actual_column(table, name) for name in declared.key]
        self._rows = source.rows_in_text_order(table.name.lower(), self._column) if self._column else iter(())
        self._next = next(self._rows, None)
        self._alone = 0

    def of(self, parent: str, row: MappedRow) -> tuple[MappedRow, ...]:
        """Return the children of ``parent``, a key as it is written; they are of the patient of ``row``."""
        while self._next is not None and cell_as_text(self._next.get(self._column)) < parent:
            self._alone += bool(cell_as_text(self._next.get(self._column)))
            self._next = next(self._rows, None)
        found: list[MappedRow] = []
        while self._next is not None and cell_as_text(self._next.get(self._column)) == parent:
            if len(found) < MAX_GROUP:
                found.append(self._child(self._next, row))
            self._next = next(self._rows, None)
        return tuple(found)

    def _child(self, cells: Cells, row: MappedRow) -> MappedRow:
        key = joined_key(cell_as_text(cells.get(name)) for name in self._key)
        made = MappedRow(key=key, cells=cells, notices=self.notices, patient=row.patient, owner=row.owner)
        made.unread = self.unread.setdefault(key, {}) if key else {}
        return made

    def forget_read(self, children: tuple[MappedRow, ...]) -> None:
        """Keep of what is missing only where something is."""
        for child in children:
            if not child.unread:
                self.unread.pop(child.key, None)

    def summary(self) -> Iterator[Finding]:
        """Yield what a person should know of the children when all parents have gone by."""
        yield from self.notices.summary()
        alone = self._alone + sum(bool(cell_as_text(cells.get(self._column))) for cells in self._rest())
        if alone and not self._of_parent:
            yield Finding(
                severity=Severity.WARNING,
                code="mapped-parent-lost",
                where=self.notices.table,
                sentence=plural(
                    "{count} row points to a row that is not there ({column}); it travels as it stands.",
                    "{count} rows point to rows that are not there ({column}); they travel as they stand.",
                ),
                facts={"count": alone, "column": self._column},
            )

    def _rest(self) -> Iterator[Cells]:
        if self._next is not None:
            yield self._next
        yield from self._rows


def lookup(source: SortedSource, mapping: MappingDeclaration, join: CompiledJoin) -> Mapping[str, Cells]:
    """Return the rows that ``join`` may lead to, by key, with the columns that are asked for.

    Raises:
        LimitExceeded: for more rows than ``MAX_LOOKUP_ROWS``.
    """
    table = source.tables().get(join.table.lower())
    if table is None:
        return {}
    rows = source.count(join.table.lower())
    if rows > MAX_LOOKUP_ROWS:
        name = mark("the number of rows of a table that others look up")
        raise LimitExceeded(where=join.table, name=name, found=rows, limit=MAX_LOOKUP_ROWS)
    key = [actual_column(table, name) for name in mapping.tables[join.table].key]
    return {
        joined_key(cell_as_text(cells.get(name)) for name in key): {
            name: cells.get(name) for name in join.columns
        }
        for cells in source.rows(join.table.lower())
    }
