"""Databases as tables and streams: opened read-only, limited, never trusted."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from formats.databases import tables as limits
from formats.databases.mariadb import MariaDbSource
from formats.databases.server_address import SourceAddress, parse_server_address
from formats.databases.servers.failures import DriverMissing
from formats.databases.sqlite_source import SqliteSource
from formats.databases.tables import (
    OversizedValue,
    SourceTable,
    SourceUnreachable,
    check_count,
    check_size,
)
from formats.errors import FileNotFound, FolderNotFound, FormatFailure, LimitExceeded
from formats.opendental.read import NotOpenDental, UnknownTimeZone, open_source, read
from tests.unit.opendental.tiny import book, reading, write


def _file(folder: Path, *statements: str) -> Path:
    path = folder / "one é #?.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_tables_columns_and_keys_are_asked_from_the_file(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "CREATE TABLE Claim (`ClaimNum` INTEGER PRIMARY KEY, `odd ``name` TEXT, fee REAL)",
        "CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b))",
        "INSERT INTO Claim VALUES (2, 'é', 1.5), (1, NULL, 2)",
    )
    with SqliteSource(path) as source:
        assert set(source.tables()) == {"claim", "pair"}
        assert source.tables()["claim"].columns == ("ClaimNum", "odd `name", "fee")
        assert (source.tables()["claim"].key, source.tables()["pair"].key) == ("ClaimNum", "")
        assert list(source.rows("claim")) == [
            {"ClaimNum": 1, "odd `name": None, "fee": 2.0},
            {"ClaimNum": 2, "odd `name": "é", "fee": 1.5},
        ]
        assert [row["ClaimNum"] for row in source.rows("claim", "fee")] == [2, 1]
        assert source.count("claim") == 2


def test_a_file_is_never_changed(tmp_path: Path) -> None:
    path = _file(tmp_path, "CREATE TABLE t (a INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with SqliteSource(path) as source:
        for connection in (source._plain, source._careful):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute("INSERT INTO t VALUES (1)")
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_text_that_is_no_utf8_and_bytes_stay_bytes(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB)",
        "INSERT INTO t VALUES (1, CAST(X'E9' AS TEXT), X'00FF')",
    )
    with SqliteSource(path) as source:
        assert list(source.rows("t")) == [{"a": 1, "b": b"\xe9", "c": b"\x00\xff"}]


def test_a_cell_beyond_the_limit_stays_in_the_database(tmp_path: Path) -> None:
    size = limits.MAX_CELL + 1
    path = _file(
        tmp_path,
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB, c TEXT)",
        f"INSERT INTO t VALUES (1, zeroblob({size}), 'x')",
    )
    with SqliteSource(path) as source:
        assert list(source.rows("t")) == [{"a": 1, "b": OversizedValue(size=size), "c": "x"}]


@pytest.mark.parametrize("order_by", ["", "d"])
def test_no_row_is_lost_or_read_twice_where_one_needs_care(tmp_path: Path, order_by: str) -> None:
    """What SQLite refuses in the middle of a table is read in another way from there on."""
    size = limits.MAX_CELL + 1
    path = _file(
        tmp_path,
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB, c TEXT, d INTEGER)",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
        " INSERT INTO t SELECT i, i, 'é', 10 - i / 2 FROM n",
        f"UPDATE t SET b = zeroblob({size}) WHERE a = 3",
        "UPDATE t SET c = CAST(X'E9' AS TEXT) WHERE a = 6",
    )
    with SqliteSource(path) as source:
        found = list(source.rows("t", order_by))
    assert sorted(row["a"] for row in found) == list(range(1, 10))
    assert {row["a"]: row["b"] for row in found if row["b"] != row["a"]} == {3: OversizedValue(size=size)}
    assert {row["a"]: row["c"] for row in found if row["c"] != "é"} == {6: b"\xe9"}
    if order_by:
        assert [row["d"] for row in found] == sorted(row["d"] for row in found)


def test_too_many_tables_columns_or_rows_are_refused() -> None:
    wide = SourceTable(name="wide", columns=tuple(f"c{number}" for number in range(limits.MAX_COLUMNS + 1)))
    with pytest.raises(LimitExceeded, match="columns"):
        check_size({"wide": wide}, "here")
    with pytest.raises(LimitExceeded, match="tables"):
        check_size(
            {str(n): SourceTable(name=str(n), columns=("a",)) for n in range(limits.MAX_TABLES + 1)}, "here"
        )
    with pytest.raises(LimitExceeded, match="rows"):
        check_count(limits.MAX_ROWS + 1, "here")


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFound):
        SqliteSource(tmp_path / "nowhere.sqlite")
    (tmp_path / "text.sqlite").write_text(
        "not a database, but long enough to be looked at " * 50, encoding="utf-8"
    )
    with pytest.raises(FormatFailure):
        SqliteSource(tmp_path / "text.sqlite")


def test_a_damaged_file_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    path = write(book(procnote=[{"PatNum": 1, "Note": "x" * 3000} for _ in range(200)]), tmp_path)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40_000] = b"\xff" * 40_000
    path.write_bytes(content)
    with SqliteSource(path) as source, pytest.raises(SourceUnreachable, match="cannot be read"):
        for table in source.tables():
            list(source.rows(table))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "mysql://u:p@host:3307/od",
            {"host": "host", "port": 3307, "user": "u", "password": "p", "database": "od"},
        ),
        (
            "mariadb://u%40x:p%2Fq@host/od",
            {"host": "host", "port": 3306, "user": "u@x", "password": "p/q", "database": "od"},
        ),
        (
            "mysql://root@/od?unix_socket=/run/s.sock",
            {
                "host": "localhost",
                "port": 3306,
                "user": "root",
                "password": "",
                "database": "od",
                "unix_socket": "/run/s.sock",
            },
        ),
        (
            "mysql://u@h/od?ssl_ca=/etc/ca.pem",
            {
                "host": "h",
                "port": 3306,
                "user": "u",
                "password": "",
                "database": "od",
                "ssl": {"ca": "/etc/ca.pem"},
            },
        ),
    ],
)
def test_addresses_are_read(url: str, expected: dict[str, object]) -> None:
    assert parse_server_address(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@host",
        "postgres://u:secret@h/od",
        "mysql://u:secret@h:port/od",
        "mysql://u:secret@h/a/b",
        "secret",
    ],
)
def test_addresses_nobody_can_follow_are_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(SourceAddress) as refused:
        parse_server_address(url)
    assert "secret" not in str(refused.value)


def test_without_the_driver_a_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(DriverMissing, match="PyMySQL"):
        MariaDbSource("mysql://u@h/od")


def test_a_server_that_is_not_there_is_a_failure_without_the_password() -> None:
    with pytest.raises(SourceUnreachable) as refused:
        open_source("mysql://u:verysecret@/od?unix_socket=/nowhere/s")
    assert "verysecret" not in str(refused.value)


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    path = _file(tmp_path, "CREATE TABLE patient (PatNum INTEGER PRIMARY KEY)")
    with SqliteSource(path) as source, pytest.raises(NotOpenDental, match="preference, provider"):
        read(source, images=None, practice_key="k", time_zone="Europe/Paris")


def test_a_time_zone_and_an_image_folder_must_exist(tmp_path: Path) -> None:
    with SqliteSource(write(book(), tmp_path)) as source:
        with pytest.raises(UnknownTimeZone, match="Mars"):
            read(source, images=None, practice_key="k", time_zone="Mars/Olympus")
        with pytest.raises(FolderNotFound, match="none"):
            read(source, images=tmp_path / "none", practice_key="k", time_zone="Europe/Paris")


def test_columns_nobody_knew_travel_and_missing_ones_do_no_harm(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {"popup": [{"PatNum": 1, "Description": "x"}]},
        "ALTER TABLE popup ADD COLUMN Brandnew TEXT DEFAULT 'yes'",
        "ALTER TABLE popup DROP COLUMN UserNum",
    )
    (row,) = found.rows("popup").values()
    assert row.columns["Brandnew"] == "yes"
    assert "UserNum" not in row.columns
