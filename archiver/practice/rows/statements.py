"""What the practice store says to SQLite about a table; every name comes from the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from archiver.practice.columns import StoreTable, table_of
from formats.model.dossier import PATIENT_KINDS

DAY = len("2026-11-29")
"""Characters of the day at the beginning of a time."""
KINDS_WITH_RECORDS = "SELECT " + ", ".join(
    f"EXISTS (SELECT 1 FROM [{kind.kind}] WHERE patient = ?1)" for kind in PATIENT_KINDS
)
"""Of which kinds a patient has records, in the order of ``PATIENT_KINDS``: most have few."""
HOLDS_SOMETHING = "SELECT " + " OR ".join(
    f"EXISTS (SELECT 1 FROM [{name}])" for name in ("practices", "patients", "files")
)
"""Whether anything was ever kept in the store."""
LIST_FILE = "INSERT OR IGNORE INTO files (sha256, size, media_type) VALUES (?, ?, ?)"


@cache
def file_bytes() -> str:
    """Return the query for how many bytes the files of a patient have, each counted once."""
    listed = " UNION ALL ".join(_files_listed())
    return f"SELECT coalesce(sum(size), 0) FROM files WHERE sha256 IN ({listed})"


@cache
def listed_files() -> str:
    """Return the query for the files of a patient: SHA-256 and bytes of each, once."""
    listed = " UNION ALL ".join(_files_listed())
    return f"SELECT sha256, size FROM files WHERE sha256 IN ({listed})"


def _files_listed() -> Iterator[str]:
    """Yield a query for every column of a patient's records that names a file."""
    for kind in PATIENT_KINDS:
        for table in table_of(kind).family:
            owned = f"owner IN (SELECT id FROM [{kind.kind}] WHERE patient = ?1)"
            where = owned if table.owner else "patient = ?1"
            for column in table.stored:
                if column.refers == "files":
                    yield f"SELECT [{column.name}] FROM [{table.name}] WHERE {where}"


def days_of_care(sources: Mapping[str, tuple[str, Iterable[str]]]) -> str:
    """Return the query for every day of care: patient, ISO 8601 or null, whether by an act; each once, by patient.

    ``sources`` gives by kind of record the column of the day and the statuses in which it counts, all where none are.
    """
    return " UNION ".join(_days_of(kind, *source) for kind, source in sources.items()) + " ORDER BY 1"


def _days_of(kind: str, column: str, statuses: Iterable[str]) -> str:
    listed = ", ".join(f"'{one}'" for one in sorted(statuses))
    where = f" WHERE status IN ({listed})" if listed else ""
    return f"SELECT patient, substr([{column}], 1, {DAY}), {int(kind == 'acts')} FROM [{kind}]{where}"


def order(table: StoreTable) -> str:
    """Return the columns by which rows come as ``rows_of_value`` gives them."""
    return ", ".join(f"[{name}]" for name in table.key)


@cache
def select_after(table: StoreTable, where: str) -> str:
    """Return the query for the rows that ``where`` selects behind a row, with their place in the table."""
    columns = ", ".join(f"[{name}]" for name in table.names)
    return f"SELECT rowid, {columns} FROM [{table.name}] WHERE {where} AND rowid > ? ORDER BY rowid LIMIT ?"


@cache
def select(table: StoreTable) -> str:
    """Return the query for whole rows."""
    return f"SELECT {', '.join(f'[{name}]' for name in table.names)} FROM [{table.name}]"


@cache
def select_placed(table: StoreTable) -> str:
    """Return the query for the row of a record by its identity, behind its place in the table."""
    columns = ", ".join(f"[{name}]" for name in table.names)
    return f"SELECT rowid, {columns} FROM [{table.name}] WHERE id = ?"


def select_places(table: StoreTable, whose: str, count: int) -> str:
    """Return the query for identity, place and the column ``whose`` of as many records as are asked for by identity."""
    marks = ", ".join("?" * count)
    return f"SELECT id, rowid, [{whose}] FROM [{table.name}] WHERE id IN ({marks})"


def last_place(table: StoreTable) -> str:
    """Return the query for the last place of a table, 0 where it is empty."""
    return f"SELECT coalesce(max(rowid), 0) FROM [{table.name}]"


def holds_rows(table: StoreTable) -> str:
    """Return the query for whether a table has any row."""
    return f"SELECT EXISTS (SELECT 1 FROM [{table.name}])"


@cache
def insert(table: StoreTable) -> str:
    """Return the statement that adds a row."""
    marks = ", ".join("?" * len(table.names))
    return f"INSERT INTO [{table.name}] ({', '.join(f'[{name}]' for name in table.names)}) VALUES ({marks})"


@cache
def update(table: StoreTable) -> str:
    """Return the statement that brings the stored row of a record to another content."""
    updates = ", ".join(f"[{name}] = excluded.[{name}]" for name in table.names if name != "id")
    return f"{insert(table)} ON CONFLICT (id) DO UPDATE SET {updates}"


@cache
def delete_owned(table: StoreTable) -> str:
    """Return the statement that deletes the child rows of a record."""
    return f"DELETE FROM [{table.name}] WHERE owner = ?"
