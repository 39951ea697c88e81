"""A database killed, locked or changed while it is collected: nothing half-read stays, and the next run goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formats.databases.opening import OpeningOptions
from formats.databases.servers import engines
from formats.databases.servers.odbc_session import OdbcSession
from formats.databases.servers.source import ServerSource, open_server
from formats.databases.servers.sql_session import SqlSession
from formats.databases.tables import SourceLocked
from samples.molaire_tables import practice
from tests import mariadb
from tests.engines import postgresql
from tests.engines.molaire import STANDARD, Dialect, Kind, fill
from tests.engines.odbc import driver
from tests.journeys.line import asked, lay_molaire
from tests.journeys.program import Program

MYSQL = Dialect(quote="`", mark="%s", types={**STANDARD, Kind.MOMENT: "DATETIME"})
ENGINES = ("mariadb", "postgresql", "odbc mariadb", "odbc postgresql")
READ = 10
"""Rows of the table that are read before something happens."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """The practice on a server of its own: where it is, what ends the server at once, what starts it again."""

    address: str
    connect: Callable[[], Any]
    kill: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def _mariadb(name: str) -> Iterator[Database]:
    with mariadb.killable() as server:
        server.server.database("molaire", "CHARACTER SET utf8mb4")
        with closing(server.server.connect("molaire")) as connection:
            fill(connection, practice(), MYSQL, typed=True)
        socket = server.server.socket
        odbc = f"odbc:Driver={driver('mariadb')};Socket={socket};UID=root;Database=molaire"
        yield Database(
            address=odbc if name.startswith("odbc") else f"mysql://root@/molaire?unix_socket={socket}",
            connect=lambda: server.server.connect("molaire"),
            kill=server.kill,
            start=server.start,
        )


@contextmanager
def _postgresql(name: str) -> Iterator[Database]:
    with postgresql.killable() as server:
        server.server.database("molaire")
        with closing(server.server.connect("molaire")) as connection:
            fill(connection, practice(), Dialect(mark="%s"), typed=True)
        folder = server.server.folder
        odbc = f"odbc:Driver={driver('postgresql')};Servername={folder};UID=postgres;Database=molaire"
        yield Database(
            address=odbc if name.startswith("odbc") else server.server.url("molaire"),
            connect=lambda: server.server.connect("molaire"),
            kill=server.kill,
            start=server.start,
        )


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    with (_mariadb if "mariadb" in request.param else _postgresql)(request.param) as made:
        yield made


@pytest.fixture
def program(tmp_path: Path) -> Program:
    lay_molaire(tmp_path)
    return Program(folder=tmp_path)


def collecting(address: str) -> tuple[str, ...]:
    files = ("--mapping", "molaire-3.toml", "--files", "molaire/documents")
    return ("collect", "mapped", address, *files, "--into", "practice.db", "--again")


def while_rows_are_read(
    monkeypatch: pytest.MonkeyPatch, table: str, happens: Callable[[], None]
) -> list[str]:
    """Let something happen when some rows of ``table`` were read, once; return the statements in which it did."""
    done: list[str] = []

    def watched(original: Any) -> Any:
        def stream(self: Any, statement: str, **options: Any) -> Iterator[tuple[Any, ...]]:
            here = table in statement.upper() and "COUNT" not in statement and "MAX(" not in statement
            for number, row in enumerate(original(self, statement, **options)):
                if here and number == READ and not done:
                    done.append(statement)
                    happens()
                yield row

        return stream

    for session in (SqlSession, OdbcSession):
        monkeypatch.setattr(session, "stream", watched(session.stream))
    # few rows at a time, else all of this small table has come before anything happens
    monkeypatch.setattr(ServerSource, "_rows_at_once", lambda *_: 1)
    return done


def state(program: Program) -> list[Any]:
    """Return what would change if anything of a collection stayed."""
    store = program.folder / "practice.db"
    tables = ("patients", "acts", "documents", "journal", "source_rows")
    return [asked(store, f"SELECT count(*), max(rowid) FROM {table}") for table in tables]


def test_a_server_that_is_killed_leaves_nothing_half_collected(
    database: Database, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First into no store at all, then into one that is there; then the server comes back, and all comes in."""
    with monkeypatch.context() as patch:
        killed = while_rows_are_read(patch, "ACTES", database.kill)
        sentence = program.here(*collecting(database.address)).refused("source-unreachable", 40)
        assert killed and "cannot be read" in sentence
    assert not (program.folder / "practice.db").exists()
    program.here(*collecting(database.address)).refused("source-unreachable", 40)
    database.start()
    program.here(*collecting(database.address)).incomplete()
    before = state(program)
    with monkeypatch.context() as patch:
        killed = while_rows_are_read(patch, "REGLEMENTS", database.kill)
        program.here(*collecting(database.address)).refused("source-unreachable", 40)
        assert killed
    assert state(program) == before
    database.start()
    program.here(*collecting(database.address)).incomplete()
    assert state(program)[:3] == before[:3] and asked(
        program.folder / "practice.db", "SELECT count(*) FROM patients"
    ) == [(40,)]


def test_a_table_that_is_locked_before_its_rows_are_read_is_a_sentence(
    database: Database, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when the tables are listed, but when its turn comes: as a backup or a repair of the software locks one."""
    monkeypatch.setattr(engines, "LOCK_SECONDS", 1)
    mysql = "mysql" in database.address or "Socket" in database.address
    with closing(database.connect()) as other, monkeypatch.context() as patch:
        statement = (
            "LOCK TABLES `REGLEMENTS` WRITE" if mysql else 'LOCK TABLE "REGLEMENTS" IN ACCESS EXCLUSIVE MODE'
        )
        locked = while_rows_are_read(patch, "PATIENTS", lambda: other.cursor().execute(statement))
        sentence = program.here(*collecting(database.address)).refused("source-locked", 40)
        assert locked and "Somebody keeps the table locked" in sentence
    assert not (program.folder / "practice.db").exists()
    program.here(*collecting(database.address)).incomplete()


def test_a_file_that_is_locked_behind_odbc_is_told_as_locked(tmp_path: Path) -> None:
    """The driver of SQLite gives a lock no state of its own (``HY000``), only SQLite's words."""
    path = tmp_path / "locked.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT)")
        other.execute("INSERT INTO notes VALUES (1, 'vu')")
        address = f"odbc:Driver={driver('sqlite')};Database={path};Timeout=200"
        with open_server(address, OpeningOptions()) as source:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(SourceLocked, match="database is locked"):
                list(source.rows("notes"))
            other.execute("ROLLBACK")
            assert len(list(source.rows("notes"))) == 1


@pytest.mark.parametrize("place", ["odbc", "sqlite:///", "file"])
def test_a_file_that_was_locked_before_it_is_opened_is_told_as_locked(program: Program, place: str) -> None:
    """Behind ODBC it looked empty; by itself it looked as if it were no SQLite."""
    path = program.folder / "molaire.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        fill(other, practice(), Dialect(), typed=False)
        address = {
            "odbc": f"odbc:Driver={driver('sqlite')};Database={path};Timeout=200",
            "sqlite:///": f"sqlite:///{path}",
            "file": "molaire.sqlite",
        }[place]
        other.execute("BEGIN EXCLUSIVE")
        sentence = program.here(*collecting(address)).refused("source-locked", 40)
        assert "Somebody keeps the table locked" in sentence and "database is locked" in sentence
        assert not (program.folder / "practice.db").exists()
        other.execute("ROLLBACK")
        program.here(*collecting(address)).incomplete()


@pytest.mark.parametrize("engine", ["mariadb", "odbc mariadb", "odbc sqlite"])
def test_rows_that_change_where_there_is_no_snapshot_are_said(
    engine: str, mariadb_server: mariadb.Server, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is written when the last of a table has been read, before it is counted."""
    if engine == "odbc sqlite":
        path = program.folder / "molaire.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            fill(connection, practice(), Dialect(adapt=str, types=dict.fromkeys(Kind, "TEXT")), typed=False)
        address = f"odbc:Driver={driver('sqlite')};Database={path}"

        def write() -> None:
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("INSERT INTO NOTES SELECT * FROM NOTES LIMIT 1")
    else:
        name = engine.replace(" ", "_")
        mariadb_server.run(f"CREATE OR REPLACE DATABASE {name} CHARACTER SET utf8mb4")
        with closing(mariadb_server.connect(name)) as connection:
            fill(connection, practice(), MYSQL, typed=True)
        mariadb_server.run("ALTER TABLE NOTES ENGINE=MyISAM", name)
        odbc = f"odbc:Driver={driver('mariadb')};Socket={mariadb_server.socket};UID=root;Database={name}"
        address = (
            odbc if engine.startswith("odbc") else f"mysql://root@/{name}?unix_socket={mariadb_server.socket}"
        )

        def write() -> None:
            mariadb_server.run("INSERT INTO NOTES SELECT * FROM NOTES LIMIT 1", name)

    written: list[str] = []
    rows = ServerSource._rows

    def read(self: ServerSource, table: str, order: str) -> Iterator[Any]:
        yield from rows(self, table, order)
        if table == "notes":
            written.append(table)
            if len(written) == 2:  # first for the digest by which the source is known again
                write()

    with monkeypatch.context() as patch:
        patch.setattr(ServerSource, "_rows", read)
        ended = program.here(*collecting(address))
    assert len(written) == 2 and "notes" in ended.refused("counts-differ", 34).lower()
    assert not (program.folder / "practice.db").exists()
    program.here(*collecting(address)).incomplete()
