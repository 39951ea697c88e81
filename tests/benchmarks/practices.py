"""A large practice from the seed of the samples: its patients and their rows again and again under new numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from formats.databases.mariadb import MariaDbSource as OpenDentalServer
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import SourceTable, quote_name
from formats.opendental.joins.ownership import OwnershipKeys, ownership_closure
from samples import molaire_tables as molaire
from samples.story.book import build_sqlite
from samples.story.practice import tell
from tests.mariadb import MariaDbSource, Server

SAMPLE = Path(__file__).parents[2] / "samples" / "practice" / "opendental.sql"
ROWS_OF_PATIENT = 18.3
"""Rows for each patient of Molaire 3."""
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


def large_database(server: Server, rows: int) -> tuple[str, int]:
    """Fill a database of ``server`` like ``large_practice``; return its address and how many rows it has."""
    database = MariaDbSource(server=server, database=server.opendental("large", SAMPLE))
    with OpenDentalServer(database.address) as sample:
        described = {name: table for name, table in sample.tables().items() if sample.count(name)}
        counts = {name: sample.count(name) for name in described}
    closure = {name: keys for name, keys in ownership_closure(described).items() if name in counts}
    once = sum(counts[name] for name in closure)
    copies = -(-rows // once) - 1
    with closing(server.connect(database.database)) as connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = 'ANSI_QUOTES'")
        for copy in range(copies):
            for statement in _copying(described, closure):
                cursor.execute(statement.replace(":copies", str(copies)).replace(":copy", str(copy)))
            connection.commit()
    return database.address, once * (1 + copies)


def large_tables(folder: Path, rows: int) -> int:
    """Write the exported tables (CSV) of a large practice of Molaire 3; return how many rows they have."""
    made = molaire.practice(round(rows / ROWS_OF_PATIENT))
    folder.mkdir()
    for name, content in molaire.csv_files(made):
        if "/" not in name:  # the documents stay out: rows are what is measured
            (folder / name).write_bytes(content)
    return sum(map(len, made.rows.values()))


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
