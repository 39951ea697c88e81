"""Whatever has a driver of ODBC (ISO/IEC 9075-3, SQL/CLI): connections, what they list, and streams of rows.

Little can be asked of an unknown driver: names, columns, and rows as they come, through one connection a stream. Where
it is one of an engine that is known, its snapshot, time zone and order are asked for as over its own driver.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.opening import OpeningOptions
from formats.databases.servers.address import DatabaseAddress
from formats.databases.servers.column_catalog import ColumnCatalog, catalog_query, column_catalog
from formats.databases.servers.described import DescribedColumns, FoundTable, TableUnreadableHere
from formats.databases.servers.driver_messages import failure_of, without_secrets
from formats.databases.servers.drivers import CONNECT_SECONDS, fault_numbers
from formats.databases.servers.engines import (
    LARGE_AT_ONCE,
    MYSQL,
    POSTGRESQL,
    ROWS_AT_ONCE,
    SQLITE,
    SQLSERVER,
    UNKNOWN,
    Engine,
    SessionFacts,
)
from formats.databases.servers.failures import (
    DriverMissing,
    SystemDriverMissing,
    TextUndecodable,
)
from formats.databases.servers.narrow_text import encoding_named
from formats.databases.tables import SourceLocked
from formats.errors import Failure
from formats.words import mark

_KNOWN: Mapping[str, tuple[Engine, Mapping[str, str]]] = {
    # by the product's name in small letters; what makes its driver send rows as they are asked for
    "mariadb": (MYSQL, {"FORWARDONLY": "1"}),
    "mysql": (MYSQL, {"NO_CACHE": "1", "FORWARD_CURSOR": "1"}),
    "postgresql": (POSTGRESQL, {"UseDeclareFetch": "1", "Fetch": str(ROWS_AT_ONCE)}),
    "microsoft sql server": (SQLSERVER, {}),
    "sqlite": (SQLITE, {"StepAPI": "1"}),
}
_OF_LARGE = {"Fetch": str(LARGE_AT_ONCE)}
"""The same for tables with large rows."""
_OWN_SCHEMAS = frozenset({"", "public", "dbo"})
"""Schemas whose tables are named without them."""
_SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "sys", "mysql", "performance_schema"})

_OWN_NUMBER = re.compile(r"\((\d+)\) \(SQL\w+\)")
"""The number that an engine itself gives a fault, in what a driver says of it."""


class OdbcSession:
    """Connections of one connection string.

    Raises:
        DriverMissing, SystemDriverMissing: when pyodbc, or the driver that the string names, is not installed.
        SourceUnreachable, SourceRefused: when the database cannot be reached, or lets nobody in.
    """

    def __init__(self, address: DatabaseAddress, options: OpeningOptions) -> None:
        self.name = address.shown
        self.zone = ZoneInfo(options.time_zone)
        self.facts = SessionFacts()
        self.engine = UNKNOWN
        self._secrets = address.secrets
        self._encoding = options.encoding or "cp1252"
        self._all: list[Any] = []
        self._idle: tuple[list[Any], list[Any]] = ([], [])
        try:
            self._driver: Any = import_module("pyodbc")
        except ImportError as fault:
            raise self._missing(fault) from None
        self.faults: tuple[type[BaseException], ...] = (self._driver.Error, OSError, ValueError, LookupError)
        self._texts = (_connection_string(address, {}),) * 2
        try:
            self._lists = self._open(autocommit=True)
            product = self._info(self._driver.SQL_DBMS_NAME).lower()
            known, settings = next(
                (found for name, found in _KNOWN.items() if name in product), (UNKNOWN, {})
            )
            self.engine = self._with_quotes(known)
            if known.lock_wait:
                self._lists.cursor().execute(known.lock_wait).close()
            few = {name: _OF_LARGE.get(name, value) for name, value in settings.items()}
            self._texts = (_connection_string(address, settings), _connection_string(address, few))
            self._idle[False].append(self._connect())
        except self.faults as fault:
            self.close()
            raise self.failure(fault, opening=True) from None

    def _with_quotes(self, engine: Engine) -> Engine:
        """Return ``engine`` with the quotation marks that the driver says stand around names; some have none."""
        if engine is not UNKNOWN:
            return engine
        marks = self._info(self._driver.SQL_IDENTIFIER_QUOTE_CHAR).strip()
        return replace(engine, quotes=(marks[:1], marks[:1]))

    def _info(self, kind: int) -> str:
        """Return what the driver says of itself (SQLGetInfo); nothing where it does not know the question."""
        try:
            return str(self._lists.getinfo(kind))
        except self.faults:
            return ""

    def _missing(self, fault: ImportError) -> Failure:
        if isinstance(fault, ModuleNotFoundError):
            return DriverMissing(where=self.name, engine="ODBC", extra=UNKNOWN.extra, package=UNKNOWN.package)
        reason = without_secrets(fault, self._secrets)
        package = "unixODBC (Debian: unixodbc)"
        return SystemDriverMissing(where=self.name, engine="ODBC", reason=reason, package=package)

    def failure(self, fault: BaseException, table: str = "", *, opening: bool = False) -> Failure:
        """Return the failure that ``fault`` of the driver is, about ``table``, or while the database is opened."""
        where = f"{self.name} {table}".strip()
        if isinstance(fault, UnicodeDecodeError):
            return TextUndecodable(where=where, encoding=self._encoding)
        reason = without_secrets(fault, self._secrets)
        numbers = [*fault_numbers(fault), *_OWN_NUMBER.findall(reason)]
        if {"IM002", "IM003", "01000"} & set(numbers) and ("IM00" in reason or "open lib" in reason):
            names = ", ".join(sorted(self._driver.drivers())) or "–"
            package = mark("the driver from the vendor of the software, and name it as ODBC does")
            return SystemDriverMissing(
                where=where, engine="ODBC", reason=f"{reason}; ODBC: {names}", package=package
            )
        kind = next(filter(None, map(self.engine.kinds.get, numbers)), "")
        number = next(iter(numbers), "")
        return failure_of(
            fault, where=where, kind=kind, number=number, secrets=self._secrets, opening=opening
        )

    def close(self) -> None:
        """End every connection at once."""
        while self._all:
            self._drop(self._all[-1])
        for idle in self._idle:
            idle.clear()

    # -- what there is -------------------------------------------------------------------------------

    def list_tables(self) -> Iterator[FoundTable]:
        """Yield every table and view, those of the engine itself left out.

        Raises:
            SourceLocked, SourceUnreachable: when somebody keeps it locked, or the database breaks off.
        """
        try:
            cursor, catalog = self._lists.cursor(), self.engine.catalog
            listed = [tuple(row)[:4] for row in (cursor.execute(catalog) if catalog else cursor.tables())]
        except self.faults as fault:
            raise self.failure(fault) from None
        current = self._info(self._driver.SQL_DATABASE_NAME).lower()
        for catalog, schema, name, kind in listed:
            if catalog and current and str(catalog).lower() != current:
                continue  # another database of the same server
            where, what = str(schema or ""), str(kind or "").upper()
            if what in {"TABLE", "VIEW", "BASE TABLE"} and where.lower() not in _SYSTEM_SCHEMAS:
                own = "" if where.lower() in _OWN_SCHEMAS else where
                yield FoundTable(name=str(name), schema=own, is_view=what == "VIEW")

    def columns(self, place: str) -> tuple[str, ...]:
        """Return the columns of the table at ``place``.

        Raises:
            TableUnreadableHere: when this user may not read it, or it is a view that is broken.
            SourceLocked, SourceUnreachable: when somebody keeps it locked, or the database breaks off.
        """
        try:
            cursor = self._lists.cursor()
            cursor.execute(f"SELECT * FROM {place} WHERE 1 = 0")  # noqa: S608 the place is quoted
            names = tuple(str(one[0]) for one in cursor.description or ())
            cursor.close()
        except self.faults as fault:
            failure = self.failure(fault, place)
            gone = any(number.startswith("08") for number in fault_numbers(fault))
            if gone or isinstance(failure, SourceLocked):
                raise failure from None
            raise TableUnreadableHere(without_secrets(fault, self._secrets)) from None
        return names

    def column_facts(self, table: FoundTable) -> DescribedColumns:
        """Return what the driver knows of the columns of ``table``, and, of an engine that is known, its own catalog.

        Raises:
            SourceUnreachable: when moments come in UTC, and the server does not tell which they are.
        """
        try:
            cursor = self._lists.cursor()
            keys = [str(row[3]) for row in cursor.primaryKeys(table=table.name, schema=table.schema or None)]
            cursor.close()
        except self.faults:
            keys = []  # few drivers can tell
        name = table.name.lower()
        return DescribedColumns(
            key=keys[0] if len(keys) == 1 else "",
            large=self._catalog.large.get(name),
            in_utc=self._catalog.in_utc.get(name, frozenset()) if self.facts.in_utc else frozenset(),
        )

    @cached_property
    def _catalog(self) -> ColumnCatalog:
        if not self.engine.size_of:
            return ColumnCatalog()
        try:
            cursor = self._lists.cursor()
            cursor.execute(catalog_query(self.engine))
            found = column_catalog(map(tuple, cursor))
            cursor.close()
        except self.faults as fault:
            if self.facts.in_utc:
                raise self.failure(fault) from None
            return ColumnCatalog()
        return found

    # -- rows ----------------------------------------------------------------------------------------

    def stream(self, statement: str, *, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``statement``; a stream left before its end takes its connection with it.

        A driver fetches ``ROWS_AT_ONCE`` together, or where less is asked for, ``LARGE_AT_ONCE``.
        """
        kind = at_once < ROWS_AT_ONCE and self._texts[0] != self._texts[1]
        idle = self._idle[kind]
        connection = idle.pop() if idle else self._connect(large=kind)
        ended = False
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            # one row at a time: what a driver says of sizes is not to be trusted, and a hundred rows may be gigabytes
            yield from map(tuple, cursor)
            cursor.close()
            ended = True
        finally:
            if ended:
                idle.append(connection)
            else:
                self._drop(connection)

    def _open(self, *, autocommit: bool, large: bool = False) -> Any:
        connection = self._driver.connect(
            self._texts[large], autocommit=autocommit, timeout=CONNECT_SECONDS, readonly=True
        )
        self._all.append(connection)
        connection.setdecoding(self._driver.SQL_CHAR, encoding=encoding_named(self._encoding))
        return connection

    def _connect(self, *, large: bool = False) -> Any:
        connection = self._open(autocommit=self.engine.autocommit, large=large)

        def run(statement: str) -> list[tuple[Any, ...]]:
            cursor = connection.cursor()
            cursor.execute(statement)
            rows = list(map(tuple, cursor.fetchall())) if cursor.description else []
            cursor.close()
            return rows

        self.facts = self.engine.begin(run, self.zone.key)
        return connection

    def _drop(self, connection: Any) -> None:
        if connection in self._all:
            self._all.remove(connection)
        try:
            connection.close()
        except self.faults:
            return  # it is gone already


def _connection_string(address: DatabaseAddress, settings: Mapping[str, str]) -> str:
    """Return what the driver manager is given, with ``settings`` where the address says nothing of them."""
    written = address.connection
    there = {pair.partition("=")[0].strip().lower() for pair in written.split(";")}
    parts = [written, *(f"{name}={value}" for name, value in settings.items() if name.lower() not in there)]
    if address.password:
        parts.append(f"PWD={{{address.password.replace('}', '}}')}}}")
    return ";".join(parts)
