"""Peak memory of the real program does not depend on the size or the number of dossiers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.packages import many_units
from tests.journeys.line import Line
from tests.journeys.program import PATIENCE, Program
from tests.large import fill

resource = pytest.importorskip("resource", reason="asks the system what ended processes had")
pytestmark = pytest.mark.slow

MIB = 1 << 20
CORES = os.cpu_count() or 1
ALLOWED = 64 * MIB
"""How far apart the peaks of a small and a large practice may lie."""
SMALL = [[4 * MIB, 3 * MIB], *([[MIB, 40 << 10, 40 << 10] * 2] * 20)]
"""Some 50 MB in 21 dossiers."""
LARGE = [
    *([[36 * MIB, 30 << 10, 36 * MIB]] * 5),
    [110 * MIB],
    *([[MIB, 40 << 10, 40 << 10] * 2] * 15),
]
"""Some 500 MB in 21 dossiers: single files larger than all of ``SMALL``, and many that are tiny."""
FEW, MANY = [[2000]] * 40 * CORES, [[2000]] * 400 * CORES
"""Dossiers for which as many processes are started as there are cores."""
SHORT, LONG = 1_000, 16_000
"""Units of a package that is verified, and whose keyring is opened."""
A_UNIT = 600
"""Bytes that one more unit may take; the system gives memory by the mebibyte."""
UNIT_OF_PEAKS = 1 if sys.platform == "darwin" else 1 << 10
"""Bytes in which the system says what a process had (getrusage(2))."""
LAUNCHER = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
with open(sys.argv[1], "w") as sheet:
    sheet.write(str(peak))
sys.exit(status)
"""
"""Starts a command from a small process: an ended one is said to have had what the one that started it has."""


def measured(folder: Path, command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a command to its good end; return the most that one of its processes had, in bytes.

    There are never more processes than cores besides the first, so together they are bounded as the largest is.
    """
    sheet = folder / "peak"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, sheet, *command],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr.decode()
    return int(sheet.read_text(encoding="ascii")) * UNIT_OF_PEAKS


def peak(program: Program, *arguments: str) -> int:
    return measured(program.folder, program.command(*arguments), program.environment())


def close(peaks: Sequence[int]) -> bool:
    """Say whether all the peaks lie within what is allowed."""
    return max(peaks) - min(peaks) < ALLOWED


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Return the program in a folder whose gigabytes are gone at the end."""
    folder = small_line.copy(tmp_path_factory.mktemp("memory"), "kerbrat", "pressoir", "receiver.identity")
    yield Program(folder=folder)
    shutil.rmtree(folder)


def whole_line(desk: Program, name: str, dossiers: Sequence[Sequence[int]]) -> dict[str, int]:
    """Export, verify and import a practice of that size; return the peak of each, and leave nothing."""
    fill(desk.folder / f"{name}.db", dossiers)
    try:
        keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
        roots = ("--roots", "kerbrat/roots.pem")
        exported = peak(desk, "export", f"{name}.db", "out.asice", "--all", *keys)
        _remove(desk.folder, name)
        verified = peak(desk, "verify", "out.asice", *roots)
        reading = ("--identity", "receiver.identity", *roots)
        imported = peak(desk, "import", "out.asice", *reading, "--into", "came.db")
    finally:
        _remove(desk.folder, name)
        _remove(desk.folder, "came")
        (desk.folder / "out.asice").unlink(missing_ok=True)
    return {"export": exported, "verify": verified, "import": imported}


def _remove(folder: Path, name: str) -> None:
    for path in folder.glob(f"{name}.db*"):
        path.unlink()
    shutil.rmtree(folder / f"{name}.files", ignore_errors=True)


@pytest.fixture(scope="module")
def sizes(desk: Program) -> list[dict[str, int]]:
    """The peaks with 50 MB and with 500 MB."""
    assert 45 * MIB < sum(map(sum, SMALL)) < 55 * MIB
    assert 480 * MIB < sum(map(sum, LARGE)) < 520 * MIB
    assert max(map(max, LARGE)) > sum(map(sum, SMALL))
    assert len(SMALL) == len(LARGE)
    return [whole_line(desk, "small", SMALL), whole_line(desk, "large", LARGE)]


@pytest.mark.parametrize("command", ["export", "verify", "import"])
def test_ten_times_the_bytes_take_no_more_memory(sizes: list[dict[str, int]], command: str) -> None:
    assert close([peaks[command] for peaks in sizes]), sizes


@pytest.fixture(scope="module")
def numbers(desk: Program) -> list[dict[str, int]]:
    """The peaks with few dossiers and with many."""
    return [whole_line(desk, "few", FEW), whole_line(desk, "many", MANY)]


@pytest.mark.parametrize("command", ["export", "verify", "import"])
def test_ten_times_the_dossiers_take_no_more_memory(numbers: list[dict[str, int]], command: str) -> None:
    assert close([peaks[command] for peaks in numbers]), numbers


@pytest.fixture(scope="module")
def units(desk: Program) -> list[dict[str, int]]:
    """The peaks with a short and a long list of units."""
    shutil.copy(desk.folder / "pressoir/receiver.recipient", desk.folder / "kerbrat")
    roots, found = ("--roots", "kerbrat/roots.pem"), []
    for count in (SHORT, LONG):
        many_units(desk.folder / "many.asice", desk.folder / "kerbrat", count)
        opened = peak(desk, "inspect", "many.asice", "--identity", "receiver.identity", *roots)
        found.append({"verify": peak(desk, "verify", "many.asice", *roots), "inspect": opened})
    return found


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_one_more_unit_takes_some_hundred_bytes(units: list[dict[str, int]], command: str) -> None:
    short, long = (peaks[command] for peaks in units)
    assert long - short < (LONG - SHORT) * A_UNIT, units


def test_the_measure_sees_what_is_held(tmp_path: Path) -> None:
    """A measure that could not tell a hundred megabytes would prove nothing; nor does it count what we hold."""
    ours = bytearray(300 * MIB)
    peaks = [
        measured(tmp_path, [sys.executable, "-I", "-S", "-c", f"bytes(range(256)) * ({size} << 12)"], {})
        for size in (1, 200)
    ]
    assert 190 * MIB < peaks[1] - peaks[0] < 250 * MIB and max(peaks) < len(ours)
    assert not close(peaks)
