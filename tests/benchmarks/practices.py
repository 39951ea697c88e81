"""A large practice from the seed of the samples: its patients and their rows again and again under new numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from formats.databases.tables import SourceTable, SqliteSource, quote_name
from formats.opendental.joins.ownership import OwnershipKeys, ownership_closure
from samples.story.book import build_sqlite
from samples.story.practice import tell

FIRST = 10_000
"""The least number of a copied row; the sample has no number as large."""


def large_practice(target: Path, rows: int) -> int:
    """Write the SQLite copy of a practice of at least that many rows; return how many it has."""
    build_sqlite(tell().book.sql(), target)
    with SqliteSource(target) as sample:
        described = sample.tables()
        counts = {name: sample.count(name) for name in described}
    closure = ownership_closure(described)
    copies = -(-(rows - sum(counts.values())) // sum(counts[name] for name in closure))
    statements = list(_copying(described, closure))
    with closing(sqlite3.connect(target)) as db:
        db.execute("PRAGMA synchronous = OFF")
        with db:
            for copy in range(copies):
                for statement in statements:
                    db.execute(statement, {"copies": copies, "copy": copy})
    return sum(rows * (1 + copies * (name in closure)) for name, rows in counts.items())


def _copying(described: Mapping[str, SourceTable], closure: Mapping[str, OwnershipKeys]) -> Iterator[str]:
    """Yield the statements that copy the sample's rows of patients once, under new numbers.

    As in a practice that works day by day, rows with neighbouring numbers are of different patients.
    """
    keys = {described[name].key for name in closure}
    for name, keys_of_table in closure.items():
        table = described[name]
        numbers = {table.key, *keys_of_table.patients, *(switch.key for switch in keys_of_table.switches)}
        cells = (
            f"CASE WHEN {quote_name(column)} > 0 THEN {FIRST} + {quote_name(column)} * :copies + :copy ELSE 0 END"
            if column in numbers or column.removeprefix("Planned") in keys
            else quote_name(column)
            for column in table.columns
        )
        own = f"{quote_name(table.key)} < {FIRST}"
        yield f"INSERT INTO {quote_name(name)} SELECT {', '.join(cells)} FROM {quote_name(name)} WHERE {own}"
