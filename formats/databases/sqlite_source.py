"""A file of SQLite: opened read-only, in one transaction, and read as tables and streams of rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Self
from urllib.parse import quote

from formats.databases.quoted_words import quoted_words
from formats.databases.tables import (
    MAX_CELL,
    Cells,
    SourceLocked,
    SourceTable,
    SourceUnreachable,
    cells,
    check_count,
    check_size,
    quote_name,
    selection,
)
from formats.errors import Failure, FormatFailure, not_found, reason_of
from formats.findings import Finding
from formats.regular_files import open_regular


class SqliteSource:
    """A SQLite copy of the database; the file is opened read-only and never changed.

    Of its views those in ``views`` are tables as well (``None``: all of them), for they show rows a second time.

    Raises:
        FileNotFound: when there is no such file.
        FormatFailure: when it is not SQLite.
        SourceLocked: when somebody writes to it for longer than SQLite waits.
    """

    def __init__(self, path: Path, *, views: Collection[str] | None = ()) -> None:
        self._path = path
        self._views = None if views is None else frozenset(map(str.lower, views))
        try:
            open_regular(path).close()
        except FileNotFoundError as fault:
            raise not_found(path) from fault
        except OSError as fault:
            raise SourceUnreachable(where=str(path), reason=reason_of(fault)) from fault
        self._plain, self._careful = self._connect(), self._connect()
        self._plain.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL)
        self._careful.text_factory = _text
        try:
            for connection in (self._plain, self._careful):
                connection.execute("BEGIN")
                self._tables = self._introspect(connection)
        except sqlite3.DatabaseError as fault:
            self.close()
            if _is_locked(fault):
                raise _failure(fault, str(path)) from fault
            raise FormatFailure(where=str(path), format="SQLite") from fault
        check_size(self._tables, str(path))

    def _connect(self) -> sqlite3.Connection:
        uri = f"file:{quote(self._path.resolve().as_posix())}?mode=ro"
        return sqlite3.connect(uri, uri=True, isolation_level=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._plain.close()
        self._careful.close()

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._path.name

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return self._tables

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one.

        They are read as they are, until SQLite refuses a value because it is too large or no UTF-8; from there
        on the size and the encoding of every value are looked at, which takes twice as long.

        Raises:
            SourceUnreachable: when the file is damaged.
        """
        described, read = self._tables[table], 0
        try:
            for row in self._plain.execute(selection(described, order_by)):
                read += 1
                yield dict(zip(described.columns, row, strict=True))
        except sqlite3.DatabaseError:
            yield from self._examined(described, order_by, read)

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` in the order of the text of ``column``.

        Raises:
            SourceUnreachable: when the file is damaged.
        """
        name = quote_name(column)
        whole = f"CASE WHEN typeof({name}) = 'real' AND {name} = CAST({name} AS INTEGER) THEN CAST({name} AS INTEGER)"
        order = f" ORDER BY CAST(TRIM({whole} ELSE {name} END) AS BLOB)"
        described = self._tables[table]
        statement = selection(described, "", size_of="LENGTH(CAST({} AS BLOB))", key=False) + order
        try:
            for row in self._careful.execute(statement):
                yield cells(described, row)
        except sqlite3.DatabaseError as fault:
            raise _failure(fault, f"{self.name} {table}") from fault

    def _examined(self, table: SourceTable, order_by: str, start: int) -> Iterator[Cells]:
        statement = selection(table, order_by, size_of="LENGTH(CAST({} AS BLOB))")
        try:
            for row in islice(self._careful.execute(statement), start, None):
                yield cells(table, row)
        except sqlite3.DatabaseError as fault:
            raise _failure(fault, f"{self.name} {table.name.lower()}") from fault

    def count(self, table: str) -> int:
        """Return how many rows ``table`` has."""
        statement = f"SELECT COUNT(*) FROM {quote_name(self._tables[table].name)}"  # noqa: S608 the name is quoted
        (rows,) = self._careful.execute(statement).fetchone()
        return check_count(int(rows), f"{self.name} {table}")

    def notices(self) -> tuple[Finding, ...]:
        """A file opened read-only in one transaction needs no word of warning."""
        return ()

    def _introspect(self, connection: sqlite3.Connection) -> dict[str, SourceTable]:
        names = connection.execute(
            "SELECT name, type FROM sqlite_master"
            " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return {
            name.lower(): self._table(connection, name)
            for name, kind in names
            if kind == "table" or self._views is None or name.lower() in self._views
        }

    def _table(self, connection: sqlite3.Connection, name: str) -> SourceTable:
        described = connection.execute(f"PRAGMA table_info({quote_name(name)})").fetchall()
        keys = [column for _, column, _, _, _, position in described if position]
        numeric = ("INT", "REAL", "FLOA", "DOUB", "NUMERIC")
        large = (column for _, column, kind, *_ in described if not kind.upper().startswith(numeric))
        return SourceTable(
            name=name,
            columns=tuple(column for _, column, *_ in described),
            key=keys[0] if len(keys) == 1 else "",
            large=tuple(large),
        )


def _is_locked(fault: sqlite3.DatabaseError) -> bool:
    # the lowest byte is the primary result code
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _failure(fault: sqlite3.DatabaseError, where: str) -> Failure:
    """Return the failure that a ``fault`` of SQLite is, while rows are read."""
    kind = SourceLocked if _is_locked(fault) else SourceUnreachable
    return kind(where=where, reason=quoted_words(str(fault)))


def _text(raw: bytes) -> str | bytes:
    """Return text as text; what is not UTF-8 stays bytes, so that one bad cell does not end the reading."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
