"""What a backup costs: ``python -m tests.benchmarks.backing_up [FOLDER] [--times N]``.

The sample practice, so many times, is backed up for the first time; then once more unchanged; then with one dossier
changed; then restored whole. CPU seconds are those of this process and of all it starts; reading the store to find
what changed is shown by itself.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archiver.backup.content_digests import ContentDigests
from archiver.operations.backup.init_backup import MadeBackup, NewBackup, init_backup
from archiver.operations.backup.restore import restore_practice
from archiver.operations.backup.restore_source import RestoreSource
from archiver.operations.backup.run_backup import RunOutcome, run_backup
from archiver.practice.store import open_store
from archiver.vault.catalogue import open_catalogue
from archiver.vault.description import Hosting
from tests.benchmarks.practices import SAMPLE, large_practice
from tests.journeys.program import PROGRAM

SAMPLE_ROWS = 2069
"""Rows of the sample practice."""
Outcome = TypeVar("Outcome")


def now() -> datetime:
    return datetime.now(UTC)


def used() -> float:
    """Return the CPU seconds of this process and of all that it started and that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(what: str, work: Callable[[], Outcome]) -> tuple[Outcome, float, float]:
    """Do ``work`` and print what it cost; return what it gives, and the seconds, on the clock and of CPU."""
    wall, cpu = time.perf_counter(), used()
    outcome = work()
    wall, cpu = time.perf_counter() - wall, used() - cpu
    print(f"{what:<34} {wall:8.2f} s  {cpu:8.2f} CPU s", flush=True)
    return outcome, wall, cpu


def collected(folder: Path, times: int) -> Path:
    """Return the store of the sample practice, ``times`` times."""
    large_practice(folder / "practice.sqlite", SAMPLE_ROWS * times)
    images = SAMPLE.parent / "images"
    command = ("collect", "opendental", "practice.sqlite", "--images", str(images), "--into", "practice.db")
    subprocess.run(
        [PROGRAM, *command],
        cwd=folder,
        check=False,
        capture_output=True,
        env=os.environ | {"ARCHIVER_DATA": str(folder / "data")},
    )
    return folder / "practice.db"


def set_up(folder: Path, store: Path) -> MadeBackup:
    """Return a backup of ``store`` on a folder beside it, without a run."""
    (folder / "disk").mkdir()
    new = NewBackup(
        folder=folder / "backup",
        name="Benchmark",
        store=store,
        storages=[str(folder / "disk")],
        hosting=Hosting(reason="Fictive data"),
        register=folder / "data",
    )
    return init_backup(new, clock=now, randomness=secrets.token_bytes)


def read_for_changes(store: Path) -> int:
    with open_store(store, reading=True) as opened:
        return len(ContentDigests(opened).dossiers)


def change(store: Path) -> None:
    with closing(sqlite3.connect(store)) as db, db:
        db.execute(
            "UPDATE patients SET traits_used_given_name = 'Zoé' WHERE id = (SELECT id FROM patients LIMIT 1)"
        )


def main() -> None:
    """Set up, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        store = collected(folder, chosen.times)
        made_backup = set_up(folder, store)
        backup = made_backup.backup

        def run() -> RunOutcome:
            return run_backup(backup, clock=now, randomness=secrets.token_bytes, notice=print)

        first, first_wall, first_cpu = measure("first run", run)
        print(f"  {first.dossiers:,} dossiers, {first.size / 1e6:,.0f} MB")
        _, wall, cpu = measure("second run, nothing changed", run)
        print(
            f"  {100 * wall / first_wall:.2f} % of the first, {100 * cpu / first_cpu:.2f} % of its CPU (limit 2 %)"
        )
        change(store)
        _, reading_wall, reading_cpu = measure(
            "reading the store for changes", lambda: read_for_changes(store)
        )
        one, wall, cpu = measure("third run, one dossier changed", run)
        assert one.sealed == 1
        print(f"  {wall - reading_wall:.2f} s, {cpu - reading_cpu:.2f} CPU s besides reading (limit 1 s)")
        with open_catalogue(backup.vault.folder, reading=True) as catalogue:
            source = RestoreSource(
                vault=backup.vault,
                catalogue=catalogue,
                identities=[made_backup.identity],
                trust=backup.trust(now()),
            )
            restored, _, _ = measure(
                "restore of everything", lambda: restore_practice(source, folder / "back.db", clock=now)
            )
        print(f"  {restored.dossiers:,} of {restored.expected:,} dossiers")


if __name__ == "__main__":
    main()
