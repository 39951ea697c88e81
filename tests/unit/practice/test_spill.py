"""What SQLite sorts aside stays in the folder of the store."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archiver.practice.store import open_store

FDS = Path("/proc/self/fd")


def spilled() -> set[str]:
    """Return the folders of the temporary files that SQLite has open."""
    names = []
    for one in FDS.iterdir():
        try:
            names.append(str(one.readlink()))
        except OSError:
            continue
    return {str(Path(name).parent) for name in names if "etilqs_" in name}


@pytest.mark.skipif(not FDS.exists(), reason="looks at open files in /proc")
def test_what_is_sorted_lies_beside_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(elsewhere))
    folder = tmp_path / "the practice's own"
    folder.mkdir()
    with open_store(folder / "practice.db", create=True) as store:
        store.db.execute("CREATE TEMP TABLE sorted (value BLOB)")
        with store.changing():
            rows = ((os.urandom(1000),) for _ in range(20_000))
            store.db.executemany("INSERT INTO sorted VALUES (?)", rows)
            store.db.execute("PRAGMA cache_size = 10")
            store.db.execute("SELECT value FROM sorted ORDER BY value").fetchone()
            assert spilled() == {str(folder)}
