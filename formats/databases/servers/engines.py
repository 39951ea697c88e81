"""What each engine needs of whoever reads it: driver, SQL of its own, and a session that reads in one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from formats.databases.servers.driver_messages import LOCKED, REFUSED, UNDECODABLE
from formats.words import mark

LOCK_SECONDS = 30
"""How long a locked table is waited for."""
ROWS_AT_ONCE = 500
"""Rows fetched together."""
LARGE_AT_ONCE = 1
"""The same of a table whose rows may be large, where nobody knows how large."""
FETCHED_BYTES = 4 << 20
"""Bytes of large values that are fetched together, where there is more than one row of them."""
PATIENCE_SECONDS = 86_400
"""How long a server waits for a slow reader; MySQL's own 60 seconds would end a collect half-way."""

SNAPSHOT_ENGINES = frozenset({"InnoDB", "ROCKSDB", "TokuDB"})
"""Engines of MySQL and MariaDB that keep a snapshot."""

Run = Callable[[str], list[tuple[object, ...]]]
"""Runs a statement in the session, and returns its rows."""


NO_SNAPSHOTS = mark("this kind of database is read without a snapshot")
NOT_ALL_TABLES = mark("some of its tables are of an engine without snapshots, such as MyISAM")
NOT_ALLOWED = mark("its owner has not allowed snapshots (ALLOW_SNAPSHOT_ISOLATION)")
"""Why rows may change while they are read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionFacts:
    """How a session reads: why it has no snapshot, and whether it gives moments in UTC for want of the time zone."""

    no_snapshot: str = ""
    in_utc: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """One engine.

    ``dialect`` is SQLAlchemy's name with the driver, ``module`` the driver's, ``extra`` and ``package`` what brings
    it. ``quotes`` stand around names. ``catalog`` is asked for the tables where SQLTables of the driver is not to
    be trusted: its columns are catalog, schema, name, kind. ``text_order`` and ``size_of`` are expressions with
    ``{}`` for a column; without the first, rows are sorted here. ``fetches``: each time that rows are fetched is a
    question to the server, so that it is worth while to ask how large they are. ``side_by_side``: one session reads
    several tables at a time. ``begin`` makes a session read-only, in one snapshot, at a time zone; with
    ``autocommit`` it begins the transaction itself. ``waits`` is the statement that limits how long a locked table
    is waited for. ``kinds`` are the faults that tell of a refusal or a lock, by number or SQLSTATE.
    """

    name: str
    dialect: str = ""
    module: str = ""
    extra: str = ""
    package: str = ""
    quotes: tuple[str, str] = ('"', '"')
    catalog: str = ""
    text_order: str = ""
    size_of: str = ""
    fetches: bool = False
    side_by_side: bool = False
    autocommit: bool = False
    waits: str = ""
    begin: Callable[[Run, str], SessionFacts] = lambda *_: SessionFacts(no_snapshot=NO_SNAPSHOTS)
    kinds: Mapping[str, str]

    @property
    def lock_wait(self) -> str:
        """The statement after which a locked table is waited for no longer than ``LOCK_SECONDS``, if there is one."""
        return self.waits.format(seconds=LOCK_SECONDS, milliseconds=LOCK_SECONDS * 1000)

    def quote(self, name: str) -> str:
        """Return ``name`` so that it is a name whatever it holds."""
        first, last = self.quotes
        return f"{first}{name.replace(last, last * 2)}{last}" if first.strip() else name


def _mysql(run: Run, zone: str) -> SessionFacts:
    for timeout in ("net_write_timeout", "wait_timeout"):
        run(f"SET SESSION {timeout} = {PATIENCE_SECONDS}")
    run(MYSQL.lock_wait)
    # most servers never had their table of time zones filled, and then know offsets alone
    ((known,),) = run(f"SELECT CONVERT_TZ('2020-01-01 12:00:00', '+00:00', '{zone}')")
    run(f"SET SESSION time_zone = '{'+00:00' if known is None else zone}'")
    run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    used = run(
        "SELECT DISTINCT engine FROM information_schema.tables"
        " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
    )
    live = {str(engine) for (engine,) in used} - SNAPSHOT_ENGINES
    return SessionFacts(no_snapshot=NOT_ALL_TABLES if live else "", in_utc=known is None)


def _postgresql(run: Run, zone: str) -> SessionFacts:
    run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    run(f"SET TIME ZONE '{zone}'")
    run(POSTGRESQL.lock_wait)
    run("SET DateStyle = 'ISO, YMD'")
    run("SET IntervalStyle = 'iso_8601'")
    run("SELECT 1")  # the snapshot is taken by the first query
    return SessionFacts()


def _sqlserver(run: Run, _zone: str) -> SessionFacts:
    run(SQLSERVER.lock_wait)
    allowed = run("SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()")
    level = "SNAPSHOT" if allowed and allowed[0][0] == 1 else "READ COMMITTED"
    run(f"SET TRANSACTION ISOLATION LEVEL {level}")
    run("BEGIN TRANSACTION")
    return SessionFacts(no_snapshot="" if level == "SNAPSHOT" else NOT_ALLOWED)


def _firebird(run: Run, zone: str) -> SessionFacts:
    (version,) = run("SELECT RDB$GET_CONTEXT('SYSTEM', 'ENGINE_VERSION') FROM RDB$DATABASE")
    if int(str(version[0]).split(".", 1)[0]) >= 4:  # time zones came with Firebird 4
        run(f"SET TIME ZONE '{zone}'")
    return SessionFacts()


MYSQL = Engine(
    name="MySQL / MariaDB",
    dialect="mysql+pymysql",
    module="pymysql",
    extra="mysql",
    package="PyMySQL",
    quotes=("`", "`"),
    text_order="CAST(CONVERT(TRIM({}) USING utf8mb4) AS BINARY)",
    size_of="OCTET_LENGTH({})",
    autocommit=True,
    waits="SET SESSION lock_wait_timeout = {seconds}",
    begin=_mysql,
    kinds={
        **dict.fromkeys(("1044", "1045", "1142", "1143", "1227", "1698"), REFUSED),
        **dict.fromkeys(("1205", "1213", "3572"), LOCKED),
    },
)
POSTGRESQL = Engine(
    name="PostgreSQL",
    dialect="postgresql+psycopg",
    module="psycopg",
    extra="postgresql",
    package="psycopg",
    text_order='BTRIM(CAST({} AS TEXT)) COLLATE "C"',
    size_of="OCTET_LENGTH({})",
    fetches=True,
    side_by_side=True,
    waits="SET lock_timeout = '{seconds}s'",
    begin=_postgresql,
    kinds={
        **dict.fromkeys(("28P01", "28000", "42501"), REFUSED),
        **dict.fromkeys(("55P03", "40P01", "40001"), LOCKED),
        "22021": UNDECODABLE,
    },
)
SQLSERVER = Engine(
    name="SQL Server",
    dialect="mssql+pymssql",
    module="pymssql",
    extra="sqlserver",
    package="pymssql",
    quotes=("[", "]"),
    text_order="LTRIM(RTRIM(CAST({} AS NVARCHAR(4000)))) COLLATE Latin1_General_100_BIN2",
    size_of="DATALENGTH({})",
    autocommit=True,
    waits="SET LOCK_TIMEOUT {milliseconds}",
    begin=_sqlserver,
    kinds={
        **dict.fromkeys(("18456", "4060", "229", "230", "28000"), REFUSED),
        **dict.fromkeys(("1222", "1205"), LOCKED),
    },
)
FIREBIRD = Engine(
    name="Firebird",
    dialect="firebird+firebird",
    module="firebird.driver",
    extra="firebird",
    package="firebird-driver",
    text_order="CAST(TRIM({}) AS VARCHAR(2000) CHARACTER SET UTF8) COLLATE UCS_BASIC",
    size_of="OCTET_LENGTH({})",
    side_by_side=True,
    begin=_firebird,
    kinds={"335544472": REFUSED, "335544352": REFUSED, "335544345": LOCKED, "335544336": LOCKED},
)
UNKNOWN = Engine(
    name="ODBC",
    module="pyodbc",
    extra="odbc",
    package="pyodbc",
    autocommit=True,
    kinds={"28000": REFUSED, "HYT00": LOCKED, "40001": LOCKED},
)
"""Whatever has a driver of ODBC and is none of the others: no SQL but the simplest, no snapshot."""
SQLITE = replace(
    UNKNOWN,
    catalog="SELECT NULL, NULL, name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'",
)
"""SQLite behind ODBC: of a file that is locked its driver (0.99) lists no table, where a query fails as it should."""
ENGINES: Mapping[str, Engine] = {
    "mysql": MYSQL,
    "postgresql": POSTGRESQL,
    "mssql": SQLSERVER,
    "firebird": FIREBIRD,
}
"""Those that SQLAlchemy speaks to, by the word of their addresses."""
