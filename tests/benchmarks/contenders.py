"""Who runs: our own commands and the peers', each with what it needs before and what it leaves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.packages import unpack

PROGRAM = str(Path(sys.executable).with_name("archiver"))
SECRET = "benchmark"
_PYZIPPER = """
import pyzipper, sys
with pyzipper.AESZipFile(sys.argv[1]) as archive:
    archive.setpassword(sys.argv[2].encode())
    sys.exit(archive.testzip() is not None)
"""


@dataclass(kw_only=True, slots=True)
class Contender:
    """A command in the running: how to run it, what it leaves, and what was measured."""

    name: str
    group: str
    command: Sequence[str]
    output: str = ""
    needs: Sequence[str] = ()
    before: Callable[[Path], None] = lambda _: None
    codes: Sequence[int] = (0,)
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: int = 0
    size: int = 0

    def is_here(self) -> bool:
        """Say whether every program it needs is installed."""
        return all(map(shutil.which, (self.command[0], *self.needs)))

    def run(self, folder: Path) -> None:
        """Run once; note seconds, processor seconds, peak memory of the largest process (KiB), and size."""
        self._clear(folder)
        self.before(folder)
        started = time.perf_counter()
        # a process forked from this one would begin with our own peak; time(1) is small
        done = subprocess.run(
            ["/usr/bin/time", "-f", "%M %U %S", "-o", "measured", *self.command],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(),
            check=False,
        )
        self.seconds.append(time.perf_counter() - started)
        if done.returncode not in self.codes:
            raise SystemExit(f"{self.name} failed: {done.stderr.decode(errors='replace')[-500:]}")
        memory, user, system = (folder / "measured").read_text(encoding="utf-8").split()[-3:]
        self.memory = max(self.memory, int(memory))
        self.cpu.append(float(user) + float(system))
        if self.output:
            self.size = size_of(folder / self.output)

    def _clear(self, folder: Path) -> None:
        target = folder / self.output
        if self.output and target.exists():
            shutil.rmtree(target) if target.is_dir() else target.unlink()


def _environment() -> dict[str, str]:
    environment = {**os.environ, "RESTIC_PASSWORD": SECRET, "ARCHIVER_LANGUAGE": "en"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    return environment


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size


def load() -> str:
    """Return the load of the machine, where the system says it."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def everybody(folder: Path) -> list[Contender]:
    """Return everybody, ours first in each group; ``folder`` holds the workload, the keys and the packages."""
    return [*_sealing(), *_verifying(folder), *_reading(), _starting()]


def _sealing() -> list[Contender]:
    export = (PROGRAM, "export", "practice.db", "p.asice", "--all", "--to", "keys/receiver.recipient")
    piped = "age -r $(cat age.recipient) > peer.age"
    return [
        Contender(
            name="archiver export",
            group="seal",
            command=(*export, "--signer", "keys/signer.p12"),
            output="p.asice",
        ),
        Contender(
            name="7z -tzip -mem=AES256 -mx1",
            group="seal",
            command=(
                "7z", "a", "-tzip", "-mem=AES256", "-mx1", f"-p{SECRET}", "peer.zip", "tree", "practice.db",
            ),
            output="peer.zip",
        ),
        Contender(
            name="7z, of what the package holds",
            group="seal",
            command=("7z", "a", "-tzip", "-mem=AES256", "-mx1", f"-p{SECRET}", "held.zip", "held"),
            output="held.zip",
            before=_unpack,
        ),
        Contender(
            name="restic backup",
            group="seal",
            command=("restic", "-q", "--no-cache", "-r", "restic", "backup", "tree", "practice.db"),
            output="restic",
            before=_restic,
        ),
        Contender(
            name="tar | age",
            group="seal",
            command=("sh", "-c", f"tar c tree practice.db | {piped}"),
            output="peer.age",
            needs=("age",),
            before=_age,
        ),
        Contender(
            name="tar | zstd -1 | age",
            group="seal",
            command=("sh", "-c", f"tar c tree practice.db | zstd -q -1 | {piped}"),
            output="peer.age",
            needs=("age", "zstd"),
            before=_age,
        ),
    ]  # fmt: skip


def _verifying(folder: Path) -> list[Contender]:
    return [
        Contender(
            name="archiver verify",
            group="verify",
            command=(PROGRAM, "verify", "large.asice", "--roots", "keys/roots.pem"),
        ),
        Contender(
            name="openssl dgst -sha256",
            group="verify",
            command=("openssl", "dgst", "-sha256", "large.asice"),
        ),
        Contender(
            name="sha256sum -c",
            group="verify",
            command=("sha256sum", "-c", "large.sums"),
            before=lambda _: _sums(folder),
        ),
    ]


def _reading() -> list[Contender]:
    reading = ("--identity", "keys/receiver.identity", "--roots", "keys/roots.pem")
    back = (sys.executable, "-m", "tests.benchmarks.inside", "read", "p.asice", "keys")
    root = Path(__file__).parents[2]
    return [
        Contender(
            name="reading back, all cores",
            group="read",
            command=("env", f"PYTHONPATH={root}", *back),
        ),
        Contender(
            name="archiver import",
            group="read",
            command=(PROGRAM, "import", "p.asice", *reading, "--into", "back.db"),
            output="back.db",
            before=forget,
        ),
        Contender(name="7z t", group="read", command=("7z", "t", f"-p{SECRET}", "peer.zip")),
        Contender(
            name="pyzipper testzip",
            group="read",
            command=(sys.executable, "-c", _PYZIPPER, "peer.zip", SECRET),
        ),
    ]


def _starting() -> Contender:
    return Contender(name="archiver --help", group="start", command=(PROGRAM, "--help"))


def _restic(folder: Path) -> None:
    subprocess.run(["restic", "-q", "-r", "restic", "init"], cwd=folder, check=True, env=_environment())


def _unpack(folder: Path) -> None:
    if not (folder / "held").exists():
        unpack(folder / "p.asice", folder / "keys", folder / "held")


def _age(folder: Path) -> None:
    (folder / "age.key").unlink(missing_ok=True)
    done = subprocess.run(
        ["age-keygen", "-o", "age.key"], cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    (folder / "age.recipient").write_text(done.stderr.split()[-1], encoding="utf-8")


def _sums(folder: Path) -> None:
    sums = folder / "large.sums"
    if not sums.exists():
        done = subprocess.run(["sha256sum", "large.asice"], cwd=folder, check=True, capture_output=True)
        sums.write_bytes(done.stdout)


def forget(folder: Path) -> None:
    """Remove what an import or a collection left beside ``back.db``."""
    shutil.rmtree(folder / "back.files", ignore_errors=True)
    for ending in ("-wal", "-shm"):
        (folder / f"back.db{ending}").unlink(missing_ok=True)
