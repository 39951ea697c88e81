"""What collecting a practice costs, small and large: ``python -m tests.benchmarks.collecting [ROWS …] [--rounds N]``.

For each size a practice is made from the seed of the samples and collected into a new store, then into
the same one again (``--again``), then as a source that is unchanged, each time by a process of its own; of several
rounds the least processor time counts. Written is what the process gave to the system (``wchar`` of
``/proc/self/io``); pages that go to the write-ahead log a second time count among what is written besides it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.cli.start import WORKING
from archiver.operations.collecting.collect_software import collect_software
from archiver.practice.store import open_store
from formats.opendental.source import open_opendental
from tests.benchmarks.practices import large_practice

SIZES = (10_000, 100_000, 1_000_000)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def measured(source: Path, into: Path, *, again: bool) -> dict[str, Any]:
    """Collect in this process; return rows, processor seconds, bytes, and the peak of memory in MiB."""
    log, before, started = into.with_name(f"{into.name}-wal"), _written(), os.times()
    with (
        open_opendental(str(source), practice_key="benchmark") as items,
        open_store(into, create=True) as store,
    ):
        with store.changing():
            outcome = collect_software(store, items, system="opendental", again=again, clock=lambda: AT)
        logged = log.stat().st_size
    ended = os.times()
    return {
        "rows": sum(one.read for one in outcome.tables.values()),
        "seconds": ended.user + ended.system - started.user - started.system,
        "written": _written() - before,
        "log": logged,
        "kept": into.stat().st_size,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _written() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def _another_process(source: Path, into: Path, *, again: bool = False) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.collecting", "--one", str(source), str(into)]
    command += ["--again"] if again else []
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _show(title: str, found: list[dict[str, Any]]) -> None:
    best = min(found, key=lambda one: one["seconds"])
    besides = (best["written"] - best["log"]) / best["kept"]
    print(
        f"  {title:<9} {best['rows']:>10,} rows {best['rows'] / best['seconds']:>8,.0f} a CPU second"
        f" {besides:6.2f} bytes written for one kept, besides the log {best['memory']:6.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Make the practices, collect each, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        gc.set_threshold(WORKING)
        print(json.dumps(measured(*chosen.one, again=chosen.again)))
        return
    for rows in chosen.rows:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            large_practice(folder / "source.sqlite", rows)
            new, again, unchanged = [], [], []
            for number in range(chosen.rounds):
                store = folder / str(number) / "practice.db"
                store.parent.mkdir()
                new.append(_another_process(folder / "source.sqlite", store))
                again.append(_another_process(folder / "source.sqlite", store, again=True))
                unchanged.append(_another_process(folder / "source.sqlite", store))
                shutil.rmtree(store.parent)
            _show("new", new)
            _show("again", again)
            _show("unchanged", unchanged)


if __name__ == "__main__":
    main()
