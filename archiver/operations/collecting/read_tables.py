"""What one collection read of each table of its source, and what it could not read to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archiver.ingest.counts import Counts
from formats.findings import Finding, Severity
from formats.reading import Tally
from formats.words import plural

LEFT = "mapped-table-left"
"""Code of the finding about a table that the mapping leaves in the source."""
UNREAD = frozenset({"table-file-unread", "table-rows-beyond", "table-sheet-missing", "table-values-outside"})
"""Codes of findings after which a table was not read to its end, whatever was counted."""


@dataclass(slots=True)
class ReadTables:
    """What one collection of ``system`` read: ``rows`` by table, those ``left`` in the source, and of which practices.

    ``reading`` tells what read a whole source, ``None`` where it is only a part; what was not read to its end makes it
    less. ``missing`` counts, by table, rows that the store has of tables that were not there: nothing tells whether
    they are gone.
    """

    system: str
    tables: Counts
    reading: str | None
    rows: dict[str, int] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    missing: Counter[str] = field(default_factory=Counter)
    _beside: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def count(self, tally: Tally) -> None:
        """Add the rows that the source counts."""
        self.rows[tally.table] = self.rows.get(tally.table, 0) + tally.rows
        if tally.beside is not None:
            self._beside[tally.table] = tally.beside

    def note(self, finding: Finding) -> None:
        """Look at what the reader says."""
        if finding.code == LEFT:
            self.left.add(finding.where)
        elif finding.code in UNREAD:
            self.reading = None

    def beside(self, tables: Iterable[str]) -> set[str]:
        """Return the tables whose rows may decide what rows of ``tables`` become: all others where nobody says so."""
        every = self.rows.keys() | self.left
        return {one for table in tables for one in self._beside.get(table, tuple(every - {table}))}


def missing_tables(read: ReadTables) -> Iterator[Finding]:
    """Yield each table of which the store has rows and which the source did not have at all."""
    for table, count in sorted(read.missing.items()):
        yield Finding(
            severity=Severity.WARNING,
            code="source-table-missing",
            where=table,
            sentence=plural(
                "The store has {count} row of this table, and the source has no such table any more: it stays, and is "
                "not marked. Is it the whole source?",
                "The store has {count} rows of this table, and the source has no such table any more: they stay, and "
                "are not marked. Is it the whole source?",
            ),
            facts={"count": count},
        )
