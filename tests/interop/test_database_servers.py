"""What a database behind an address may do: sort by rules of its own, refuse, lock, break off, hold odd values."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from formats.databases.files.table_file import TableFile
from formats.databases.opening import OpeningOptions
from formats.databases.servers import cells as cells_module, engines, source as source_module
from formats.databases.servers.failures import (
    DriverMissing,
    SourceChanged,
    SourceRefused,
    SystemDriverMissing,
    TextUndecodable,
)
from formats.databases.servers.source import ServerSource, open_server
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import OversizedValue, SourceLocked, SourceUnreachable
from formats.databases.text_order import MemorySorter, cell_as_text
from formats.errors import Failure
from tests.engines import firebird
from tests.engines.odbc import driver
from tests.engines.postgresql import PostgresqlServer
from tests.mariadb import Server

KEYS = (
    "10",
    "9",
    "1",
    "é",
    "E",
    "e",
    "z",
    "Z",
    "ß",
    "œuvre",
    "_",
    "-a",
    "a b",
    "ab",
    "A",
    "😀",
    "ﬀ",
    "Ê",
    "x" * 300,
)
"""Keys that every collation puts in another order than their code points have."""
SECRET = "geh%im;Wört"


@pytest.fixture(scope="module")
def cluster(postgresql_server: PostgresqlServer) -> PostgresqlServer:
    """The server, with a database ``practice`` of which the user ``lecteur`` may read little."""
    postgresql_server.database("practice")
    postgresql_server.account("lecteur", SECRET)
    postgresql_server.run(
        "CREATE TABLE patients (num text, nom text)",
        "CREATE SCHEMA praxis",
        "CREATE SCHEMA autre",
        "CREATE TABLE praxis.actes (num int PRIMARY KEY, texte text)",
        "CREATE TABLE autre.x (y int)",
        "CREATE VIEW v_patients AS SELECT num AS numero, nom FROM patients",
        "INSERT INTO praxis.actes VALUES (1, 'a')",
        "CREATE TABLE vus (n int)",
        "GRANT SELECT ON vus, v_patients TO lecteur",
        database="practice",
    )
    return postgresql_server


@pytest.fixture(scope="module")
def keyed(
    cluster: PostgresqlServer, mariadb_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """A table ``k`` in each engine, whose keys sort otherwise than their code points."""
    path = tmp_path_factory.mktemp("keyed") / "k.fdb"
    connections: dict[str, tuple[str, Any, str]] = {}
    cluster.database("keyed")
    mariadb_server.database("keyed", "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    with firebird.created(path) as fire:
        connections["firebird"] = (firebird.url(path), fire, "?")
        connections["postgresql"] = (cluster.url("keyed"), cluster.connect("keyed"), "%s")
        connections["mariadb"] = (
            _mariadb_url(mariadb_server, "keyed"),
            mariadb_server.connect("keyed"),
            "%s",
        )
        for _, connection, mark in connections.values():
            cursor = connection.cursor()
            cursor.execute("CREATE TABLE k (t varchar(400), n integer, place integer)")
            cursor.execute("CREATE TABLE blanks (t varchar(400))")
            connection.commit()
            for place, key in enumerate(KEYS):
                cursor.execute(
                    f"INSERT INTO k VALUES ({mark}, {mark}, {mark})", (f" {key} ", place * 7 % 30, place)
                )
            for key in ("b", "\tc", "a"):
                cursor.execute(f"INSERT INTO blanks VALUES ({mark})", (key,))
            cursor.close()
            connection.commit()
        for name in ("postgresql", "mariadb"):
            connections[name][1].close()
    sqlite = path.with_suffix(".sqlite")
    with closing(_sqlite(sqlite)):
        pass
    return {name: url for name, (url, _, _) in connections.items()} | {
        "odbc sqlite": f"odbc:Driver={driver('sqlite')};Database={sqlite}",
        "odbc mariadb": _odbc_mariadb(mariadb_server, "keyed"),
        "odbc postgresql": _odbc_postgresql(cluster, "keyed"),
    }


def _sqlite(path: Path) -> Any:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE k (t varchar(400), n integer, place integer)")
    rows = [(f" {key} ", place * 7 % 30, place) for place, key in enumerate(KEYS)]
    connection.executemany("INSERT INTO k VALUES (?, ?, ?)", rows)
    connection.execute("CREATE TABLE blanks (t varchar(400))")
    connection.executemany("INSERT INTO blanks VALUES (?)", [("b",), ("\tc",), ("a",)])
    connection.commit()
    return connection


def _mariadb_url(server: Server, database: str, user: str = "root") -> str:
    return f"mysql://{user}@/{database}?unix_socket={server.socket}"


def _odbc_mariadb(server: Server, database: str, user: str = "root") -> str:
    return f"odbc:Driver={driver('mariadb')};Socket={server.socket};UID={user};Database={database}"


def _odbc_postgresql(server: PostgresqlServer, database: str, user: str = "postgres") -> str:
    return f"odbc:Driver={driver('postgresql')};Servername={server.folder};UID={user};Database={database}"


def _open(
    address: str, *named: str, sorters: list[MemorySorter] | None = None, **options: Any
) -> ServerSource:
    def sorter() -> MemorySorter:
        made = MemorySorter()
        if sorters is not None:
            sorters.append(made)
        return made

    files = {name: TableFile() for name in named}
    return open_server(address, OpeningOptions(files=files, sorter=sorter, **options))


ENGINES = ("firebird", "postgresql", "mariadb", "odbc sqlite", "odbc mariadb", "odbc postgresql")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("column", ["t", "n"])
def test_rows_come_in_the_order_of_code_points(keyed: Mapping[str, str], engine: str, column: str) -> None:
    sorters: list[MemorySorter] = []
    with _open(keyed[engine], "k", sorters=sorters) as source:
        name = next(one for one in source.tables()["k"].columns if one.lower() == column)
        texts = [cell_as_text(row[name]) for row in source.rows_in_text_order("k", name)]
    assert texts == sorted(texts) and len(texts) == len(KEYS)
    assert bool(sorters) is (engine == "odbc sqlite")  # whose engine nobody knows how to ask


@pytest.mark.parametrize("engine", ENGINES)
def test_an_order_that_is_not_ours_is_not_believed(keyed: Mapping[str, str], engine: str) -> None:
    sorters: list[MemorySorter] = []
    with _open(keyed[engine], sorters=sorters) as source:
        name = source.tables()["blanks"].columns[0]
        # a tabulator is a blank for us and none for TRIM
        assert [cell_as_text(row[name]) for row in source.rows_in_text_order("blanks", name)] == [
            "a",
            "b",
            "c",
        ]
    assert len(sorters) == 1


def test_rows_that_change_while_they_are_read_are_refused(keyed: Mapping[str, str]) -> None:
    with _open(keyed["mariadb"], "k") as source, pytest.raises(SourceChanged, match="k: Rows changed"):
        list(source._checked("k", "t", "t DESC"))


@pytest.mark.parametrize("engine", ENGINES)
def test_several_streams_and_counts_go_side_by_side(keyed: Mapping[str, str], engine: str) -> None:
    with _open(keyed[engine], "k") as source:
        streams = [source.rows("k") for _ in range(6)]
        for _ in KEYS:
            assert len({tuple(next(one).items()) for one in streams}) >= 1
            assert source.count("k") == len(KEYS)
        left = source.rows("k")
        next(left)
    for one in streams:
        with suppress(StopIteration, Failure):
            next(one)


# -- who may read what ---------------------------------------------------------------------------


def test_a_view_is_read_where_a_mapping_names_it_and_a_refused_table_is_said(
    cluster: PostgresqlServer,
) -> None:
    with _open(cluster.url("practice", "lecteur"), "V_PATIENTS", password=SECRET) as source:
        assert set(source.tables()) == {"v_patients", "vus"}
        assert source.tables()["v_patients"].columns == ("numero", "nom")
        notices = {(one.code, one.where): one.text for one in source.notices()}
    assert "permission denied" in notices["database-table-unread", "patients"]
    assert notices["database-schemas-unread", "postgresql:///practice"].endswith("autre, praxis.")


def test_a_mapping_may_name_a_table_of_another_schema(cluster: PostgresqlServer) -> None:
    with _open(cluster.url("practice"), "praxis.ACTES", "patients") as source:
        assert set(source.tables()) == {"praxis.actes", "patients", "vus"}
        assert list(source.rows("praxis.actes")) == [{"num": 1, "texte": "a"}]
        assert source.tables()["praxis.actes"].key == "num"
    with _open(cluster.url("practice")) as source:  # without a mapping views are shown as well
        assert {"v_patients", "patients"} <= set(source.tables())


@pytest.fixture
def refusing(cluster: PostgresqlServer, mariadb_server: Server) -> Mapping[str, str]:
    mariadb_server.run(f"CREATE OR REPLACE USER 'lecteur'@'localhost' IDENTIFIED BY '{SECRET}'")
    return {
        "postgresql": cluster.url("practice", "lecteur"),
        "mariadb": _mariadb_url(mariadb_server, "mysql", "lecteur"),
        "odbc postgresql": _odbc_postgresql(cluster, "practice", "lecteur"),
        "odbc mariadb": _odbc_mariadb(mariadb_server, "mysql", "lecteur"),
    }


@pytest.mark.parametrize("engine", ["postgresql", "mariadb", "odbc postgresql", "odbc mariadb"])
def test_a_wrong_password_is_a_sentence_and_appears_nowhere(
    refusing: Mapping[str, str],
    engine: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    wrong = "Fälsch;p}a%ss"
    with pytest.raises(SourceRefused) as refused:
        _open(refusing[engine], password=wrong)
    output = "".join(traceback.format_exception(refused.value)) + caplog.text + "".join(capfd.readouterr())
    assert wrong not in output and "lsch;p" not in output
    assert "\n" not in str(refused.value) and "refuses the user or the password" in str(refused.value)


def test_a_right_password_opens(refusing: Mapping[str, str]) -> None:
    for engine in ("postgresql", "odbc postgresql"):
        with _open(refusing[engine], password=SECRET) as source:
            assert "vus" in source.tables()


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    for address in (
        f"postgresql://u@/d?host={tmp_path}", f"mysql://u@/d?unix_socket={tmp_path}/s",
        "mssql://u:geheim@127.0.0.1:9/d", f"firebird://SYSDBA@//{tmp_path}/nowhere.fdb",
        f"odbc:Driver={driver('postgresql')};Servername={tmp_path};UID=u;Database=d",
    ):  # fmt: skip
        with pytest.raises(SourceUnreachable) as unreachable:
            _open(address)
        assert "\n" not in str(unreachable.value) and "geheim" not in str(unreachable.value), address


# -- locked, gone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_table_that_stays_locked_is_said(
    engine: str, cluster: PostgresqlServer, mariadb_server: Server, monkeypatch: pytest.MonkeyPatch,
    keyed: Mapping[str, str],
) -> None:  # fmt: skip
    monkeypatch.setattr(engines, "LOCK_SECONDS", 1)
    other = cluster.connect("keyed") if engine == "postgresql" else mariadb_server.connect("keyed")
    lock = "LOCK TABLE k IN ACCESS EXCLUSIVE MODE" if engine == "postgresql" else "LOCK TABLES k WRITE"
    with closing(other):
        other.cursor().execute(lock)
        with pytest.raises(SourceLocked, match="Somebody keeps the table locked"):
            _open(keyed[engine], "k")
    with _open(keyed[engine], "k") as source:
        assert source.count("k") == len(KEYS)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # psycopg warns of its own cursor
@pytest.mark.parametrize("engine", ["postgresql", "mariadb", "odbc postgresql", "odbc mariadb"])
def test_a_server_that_goes_away_is_said(
    engine: str, keyed: Mapping[str, str], cluster: PostgresqlServer, mariadb_server: Server
) -> None:
    with _open(keyed[engine], "k") as source:
        if "postgresql" in engine:
            cluster.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'keyed'")
        else:
            with closing(mariadb_server.connect()) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT id FROM information_schema.processlist WHERE db = 'keyed'")
                for (number,) in cursor.fetchall():
                    cursor.execute(f"KILL {number}")
        with pytest.raises(SourceUnreachable, match="cannot be read"):
            list(source.rows("k"))
    with _open(keyed[engine], "k") as source:
        assert len(list(source.rows("k"))) == len(KEYS)


def test_the_session_can_only_read(keyed: Mapping[str, str]) -> None:
    for engine in ("postgresql", "mariadb", "firebird", "odbc postgresql", "odbc mariadb"):
        with _open(keyed[engine], "k") as source, pytest.raises(Failure):
            list(source._streamed("k", "DELETE FROM k"))
        with _open(keyed[engine], "k") as source:
            assert source.count("k") == len(KEYS), engine


# -- values ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def moments(cluster: PostgresqlServer, mariadb_server: Server) -> Mapping[str, str]:
    """A moment half an hour before midnight in UTC in a table ``m``, by engine; MariaDB knows no time zone."""
    cluster.database(
        "moments",
        "CREATE TABLE m (a timestamptz, b timestamp, c date, d time)",
        "INSERT INTO m VALUES ('2026-03-28 23:30:00+00', '2026-03-28 23:30:00', '2026-03-28', '09:30')",
        "INSERT INTO m VALUES ('2026-07-01 22:30:00+00', NULL, NULL, NULL)",
        "CREATE VIEW v AS SELECT a AS vu, a::date AS jour FROM m",
        "CREATE TABLE e (e interval)",
        "INSERT INTO e VALUES ('90 min')",
    )
    mariadb_server.database("moments")
    for statement in (
        "CREATE TABLE m (a timestamp NULL, b datetime, c date, d time)",
        "INSERT INTO m VALUES ('2026-03-28 23:30:00', '2026-03-28 23:30:00', '2026-03-28', '09:30')",
        "INSERT INTO m VALUES ('2026-07-01 22:30:00', NULL, NULL, NULL)",
        "CREATE VIEW v AS SELECT a AS vu FROM m",
    ):
        mariadb_server.run(statement, "moments")
    return {
        "postgresql": cluster.url("moments"),
        "odbc postgresql": _odbc_postgresql(cluster, "moments"),
        "mariadb": _mariadb_url(mariadb_server, "moments"),
        "odbc mariadb": _odbc_mariadb(mariadb_server, "moments"),
    }


@pytest.mark.parametrize("engine", ["postgresql", "odbc postgresql", "mariadb", "odbc mariadb"])
def test_moments_are_those_of_the_clock_of_the_practice(engine: str, moments: Mapping[str, str]) -> None:
    winter = {"a": "2026-03-29 00:30:00", "b": "2026-03-28 23:30:00", "c": "2026-03-28", "d": "09:30:00"}
    summer = {"a": "2026-07-02 00:30:00", "b": None, "c": None, "d": None}
    with _open(moments[engine], "m", "v") as source:
        assert list(source.rows("m", "a")) == [winter, summer]
        assert list(source.rows_in_text_order("m", "a")) == [winter, summer]
        assert [row["vu"] for row in source.rows("v")] == [winter["a"], summer["a"]]
        unknown = ["database-zone-unknown"] if "mariadb" in engine else []
        assert [one.code for one in source.notices()] == unknown
    with _open(moments[engine], "m", time_zone="Indian/Chagos") as source:
        assert [row["a"] for row in source.rows("m", "a")] == ["2026-03-29 05:30:00", "2026-07-02 04:30:00"]


def test_postgresql_computes_days_by_the_clock_of_the_practice(moments: Mapping[str, str]) -> None:
    with _open(moments["postgresql"], "v", "e") as source:
        assert [row["jour"] for row in source.rows("v")] == ["2026-03-29", "2026-07-02"]
        assert list(source.rows("e")) == [{"e": "PT1H30M"}]


def test_a_server_that_knows_the_time_zone_speaks_it(mariadb_server: Server) -> None:
    """As ``mysql_tzinfo_to_sql`` fills the tables, for this one zone."""
    mariadb_server.database("zones")
    mariadb_server.run("CREATE TABLE m (a timestamp)", "zones")
    mariadb_server.run("INSERT INTO m VALUES ('2026-03-28 23:30:00')", "zones")
    mariadb_server.run("CREATE VIEW v AS SELECT CAST(a AS date) AS jour FROM m", "zones")
    for statement in (
        "INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (77, 'N')",
        "INSERT INTO mysql.time_zone_name VALUES ('Indian/Reunion', 77)",
        "INSERT INTO mysql.time_zone_transition_type VALUES (77, 0, 14400, 0, '+04')",
    ):
        mariadb_server.run(statement)
    with _open(_mariadb_url(mariadb_server, "zones"), "v", "m", time_zone="Indian/Reunion") as source:
        assert list(source.rows("m")) == [{"a": "2026-03-29 03:30:00"}]
        assert list(source.rows("v")) == [{"jour": "2026-03-29"}]
        assert source.notices() == ()
    with _open(_odbc_mariadb(mariadb_server, "zones"), "v", "m", time_zone="Indian/Reunion") as source:
        assert list(source.rows("m")) == [{"a": "2026-03-29 03:30:00"}]


def test_odd_values_stay_what_they_are(cluster: PostgresqlServer, mariadb_server: Server) -> None:
    cluster.database(
        "odd",
        "CREATE TABLE o (a date, b date, c numeric, d numeric(30,10), e bool, f bytea, g int[], h float8, i jsonb,"
        " j uuid)",
        "INSERT INTO o VALUES ('infinity', '0044-03-15 BC', 57.60, 12345678901234567890.5, true, '\\x00ff', '{1,2}',"
        " 'NaN', '{\"a\": 1}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
    )
    with _open(cluster.url("odd"), "o") as source:
        (row,) = source.rows("o")
    assert row == {
        "a": "infinity", "b": "0044-03-15 BC", "c": 57.6, "d": "12345678901234567890.5000000000", "e": 1,
        "f": b"\x00\xff", "g": "{1,2}", "h": "nan", "i": '{"a": 1}', "j": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    }  # fmt: skip
    mariadb_server.database("odd")
    mariadb_server.run(
        "CREATE TABLE o (a date, b datetime, c bit(9), d decimal(10,2), e blob, f year, g bool)", "odd"
    )
    mariadb_server.run(
        "INSERT INTO o VALUES ('0000-00-00', '1983-00-00', b'100000001', 57.60, x'00ff', 1983, 1)", "odd"
    )
    with _open(_mariadb_url(mariadb_server, "odd"), "o") as source:
        (row,) = source.rows("o")
    assert row == {
        "a": "0000-00-00", "b": "1983-00-00 00:00:00", "c": b"\x01\x01", "d": 57.6, "e": b"\x00\xff", "f": 1983, "g": 1
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["postgresql", "odbc postgresql"])
def test_a_database_without_an_encoding_is_a_sentence_until_one_is_named(
    engine: str, cluster: PostgresqlServer
) -> None:
    """As clusters of twenty years ago were made (SQL_ASCII): bytes of Windows, of which the server knows nothing."""
    cluster.database(
        "ascii", options="ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc"
    )
    with closing(cluster.connect("ascii", autocommit=True, client_encoding="latin1")) as connection:
        connection.execute("CREATE TABLE p (nom text)")
        connection.execute("INSERT INTO p VALUES ('Agnès')")
    address = cluster.url("ascii") if engine == "postgresql" else _odbc_postgresql(cluster, "ascii")
    with _open(address, "p") as source, pytest.raises(TextUndecodable, match="not written in UTF-8"):
        list(source.rows("p"))
    if engine == "postgresql":
        with _open(f"{address}&charset=LATIN1", "p") as source:
            assert list(source.rows("p")) == [{"nom": "Agnès"}]


def test_numbers_of_any_length_keep_their_digits(cluster: PostgresqlServer, mariadb_server: Server) -> None:
    """PostgreSQL keeps 131,072 digits, of which Python writes 4,300; what 64 bits do not hold is text."""
    cluster.database(
        "digits",
        "CREATE TABLE n (a int, b numeric)",
        "INSERT INTO n VALUES (1, repeat('9', 5000)::numeric), (2, 10::numeric ^ 18 - 1),"
        " (3, repeat('1', 19)::numeric), (4, ('-1' || repeat('0', 6000))::numeric),"
        " (5, (repeat('1', 20) || '.' || repeat('2', 20))::numeric), (6, 'NaN'),"
        " (7, 57.6::numeric(40, 30)), (8, 10::numeric ^ 18), (9, -0.5::numeric(40, 30))",
    )
    with _open(cluster.url("digits"), "n") as source:
        found = {row["a"]: row["b"] for row in source.rows("n")}
        assert len([cell_as_text(value) for value in found.values()]) == 9
        assert len(list(source.rows_in_text_order("n", "a"))) == 9
    assert found[1] == "9" * 5000 and found[2] == 10**18 - 1 and found[3] == "1" * 19
    assert (found[7], found[9]) == (57.6, -0.5) and str(found[8]).startswith("1" + "0" * 18)
    assert found[4] == f"-1{'0' * 6000}" and found[5] == f"{'1' * 20}.{'2' * 20}" and found[6] == "NaN"
    mariadb_server.database("digits")
    mariadb_server.run("CREATE TABLE n (a bigint unsigned, b decimal(65, 0))", "digits")
    mariadb_server.run(f"INSERT INTO n VALUES ({2**64 - 1}, {'9' * 65})", "digits")
    for address in (_mariadb_url(mariadb_server, "digits"), _odbc_mariadb(mariadb_server, "digits")):
        with _open(address, "n") as source:
            assert list(source.rows("n")) == [{"a": 2**64 - 1, "b": "9" * 65}]


@pytest.fixture
def large(
    keyed: Mapping[str, str], cluster: PostgresqlServer, mariadb_server: Server, tmp_path: Path
) -> Callable[[str], str]:
    """Make a table with a text of 120 bytes in an engine, and give its address."""

    def made(engine: str) -> str:
        fill = f"INSERT INTO large VALUES ('{'é' * 60}', 'short')"
        drop, create = "DROP TABLE IF EXISTS large", "CREATE TABLE large (a {}, b {})"
        if "postgresql" in engine:
            cluster.run(drop, create.format("text", "bytea"), fill, database="keyed")
            return keyed[engine]
        if "mariadb" in engine:
            for statement in (drop, create.format("longtext", "longblob"), fill):
                mariadb_server.run(statement, "keyed")
            return keyed[engine]
        if engine == "firebird":
            with firebird.created(tmp_path / "large.fdb") as connection:
                for statement in (create.format("BLOB SUB_TYPE TEXT CHARACTER SET UTF8", "BLOB"), fill):
                    with connection.cursor() as cursor:
                        cursor.execute(statement)
                    connection.commit()
            return firebird.url(tmp_path / "large.fdb")
        path = tmp_path / "large.sqlite"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(create.format("text", "blob"))
            connection.execute(fill)
        return f"odbc:Driver={driver('sqlite')};Database={path}"

    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_that_is_too_large_stays_in_the_database(
    engine: str, large: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (source_module, cells_module):
        monkeypatch.setattr(module, "MAX_CELL", 100)
    with _open(large(engine), "large") as source:
        (row,) = source.rows("large")
    found = {name.lower(): value for name, value in row.items()}
    assert found == {"a": OversizedValue(size=120), "b": b"short"}


# -- what is not installed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "module", "extra", "package"),
    [
        ("postgresql://u@h/d", "psycopg", "postgresql", "psycopg"),
        ("mssql://u@h/d", "pymssql", "sqlserver", "pymssql"),
        ("firebird://u@h/d", "firebird.driver", "firebird", "firebird-driver"),
        ("firebird://u@h/d", "sqlalchemy", "firebird", "SQLAlchemy"),
        ("mysql://u@h/d", "pymysql", "mysql", "PyMySQL"),
        ("odbc:DSN=x", "pyodbc", "odbc", "pyodbc"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    address: str, module: str, extra: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(DriverMissing) as missing:
        _open(address)
    assert (missing.value.facts["extra"], missing.value.facts["package"]) == (extra, package)


def test_a_driver_of_odbc_that_is_not_installed_is_said_with_those_that_are() -> None:
    for address in ("odbc:Driver={HFSQL};RepFic=/x;PWD=geheim", "odbc:DSN=nowhere;PWD=geheim"):
        with pytest.raises(SystemDriverMissing, match="from the vendor") as missing:
            _open(address)
        assert "geheim" not in str(missing.value)


def test_a_view_of_sqlite_is_read_where_a_mapping_names_it(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    with closing(_sqlite(path)) as connection:
        connection.execute("CREATE VIEW vue AS SELECT n FROM k")
    views: list[tuple[Callable[[], SqliteSource], bool]] = [
        (lambda: SqliteSource(path), False),
        (lambda: SqliteSource(path, views=("VUE",)), True),
        (lambda: SqliteSource(path, views=None), True),
    ]
    for opened, there in views:
        with opened() as source:
            assert ("vue" in source.tables()) is there
            assert not there or len(list(source.rows("vue"))) == len(KEYS)
