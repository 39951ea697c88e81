"""Addresses of databases: what they say, what may be said of them, and which nobody can follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from formats.databases.servers.address import (
    is_database_address,
    parse_database_address,
    shown_place,
    sqlite_path,
)
from formats.databases.servers.failures import DatabaseAddressInvalid

SECRET = "tr/ès s3cret"


def test_a_url_says_where_the_server_is_and_who_asks() -> None:
    found = parse_database_address(
        "postgresql+psycopg://lecteur:tr%2F%C3%A8s%20s3cret@base:5433/cabinet?sslmode=require"
    )
    assert (found.engine, found.host, found.port, found.database) == ("postgresql", "base", 5433, "cabinet")
    assert (found.user, found.password, found.options) == ("lecteur", SECRET, (("sslmode", "require"),))
    assert found.shown == "postgresql://base:5433/cabinet"
    assert SECRET not in repr(found) and not found.asks_password


@pytest.mark.parametrize(
    ("place", "engine"),
    [
        ("mysql://u@h/d", "mysql"),
        ("mariadb://u@h/d", "mysql"),
        ("sqlserver://u@h/d", "mssql"),
        ("MSSQL://u@h/d", "mssql"),
    ],
)
def test_an_engine_may_have_two_names(place: str, engine: str) -> None:
    found = parse_database_address(place)
    assert found.engine == engine and found.asks_password
    assert not parse_database_address(place, "x").asks_password


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("odbc:DSN=Cabinet;UID=lecteur;PWD={a;b}}c};Server=base", "odbc:DSN=Cabinet;Server=base"),
        ("odbc:Cabinet", "odbc:DSN=Cabinet"),
        ("ODBC:Driver={HFSQL};RepFic=C:\\BASE;Analyse=C:\\A.WDD;Password=x", "odbc:Driver={HFSQL}"),
        ("postgres://u:geheim@base/d?password=auch", "postgres://base/d"),
        ("C:\\dossiers\\molaire", "C:\\dossiers\\molaire"),
        ("molaire.sqlite", "molaire.sqlite"),
    ],
)
def test_what_is_shown_holds_no_secret(place: str, shown: str) -> None:
    assert shown_place(place) == shown


def test_a_connection_string_gives_its_password_apart() -> None:
    found = parse_database_address("odbc:DSN=Cabinet;UID=lecteur;PWD={a;b}}c};Server=base")
    assert (found.user, found.password) == ("lecteur", "a;b}c")
    assert found.connection == "DSN=Cabinet;UID=lecteur;Server=base"


@pytest.mark.parametrize(
    "place",
    [
        "oracle://u:geheim@h/d",
        "mysql://u:geheim@h",
        "mysql://u:geheim@h:99999999/d",
        "mysql://u:ge#heim@h/d",
        "mysql://u:12/geheim@h/d",
        "odbc:UID=x;PWD=geheim",
        "odbc:",
    ],
)
def test_an_address_that_nobody_can_follow_is_refused_without_its_password(place: str) -> None:
    assert is_database_address(place)
    with pytest.raises(DatabaseAddressInvalid) as refused:
        parse_database_address(place)
    assert "geheim" not in str(refused.value) and "heim" not in str(refused.value)


def test_a_file_of_sqlite_is_a_path() -> None:
    assert sqlite_path("sqlite:////srv/molaire.db") == Path("/srv/molaire.db")
    assert sqlite_path("sqlite:///molaire.db") == Path("molaire.db")
    assert [sqlite_path(one) for one in ("molaire.db", "odbc:DSN=x", "mysql://h/d")] == [None] * 3
