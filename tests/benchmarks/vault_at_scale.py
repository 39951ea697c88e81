"""A vault of many small packages: ``python -m tests.benchmarks.vault_at_scale N FOLDER [--steps …] [--batch N]``.

Each step is a command as a person runs it, on one storage. Packages are made and deposited some at a time, and deleted
when they are deposited; one that was made before lies in ``FOLDER/arrivals`` already. Of each step: packages a second
by the clock, packages a second of CPU of the command and its processes, and the most memory that one process had.
What is in ``FOLDER`` stays, so that steps can be run one after another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.operations.vault.audit import audit, due_checks
from archiver.operations.vault.deposit import DepositRequest
from archiver.operations.vault.deposit_each import deposit_each
from archiver.operations.vault.init_vault import VaultRequest, init_vault
from archiver.operations.vault.rebuild import rebuild
from archiver.signing.certificates.reading import write_pem
from archiver.signing.keys.key_file import load_signer
from archiver.signing.trust.anchors import Trust
from archiver.storage.folder import FolderStorage
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import open_checks
from archiver.vault.description import Hosting
from tests.benchmarks.small_packages import make_packages, package_id
from tests.dask_cluster import dask_cluster, make_keys
from tests.journeys.program import PROGRAM
from tests.tsa import authority, listening

STEPS = (
    *("deposit", "audit", "again", "rebuild", "list", "show", "due", "renew", "nightly", "export"),
    *("requests", "dask", "size"),
)
WORKERS = (1, 2, 4)
DASK_CHECKS = 6000
"""Checks that a cluster does: each rate is of all three, and its start is a small part."""
COUNTED = 128
"""Packages of which the requests are counted."""
DUE = "2045-06-01"
"""A day on which about half of the packages are due."""


class Bench:
    """A vault of ``count`` packages in ``folder``, and what is measured there."""

    def __init__(self, folder: Path, count: int, batch: int) -> None:
        self.folder, self.count, self.batch = folder, count, batch
        self.environment = os.environ | {"ARCHIVER_DATA": str(folder / "data")}

    def run(self, *command: str, expected: Sequence[int] = (0,)) -> tuple[float, float, int, bytes]:
        """Run a command; return its seconds by the clock and of CPU, its most memory in MiB, and what it printed."""
        began = time.perf_counter()
        output = self.folder / "output"
        with (
            output.open("wb") as to,
            subprocess.Popen(
                [PROGRAM, *command], cwd=self.folder, stdout=to, stderr=subprocess.PIPE, env=self.environment
            ) as process,
        ):
            assert process.stderr is not None
            complaint = process.stderr.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        passed = time.perf_counter() - began
        assert process.returncode in expected, (command, process.returncode, complaint)
        return passed, used.ru_utime + used.ru_stime, used.ru_maxrss >> 10, output.read_bytes()

    def measure(self, name: str, count: int, *command: str, expected: Sequence[int] = (0,)) -> bytes:
        passed, used, memory, printed = self.run(*command, expected=expected)
        show(name, count, passed, used, memory)
        return printed

    @property
    def deposited(self) -> int:
        with closing(sqlite3.connect(self.folder / "vault" / "catalogue.db")) as db:
            (found,) = db.execute("SELECT count(*) FROM deposits").fetchone()
        return int(found)

    def begin(self) -> None:
        """Make the key and the vault, once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "keys").exists():
            self.run("keys", "new", "keys", "--name", "Benchmark", "--no-passphrase")
        by = load_signer(self.folder / "keys" / "signer.p12", None)
        (self.folder / "roots.pem").write_text(write_pem(by.roots), encoding="ascii")
        if not (self.folder / "vault").exists():
            (self.folder / "disk").mkdir()
            hosted = ("--storage", "disk", "--uncertified", "Fictive data")
            self.run("vault", "init", "vault", "--name", "Benchmark", *hosted)

    def deposit(self) -> None:
        arrivals = self.folder / "arrivals"
        made, total, most = [0.0, 0.0, 0], [0.0, 0.0], list[int]()
        signing = ("--signer", "keys/signer.p12", "--receipts", "receipts", "--roots", "roots.pem")
        first = self.deposited
        for start in range(first, self.count, self.batch):
            numbers = range(start + 1, min(start + self.batch, self.count) + 1)
            paths = [arrivals / f"{number:07}.asice" for number in numbers]
            missing = [number for number, path in zip(numbers, paths, strict=True) if not path.exists()]
            before = used_by_children()
            began = time.perf_counter()
            if missing:
                make_packages(arrivals, self.folder / "keys" / "signer.p12", missing)
                made[0] += time.perf_counter() - began
                made[1] += used_by_children() - before
                made[2] += len(missing)
            taken = self.folder / "taken"
            taken.mkdir(exist_ok=True)
            for one in paths:
                one.rename(taken / one.name)
            passed, used, memory, _ = self.run("vault", "deposit", "vault", "taken", *signing)
            total[0] += passed
            total[1] += used
            most.append(memory)
            show(f"deposit to {numbers[-1]:,}", len(numbers), passed, used, memory)
            for one in paths:
                (taken / one.name).unlink()
        if made[2]:
            show("make", int(made[2]), made[0], made[1], 0)
        show("deposit, all", self.count - first, total[0], total[1], max(most, default=0))

    def audit(self) -> None:
        self.measure("audit, all of it", self.deposited + 1, "vault", "audit", "vault", "--all")

    def again(self) -> None:
        self.measure("audit, nothing due", self.deposited + 1, "vault", "audit", "vault")

    def rebuild(self) -> None:
        before = self.catalogue()
        self.measure("rebuild", self.deposited, "vault", "rebuild", "vault")
        print(f"  the same catalogue as before: {self.catalogue() == before}")

    def catalogue(self) -> int:
        """Return a digest of every row of the catalogue."""
        state = 0
        with closing(sqlite3.connect(self.folder / "vault" / "catalogue.db")) as db:
            names = [one for (one,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in sorted(names):
                for row in db.execute(f"SELECT * FROM {name}"):
                    state = hash((state, name, row))
        return state

    def list(self) -> None:
        self.measure("list", self.deposited, "vault", "list", "vault")

    def show(self) -> None:
        self.measure("show one", 1, "vault", "show", "vault", package_id(self.deposited // 2))

    def due(self) -> None:
        self.measure("due", self.deposited, "vault", "due", "vault", "--on", DUE)

    def renew(self) -> None:
        tsa = authority()
        (self.folder / "tsa.pem").write_text(write_pem(tsa.roots), encoding="ascii")
        tokens = 0

        def answer(query: bytes) -> tuple[int, bytes]:
            nonlocal tokens
            tokens += 1
            return 200, tsa.reply(query, now())

        with listening(answer) as address:
            self.run("vault", "profile", "set", "vault", "--tsa", address, "--tsa-roots", "tsa.pem")
            self.measure("renew, first records", self.deposited, "vault", "renew", "vault")
        print(f"  time-stamp tokens: {tokens}")

    def nightly(self) -> None:
        self.measure("renew, nothing due", self.deposited, "vault", "renew", "vault")

    def dask(self) -> None:
        """Audit some by the processes of this machine, then by a cluster; the table of checks has to stay the same.

        The CPU seconds are those of scheduler, workers and command.
        """
        before, command = self.checks(), ("vault", "audit", "vault", "--all", "--most", str(DASK_CHECKS))
        count = min(DASK_CHECKS, len(before))
        self.measure("audit, no cluster", count, *command)
        for workers in WORKERS:
            place = self.folder / f"dask-{workers}"
            keys, used = make_keys(place / "keys"), used_by_children()
            with dask_cluster(place, workers) as cluster:
                passed, _, memory, printed = self.run(*command, "--json", "--engine", cluster.engine, *keys)
            show(f"audit, Dask, {workers} workers", count, passed, used_by_children() - used, memory)
            document = json.loads(printed)
            print(f"  {document['checked']}, the same table: {self.checks() == before}", flush=True)

    def checks(self) -> set[tuple[object, ...]]:
        """Return what every object came to, but when."""
        with closing(sqlite3.connect(self.folder / "vault" / "checks.db")) as db:
            return set(db.execute("SELECT object, storage, outcome, detail, size FROM checks"))

    def export(self) -> None:
        """Give back everything of the one depositor."""
        command = ("vault", "export", "vault", "--sender", "SELARL Exemple", "--to", "back")
        self.measure("export, everything", self.deposited, *command)
        shutil.rmtree(self.folder / "back")

    def requests(self) -> None:
        """Count what is asked of a storage, by a vault of its own in this process."""
        counts = Counter[str]()
        for name in ("put", "open", "head", "list"):
            counted(name, counts)
        folder = self.folder / "requests"
        packages, by = folder / "packages", load_signer(self.folder / "keys" / "signer.p12", None)
        packages.parent.mkdir()
        (folder / "disk").mkdir()
        make_packages(packages, self.folder / "keys" / "signer.p12", range(COUNTED))
        hosting = Hosting(reason="Fictive data")
        vault = init_vault(
            VaultRequest(
                folder=folder / "vault",
                name="Counted",
                storages=[folder / "disk"],
                hosting=hosting,
                identifier=package_id(-1),
            ),
            clock=now,
        )
        trust = Trust(at=now(), roots=tuple(by.roots))
        request = DepositRequest(trust=trust, first_use=None, signer=by, receipts=folder / "receipts")
        with open_catalogue(vault.folder) as catalogue, open_checks(vault.folder, print) as table:
            counts.clear()
            done = list(deposit_each(vault, catalogue, sorted(packages.iterdir()), request, clock=now))
            assert [one.failure for one in done] == [None] * COUNTED
            show_requests("deposit", counts)
            due = due_checks(vault, catalogue, table, at=now(), everything=True)
            assert len(list(audit(vault, due, table, clock=now))) == COUNTED + 1
            show_requests("audit", counts)
        rebuild(vault)
        show_requests("rebuild", counts)
        shutil.rmtree(folder)

    def size(self) -> None:
        for name in ("disk", "vault"):
            files = folders = size = blocks = 0
            for _, _, here, descriptor in os.fwalk(self.folder / name):
                folders, blocks = folders + 1, blocks + os.fstat(descriptor).st_blocks
                for one in here:
                    status = os.stat(one, dir_fd=descriptor)
                    files, size, blocks = files + 1, size + status.st_size, blocks + status.st_blocks
            print(f"{name}: {files:,} files, {folders:,} folders, {size:,} bytes, {blocks * 512:,} on disk")
        for table in sorted((self.folder / "vault").glob("*.db")):
            print(f"  {table.name}: {table.stat().st_size:,} bytes")


def show(name: str, count: int, passed: float, used: float, memory: int) -> None:
    print(
        f"{name:<26} {passed:9.1f} s {count / passed:9.1f}/s {used:9.1f} CPU s {count / used:8.1f}/CPU s"
        f" {memory:5} MiB   load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def now() -> datetime:
    return datetime.now(UTC)


def counted(name: str, counts: Counter[str]) -> None:
    """Let every call of a method of folders be counted."""
    method = getattr(FolderStorage, name)

    def call(*args: Any, **named: Any) -> Any:
        counts[name] += 1
        return method(*args, **named)

    setattr(FolderStorage, name, call)


def show_requests(name: str, counts: Counter[str]) -> None:
    each = ", ".join(f"{one} {count / COUNTED:.2f}" for one, count in sorted(counts.items()))
    print(f"requests of a package, {name}: {each}", flush=True)
    counts.clear()


def used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Run the steps that were chosen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--batch", type=int, default=2000)
    parser.add_argument("--steps", default=",".join(STEPS))
    chosen = parser.parse_args()
    bench = Bench(chosen.folder.resolve(), chosen.count, chosen.batch)
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, {os.cpu_count()} processors")
    bench.begin()
    for step in chosen.steps.split(","):
        assert step in STEPS, step
        getattr(bench, step)()


if __name__ == "__main__":
    main()
