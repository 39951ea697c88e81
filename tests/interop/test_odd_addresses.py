"""Odd addresses of every driver: each is one sentence with its code, and repeats no password."""

from __future__ import annotations

import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

from archiver.cli.exits import STATUS_OF_CODE
from formats.databases.opening import OpeningOptions
from formats.databases.servers.failures import DatabaseAddressInvalid, DatabaseOptionUnfit
from formats.databases.servers.source import open_server
from formats.errors import Failure
from tests.engines import firebird
from tests.engines.odbc import driver
from tests.engines.postgresql import PostgresqlServer
from tests.mariadb import Server

SECRET = "geheim"
QUERIES = (
    "foo=1",
    "foo",
    "=x",
    "charset=",
    "charset=nonsense",
    "connect_timeout=abc",
    "connect_timeout=-1",
    "connect_timeout=99999999999999",
    "login_timeout=1.5",
    "a@b=geheim",
    "a-geheim&b",
    "ssl_ca=/nowhere/ca.pem",
    "ssl_check_hostname=maybe",
    "sslmode=nonsense",
    "sslpassword=geheim",
    "tds_version=9.9",
    "encryption=foo",
    "init_command=DROP+TABLE+x",
    "local_infile=1",
    "read_default_file=/etc/passwd",
    "options=-c+x",
    "conn_properties=x",
    "service=nonsense",
    "fb_client_library",
    "password=a&password=geheim",
    "password=geheim",
    "pwd=geheim",
    "passwd=geheim",
    "x=1&" * 70,
)
"""Queries, some of which one of the drivers takes."""
PLACES = (
    "u:geheim@nowhere.invalid/d",
    "u:geheim@[::1]:9/d",
    "u:geheim@[::1/d",
    "u:geheim@127.0.0.1:0/d",
    "u:geheim@127.0.0.1:9/d",
    "u:geheim@127.0.0.1:port/d",
    "u:geheim@127.0.0.1:9,127.0.0.1:8/d",
    "u:geheim@é..x/d",
    f"u:geheim@{'x' * 300}/d",
    "u:geheim@h h/d",
    f"{'u' * 300}:geheim@127.0.0.1:9/d",
    f"u:{SECRET * 500}@127.0.0.1:9/d",
    "u:geheim@127.0.0.1:9/d%00",
    "u:geheim@127.0.0.1:9/d%0A",
    "u%00:geheim@127.0.0.1:9/d",
    "u:geheim%0A@127.0.0.1:9/d",
    "u:geheim@127.0.0.1:9/" + "d" * 3000,
    "u:geheim@/",
    "u:ge?heim@127.0.0.1:9/d",
    "u:ge/heim@127.0.0.1:9/d",
)
CONNECTION_STRINGS = (
    "",
    ";",
    "DSN=",
    "DSN=;PWD=geheim",
    "Driver={};PWD=geheim",
    "Driver;PWD=geheim",
    "é",
    "DSN=😀;PWD=geheim",
    "DSN=x;PWD=ge;heim",
    "DSN=x;PWD={geheim",
    "DSN=x;PWD={a;Server=geheim",
    "DSN=x;PWD={geheim}x",
    "DSN=x\n;PWD=geheim",
    "DSN=x\0;PWD=geheim",
    "DSN=x;PWD=" + SECRET * 500,
    "DSN=" + "x" * 3000,
    "Driver=/nowhere/x.so;PWD=geheim",
    "Driver=/etc/passwd;PWD=geheim",
    "FILEDSN=/etc/passwd;PWD=geheim",
)
OF_DRIVERS = {
    "mariadb": ("", "Foo=1", "Port=abc", "CHARSET=nonsense", "INITSTMT=SELECT 1/0 FROM geheim", "OPTION=abc",
                "TLSPeerPass=geheim2", "SSLCA=/nowhere"),
    "postgresql": ("", "Foo=1", "Port=abc", "SSLmode=foo", "Fetch=abc", "UseDeclareFetch=abc",
                   "pqopt={password=geheim foo=1}"),
    "sqlite": ("Database=/nowhere/x.sqlite",),
}  # fmt: skip


def refusal(address: str, capfd: pytest.CaptureFixture[str]) -> Failure:
    """Return why the database at ``address`` cannot be opened; what is said and shown has no password in it."""
    with pytest.raises(Failure) as refused:
        open_server(address, OpeningOptions())
    shown = "".join(traceback.format_exception(refused.value)) + "".join(capfd.readouterr())
    assert SECRET not in shown and "heim" not in shown, address
    assert "\n" not in str(refused.value) and refused.value.code in STATUS_OF_CODE, address
    return refused.value


@pytest.fixture(scope="module")
def bases(
    mariadb_server: Server, postgresql_server: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The address of a server by engine, of a user whom it lets in only with a password."""
    mariadb_server.run("CREATE OR REPLACE USER 'odd'@'localhost' IDENTIFIED BY 'right'")
    postgresql_server.account("odd", "right")
    nowhere = tmp_path_factory.mktemp("odd") / "nowhere.fdb"
    return {
        "mysql": f"mysql://odd@/d?unix_socket={quote(str(mariadb_server.socket))}&",
        "postgresql": f"postgresql://odd@/d?host={postgresql_server.folder}&",
        "mssql": "mssql://odd@127.0.0.1:9/d?",
        "firebird": f"firebird://odd@//{nowhere}?",
    }


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("engine", ["mysql", "postgresql", "mssql", "firebird"])
def test_an_odd_option_is_a_sentence(
    engine: str, query: str, bases: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    if engine == "firebird":
        firebird.need()
    failure = refusal(bases[engine] + query, capfd)
    if "foo" in query or "timeout" in query:
        assert isinstance(failure, DatabaseOptionUnfit), failure


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("engine", ["mysql", "postgresql", "mssql", "firebird"])
def test_an_odd_place_is_a_sentence(engine: str, place: str, capfd: pytest.CaptureFixture[str]) -> None:
    if engine == "firebird":
        firebird.need()
    refusal(f"{engine}://{place}", capfd)


@pytest.mark.parametrize("text", CONNECTION_STRINGS)
def test_an_odd_connection_string_is_a_sentence(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    refusal(f"odbc:{text}", capfd)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in OF_DRIVERS.items() for text in texts]
)
def test_an_odd_word_for_a_driver_of_odbc_is_a_sentence(
    name: str,
    text: str,
    mariadb_server: Server,
    postgresql_server: PostgresqlServer,
    bases: dict[str, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    where = {
        "mariadb": f"Socket={mariadb_server.socket}",
        "postgresql": f"Servername={postgresql_server.folder}",
    }
    place = where.get(name, "NoTXN=0")
    refusal(f"odbc:Driver={driver(name)};{place};UID=odd;PWD=geheim;{text}", capfd)


@pytest.mark.parametrize(
    "place", ["sqlite:///x.db?password=geheim", "sqlite:///x.db?mode=rw", "sqlite://u:geheim@h/x.db"]
)
def test_a_file_of_sqlite_has_neither_options_nor_a_server(place: str) -> None:
    from formats.sources.mapped.open import open_tables

    with pytest.raises((DatabaseOptionUnfit, DatabaseAddressInvalid)) as refused:
        open_tables(place, OpeningOptions())
    assert "geheim" not in str(refused.value)


def test_a_password_among_the_options_opens(
    bases: dict[str, str], mariadb_server: Server, postgresql_server: PostgresqlServer
) -> None:
    mariadb_server.database("odd_d")
    mariadb_server.run("GRANT SELECT ON odd_d.* TO 'odd'@'localhost'")
    postgresql_server.database("odd_d")
    for engine in ("mysql", "postgresql"):
        for name in ("password", "passwd", "pwd"):
            address = bases[engine].replace("/d?", "/odd_d?") + f"{name}=right"
            with open_server(address, OpeningOptions()) as source:
                assert source.name == f"{engine}:///odd_d"


def test_the_character_set_of_a_connection_may_be_named(bases: dict[str, str], tmp_path: Path) -> None:
    """That of PostgreSQL by the name of the others; servers of MySQL before 5.5 have no utf8mb4."""
    for engine, query in (("mysql", "charset=utf8"), ("postgresql", "charset=LATIN1")):
        address = bases[engine].replace("odd@", "odd:right@").replace("/d?", "/odd_d?") + query
        with open_server(address, OpeningOptions()) as source:
            assert source.tables() == {}
