"""Run the benchmark: ``python -m tests.benchmarks.run [FOLDER] [--small] [--rounds N] [--without NAME …]``.

Every command is a whole process, taken in turn (A B C, A B C, …) so that a
machine that slows down slows all; the ratios within this run are what counts,
and processor seconds where others use the machine too. Every peer is given the
same files and the same records: the tree and the store's SQLite file. A peer
that is not installed is named and left out; a figure judges nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.contenders import PROGRAM, Contender, everybody, load, size_of
from tests.benchmarks.packages import large_package, many_dossiers
from tests.benchmarks.workload import SMALL, STANDARD, Size, build

LARGE, LARGE_SMALL = 4 << 30, 64 << 20
"""Bytes of the package that is verified."""
MANY, MANY_SMALL = 20_000, 200
"""Dossiers of the package of which one is opened."""


def show(members: Sequence[Contender], data: int) -> None:
    """Print the table of one group: medians, how many times ours each takes, throughput, size, memory."""
    ours = members[0]
    rounds = len(ours.seconds)
    print(f"\n{ours.group}, {data / 1e6:,.1f} MB (median of {rounds}; × how many times ours)")
    print(f"  {'':<30} {'s':>8} {'×':>6} {'CPU s':>8} {'×':>6} {'MB/s':>8} {'out MB':>8} {'peak MB':>8}")
    for one in members:
        wall, cpu = statistics.median(one.seconds), statistics.median(one.cpu)
        times = wall / statistics.median(ours.seconds), cpu / (statistics.median(ours.cpu) or 1)
        size = f"{one.size / 1e6:8.1f}" if one.size else " " * 8
        print(
            f"  {one.name:<30} {wall:8.2f} {times[0]:6.2f} {cpu:8.2f} {times[1]:6.2f}"
            f" {data / 1e6 / wall:8.1f} {size} {one.memory / 1024:8.1f}",
            flush=True,
        )


def compete(folder: Path, group: str, data: int, *, rounds: int, without: Sequence[str]) -> None:
    """Run those of ``group`` that are here in turn, and print their table."""
    members = [
        one
        for one in everybody(folder)
        if one.group == group and one.is_here() and not any(word in one.name for word in without)
    ]
    for _ in range(rounds):
        for one in members:
            one.run(folder)
    show(members, data)


def inside(folder: Path, rounds: int) -> None:
    """Print what takes how long once the program has started."""
    print("\nafter start-up (median seconds)")
    wanted = (
        ("sha256", "large.asice", "SHA-256 of the large package, all cores"),
        ("examine", "large.asice", "examining the large package"),
        ("read", "p.asice", "reading back, examination included"),
        ("unlock", "many.asice", "opening the keyring of many dossiers"),
        ("one", "many.asice", "opening one dossier of many"),
    )
    for what, package, title in wanted:
        command = [sys.executable, "-m", "tests.benchmarks.inside", what, package, "keys"]
        found = [
            float(subprocess.run(command, cwd=folder, env=_path(), check=True, capture_output=True).stdout)
            for _ in range(rounds)
        ]
        print(f"  {title:<44} {statistics.median(found):8.3f}", flush=True)


def _path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def main() -> None:
    """Build the workload, run everybody in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], help="words of names to leave out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        _prepare(folder, chosen.small)
        _print_machine(folder)
        data = {
            "seal": size_of(folder / "tree") + size_of(folder / "practice.db"),
            "verify": size_of(folder / "large.asice"),
            "read": size_of(folder / "tree"),
            "start": 0,
        }
        for group, size in data.items():
            compete(folder, group, size, rounds=chosen.rounds, without=chosen.without)
        inside(folder, chosen.rounds)
        print(f"load at the end: {load()}")


def _prepare(folder: Path, small: bool) -> None:
    size: Size = SMALL if small else STANDARD
    build(folder, size)
    new = [PROGRAM, "keys", "new", "keys", "--name", "Benchmark", "--no-passphrase"]
    subprocess.run(new, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    keys = folder / "keys"
    large_package(folder / "large.asice", keys, LARGE_SMALL if small else LARGE)
    many_dossiers(folder / "many.asice", keys, folder / "practice.db", MANY_SMALL if small else MANY)


def _print_machine(folder: Path) -> None:
    count = sum(one.is_file() for one in (folder / "tree").rglob("*"))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{count:,} files and their records; {machine}; load {load()}")
    for one in everybody(folder):
        if not one.is_here():
            print(f"left out, not installed: {one.name}")


if __name__ == "__main__":
    if shutil.which("time") is None and not Path("/usr/bin/time").exists():
        raise SystemExit("GNU time is needed: it measures processor seconds and memory")
    main()
