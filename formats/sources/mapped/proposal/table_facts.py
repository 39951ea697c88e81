"""What a table shows of itself: its columns, what is filled in, what could be its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from formats.databases.tables import SortedSource, SourceTable
from formats.databases.text_order import cell_as_text
from formats.names import comparable
from formats.sources.mapped.language.date_patterns import DatePatterns, parse_clock
from formats.sources.mapped.proposal.known_names import KEYS

LOOKED_AT = 5_000
"""Rows of a table that are looked at."""
CANDIDATES = ("dd/MM/yyyy", "yyyy-MM-dd", "yyyyMMdd", "dd-MM-yyyy", "dd.MM.yyyy")
"""Patterns of dates that are tried; those with a time of day besides."""
CLOCKS = ("", " HH:mm", " HH:mm:ss")


@dataclass(slots=True)
class ColumnFacts:
    """A column of the rows that were looked at."""

    name: str
    filled: int = 0
    values: set[str] = field(default_factory=set)

    @property
    def plain(self) -> str:
        """Its name for comparing."""
        return comparable(self.name)

    def pattern(self) -> str:
        """Return the pattern of dates that every value has, or an empty text."""
        for candidate in (day + clock for day in CANDIDATES for clock in CLOCKS):
            patterns = DatePatterns((candidate,))
            if self.values and all(_fits(patterns, value) for value in self.values):
                return candidate
        return ""

    def midnight_pattern(self) -> str:
        """Return the pattern that every value has where all are at 0:00, which is how some software writes a day."""
        pattern = self.pattern()
        written = pattern.replace("HH:mm", "00:00").replace(":ss", ":00")
        patterns = DatePatterns((written,)) if "HH" in pattern else None
        return written if patterns and all(_fits(patterns, value) for value in self.values) else ""

    def is_clock(self) -> bool:
        """Tell whether every value is a time of day."""
        return bool(self.values) and all(_is_clock(value) for value in self.values)


@dataclass(slots=True)
class TableFacts:
    """A table of the source; ``rows`` is how many were looked at, ``counted`` how many there are."""

    table: SourceTable
    counted: int
    rows: int = 0
    columns: list[ColumnFacts] = field(default_factory=list)

    @property
    def key(self) -> ColumnFacts | None:
        """What is likely its key: filled in every row, never twice, named like one."""
        unique = [one for one in self.columns if self.rows and one.filled == len(one.values) == self.rows]
        named = [one for prefix in KEYS for one in unique if one.plain.startswith(prefix)]
        if self.table.key:
            named = [one for one in unique if one.name == self.table.key] + named
        return next(iter(named), None)

    def first(self, names: Iterable[str], *, beginning: bool = False) -> ColumnFacts | None:
        """Return the column of the first of ``names`` that is there, or whose name begins so."""
        for name in names:
            for one in self.columns:
                if one.plain == name or (beginning and one.plain.startswith(name)):
                    return one
        return None


def table_facts(source: SortedSource) -> list[TableFacts]:
    """Return what every table of ``source`` shows, by its first rows."""
    found = []
    for name, table in source.tables().items():
        facts = TableFacts(table=table, counted=source.count(name))
        columns = {column: ColumnFacts(column) for column in table.columns}
        for cells in islice(source.rows(name), LOOKED_AT):
            facts.rows += 1
            for column, value in cells.items():
                text = cell_as_text(value)
                if text and column in columns:
                    columns[column].filled += 1
                    columns[column].values.add(text)
        facts.columns = list(columns.values())
        found.append(facts)
    return found


def _fits(patterns: DatePatterns, text: str) -> bool:
    try:
        patterns.date(text)
    except ValueError:
        return False
    return True


def _is_clock(text: str) -> bool:
    try:
        parse_clock(text)
    except ValueError:
        return False
    return True
