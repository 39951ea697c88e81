"""Peak memory of the real program does not depend on the size or the number of dossiers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import Program, ended
from tests.large import fill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="reads memory in /proc"),
]

MIB = 1 << 20
CORES = os.cpu_count() or 1
ALLOWED = 64 * MIB
"""How far apart the peaks of a small and a large practice may lie."""
SMALL = [[9 * MIB, 9 * MIB], *([[MIB, 40 << 10, 40 << 10] * 8] * 20)]
"""Some 200 MB in 21 dossiers."""
LARGE = [
    *([[150 * MIB, 30 << 10, 150 * MIB]] * 5),
    [500 * MIB],
    *([[MIB, 40 << 10, 40 << 10] * 2] * 15),
]
"""Some 2 GB in 21 dossiers: single files larger than all of ``SMALL``, and many that are tiny."""
FEW, MANY = [[2000]] * 60 * CORES, [[2000]] * 600 * CORES
"""Dossiers for which as many processes are started as there are cores."""
LOOKS = 0.02
"""Seconds between two looks at the memory in use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """The most memory a command held, in bytes: its largest process, and all its processes together."""

    one: int
    together: int


def measured(program: Program, *command: str) -> Peak:
    """Run a command to its good end and return its peak.

    What the system says about an ended process would be of no use: it counts what
    this test held when it started it. The marks of the living are their own.
    """
    process = program.start(*command)
    one = together = 0
    while process.poll() is None:
        processes = family(process.pid)
        one = max(one, *map(highest, processes), 0)
        together = max(together, sum(map(proportional_set_size, processes)))
        time.sleep(LOOKS)
    ended(process).ok()
    assert together > 0 and one > 0
    return Peak(one=one, together=together)


def family(pid: int) -> list[int]:
    """Return a process and those it started."""
    try:
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *map(int, started)]


def highest(pid: int) -> int:
    """Return the high-water mark of a process, in bytes; 0 when it is gone."""
    return _line(Path(f"/proc/{pid}/status"), "VmHWM:")


def proportional_set_size(pid: int) -> int:
    """Return what a process holds for itself, and its share of what it shares, in bytes."""
    return _line(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _line(path: Path, title: str) -> int:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(title)), 0)


def close(peaks: Sequence[Peak]) -> bool:
    """Say whether all the peaks lie within what is allowed."""
    ones, together = [peak.one for peak in peaks], [peak.together for peak in peaks]
    return max(max(ones) - min(ones), max(together) - min(together)) < ALLOWED


@pytest.fixture(scope="module")
def desk(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Return the program in a folder whose gigabytes are gone at the end."""
    folder = small_line.copy(tmp_path_factory.mktemp("memory"), "kerbrat", "pressoir", "receiver.identity")
    yield Program(folder=folder)
    shutil.rmtree(folder)


def whole_line(desk: Program, name: str, dossiers: Sequence[Sequence[int]]) -> dict[str, Peak]:
    """Export, verify and import a practice of that size; return the peak of each, and leave nothing."""
    fill(desk.folder / f"{name}.db", dossiers)
    try:
        keys = ("--to", "pressoir/receiver.recipient", "--signer", "kerbrat/signer.p12")
        roots = ("--roots", "kerbrat/roots.pem")
        exported = measured(desk, "export", f"{name}.db", "out.asice", "--all", *keys)
        _remove(desk.folder, name)
        verified = measured(desk, "verify", "out.asice", *roots)
        reading = ("--identity", "receiver.identity", *roots)
        imported = measured(desk, "import", "out.asice", *reading, "--into", "came.db")
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
def sizes(desk: Program) -> list[dict[str, Peak]]:
    """The peaks with 200 MB and with 2 GB."""
    assert 180 * MIB < sum(map(sum, SMALL)) < 220 * MIB
    assert 2000 * MIB < sum(map(sum, LARGE)) < 2200 * MIB
    assert len(SMALL) == len(LARGE)
    return [whole_line(desk, "small", SMALL), whole_line(desk, "large", LARGE)]


@pytest.mark.parametrize("command", ["export", "verify", "import"])
def test_two_gigabytes_take_no_more_memory_than_two_hundred_megabytes(
    sizes: list[dict[str, Peak]], command: str
) -> None:
    assert close([peaks[command] for peaks in sizes]), sizes


@pytest.fixture(scope="module")
def numbers(desk: Program) -> list[dict[str, Peak]]:
    """The peaks with few dossiers and with many."""
    return [whole_line(desk, "few", FEW), whole_line(desk, "many", MANY)]


@pytest.mark.parametrize("command", ["export", "verify", "import"])
def test_ten_times_the_dossiers_take_no_more_memory(numbers: list[dict[str, Peak]], command: str) -> None:
    assert close([peaks[command] for peaks in numbers]), numbers


def test_the_measure_sees_what_is_held(desk: Program) -> None:
    """A measure that could not tell a hundred megabytes would prove nothing."""
    peaks = []
    for size in (1, 200):
        code = f"import time; held = bytes(range(256)) * ({size} << 12); time.sleep(0.5)"
        process = subprocess.Popen([sys.executable, "-c", code])
        seen = []
        while process.poll() is None:
            seen.append(Peak(one=highest(process.pid), together=proportional_set_size(process.pid)))
            time.sleep(LOOKS)
        peaks.append(Peak(one=max(s.one for s in seen), together=max(s.together for s in seen)))
    assert peaks[1].one - peaks[0].one > 190 * MIB
    assert peaks[1].together - peaks[0].together > 190 * MIB
    assert not close(peaks)
