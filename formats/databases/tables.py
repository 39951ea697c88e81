"""A database of Open Dental as tables, columns and streams of rows, whatever engine holds it.

Tables and columns are asked from the database itself, never listed here:
they differ from version to version, and a column nobody knew must travel too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from formats.errors import Failure, LimitExceeded
from formats.findings import Finding
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


class SourceLocked(Failure):
    """A table that somebody else keeps locked for longer than anybody waits."""

    code = "source-locked"
    sentence = mark(
        "Somebody keeps the table locked: {reason}. Nothing of this run was kept; try again when nobody works "
        "in the software."
    )


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
