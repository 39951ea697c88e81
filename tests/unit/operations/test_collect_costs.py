"""What a collection costs besides what it keeps."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.practice.store import open_store
from formats.databases.sqlite_source import SqliteSource
from formats.opendental.read import read
from tests.benchmarks.practices import large_practice
from tests.unit.opendental.tiny import KEY, ZONE

COUNTERS = Path("/proc/self/io")
ROWS = 10_000


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "practice.sqlite"
    assert ROWS <= large_practice(path, ROWS) < 2 * ROWS
    return path


def written() -> int:
    """Return how many bytes this process has given to the system so far."""
    lines = dict(line.split(": ") for line in COUNTERS.read_text(encoding="ascii").splitlines())
    return int(lines["wchar"])


def collected(practice: Path, into: Path) -> tuple[CollectOutcome, int]:
    """Collect as the command does; return the outcome, and the bytes of the write-ahead log."""
    with closing(SqliteSource(practice)) as source, open_store(into, create=True) as store:
        with store.changing():
            items = read(source, images=None, practice_key=KEY, time_zone=ZONE)
            outcome = collect(
                store, items, system="opendental", clock=lambda: datetime(2026, 5, 4, tzinfo=UTC)
            )
        return outcome, into.with_name(f"{into.name}-wal").stat().st_size


@pytest.mark.slow
@pytest.mark.skipif(not COUNTERS.exists(), reason="reads /proc/self/io")
def test_little_is_written_besides_what_is_kept(practice: Path, tmp_path: Path) -> None:
    """Neither copies of pages for savepoints, nor pages that a small cache gave up and took back."""
    into, before = tmp_path / "practice.db", written()
    outcome, log = collected(practice, into)
    size = into.stat().st_size
    assert size > ROWS * 500
    assert written() - before - log < 1.2 * size
    before = written()
    again, _ = collected(practice, into)
    assert not again.changed and sum(one.unchanged for one in again.tables.values()) > ROWS
    assert written() - before < 1 << 20
    assert sum(one.added for one in outcome.tables.values()) == sum(one.read for one in again.tables.values())


def test_the_large_practice_is_the_same_each_time(practice: Path, tmp_path: Path) -> None:
    large_practice(tmp_path / "again.sqlite", ROWS)
    assert (tmp_path / "again.sqlite").read_bytes()[100:] == practice.read_bytes()[100:]
