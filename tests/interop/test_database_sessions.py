"""One snapshot, rows in a stream, and what is asked of an engine that cannot run here."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from formats.databases.files.table_file import TableFile
from formats.databases.opening import OpeningOptions
from formats.databases.servers.engines import NOT_ALLOWED, SQLSERVER, SessionFacts
from formats.databases.servers.failures import SystemDriverMissing, TextUndecodable
from formats.databases.servers.source import ServerSource, open_server
from tests.engines import firebird
from tests.engines.odbc import driver
from tests.engines.postgresql import PostgresqlServer
from tests.mariadb import Server

ROWS = 200_000
"""Rows of 300 bytes: 60 megabytes, ten times what a reader may take."""
GROWTH = 25 << 20
PEAK = """
def peak():
    # not ru_maxrss: a process inherits that of the one which started it
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) << 10
"""
PROBE = f"""
import sys
{PEAK}
from formats.databases.opening import OpeningOptions
from formats.databases.servers.source import open_server
with open_server(sys.argv[1], OpeningOptions()) as source:
    assert len(next(source.rows("short"))["t"]) == 300
    before = peak()
    assert sum(1 for _ in source.rows("long")) == int(sys.argv[2])
    print(peak() - before)
"""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine: its address, and what runs statements in it."""

    address: str
    run: Callable[..., None]


@pytest.fixture(scope="module")
def engine_of(
    postgresql_server: PostgresqlServer, mariadb_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Engine]:
    """Give an engine with an empty database ``sessions``."""
    postgresql_server.database("sessions")
    mariadb_server.database("sessions", "CHARACTER SET utf8mb4")
    path = tmp_path_factory.mktemp("sessions") / "sessions.fdb"
    with firebird.created(path):
        pass

    def in_postgresql(*statements: str) -> None:
        postgresql_server.run(*statements, database="sessions")

    def in_mariadb(*statements: str) -> None:
        for statement in statements:
            mariadb_server.run(statement, "sessions")

    def in_firebird(*statements: str) -> None:
        with closing(firebird.connect(path)) as connection:
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                connection.commit()

    socket, folder = mariadb_server.socket, postgresql_server.folder
    engines = {
        "postgresql": Engine(address=postgresql_server.url("sessions"), run=in_postgresql),
        "mariadb": Engine(address=f"mysql://root@/sessions?unix_socket={socket}", run=in_mariadb),
        "firebird": Engine(address=firebird.url(path), run=in_firebird),
        "odbc postgresql": Engine(
            address=f"odbc:Driver={driver('postgresql')};Servername={folder};UID=postgres;Database=sessions",
            run=in_postgresql,
        ),
        "odbc mariadb": Engine(
            address=f"odbc:Driver={driver('mariadb')};Socket={socket};UID=root;Database=sessions",
            run=in_mariadb,
        ),
    }
    return engines.__getitem__


def _open(address: str, *named: str) -> ServerSource:
    return open_server(address, OpeningOptions(files={name: TableFile() for name in named}))


@pytest.mark.parametrize("name", ["postgresql", "mariadb", "firebird", "odbc postgresql", "odbc mariadb"])
def test_what_is_written_meanwhile_is_not_seen(name: str, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(name)
    table = f"s_{name.replace(' ', '_')}"
    engine.run(f"CREATE TABLE {table} (n integer)", f"INSERT INTO {table} VALUES (1)")
    with _open(engine.address, table) as source:
        engine.run(f"INSERT INTO {table} VALUES (2)")
        column = source.tables()[table].columns[0]
        assert source.count(table) == 1
        assert [row[column] for row in source.rows(table)] == [1]
        assert [row[column] for row in source.rows_in_text_order(table, column)] == [1]
        assert [one.code for one in source.notices()] in ([], ["database-zone-unknown"])
    with _open(engine.address, table) as source:
        assert source.count(table) == 2


@pytest.mark.parametrize("name", ["mariadb", "odbc mariadb"])
def test_a_table_without_snapshots_is_said(name: str, engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of(name)
    engine.run("CREATE TABLE old (n integer) ENGINE=MyISAM")
    try:
        with _open(engine.address, "old") as source:
            (finding,) = (one for one in source.notices() if one.code == "database-no-snapshot")
            assert "such as MyISAM" in finding.text
    finally:
        engine.run("DROP TABLE old")


@pytest.mark.parametrize("name", ["firebird", "odbc sqlite"])
def test_an_engine_without_the_means_is_said_or_read_all_the_same(name: str, tmp_path: Path) -> None:
    """Text without a character set in Firebird; an engine nobody knows over ODBC."""
    if name == "firebird":
        path = tmp_path / "none.fdb"
        with firebird.created(path, "WIN1252") as connection:
            for statement in (
                "CREATE TABLE t (a VARCHAR(20) CHARACTER SET NONE)",
                "INSERT INTO t VALUES ('Héloïse')",
                "INSERT INTO t VALUES ('Agnès')",
            ):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                connection.commit()
        with _open(firebird.url(path), "t") as source, pytest.raises(TextUndecodable, match="charset="):
            list(source.rows("t"))
        with _open(firebird.url(path).replace("UTF8", "WIN1252"), "t") as source:
            assert [row["A"] for row in source.rows_in_text_order("t", "A")] == ["Agnès", "Héloïse"]
        return
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE t (a text)")
    with _open(f"odbc:Driver={driver('sqlite')};Database={path}", "t") as source:
        assert [one.code for one in source.notices()] == ["database-no-snapshot"]


ON_LINUX = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory as Linux says it")
STREAMING = ["postgresql", "mariadb", "odbc postgresql"]
"""What gives rows as they come; MariaDB's driver of ODBC (3.1) has all rows of a table before it gives the first."""


@ON_LINUX
@pytest.mark.slow
@pytest.mark.parametrize("name", STREAMING)
def test_a_long_table_takes_no_more_memory_than_a_short_one(
    name: str, engine_of: Callable[[str], Engine]
) -> None:
    engine = engine_of(name)
    quote, rows = '"', f"generate_series(1, {ROWS})"
    if "mariadb" in name:
        quote, rows = "`", f"seq_1_to_{ROWS}"
    table = f"{quote}long{quote}"
    engine.run(
        f"DROP TABLE IF EXISTS {table}",
        f"CREATE TABLE {table} AS SELECT repeat('x', 300) AS t FROM {rows}",
        "DROP TABLE IF EXISTS short",
        f"CREATE TABLE short AS SELECT t FROM {table} LIMIT 1000",
    )
    done = subprocess.run(
        [sys.executable, "-c", PROBE, engine.address, str(ROWS)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) < GROWTH


LARGE = 4 << 20
"""Bytes of one value; 40 rows have 160 megabytes."""
PROBE_OF_LARGE = f"""
import sys
{PEAK}
from formats.databases.opening import OpeningOptions
from formats.databases.servers.source import open_server
with open_server(sys.argv[1], OpeningOptions()) as source:
    before = peak()
    sizes = [len(value) for row in source.rows("images") for name, value in row.items() if name.lower() == "d"]
    print(peak() - before)
    assert sizes == [int(sys.argv[2])] * 40, sizes
"""


@ON_LINUX
@pytest.mark.slow
@pytest.mark.parametrize("name", [*STREAMING, "odbc sqlite"])
def test_large_values_come_a_few_at_a_time(
    name: str, engine_of: Callable[[str], Engine], tmp_path: Path
) -> None:
    """Pictures kept in a table: two hundred rows at once were fetched before, of whatever size."""
    if name == "odbc sqlite":
        path = tmp_path / "images.sqlite"
        with closing(sqlite3.connect(path)) as made, made:
            made.execute("CREATE TABLE images (n integer PRIMARY KEY, d blob)")
            made.executemany("INSERT INTO images VALUES (?, zeroblob(?))", [(n, LARGE) for n in range(40)])
        address = f"odbc:Driver={driver('sqlite')};Database={path}"
    else:
        engine = engine_of(name)
        series, kind = "generate_series(1, 40) AS s(n)", "text"
        if "mariadb" in name:
            series, kind = "(SELECT seq AS n FROM seq_1_to_40) AS s", "longtext"
        engine.run(
            "DROP TABLE IF EXISTS images",
            f"CREATE TABLE images (n integer PRIMARY KEY, d {kind})",
            f"INSERT INTO images SELECT n, repeat('x', {LARGE}) FROM {series}",
        )
        address = engine.address
    done = subprocess.run(
        [sys.executable, "-c", PROBE_OF_LARGE, address, str(LARGE)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) < 12 * LARGE


# -- SQL Server cannot run here: what it is statements, and how its names are written ------------------------


@pytest.mark.parametrize(
    ("state", "level", "facts"),
    [
        (1, "SNAPSHOT", SessionFacts()),
        (0, "READ COMMITTED", SessionFacts(no_snapshot=NOT_ALLOWED)),
    ],
)
def test_sql_server_is_asked_for_a_snapshot_where_its_owner_allows_it(
    state: int, level: str, facts: SessionFacts
) -> None:
    statements: list[str] = []

    def run(statement: str) -> list[tuple[Any, ...]]:
        statements.append(statement)
        return [(state,)] if statement.startswith("SELECT") else []

    assert SQLSERVER.begin(run, "Europe/Paris") == facts
    assert statements[0] == "SET LOCK_TIMEOUT 30000"
    assert statements[2:] == [f"SET TRANSACTION ISOLATION LEVEL {level}", "BEGIN TRANSACTION"]


def test_names_of_sql_server_stand_between_brackets() -> None:
    assert SQLSERVER.quote("Dossier [vieux]") == "[Dossier [vieux]]]"


def test_a_driver_manager_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pyodbc answers on a machine without unixODBC: its module is there, the library it needs is not."""
    (tmp_path / "pyodbc.py").write_text(
        "raise ImportError('libodbc.so.2: cannot open shared object file: No such file or directory')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pyodbc", raising=False)
    with pytest.raises(SystemDriverMissing, match=r"libodbc\.so\.2.*Install unixODBC \(Debian: unixodbc\)"):
        _open("odbc:DSN=x")
