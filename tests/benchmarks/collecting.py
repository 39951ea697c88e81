"""What collecting a practice costs: ``python -m tests.benchmarks.collecting [ROWS …] [--rounds N] [--from SOURCE …]``.

For each size a practice is made from the seed of the samples (of Open Dental, in SQLite or on a MariaDB server, or of
Molaire 3, exported as CSV and read by its mapping) and collected into a new store, then into the same one again
(``--again``), then as a source that is unchanged, each time by a process of its own; of several
rounds the least processor time counts, which for a server is that of the program alone. 767,000 rows are a practice of
20,000 patients (issue 11). Written is what the process gave to the system (``wchar`` of
``/proc/self/io``); pages that go to the write-ahead log a second time count among what is written besides it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from archiver.cli.start import WORKING
from archiver.operations.collecting.collect_software import collect_software
from archiver.practice.store import open_store
from archiver.spooled_list import SortedSpool
from formats.opendental.source import open_opendental
from formats.reading import SourceItems
from formats.sources.mapped.open import open_mapped

SIZES = (10_000, 100_000, 1_000_000)
MAPPING = Path(__file__).parents[2] / "docs" / "mappings" / "molaire-3.toml"
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What a practice is collected from."""

    SQLITE = "sqlite"
    MARIADB = "mariadb"
    CSV = "csv"


def _opened(kind: Kind, source: str) -> tuple[AbstractContextManager[SourceItems], str]:
    if kind is Kind.CSV:
        return open_mapped(source, mapping=MAPPING, practice_key="benchmark", sorter=SortedSpool), "molaire"
    return open_opendental(source, practice_key="benchmark"), "opendental"


def measured(kind: Kind, source: str, into: Path, *, again: bool) -> dict[str, Any]:
    """Collect in this process; return rows, processor seconds, bytes, and the peak of memory in MiB."""
    log, before, started = into.with_name(f"{into.name}-wal"), _written(), os.times()
    opened, system = _opened(kind, source)
    with opened as items, open_store(into, create=True) as store:
        with store.changing():
            outcome = collect_software(store, items, system=system, again=again, clock=lambda: AT)
        logged = log.stat().st_size
    ended = os.times()
    return {
        "rows": sum(one.read for one in outcome.tables.values()),
        "seconds": ended.user + ended.system - started.user - started.system,
        "written": _written() - before,
        "log": logged,
        "kept": into.stat().st_size,
        "memory": _peak() / 1024,
    }


def _peak() -> int:
    """Return the peak of memory in KiB; ``ru_maxrss`` is at least what the process that started this one had."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _written() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def _another_process(kind: Kind, source: str, into: Path, *, again: bool = False) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.collecting", "--one", kind, source, str(into)]
    command += ["--again"] if again else []
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, stdout=subprocess.PIPE)
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


def _rounds(kind: Kind, source: str, folder: Path, count: int) -> None:
    new, again, unchanged = [], [], []
    for number in range(count):
        store = folder / str(number) / "practice.db"
        store.parent.mkdir()
        new.append(_another_process(kind, source, store))
        again.append(_another_process(kind, source, store, again=True))
        unchanged.append(_another_process(kind, source, store))
        shutil.rmtree(store.parent)
    for title, found in (("new", new), ("again", again), ("unchanged", unchanged)):
        _show(title, found)
    least = [min(one["seconds"] for one in found) for found in (new, unchanged)]
    print(
        f"  a collection of the unchanged source takes 1/{least[0] / least[1]:.1f} of the first", flush=True
    )


@contextmanager
def _made(kind: Kind, folder: Path, rows: int) -> Iterator[str]:
    """Make a practice of that many rows; yield where it is collected from."""
    # What collects in a process of its own loads neither pytest nor what makes a practice.
    from tests.benchmarks.practices import large_database, large_practice, large_tables
    from tests.mariadb import running

    if kind is Kind.SQLITE:
        large_practice(folder / "source.sqlite", rows)
        yield str(folder / "source.sqlite")
    elif kind is Kind.CSV:
        large_tables(folder / "tables", rows)
        yield str(folder / "tables")
    else:
        with running() as server:
            yield large_database(server, rows)[0]


def main() -> None:
    """Make the practices, collect each, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--from", nargs="+", type=Kind, default=[Kind.SQLITE], dest="kinds")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        gc.set_threshold(WORKING)
        kind, source, into = chosen.one
        print(json.dumps(measured(Kind(kind), source, Path(into), again=chosen.again)))
        return
    for rows in chosen.rows:
        for kind in chosen.kinds:
            with tempfile.TemporaryDirectory() as made, _made(kind, Path(made), rows) as source:
                print(f"{kind}:", flush=True)
                _rounds(kind, source, Path(made), chosen.rounds)


if __name__ == "__main__":
    main()
