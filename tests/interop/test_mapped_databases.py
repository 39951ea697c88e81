"""The invented practice in every engine: its records are those of its exported files, field by field.

Counts and money are asked from the engine itself by SQL of the test's own.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from formats.findings import Finding
from formats.model.care import Act
from formats.model.money import Invoice, Payment
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item, Tally
from formats.sources.mapped.open import open_mapped
from samples.molaire_tables import practice
from tests.docs.pages import ROOT
from tests.engines import firebird
from tests.engines.molaire import STANDARD, Dialect, Kind, fill
from tests.engines.odbc import driver
from tests.engines.postgresql import PostgresqlServer
from tests.mariadb import Server

SAMPLE = ROOT / "samples" / "molaire"
MAPPING = ROOT / "docs" / "mappings" / "molaire-3.toml"
MYSQL = Dialect(quote="`", mark="%s", types={**STANDARD, Kind.MOMENT: "DATETIME"})
SQLITE = Dialect(
    adapt=lambda value: float(value) if isinstance(value, Decimal) else _iso(value),
    types={**STANDARD, Kind.MONEY: "DOUBLE"},
)
MADE = practice()
OF_PATIENTS = "{q}NUMPAT{q} IN (SELECT {q}NUMPAT{q} FROM {q}PATIENTS{q})"


def _iso(value: Any) -> Any:
    return (
        value.isoformat(" ")
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, date)
        else value
    )


@dataclass(frozen=True, kw_only=True)
class Database:
    """The practice in an engine: its address, and what asks it without our code."""

    address: str
    ask: Callable[[str], list[tuple[Any, ...]]]
    quote: str = '"'
    typed: bool = True


def _asking(connect: Callable[[], Any]) -> Callable[[str], list[tuple[Any, ...]]]:
    def ask(statement: str) -> list[tuple[Any, ...]]:
        with closing(connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return list(map(tuple, cursor.fetchall()))

    return ask


def _mariadb(server: Server, name: str, *, typed: bool) -> Database:
    server.database(name, "CHARACTER SET utf8mb4")
    with closing(server.connect(name)) as connection:
        fill(connection, MADE, MYSQL, typed=typed)
    address = f"mysql://root@/{name}?unix_socket={server.socket}"
    return Database(address=address, ask=_asking(lambda: server.connect(name)), quote="`", typed=typed)


def _postgresql(server: PostgresqlServer, name: str, *, typed: bool) -> Database:
    server.database(name)
    with closing(server.connect(name)) as connection:
        fill(connection, MADE, Dialect(mark="%s"), typed=typed)
    return Database(address=server.url(name), ask=_asking(lambda: server.connect(name)), typed=typed)


@pytest.fixture(scope="module")
def databases(
    mariadb_server: Server,
    postgresql_server: PostgresqlServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Database]:
    """The practice in every engine, each by its own driver and by ODBC."""
    folder = tmp_path_factory.mktemp("databases")
    found = {}
    for kind, typed in (("typed", True), ("text", False)):
        found[f"mariadb {kind}"] = _mariadb(mariadb_server, f"molaire_{kind}", typed=typed)
        found[f"postgresql {kind}"] = _postgresql(postgresql_server, f"molaire_{kind}", typed=typed)
        path = folder / f"{kind}.fdb"
        with firebird.created(path) as connection:
            fill(connection, MADE, Dialect(), typed=typed)
        found[f"firebird {kind}"] = Database(
            address=firebird.url(path), ask=_asking(lambda path=path: firebird.connect(path)), typed=typed
        )
        path = folder / f"{kind}.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            fill(connection, MADE, SQLITE, typed=typed)
        found[f"sqlite {kind}"] = Database(
            address=f"sqlite:///{path}", ask=_asking(lambda path=path: sqlite3.connect(path)), typed=typed
        )
        found[f"odbc sqlite {kind}"] = replace(
            found[f"sqlite {kind}"], address=f"odbc:Driver={driver('sqlite')};Database={path}"
        )
    for kind in ("typed", "text"):
        found[f"odbc mariadb {kind}"] = replace(
            found[f"mariadb {kind}"],
            address=f"odbc:Driver={driver('mariadb')};Socket={mariadb_server.socket};UID=root;Database=molaire_{kind}",
        )
        found[f"odbc postgresql {kind}"] = replace(
            found[f"postgresql {kind}"],
            address=f"odbc:Driver={driver('postgresql')};Servername={postgresql_server.folder};"
            f"UID=postgres;Database=molaire_{kind}",
        )
    return found


ENGINES = (
    *(
        f"{engine} {kind}"
        for engine in ("mariadb", "postgresql", "firebird", "sqlite")
        for kind in ("typed", "text")
    ),
    *(
        f"odbc {engine} {kind}"
        for engine in ("mariadb", "postgresql", "sqlite")
        for kind in ("typed", "text")
    ),
)


@pytest.fixture(scope="module")
def from_files() -> list[Item]:
    return _read(str(SAMPLE), None)


@pytest.fixture(scope="module")
def readings(databases: dict[str, Database]) -> Callable[[str], list[Item]]:
    """Everything that each engine gives, read once."""
    read: dict[str, list[Item]] = {}

    def reading(name: str) -> list[Item]:
        if name not in read:
            read[name] = _read(databases[name].address, SAMPLE / "documents")
        return read[name]

    return reading


def _read(place: str, files: Path | None) -> list[Item]:
    with open_mapped(place, mapping=MAPPING, files=files) as items:
        return list(items)


def _records(items: list[Item]) -> dict[str, Record]:
    """Return the records by identity; lines of an invoice without an order of their own in that of their acts."""
    found = {item.id: item for item in items if isinstance(item, Record) and not isinstance(item, SourceRow)}
    for one in found.values():
        if isinstance(one, Invoice):
            found[one.id] = replace(one, lines=tuple(sorted(one.lines, key=lambda line: str(line.act))))
    return found


@pytest.mark.parametrize("name", ENGINES)
def test_records_are_those_of_the_files(
    name: str, readings: Callable[[str], list[Item]], from_files: list[Item]
) -> None:
    found, expected = _records(readings(name)), _records(from_files)
    assert found.keys() == expected.keys()
    assert [one for one in expected if found[one] != expected[one]] == []
    assert len(expected) > 500
    bodies = [
        {one.attachment for one in items if isinstance(one, FileBody)}
        for items in (readings(name), from_files)
    ]
    assert bodies[0] == bodies[1] and bodies[0]


@pytest.mark.parametrize("name", ENGINES)
def test_rows_and_findings_are_those_of_the_files(
    name: str, readings: Callable[[str], list[Item]], from_files: list[Item]
) -> None:
    rows, expected = (
        {
            (one.table.upper(), one.key): (one.patient, one.records)
            for one in items
            if isinstance(one, SourceRow)
        }
        for items in (readings(name), from_files)
    )
    keyed = {
        one for one in expected if one[0] not in {"SMS", "UTILISATEURS", "IMPRESSIONS"}
    }  # a digest of the row
    assert {one: rows.get(one) for one in keyed} == {one: expected[one] for one in keyed}
    assert len(rows) == len(expected)
    tallies = [
        {(one.table.upper(), one.rows) for one in items if isinstance(one, Tally)}
        for items in (readings(name), from_files)
    ]
    assert tallies[0] == tallies[1]
    codes = [
        Counter(one.code for one in items if isinstance(one, Finding))
        for items in (readings(name), from_files)
    ]
    extra = codes[0] - codes[1]
    assert codes[1] - codes[0] == Counter()
    assert extra.keys() <= {"database-no-snapshot", "database-zone-unknown"}


@pytest.mark.parametrize("name", [one for one in ENGINES if one.endswith("text")])
def test_text_columns_travel_word_for_word(
    name: str, readings: Callable[[str], list[Item]], from_files: list[Item]
) -> None:
    cells, expected = (
        {(one.table.upper(), one.key): dict(one.columns) for one in items if isinstance(one, SourceRow)}
        for items in (readings(name), from_files)
    )
    assert cells == expected


@pytest.mark.parametrize("name", ENGINES)
def test_counts_and_money_are_what_the_engine_says(
    name: str, databases: dict[str, Database], readings: Callable[[str], list[Item]]
) -> None:
    database, items = databases[name], readings(name)
    quoted = database.quote

    def asked(what: str, table: str) -> Any:
        where = OF_PATIENTS.format(q=quoted)
        return database.ask(f"SELECT {what} FROM {quoted}{table}{quoted} WHERE {where}")[0][0]

    for kind, table in (
        (Patient, "PATIENTS"),
        (Act, "ACTES"),
        (Invoice, "FACTURES"),
        (Payment, "REGLEMENTS"),
    ):
        made = sum(isinstance(one, kind) for one in items)
        assert made == asked("COUNT(*)", table) - (kind is Payment), table  # one payment is “douze euros”
    if database.typed:
        for kind, table, column, field in (
            (Act, "ACTES", "HONORAIRES", "fee_cents"), (Invoice, "FACTURES", "TOTAL", "total_cents"),
        ):  # fmt: skip
            cents = sum(getattr(one, field) or 0 for one in items if isinstance(one, kind))
            assert cents == round(asked(f"SUM({quoted}{column}{quoted})", table) * 100) > 100_000
