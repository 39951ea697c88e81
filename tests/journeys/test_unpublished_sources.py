"""A file of DPMF, whose structure nobody published: named for what it is, with the next thing to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.line import contents
from tests.journeys.program import Program


@pytest.fixture
def desk(tmp_path: Path) -> Program:
    return Program(folder=tmp_path)


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"SQLite format 3\0" + bytes(84), "archiver mapping propose"),
        (b"\x28\xb5\x2f\xfd" + bytes(20), "zstd -d"),
        (b"PK\x03\x04", "portability archive"),
        (b"", "portability archive"),
    ],
)
def test_what_is_called_dpm_is_said_with_what_to_do(desk: Program, content: bytes, advice: str) -> None:
    (desk.folder / "migration.DPM").write_bytes(content)
    before = contents(desk.folder)
    sentence = desk("collect", "migration.DPM", "--into", "new.db").refused("source-unpublished", 40)
    assert "Dental Practice Migration Format" in sentence
    assert advice in sentence and not sentence.endswith("..")
    assert contents(desk.folder) == before


def test_a_sqlite_database_called_dpm_gives_a_mapping(desk: Program) -> None:
    with closing(sqlite3.connect(desk.folder / "migration.dpm")) as connection, connection:
        connection.execute("CREATE TABLE patient (id INTEGER PRIMARY KEY, last_name TEXT, first_name TEXT)")
        connection.execute("INSERT INTO patient VALUES (1, 'Perrichon', 'Gérard')")
    desk("mapping", "propose", "migration.dpm", "--software", "DPMF", "--to", "dpmf.toml").ok()
    assert "last_name" in (desk.folder / "dpmf.toml").read_text(encoding="utf-8")
