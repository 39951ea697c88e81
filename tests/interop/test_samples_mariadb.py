"""Both sample practices hold the same rows in a real MariaDB with the official tables and in SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from samples.story.book import build_sqlite
from samples.story.columns import tables
from tests.mariadb import SAMPLES, Server, mariadb_server, opendental_practice, opendental_successor

__all__ = ["mariadb_server", "opendental_practice", "opendental_successor"]

NUMBERS = {"int", "real"}
AS_TEXT = pymysql.converters.encoders.copy()
"""Conversions to the server only: what comes back stays as the server wrote it."""


@pytest.mark.parametrize("practice", ["practice", "successor"])
def test_mariadb_and_sqlite_hold_the_same_rows(
    practice: str, mariadb_server: Server, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    database = request.getfixturevalue(f"opendental_{practice}")
    script = SAMPLES / practice / "opendental.sql"
    copy = tmp_path / "copy.sqlite"
    build_sqlite(script.read_bytes().decode("utf-8"), copy)
    compared = 0
    with (
        closing(mariadb_server.connect(database, conv=AS_TEXT)) as server,
        closing(sqlite3.connect(copy)) as lite,
    ):
        for name, table in tables().items():
            columns = ",".join(f"`{column}`" for column in table.columns)
            select = f"SELECT {columns} FROM `{name}` ORDER BY `{table.key}`"
            with server.cursor() as cursor:
                cursor.execute(select)
                theirs = [_plain(row, list(table.columns.values())) for row in cursor.fetchall()]
            ours = [_plain(row, list(table.columns.values())) for row in lite.execute(select)]
            assert theirs == ours, name
            compared += len(ours)
    assert compared > {"practice": 1500, "successor": 150}[practice]


def test_the_column_list_is_the_official_one(mariadb_server: Server, opendental_practice: str) -> None:
    with closing(mariadb_server.connect(opendental_practice)) as server, server.cursor() as cursor:
        for name, table in tables().items():
            cursor.execute(f"SHOW COLUMNS FROM `{name}`")
            assert [row[0] for row in cursor.fetchall()] == list(table.columns), name


def test_mariadb_changes_no_value_while_loading(mariadb_server: Server, opendental_practice: str) -> None:
    """With an empty sql_mode a value that is too long or unknown is cut with a warning: expect none."""
    statements = (SAMPLES / "practice" / "opendental.sql").read_bytes().decode("utf-8").split(";\nINSERT")
    mariadb_server.database("warnings")
    with closing(mariadb_server.connect("warnings")) as server, server.cursor() as cursor:
        for name in tables():
            cursor.execute(f"CREATE TABLE `{name}` LIKE `{opendental_practice}`.`{name}`")
        for place, statement in enumerate(statements):
            cursor.execute(statement if place == 0 else f"INSERT{statement}")
            cursor.execute("SHOW WARNINGS")
            warnings = cursor.fetchall()
            assert warnings == (), statement[:80]


def _plain(row: tuple[object, ...], kinds: list[str]) -> tuple[object, ...]:
    """Return a row with numbers as numbers and the rest as text, whatever the driver gives."""
    return tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True))


def _value(value: object, kind: str) -> object:
    text = value.decode("utf-8") if isinstance(value, bytes) else value
    return float(str(text)) if kind in NUMBERS and text is not None else text
