"""Run the benchmark: ``python -m tests.benchmarks.run [FOLDER] [--small] [--rounds N]``.

Every command is a whole process, taken in turn (A B C, A B C, …) so that a
machine that slows down slows all; the medians and the ratios within this run
are what counts. A peer that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.workload import SMALL, STANDARD, build

PROGRAM = str(Path(sys.executable).with_name("archiver"))
SECRET = "benchmark"


@dataclass(kw_only=True, slots=True)
class Contender:
    """A command in the running: how to run it, what it leaves, and what was measured."""

    name: str
    group: str
    command: Sequence[str]
    output: str = ""
    before: Callable[[Path], None] = lambda _: None
    seconds: list[float] = field(default_factory=list)
    memory: int = 0
    size: int = 0

    def run(self, folder: Path) -> None:
        """Run once, and note seconds, peak memory of the largest process, and size of the output."""
        self._clear(folder)
        self.before(folder)
        started = time.perf_counter()
        # a process forked from this one would begin with our own peak; time(1) is small
        done = subprocess.run(
            ["/usr/bin/time", "-f", "%M", "-o", "memory", *self.command],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(),
            check=False,
        )
        self.seconds.append(time.perf_counter() - started)
        if done.returncode != 0:
            raise SystemExit(f"{self.name} failed: {done.stderr.decode(errors='replace')[-500:]}")
        self.memory = max(self.memory, int((folder / "memory").read_text(encoding="utf-8").split()[-1]))
        if self.output:
            self.size = _size(folder / self.output)

    def _clear(self, folder: Path) -> None:
        target = folder / self.output
        if self.output and target.exists():
            shutil.rmtree(target) if target.is_dir() else target.unlink()


def _environment() -> dict[str, str]:
    return {**os.environ, "RESTIC_PASSWORD": SECRET, "ARCHIVER_LANGUAGE": "en"}


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size


def contenders(folder: Path) -> list[Contender]:
    """Return everybody whose program is here."""
    reading = ("--identity", "keys/receiver.identity", "--roots", "keys/roots.pem")
    export = (PROGRAM, "export", "practice.db", "p.asice", "--all", "--to", "keys/receiver.recipient")
    everyone = [
        Contender(
            name="archiver export",
            group="seal",
            command=(*export, "--signer", "keys/signer.p12"),
            output="p.asice",
        ),
        Contender(
            name="7z -tzip -mem=AES256 -mx1",
            group="seal",
            command=("7z", "a", "-tzip", "-mem=AES256", "-mx1", f"-p{SECRET}", "peer.zip", "tree"),
            output="peer.zip",
        ),
        Contender(
            name="restic backup",
            group="seal",
            command=("restic", "-q", "--no-cache", "-r", "restic", "backup", "tree"),
            output="restic",
            before=_restic,
        ),
        Contender(
            name="tar | zstd -1 | age",
            group="seal",
            command=("sh", "-c", "tar c tree | zstd -q -1 | age -r $(cat age.recipient) > peer.age"),
            output="peer.age",
            before=_age,
        ),
        Contender(
            name="archiver verify",
            group="verify",
            command=(PROGRAM, "verify", "p.asice", "--roots", "keys/roots.pem"),
        ),
        Contender(
            name="openssl dgst -sha256", group="verify", command=("openssl", "dgst", "-sha256", "p.asice")
        ),
        Contender(name="sha256sum", group="verify", command=("sha256sum", "p.asice")),
        Contender(
            name="archiver import",
            group="read",
            command=(PROGRAM, "import", "p.asice", *reading, "--into", "back.db"),
            output="back.db",
            before=_forget,
        ),
        Contender(name="7z t", group="read", command=("7z", "t", f"-p{SECRET}", "peer.zip")),
        Contender(name="archiver --help", group="start", command=(PROGRAM, "--help")),
    ]
    here = [one for one in everyone if shutil.which(one.command[0]) and _age_is_here(one)]
    for one in everyone:
        if one not in here:
            print(f"left out, not installed: {one.name}")
    subprocess.run(
        [PROGRAM, "keys", "new", "keys", "--name", "Benchmark"],
        cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    return here


def _age_is_here(one: Contender) -> bool:
    return "age" not in one.command[-1] or all(map(shutil.which, ("age", "zstd")))


def _restic(folder: Path) -> None:
    subprocess.run(["restic", "-q", "-r", "restic", "init"], cwd=folder, check=True, env=_environment())


def _age(folder: Path) -> None:
    (folder / "age.key").unlink(missing_ok=True)
    done = subprocess.run(
        ["age-keygen", "-o", "age.key"], cwd=folder, check=True, capture_output=True, text=True
    )
    (folder / "age.recipient").write_text(done.stderr.split()[-1], encoding="utf-8")


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / "back.files", ignore_errors=True)
    for ending in ("-wal", "-shm"):
        (folder / f"back.db{ending}").unlink(missing_ok=True)


def show(everyone: Sequence[Contender], data: int) -> None:
    """Print a table a group: medians, how many times ours each takes, throughput, sizes, memory."""
    for group in dict.fromkeys(one.group for one in everyone):
        members = [one for one in everyone if one.group == group]
        ours = statistics.median(members[0].seconds)
        print(
            f"\n{group}: seconds (median of {len(members[0].seconds)}), times ours, MB/s, output MB, peak MB"
        )
        for one in members:
            median = statistics.median(one.seconds)
            size = f"{one.size / 1e6:9.1f}" if one.size else " " * 9
            print(
                f"  {one.name:<28} {median:8.2f} {median / ours:7.2f} x {data / 1e6 / median:8.1f}"
                f" {size} {one.memory / 1024:8.1f}"
            )


def main() -> None:
    """Build the workload, run everybody in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as made:
        folder = Path(made)
        tree, _ = build(folder, SMALL if chosen.small else STANDARD)
        data = _size(tree)
        count = sum(one.is_file() for one in tree.rglob("*"))
        print(f"{count:,} files, {data / 1e6:,.1f} MB, {os.cpu_count()} cores")
        everyone = contenders(folder)
        for _ in range(chosen.rounds):
            for one in everyone:
                one.run(folder)
        show(everyone, data)


if __name__ == "__main__":
    main()
