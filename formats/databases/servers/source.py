"""A database behind an address as a source of a mapping: tables, rows, counts, in the order of a column's text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self
from zoneinfo import ZoneInfo

from formats.databases.opening import OpeningOptions
from formats.databases.quoted_words import quoted_words
from formats.databases.servers.address import ODBC, parse_database_address
from formats.databases.servers.cells import PLAIN, as_cell, with_utc
from formats.databases.servers.described import (
    DescribedColumns,
    FoundTable,
    ServerTable,
    TableUnreadableHere,
    UnreadTables,
    choose_tables,
)
from formats.databases.servers.engines import FETCHED_BYTES, LARGE_AT_ONCE, ROWS_AT_ONCE, Engine, SessionFacts
from formats.databases.servers.failures import SourceChanged
from formats.databases.servers.odbc_session import OdbcSession
from formats.databases.servers.sql_session import SqlSession
from formats.databases.tables import (
    MAX_CELL,
    Cells,
    SourceTable,
    SourceUnreachable,
    Value,
    cells,
    check_count,
    check_size,
)
from formats.databases.text_order import cell_as_text, is_in_order, order_key
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.words import mark, plural


class Session(Protocol):
    """What a database is asked for, whatever driver speaks to it."""

    engine: Engine
    name: str
    zone: ZoneInfo
    facts: SessionFacts
    faults: tuple[type[BaseException], ...]

    def list_tables(self) -> Iterator[FoundTable]:
        """Yield every table and view."""
        ...

    def columns(self, place: str) -> tuple[str, ...]:
        """Return the columns of the table at ``place``."""
        ...

    def column_facts(self, table: FoundTable) -> DescribedColumns:
        """Return what the database tells of the columns of ``table``."""
        ...

    def stream(self, statement: str, *, at_once: int = ROWS_AT_ONCE) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of ``statement``, fetched so many together."""
        ...

    def failure(self, fault: BaseException, table: str = "") -> Failure:
        """Return the failure that a fault of the driver is."""
        ...

    def close(self) -> None:
        """End every connection at once."""
        ...


def open_server(place: str, options: OpeningOptions) -> ServerSource:
    """Open the database at the address ``place``.

    Raises:
        DatabaseAddressInvalid, DriverMissing, SystemDriverMissing, SourceRefused, SourceUnreachable: when it cannot be.
        LimitExceeded: when it has more tables than the limits allow.
    """
    address = parse_database_address(place, options.password)
    session = OdbcSession(address, options) if address.engine == ODBC else SqlSession(address, options)
    return ServerSource(session, options)


class ServerSource:
    """The tables of ``session`` that ``options`` ask for."""

    def __init__(self, session: Session, options: OpeningOptions) -> None:
        self._session = session
        self._sorter = options.sorter
        self._keys = {name.lower(): key for name, key in options.keys.items()}
        self._unread = UnreadTables(refused={}, schemas=set())
        self._at_once: dict[str, int] = {}
        try:
            self._tables = self._describe(tuple(options.files))
            check_size(self.tables(), session.name)
        except BaseException:
            session.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @property
    def name(self) -> str:
        """The server and the database, without user or password."""
        return self._session.name

    def tables(self) -> Mapping[str, SourceTable]:
        """Return every table by name."""
        return {name: one.table for name, one in self._tables.items()}

    def count(self, table: str) -> int:
        """Return how many rows the database counts in ``table``.

        Raises:
            SourceUnreachable: when it breaks off.
        """
        ((rows,),) = self._streamed(table, f"SELECT COUNT(*) FROM {self._tables[table].place}")  # noqa: S608 it is quoted
        return check_count(int(str(rows)), f"{self.name} {table}")

    def rows(self, table: str, order_by: str = "") -> Iterator[Cells]:
        """Yield the rows of ``table`` one by one, by ``order_by`` (if any) and then by the key.

        Raises:
            SourceUnreachable, SourceLocked: when the database breaks off, or somebody keeps the table locked.
        """
        yield from self._rows(
            table, self._order(table, self._session.engine.quote(order_by) if order_by else "")
        )

    def rows_in_text_order(self, table: str, column: str) -> Iterator[Cells]:
        """Yield the rows of ``table`` by the code points of ``column``, as text without blanks around it.

        Engines sort by rules of their own. Where one has an expression for this order, the keys alone are read first,
        and the rows in that order only if it is the right one; otherwise they are sorted here.

        Raises:
            SourceUnreachable, SourceLocked, SourceChanged: when the database breaks off, or rows changed meanwhile.
            LimitExceeded: for more rows than can be sorted.
        """
        expression = self._session.engine.text_order
        order = expression.format(self._session.engine.quote(column))
        if expression and self._gives_in_order(table, column, order):
            yield from self._checked(table, column, self._order(table, order))
            return
        sorter = self._sorter()
        for row in self._rows(table, self._order(table, "")):
            sorter.add(order_key(row[column], f"{self.name} {table}"), row)
        yield from sorter

    def notices(self) -> tuple[Finding, ...]:
        """Say what is not read, and what could make rows be missed."""
        return tuple(self._notices())

    # -- inside --------------------------------------------------------------------------------------

    def _describe(self, named: tuple[str, ...]) -> dict[str, ServerTable]:
        made: dict[str, ServerTable] = {}
        for one in choose_tables(self._session.list_tables(), named, self._unread):
            quote = self._session.engine.quote
            place = f"{quote(one.schema)}.{quote(one.name)}" if one.schema else quote(one.name)
            try:
                columns = self._session.columns(place)
            except TableUnreadableHere as refusal:
                self._unread.refused[one.full_name] = quoted_words(str(refusal))
                continue
            facts = self._session.column_facts(one)
            name, again = one.full_name, 1
            while name.lower() in made:
                again += 1
                name = f"{one.full_name} ({again})"
            table = SourceTable(
                name=name,
                columns=columns,
                key=facts.key if facts.key in columns else "",
                large=tuple(column for column in columns if column in (facts.large or ())),
            )
            sized = facts.large is not None and bool(self._session.engine.size_of)
            made[name.lower()] = ServerTable(table=table, place=place, sized=sized, in_utc=facts.in_utc)
        return made

    def _order(self, table: str, first: str) -> str:
        """Return the order ``first`` and then by the key, so that equal rows come in the same order every time."""
        described = self._tables[table].table
        named = {name.lower() for name in self._keys.get(table, ())}
        keys = [one for one in described.columns if one.lower() in named] or [described.key]
        return ", ".join(filter(None, (first, *(self._session.engine.quote(one) for one in keys if one))))

    def _rows(self, table: str, order: str) -> Iterator[Cells]:
        described = self._tables[table].table
        statement, at_once = self._selection(table, order), self._rows_at_once(table)
        for row in self._streamed(table, statement, columns=described.columns, at_once=at_once):
            yield cells(described, row)

    def _rows_at_once(self, table: str) -> int:
        """Return how many rows of ``table`` are fetched together: of large ones as many as ``FETCHED_BYTES`` hold."""
        described, engine = self._tables[table], self._session.engine
        if not described.table.large and described.sized:
            return ROWS_AT_ONCE
        if not (described.sized and engine.fetches):
            return LARGE_AT_ONCE
        if table not in self._at_once:
            sizes = (
                f"CAST(LEAST(COALESCE({engine.size_of.format(engine.quote(one))}, 0), {MAX_CELL}) AS BIGINT)"
                for one in described.table.large
            )
            statement = f"SELECT MAX({' + '.join(sizes)}) FROM {described.place}"  # noqa: S608 names are quoted
            ((most,),) = self._streamed(table, statement)
            longest = max(int(str(most or 0)), 1)
            self._at_once[table] = min(max(FETCHED_BYTES // longest, LARGE_AT_ONCE), ROWS_AT_ONCE)
        return self._at_once[table]

    def _checked(self, table: str, column: str, order: str) -> Iterator[Cells]:
        """Yield the rows in ``order``, which was the right one a moment ago."""
        before = ""
        for row in self._rows(table, order):
            text = cell_as_text(row[column])
            if text < before:
                raise SourceChanged(where=f"{self.name} {table}")
            before = text
            yield row

    def _gives_in_order(self, table: str, column: str, order: str) -> bool:
        """Tell whether the keys come in the right order; an engine that cannot make that order of them does not."""
        try:
            return is_in_order(self._column(table, column, order))
        except SourceUnreachable:
            return False  # if it broke off, whoever reads the rows is told

    def _column(self, table: str, column: str, order: str) -> Iterator[Value]:
        quoted = self._session.engine.quote(column)
        statement = f"SELECT {quoted} FROM {self._tables[table].place} ORDER BY {order}"  # noqa: S608 names are quoted
        for (value,) in self._streamed(table, statement, columns=(column,)):
            yield value

    def _selection(self, table: str, order: str) -> str:
        """Return the statement that reads ``table``: its columns, then the sizes of the large ones."""
        engine, described = self._session.engine, self._tables[table].table
        sizes = {
            column: engine.size_of.format(engine.quote(column))
            for column in described.large
            if engine.size_of
        }
        parts = [
            f"CASE WHEN {sizes[column]} <= {MAX_CELL} THEN {engine.quote(column)} END"
            if column in sizes
            else engine.quote(column)
            for column in described.columns
        ]
        ending = f" ORDER BY {order}" if order else ""
        return f"SELECT {', '.join((*parts, *sizes.values()))} FROM {self._tables[table].place}{ending}"  # noqa: S608 names are quoted

    def _streamed(
        self, table: str, statement: str, *, columns: Sequence[str] = (), at_once: int = ROWS_AT_ONCE
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of ``statement`` as cells; ``columns`` are its first ones."""
        zone = self._session.zone
        in_utc = [place for place, one in enumerate(columns) if one in self._tables[table].in_utc]
        try:
            for row in self._session.stream(statement, at_once=at_once):
                if at_once == ROWS_AT_ONCE and PLAIN.issuperset(map(type, row)):
                    yield row
                else:
                    zoned = with_utc(row, in_utc) if in_utc else row
                    yield tuple(as_cell(value, zone) for value in zoned)
        except self._session.faults as fault:
            raise self._session.failure(fault, table) from None

    def _notices(self) -> Iterator[Finding]:
        for name, reason in sorted(self._unread.refused.items()):
            sentence = mark("This table was not read, and its rows are in no dossier: {reason}.")
            yield self._finding(Severity.ERROR, "database-table-unread", sentence, where=name, reason=reason)
        if self._unread.schemas:
            sentence = plural(
                "{count} schema of this database was not read, for the mapping names no table of it: {names}.",
                "{count} schemas of this database were not read, for the mapping names no table of them: {names}.",
            )
            names = sorted(self._unread.schemas)
            yield self._finding(
                Severity.NOTE, "database-schemas-unread", sentence, count=len(names), names=", ".join(names)
            )
        facts = self._session.facts
        if facts.no_snapshot:
            sentence = mark("Read while nobody works in the software, or from a restored backup: {reason}.")
            yield self._finding(Severity.NOTE, "database-no-snapshot", sentence, reason=facts.no_snapshot)
        if facts.in_utc:
            sentence = mark(
                "The server does not know the time zone {zone}: what its views make of moments is in UTC, "
                "and may be of the day before."
            )
            yield self._finding(Severity.NOTE, "database-zone-unknown", sentence, zone=self._session.zone.key)

    def _finding(
        self, severity: Severity, code: str, sentence: str, *, where: str = "", **facts: Any
    ) -> Finding:
        return Finding(severity=severity, code=code, where=where or self.name, sentence=sentence, facts=facts)
