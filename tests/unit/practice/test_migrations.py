"""A store comes from its version to ours whole, or stays what it was."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archiver.practice import schema
from archiver.practice.errors import StoreNewer, StoreUnreadable
from archiver.practice.migrations import Step, migrate
from archiver.practice.store import open_store
from tests.unit.practice.test_store import dump, fill

ROOT = Path(__file__).resolve().parents[3]
NOW = schema.SCHEMA_VERSION
"""The version that a new store has; the steps here lead on from it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_store(tmp_path / "p.db", create=True) as store:
        fill(store)
    return tmp_path / "p.db"


def setting(text: str) -> Step:
    """Return a step that leaves ``text`` in the settings."""

    def step(db: sqlite3.Connection) -> None:
        (last,) = db.execute("SELECT count(*) FROM settings").fetchone()
        db.execute("INSERT INTO settings (name, value) VALUES (?, ?)", (text, str(last)))

    return step


def brought(path: Path, steps: dict[int, Step], version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, path, steps, version)


def asked(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(question).fetchall()


def failing(db: sqlite3.Connection) -> None:
    setting("half")(db)
    raise ZeroDivisionError


def orphaning(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM patients")


def test_steps_run_once_in_their_order_and_the_tables_are_described_anew(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM about_tables")
    steps = {NOW: setting("one"), NOW + 1: setting("two"), NOW + 2: setting("three")}
    brought(path, steps, NOW + 2)
    assert asked(path, "SELECT name, value FROM settings ORDER BY value") == [("one", "0"), ("two", "1")]
    assert asked(path, "PRAGMA user_version") == [(NOW + 2,)]
    assert dict(asked(path, "SELECT * FROM about_tables")) == dict(schema.descriptions())
    before = dump(path)
    brought(path, steps, NOW + 2)
    assert dump(path) == before


@pytest.mark.parametrize(("step", "fault"), [(failing, ZeroDivisionError), (orphaning, StoreUnreadable)])
def test_what_fails_leaves_the_old_store(
    path: Path, step: Callable[[sqlite3.Connection], None], fault: type[Exception]
) -> None:
    before = dump(path)
    with pytest.raises(fault):
        brought(path, {NOW: setting("one"), NOW + 1: step}, NOW + 2)
    assert dump(path) == before and asked(path, "PRAGMA user_version") == [(NOW,)]


def test_who_is_killed_in_a_step_leaves_the_old_store(path: Path) -> None:
    before = dump(path)
    program = (
        "import os, sqlite3, sys, pathlib\n"
        "from archiver.practice.migrations import migrate\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "def step(db):\n"
        "    db.execute('PRAGMA cache_size = 5')\n"
        "    db.execute('CREATE TABLE more (x)')\n"
        "    db.executemany('INSERT INTO more VALUES (?)', ((os.urandom(4000),) for _ in range(500)))\n"
        "    db.execute('DELETE FROM patients')\n"
        "    os._exit(9)\n"
        f"migrate(db, pathlib.Path(sys.argv[1]), {{{NOW}: step}}, {NOW + 1})\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert path.with_name("p.db-wal").stat().st_size > 1_000_000, "the step had written"
    assert dump(path) == before and asked(path, "PRAGMA user_version") == [(NOW,)]
    with open_store(path) as store:
        assert store.counts()["patients"] == 1


def test_a_newer_store_is_refused_and_stays_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match="newer version") as refused, open_store(path):
        pass
    assert refused.value.facts == {"found": schema.SCHEMA_VERSION + 1, "known": schema.SCHEMA_VERSION}
    assert path.read_bytes() == before


def test_a_store_without_a_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA user_version = 0")
    with pytest.raises(StoreUnreadable, match="no version"), open_store(path):
        pass
