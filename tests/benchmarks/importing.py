"""What taking a practice over costs: ``python -m tests.benchmarks.importing [PATIENTS …] [--rounds N]``.

For each size the practice of ``tests.benchmarks.splitting`` (some 54 records a patient, no files) is exported to a
key, previewed and imported into a practice that has a tenth as many patients of its own. Each run is a process of its
own with those it starts; the least processor time of several counts, start-up included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import finding, splitting
from tests.journeys.program import PROGRAM

SIZES = (2_000, 20_000)
GOAL = 35 / 3
"""Milliseconds of processor time a patient: a third of what an import took when the goal was set."""
KEYS = ("keys", "new", "keys", "--name", "Cabinet d'essai", "--no-passphrase")
READING = ("--identity", "keys/receiver.identity", "--roots", "keys/roots.pem", "--into", "successor.db")
SEALING = (
    *("--all", "--sender", "Cabinet d'essai"),
    *("--to", "keys/receiver.recipient", "--signer", "keys/signer.p12"),
)


class Cost(NamedTuple):
    """Seconds of one run, of processors and on the clock, and the peak of memory of its largest process in MiB."""

    cpu: float
    wall: float
    memory: float


def run(folder: Path, *command: str) -> Cost:
    """Run the program once."""
    started = time.perf_counter()
    done = subprocess.run(
        ["/usr/bin/time", "-f", "%M %U %S", "-o", "measured", str(PROGRAM), *command],
        cwd=folder, check=False, capture_output=True,
    )  # fmt: skip
    wall = time.perf_counter() - started
    if done.returncode not in {0, 4}:
        raise SystemExit(done.stderr.decode(errors="replace"))
    memory, user, system = (folder / "measured").read_text(encoding="utf-8").split()[-3:]
    return Cost(float(user) + float(system), wall, int(memory) / 1024)


def prepare(folder: Path, patients: int) -> None:
    """Make the leaver's package, and the store of whoever takes over, under a name of its own."""
    splitting.practice(folder / "practice.db", patients)
    finding.make_practice(folder / "own.db", patients // 10)
    run(folder, *KEYS)
    run(folder, "export", "practice.db", "package.asice", *SEALING)


def measured(folder: Path, *more: str) -> Cost:
    """Import into a new copy of the store of whoever takes over."""
    for place in folder.glob("successor*"):
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    shutil.copyfile(folder / "own.db", folder / "successor.db")
    return run(folder, "import", "package.asice", *READING, *more)


def least(costs: list[Cost]) -> Cost:
    """Return the least of each figure."""
    return Cost(*map(min, zip(*costs, strict=True)))


def main() -> None:
    """Make the practices, import, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"load {load}, {os.cpu_count()} cores; goal {GOAL:.1f} ms of processor time a patient")
    for patients in chosen.patients:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            prepare(folder, patients)
            size = (folder / "practice.db").stat().st_size >> 20
            for name, more in (("import", ()), ("preview", ("--preview", "--list", "preview.csv"))):
                rounds = []
                for _ in range(chosen.rounds):
                    rounds.append(measured(folder, *more))
                    (folder / "preview.csv").unlink(missing_ok=True)
                cost = least(rounds)
                print(
                    f"  {patients:>7,} patients ({size} MiB of records) {name:8} {cost.cpu:7.1f} s of processors, "
                    f"{cost.cpu / patients * 1000:5.1f} ms a patient, {cost.wall:6.1f} s on the clock, "
                    f"{cost.memory:5.0f} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
