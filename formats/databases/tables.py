"""A database of Open Dental as tables, columns and streams of rows, whatever engine holds it.

Tables and columns are asked from the database itself, never listed here:
they differ from version to version, and a column nobody knew must travel too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import quote

from formats.databases.quoted_words import quoted_words
from formats.errors import Failure, FormatFailure, LimitExceeded, not_found, reason_of
from formats.findings import Finding
from formats.regular_files import open_regular
from formats.words import mark

MAX_TABLES = 5_000
"""Tables of one database; Open Dental has about 400."""
MAX_COLUMNS = 2_000
"""Columns of one table; the engine itself allows 4,096, Open Dental uses at most some 80."""
MAX_ROWS = 500_000_000
"""Rows of one table; the access log of a large practice over twenty years stays below 50 million."""
MAX_CELL = 64 << 20
"""Bytes of one value; a picture kept in the database is at most 16 MiB of base64 (mediumtext)."""


class SourceUnreachable(Failure):
    """A database that cannot be opened or read."""

    code = "source-unreachable"
    sentence = mark("The database cannot be read: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceTable:
    """One table: its columns in the order of the database, and the column that identifies a row."""

    name: str
    columns: tuple[str, ...]
    key: str = ""
    large: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OversizedValue:
    """A value that was left in the database because it is larger than ``MAX_CELL``."""

    size: int


Value = str | int | float | bytes | OversizedValue | None
"""A cell: text, number, bytes; dates are text as the database writes them."""

Cells = dict[str, Value]


class Source(Protocol):
    """A practice database opened for reading; table names are in lower case."""

    @property
    def name(self) -> str:
        """What a person calls this database; never a password."""
        ...

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        ...

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one, by ``order_by`` (if any) and then by the key."""
        ...

    def count(self, table: str) -> int:
        """Return how many rows the database counts in ``table``."""
        ...

    def notices(self) -> tuple[Finding, ...]:
        """Return what a person should know of the way this database is read."""
        ...


class SortedSource(Source, Protocol):
    """A source that sorts by the text of a column, so that rows of two tables can be met in one pass."""

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` by the code points of ``column``, as text without blanks around it."""
        ...


def check_size(tables: Mapping[str, SourceTable], where: str) -> None:
    """Refuse a database with more tables or columns than the limits allow.

    Raises:
        LimitExceeded: naming what is too many.
    """
    if len(tables) > MAX_TABLES:
        raise LimitExceeded(
            where=where, name=mark("the number of tables"), found=len(tables), limit=MAX_TABLES
        )
    for table in tables.values():
        if len(table.columns) > MAX_COLUMNS:
            raise LimitExceeded(
                where=f"{where} {table.name}",
                name=mark("the number of columns"),
                found=len(table.columns),
                limit=MAX_COLUMNS,
            )


def check_count(rows: int, where: str) -> int:
    """Return ``rows``.

    Raises:
        LimitExceeded: when a table holds more than ``MAX_ROWS``.
    """
    if rows > MAX_ROWS:
        raise LimitExceeded(where=where, name=mark("the number of rows"), found=rows, limit=MAX_ROWS)
    return rows


def selection(table: SourceTable, order_by: str, *, size_of: str = "", key: bool = True) -> str:
    """Return the statement that reads ``table``: its columns, then the sizes of the large ones.

    A large value beyond ``MAX_CELL`` is left where it is and only its size is
    read. ``size_of`` is the engine's expression with ``{}`` for the column; without one, all is read as it is.
    ``key``: rows come by the key behind ``order_by``.
    """
    sizes = {column: size_of.format(quote_name(column)) for column in table.large if size_of}
    parts = [
        f"CASE WHEN {sizes[column]} <= {MAX_CELL} THEN {quote_name(column)} END"
        if column in sizes
        else quote_name(column)
        for column in table.columns
    ]
    order = [quote_name(column) for column in dict.fromkeys((order_by, table.key if key else "")) if column]
    ending = f" ORDER BY {', '.join(order)}" if order else ""
    return f"SELECT {', '.join((*parts, *sizes.values()))} FROM {quote_name(table.name)}{ending}"  # noqa: S608 names are quoted


def cells(table: SourceTable, row: Sequence[Value]) -> Cells:
    """Return one fetched row of ``selection`` by column name."""
    found = dict(zip(table.columns, row, strict=False))
    if not table.large:
        return found
    for column, size in zip(table.large, row[len(table.columns) :], strict=True):
        if size is not None and found[column] is None and isinstance(size, int):
            found[column] = OversizedValue(size=size)
    return found


def quote_name(name: str) -> str:
    """Return a name between back-quotes, which MySQL, MariaDB and SQLite all understand."""
    return "`" + name.replace("`", "``") + "`"


class SqliteSource:
    """A SQLite copy of the database; the file is opened read-only and never changed.

    Of its views those in ``views`` are tables as well (``None``: all of them), for they show rows a second time.

    Raises:
        FileNotFound: when there is no such file.
        FormatFailure: when it is not SQLite.
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
            raise SourceUnreachable(where=f"{self.name} {table}", reason=quoted_words(str(fault))) from fault

    def _examined(self, table: SourceTable, order_by: str, start: int) -> Iterator[Cells]:
        statement = selection(table, order_by, size_of="LENGTH(CAST({} AS BLOB))")
        try:
            for row in islice(self._careful.execute(statement), start, None):
                yield cells(table, row)
        except sqlite3.DatabaseError as fault:
            raise SourceUnreachable(
                where=f"{self.name} {table.name.lower()}", reason=quoted_words(str(fault))
            ) from fault

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


def _text(raw: bytes) -> str | bytes:
    """Return text as text; what is not UTF-8 stays bytes, so that one bad cell does not end the reading."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
