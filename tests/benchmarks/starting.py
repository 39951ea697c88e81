"""Processor seconds of whole commands on a small package: ``python -m tests.benchmarks.starting [--rounds N]``.

A shared machine stretches processor seconds too, by a third and more. So each command is set beside a reference
that runs in turn with it: an interpreter that only loads the libraries that reading a package rests on. Of each
the least of several runs counts: what disturbs a run only ever adds to it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.journeys.line import EXPORT, IMPORT, demonstrate, make_small
from tests.journeys.program import PROGRAM, Program

REFERENCE = (
    sys.executable,
    "-c",
    "import pydantic, typer, lxml.etree, cryptography.x509.verification, asn1crypto.cms",
)
NEEDS = (
    "package.asice", "receiver.identity", "roots.pem", "successor.db", "pressoir.sqlite", "practice.db",
    "roster.csv", "pressoir", "kerbrat",
)  # fmt: skip
"""What the commands take from the folder of the small package."""
HELP = ("--help",)
VERIFY = ("verify", "package.asice", "--roots", "roots.pem")
INSPECT = ("inspect", "package.asice", "--identity", "receiver.identity", "--roots", "roots.pem")
COLLECT = ("collect", "opendental", "pressoir.sqlite", "--into", "successor.db")
COMMANDS = {
    "--help": HELP,
    "verify": VERIFY,
    "inspect": INSPECT,
    "import": IMPORT,
    "collect": COLLECT,
    "collect, new store": (*COLLECT[:-1], "new.db"),
    "export": (EXPORT[0], EXPORT[1], "new.asice", *EXPORT[3:]),
}
"""The commands that are measured; ``import`` into the successor's store, ``collect`` of what it holds already."""


def seconds(command: Sequence[str], folder: Path) -> float:
    """Run ``command`` in ``folder`` and return the processor seconds of it and its children (not on Windows)."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def environment(folder: Path) -> dict[str, str]:
    """Return the environment in which a command is measured: that of an installed program, which nothing observes."""
    plain = Program(folder=folder).environment()
    return {name: value for name, value in plain.items() if not name.startswith("COVERAGE")}


def compile_all() -> None:
    """Compile our modules once, as an installer does."""
    root = Path(__file__).parents[2]
    compiled = [sys.executable, "-m", "compileall", "-q", root / "archiver", root / "formats"]
    subprocess.run(compiled, check=True)


def main() -> None:
    """Measure every command, each run on a fresh copy, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    compile_all()
    with tempfile.TemporaryDirectory() as made:
        demo, small = Path(made, "demo"), Path(made, "small")
        demo.mkdir()
        small.mkdir()
        line = make_small(demonstrate(demo), small)
        found: dict[str, list[float]] = {"libraries alone": [], **{name: [] for name in COMMANDS}}
        for number in range(rounds):
            for name, command in COMMANDS.items():
                folder = Path(made, f"{number} {name}")
                folder.mkdir()
                line.copy(folder, *NEEDS)
                found["libraries alone"].append(seconds(REFERENCE, folder))
                found[name].append(seconds((str(PROGRAM), *command), folder))
        least = min(found["libraries alone"])
        print(f"least CPU s of {rounds} runs; × how many times the libraries alone")
        for name, measured in found.items():
            print(f"  {name:<20} {min(measured):6.2f} {min(measured) / least:6.2f}")


if __name__ == "__main__":
    main()
