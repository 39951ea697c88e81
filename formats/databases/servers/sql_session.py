"""A server that SQLAlchemy speaks to: its connections, what it lists, and streams of rows.

SQLAlchemy and the driver are imported when a server is first asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from formats.databases.opening import OpeningOptions
from formats.databases.servers.address import DatabaseAddress
from formats.databases.servers.described import DescribedColumns, FoundTable, TableUnreadableHere
from formats.databases.servers.driver_messages import failure_of, without_secrets
from formats.databases.servers.drivers import (
    abandon,
    adapt,
    by_statement,
    connect_arguments,
    connect_locally,
    fault_numbers,
    read_only,
)
from formats.databases.servers.engines import ENGINES, FIREBIRD, MYSQL, ROWS_AT_ONCE, SQLSERVER, SessionFacts
from formats.databases.servers.failures import (
    DriverMissing,
    SystemDriverMissing,
    TextUndecodable,
)
from formats.databases.tables import MAX_CELL, SourceLocked
from formats.errors import Failure

if TYPE_CHECKING:
    from sqlalchemy import Connection

STREAMS = 4
"""Tables read side by side: a parent, its two kinds of children, and one to spare; more have a later snapshot."""
_SYSTEM_SCHEMAS = frozenset({"information_schema", "performance_schema", "mysql", "sys", "guest"})


class SqlSession:
    """Connections to one database; ``facts`` is how they read.

    Raises:
        DriverMissing, SystemDriverMissing: when what speaks to the server is not installed.
        SourceUnreachable, SourceRefused: when it cannot be reached, or lets nobody in.
    """

    def __init__(self, address: DatabaseAddress, options: OpeningOptions) -> None:
        self.engine = ENGINES[address.engine]
        self.name = address.shown
        self.zone = ZoneInfo(options.time_zone)
        self.facts = SessionFacts()
        self._secrets = address.secrets
        self._idle: list[Connection] = []
        self._all: dict[Connection, Any] = {}
        try:
            self._sql, self._driver = import_module("sqlalchemy"), import_module(self.engine.module)
            self._made = self._engine(address)
        except ImportError as fault:
            raise self._missing(fault) from None
        self.faults = (*self._driver_faults(), self._sql.exc.SQLAlchemyError, OSError, UnicodeError)
        # of what stands in an address, drivers complain in ways of their own
        odd = (ValueError, TypeError, LookupError, AttributeError)
        try:
            self._lists = self._made.connect()
            self._all[self._lists] = driver = self._lists.connection.dbapi_connection
            by_statement(self.engine, driver)
            if self.engine.lock_wait:
                self._lists.exec_driver_sql(self.engine.lock_wait)
            self._idle.extend(self._connect() for _ in range(1 if self.engine.side_by_side else STREAMS))
        except (*self.faults, *odd) as fault:
            self.close()
            raise self.failure(fault, opening=True) from None

    def _engine(self, address: DatabaseAddress) -> Any:
        sql = self._sql
        url = sql.URL.create(
            self.engine.dialect,
            username=address.user or None,
            password=address.password or None,
            host=address.host or None,
            port=address.port,
            database=address.database,
            query=dict(address.options),
        )
        try:
            made = sql.create_engine(
                url,
                poolclass=sql.NullPool,
                pool_reset_on_return=None,  # nothing was written, and the server may have gone away
                hide_parameters=True,
                **({"isolation_level": "AUTOCOMMIT"} if self.engine.autocommit else {}),
                connect_args={
                    name: value
                    for name, value in connect_arguments(self.engine, self._driver, self.zone).items()
                    if name not in dict(address.options)
                },
            )
        except sql.exc.NoSuchModuleError as fault:
            raise ImportError(str(fault), name=self.engine.package) from None
        if self.engine is MYSQL:
            sql.event.listen(
                made, "do_connect", lambda _dialect, _record, _, named: connect_locally(self._driver, named)
            )
        return made

    def _missing(self, fault: ImportError) -> Failure:
        package = (fault.name or "").split(".", 1)[0]
        names = {"sqlalchemy": "SQLAlchemy", self.engine.module.split(".", 1)[0]: self.engine.package}
        return DriverMissing(
            where=self.name,
            engine=self.engine.name,
            extra=self.engine.extra,
            package=names.get(package, package),
        )

    def _driver_faults(self) -> tuple[type[BaseException], ...]:
        if self.engine is SQLSERVER:  # what its lower half raises is not always made an error of its own
            return (self._driver.Error, import_module(f"{self.engine.module}._mssql").MSSQLException)
        return (self._driver.Error,)

    def failure(self, fault: BaseException, table: str = "", *, opening: bool = False) -> Failure:
        """Return the failure that ``fault`` of the driver is, about ``table``, or while the server is asked to open."""
        where = f"{self.name} {table}".strip()
        if isinstance(fault, UnicodeDecodeError):
            return TextUndecodable(where=where, encoding=fault.encoding)
        origin = _origin(fault)
        if "client library" in str(origin).lower():
            reason = without_secrets(origin, self._secrets)
            return SystemDriverMissing(
                where=where, engine=self.engine.name, reason=reason, package="fbclient (Debian: libfbclient2)"
            )
        numbers = [*fault_numbers(fault), ""]
        kind = next(filter(None, map(self.engine.kinds.get, numbers)), "")
        return failure_of(
            origin, where=where, kind=kind, number=numbers[0], secrets=self._secrets, opening=opening
        )

    def close(self) -> None:
        """End every connection at once, streams that were not read to their end included."""
        while self._all:
            self._drop(next(reversed(self._all)))
        self._idle.clear()

    # -- what there is -------------------------------------------------------------------------------

    def list_tables(self) -> Iterator[FoundTable]:
        """Yield every table and view, those of the engine itself left out.

        Raises:
            SourceUnreachable: when the server breaks off.
        """
        try:
            inspector = self._sql.inspect(self._lists)
            own = inspector.default_schema_name
            for schema in (None, *self._other_schemas(inspector, own)):
                for names, is_view in (
                    (inspector.get_table_names, False),
                    (inspector.get_view_names, True),
                ):
                    for name in names(schema=schema):
                        yield FoundTable(
                            name=self._actual(name), schema=self._actual(schema), is_view=is_view
                        )
        except self.faults as fault:
            raise self.failure(fault) from None

    def _other_schemas(self, inspector: Any, own: str | None) -> list[str]:
        """Return the schemas besides the own one; what MySQL calls so are other databases."""
        if self.engine.dialect.startswith(("mysql", "firebird")):
            return []
        return [
            one
            for one in inspector.get_schema_names()
            if one != own
            and one.lower() not in _SYSTEM_SCHEMAS
            and not one.lower().startswith(("pg_", "db_"))
        ]

    def _actual(self, name: str | None) -> str:
        """Return a name as the database has it; SQLAlchemy writes what is all capitals small for some engines."""
        dialect = self._made.dialect
        actual = dialect.denormalize_name(name) if name and dialect.requires_name_normalize else name
        return str(actual or "")

    def columns(self, place: str) -> tuple[str, ...]:
        """Return the columns of the table at ``place``.

        Raises:
            TableUnreadableHere: when this user may not read it, or it is a view that is broken.
            SourceLocked, SourceUnreachable: when somebody keeps it locked, or the server breaks off.
        """
        statement = f"SELECT * FROM {place} WHERE 1 = 0"  # noqa: S608 the place is quoted
        try:
            result = self._lists.exec_driver_sql(statement, execution_options={"no_parameters": True})
            names = tuple(str(one[0]) for one in result.cursor.description or ())
            result.close()
        except self.faults as fault:
            failure = self.failure(fault, place)
            if isinstance(failure, SourceLocked) or getattr(fault, "connection_invalidated", False):
                raise failure from None
            raise TableUnreadableHere(without_secrets(_origin(fault), self._secrets)) from None
        return names

    def column_facts(self, table: FoundTable) -> DescribedColumns:
        """Return what the server tells of the columns of ``table``; its driver gives moments as the zone has them."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a type that SQLAlchemy does not know is no concern of anybody
            try:
                inspector = self._sql.inspect(self._lists)
                dialect = self._made.dialect
                plain = dialect.normalize_name if dialect.requires_name_normalize else lambda name: name
                place = {"table_name": plain(table.name), "schema": plain(table.schema) or None}
                keys = inspector.get_pk_constraint(**place)["constrained_columns"]
                columns = inspector.get_columns(**place)
            except (*self.faults, LookupError):
                return DescribedColumns()
        key = self._actual(keys[0]) if len(keys) == 1 else ""
        if any(isinstance(one["type"], self._sql.types.JSON) for one in columns):
            return DescribedColumns(key=key)  # few engines say how long such a value is as text
        large = frozenset(self._actual(one["name"]) for one in columns if self._is_large(one["type"]))
        return DescribedColumns(key=key, large=large)

    def _is_large(self, kind: Any) -> bool:
        types = self._sql.types
        if isinstance(kind, types.LargeBinary):
            return True
        length = getattr(kind, "length", None)
        return isinstance(kind, types.String) and (length is None or length * 4 > MAX_CELL)

    # -- rows ----------------------------------------------------------------------------------------

    def stream(self, statement: str, *, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``statement``, fetched so many together.

        A stream left before its end takes its connection with it.
        """
        shared = self.engine.side_by_side
        connection = (self._idle[-1] if shared else self._idle.pop()) if self._idle else self._connect()
        ended = False
        result = self._run_on(connection, statement, at_once)
        try:
            for rows in result.partitions(at_once):  # without a number, all of them at once
                yield from map(tuple, rows)
            ended = True
        finally:
            if shared:
                with suppress(*self.faults):  # the connection may be gone
                    result.close()
            elif ended:
                result.close()
                self._idle.append(connection)
            else:
                self._drop(connection)

    def _run_on(self, connection: Connection, statement: str, at_once: int) -> Any:
        options = {"yield_per": at_once, "no_parameters": True}
        return connection.exec_driver_sql(statement, execution_options=options)

    def _connect(self) -> Connection:
        connection: Connection = self._made.connect()
        self._all[connection] = driver = connection.connection.dbapi_connection
        read_only(self.engine, self._driver, driver)

        def run(statement: str) -> list[tuple[Any, ...]]:
            result = connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
            return list(map(tuple, result)) if result.returns_rows else []

        self.facts = self.engine.begin(run, self.zone.key)
        adapt(self.engine, self._driver, driver, in_utc=self.facts.in_utc)
        return connection

    def _drop(self, connection: Connection) -> None:
        driver = self._all.pop(connection, None)
        if driver is None or connection.invalidated:
            return  # it broke off, and was let go then
        if self.engine is FIREBIRD:
            connection.rollback()  # its driver knows no rude end, and needs none
            connection.close()
            return
        abandon(self.engine, driver)
        connection.invalidate()


def _origin(fault: BaseException) -> BaseException:
    """Return what the driver itself raised."""
    return getattr(fault, "orig", None) or fault
