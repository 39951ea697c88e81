"""Rows that are at hand as a database: those of a test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from formats.databases.tables import Cells, SourceTable
from formats.findings import Finding


class GivenRows:
    """The tables of ``columns``, by name, with the ``rows`` given for them."""

    def __init__(self, columns: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Cells]]) -> None:
        self._tables = {
            name.lower(): SourceTable(name=name, columns=tuple(names)) for name, names in columns.items()
        }
        self._rows = {name.lower(): tuple(found) for name, found in rows.items()}

    @property
    def name(self) -> str:
        """Nobody has to know where they come from."""
        return ""

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return self._tables

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table``, by ``order_by`` if any."""
        rows = self._rows.get(table, ())
        return iter(sorted(rows, key=lambda row: _text(row, order_by)) if order_by else rows)

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` by the text of ``column``."""
        return self.rows(table, column)

    def count(self, table: str) -> int:
        """Return how many rows ``table`` has."""
        return len(self._rows.get(table, ()))

    def notices(self) -> tuple[Finding, ...]:
        """There is nothing to say."""
        return ()


def _text(row: Cells, column: str) -> str:
    return str(row.get(column, "")).strip()
