"""The database where Open Dental keeps it: a MySQL or MariaDB server.

Rows come through unbuffered cursors, one connection per stream. All
connections are opened one right after the other, each in a read-only
transaction with a consistent snapshot; what is written in the milliseconds
between two of them shows as a count that differs. PyMySQL is imported when a
server is first asked for: reading a copy needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from formats.databases.local_sockets import local_socket
from formats.databases.quoted_words import quoted_words
from formats.databases.server_address import parse_server_address
from formats.databases.server_values import LARGE, row_reader, word
from formats.databases.servers.engines import MYSQL, SNAPSHOT_ENGINES
from formats.databases.servers.failures import DriverMissing
from formats.databases.tables import (
    Cells,
    SourceTable,
    SourceUnreachable,
    cells,
    check_count,
    check_size,
    quote_name,
    selection,
)
from formats.findings import Finding, Severity
from formats.words import mark, plural

if TYPE_CHECKING:
    import pymysql

CONNECT_SECONDS = 15
"""How long a server may take to answer at first."""
PATIENCE_SECONDS = 86_400
"""How long the server waits for a slow reader; its own 60 seconds would end an export half-way."""
STREAMS = 4
"""Streams read side by side at most: a parent, its two kinds of children, and one to spare."""


class MariaDbSource:
    """A practice database on a server, read in one snapshot where its engine keeps one.

    Raises:
        DriverMissing: when PyMySQL is not installed.
        SourceAddress: when the address cannot be followed.
        SourceUnreachable: when the server refuses or breaks off.
    """

    def __init__(self, url: str, *, password: str = "") -> None:
        self._settings = parse_server_address(url)
        if password:
            self._settings["password"] = password
        try:
            import pymysql  # noqa: PLC0415 an optional extra: whoever reads a copy does not need it
        except ImportError as fault:
            raise DriverMissing(
                where="mysql", engine=MYSQL.name, extra=MYSQL.extra, package=MYSQL.package
            ) from fault
        self._driver = pymysql
        self._idle: list[pymysql.connections.Connection[Any]] = []
        self._all: list[pymysql.connections.Connection[Any]] = []
        try:
            self._idle.extend(self._connect() for _ in range(STREAMS))
            described = self._ask(
                "SELECT table_name, column_name, data_type, column_key FROM information_schema.columns"
                " WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
            )
            engines = self._ask(
                "SELECT table_name, engine FROM information_schema.tables"
                " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
            )
        except (pymysql.MySQLError, OSError) as fault:
            self.close()
            raise self._unreachable("", fault) from fault
        self._engines = {word(name): word(engine) for name, engine in engines}
        self._types: dict[str, dict[str, str]] = {}
        self._tables = self._describe(described)
        check_size(self._tables, self.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection at once, streams that were not read to their end included."""
        while self._all:
            self._drop(self._all[-1])
        self._idle.clear()

    @property
    def name(self) -> str:
        """The server and the database, without user or password."""
        return f"{self._settings['host']}/{self._settings['database']}"

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return self._tables

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one.

        Raises:
            SourceUnreachable: when the server breaks off.
        """
        context = self._tables[table]
        statement = selection(context, order_by, size_of="OCTET_LENGTH({})")
        types = self._types[table]
        read = row_reader([types[column] for column in context.columns] + ["bigint"] * len(context.large))
        try:
            for row in self._stream(statement, read):
                yield cells(context, row)
        except (self._driver.MySQLError, OSError) as fault:
            raise self._unreachable(table, fault) from fault

    def count(self, table: str) -> int:
        """Return how many rows the server counts in ``table``.

        Raises:
            SourceUnreachable: when the server breaks off.
        """
        try:
            ((rows,),) = self._ask(f"SELECT COUNT(*) FROM {quote_name(self._tables[table].name)}")  # noqa: S608 the name is quoted
        except (self._driver.MySQLError, OSError) as fault:
            raise self._unreachable(table, fault) from fault
        return check_count(int(rows), f"{self.name} {table}")

    def table_checksum(self, table: str) -> bytes | None:
        """Return the sums of the SHA-256 of all rows of ``table``, which the server computes.

        ``None`` where it has no such function, or a row is longer than what it puts together.
        """
        context = self._tables[table]
        cells_ = (f"CAST({quote_name(column)} AS BINARY)" for column in context.columns)
        row = ", ".join(f"IFNULL(CONCAT(OCTET_LENGTH({one}), ':', {one}), 'N')" for one in cells_)
        words = (f"CAST(CONV(SUBSTRING(h, {start}, 16), 16, 10) AS UNSIGNED)" for start in (1, 17, 33, 49))
        sums = ", ".join(f"SUM({word})" for word in words)
        inner = f"SELECT SHA2(CONCAT({row}), 256) AS h FROM {quote_name(context.name)}"  # noqa: S608 names are quoted
        statement = f"SELECT COUNT(*), COUNT(h), {sums} FROM ({inner}) AS digests"  # noqa: S608 names are quoted
        try:
            ((rows, digested, *found),) = self._ask(statement)
        except (self._driver.MySQLError, OSError):
            return None
        return b",".join((rows, *(one or b"0" for one in found))) if rows == digested else None

    def notices(self) -> tuple[Finding, ...]:
        """Say which tables are kept by an engine without snapshots and must not change meanwhile."""
        live = sorted(name for name, engine in self._engines.items() if engine not in SNAPSHOT_ENGINES)
        if not live:
            return ()
        return (
            Finding(
                severity=Severity.NOTE,
                code="opendental-no-snapshot",
                where=self.name,
                sentence=plural(
                    "{count} table is kept by an engine without snapshots ({engines}): "
                    "read while nobody works in the software, or from a restored backup.",
                    "{count} tables are kept by an engine without snapshots ({engines}): "
                    "read while nobody works in the software, or from a restored backup.",
                ),
                facts={
                    "count": len(live),
                    "engines": ", ".join(sorted({self._engines[name] for name in live})),
                },
            ),
        )

    def _connect(self) -> pymysql.connections.Connection[Any]:
        settings = dict(self._settings)
        path = settings.pop("unix_socket", "")
        connection = self._driver.connect(
            **settings,
            charset="utf8mb4",
            use_unicode=False,
            conv={},
            connect_timeout=CONNECT_SECONDS,
            cursorclass=self._driver.cursors.SSCursor,
            autocommit=True,
            local_infile=False,
            defer_connect=True,
        )
        connection.connect(local_socket(path, CONNECT_SECONDS) if path else None)
        self._all.append(connection)
        with connection.cursor() as cursor:
            for timeout in ("net_write_timeout", "wait_timeout"):
                cursor.execute(f"SET SESSION {timeout} = {PATIENCE_SECONDS}")
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        return connection

    def _stream(self, statement: str, read: Callable[[bytes], Any] | None = None) -> Iterator[Any]:
        """Yield raw rows, or what ``read`` makes of them; one left before its end takes its connection with it."""
        connection = self._idle.pop() if self._idle else self._connect()
        cursor = connection.cursor()
        ended = False
        try:
            cursor.execute(statement)
            if read is not None:  # the driver's own way of taking a row apart is three times as slow
                cursor._result._read_row_from_packet = lambda packet: read(packet.get_all_data())  # noqa: SLF001
            while (row := cursor.fetchone()) is not None:
                yield row
            ended = connection in self._all
        finally:
            if ended:
                cursor.close()
                self._idle.append(connection)
            else:
                cursor.connection = None
                self._drop(connection)
        if not ended:
            raise SourceUnreachable(where=self.name, reason=mark("it was closed before the end"))

    def _drop(self, connection: Any) -> None:
        """End a connection without a word: a polite end would first fetch all that is left of a stream."""
        if connection in self._all:
            self._all.remove(connection)
        with suppress(self._driver.MySQLError, OSError):
            # The driver has no public way to leave a result unread.
            if connection._result:  # noqa: SLF001
                connection._result.unbuffered_active = False  # noqa: SLF001
            connection._force_close()  # noqa: SLF001

    def _ask(self, statement: str) -> list[Any]:
        return list(self._stream(statement))

    def _describe(self, described: list[Any]) -> dict[str, SourceTable]:
        columns: dict[str, list[str]] = {}
        keys: dict[str, list[str]] = {}
        for table, column, kind, key in (tuple(map(word, row)) for row in described):
            if table not in self._engines:
                continue
            columns.setdefault(table, []).append(column)
            self._types.setdefault(table.lower(), {})[column] = kind.lower()
            if key == "PRI":
                keys.setdefault(table, []).append(column)
        return {name.lower(): self._table(name, columns[name], keys.get(name, [])) for name in columns}

    def _table(self, name: str, columns: list[str], keys: list[str]) -> SourceTable:
        types = self._types[name.lower()]
        return SourceTable(
            name=name,
            columns=tuple(columns),
            key=keys[0] if len(keys) == 1 else "",
            large=tuple(column for column in columns if types[column] in LARGE),
        )

    def _unreachable(self, table: str, fault: Exception) -> SourceUnreachable:
        words = fault.args[-1] if fault.args else type(fault).__name__
        number = str(fault.args[0]) if len(fault.args) > 1 else ""
        reason = quoted_words(words if isinstance(words, str) else str(words), number)
        return SourceUnreachable(where=f"{self.name} {table}".strip(), reason=reason)
