"""Taking over, killed at any step: an import of a part and a delivery of many go on with the same command."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.injection.catalogue import EVERY
from tests.faults.injection.desk import Desk, Injection
from tests.journeys.line import IMPORT, Line, asked, contents
from tests.journeys.program import Program
from tests.journeys.test_import_choice import records

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="strace is of Linux")

CHOICES = {
    "some": ("--only", "45", "--only", "47"),
    "kinds": ("--kind", "documents", "--kind", "acts"),
    "period": ("--since", "2024-01-01", "--until", "2025-12-31"),
}
DELIVERY = (
    *("deliver", "practice.db", "--patient", "1", "--patient", "16", "--patient", "45", "--patient", "47"),
    *("--to", "handed", "--by", "Dr Malo Kerbrat", "--receiver", "Cabinet du Vieux Pressoir"),
)
CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "linkat", "mkdir", "unlink")
"""System calls that leave something on the disk."""
SHARES = (0.0, 0.5, 1.0)
"""How much of the calls of one kind a process has made when it is killed at the next."""
STEP = 1 if os.environ.get(EVERY) else 2
"""Of so many points one is tried."""


def steps(desk: Program, command: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Run ``command`` to its end, and yield at which call, and which time a process makes it, others are killed."""
    done, made = Desk(folder=desk.folder).calls(command, CALLS)
    done.ok()
    for call, most in made.items():
        yield from (
            (call, when) for when in sorted({1 + round(share * (most - 1)) for share in SHARES} - {0}) if most
        )


def kill(desk: Program, command: tuple[str, ...], call: str, when: int) -> None:
    injection = Injection(call=call, expression=f"signal=SIGKILL:when={when}")
    done, injected = Desk(folder=desk.folder).injected(command, injection)
    assert injected and done.status != 0, "it was not killed"


def copy(folder: Path, target: Path) -> Program:
    shutil.rmtree(target, ignore_errors=True)
    return Program(folder=Path(shutil.copytree(folder, target)))


@pytest.fixture(scope="module")
def full(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a package of four dossiers, and the practices that send and receive it."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db", "practice.db")
    return small_line.copy(tmp_path_factory.mktemp("full"), *names)


@pytest.mark.parametrize("choice", CHOICES)
def test_an_import_of_a_part_goes_on_wherever_it_is_killed(full: Path, choice: str, tmp_path: Path) -> None:
    command = (*IMPORT, *CHOICES[choice])
    whole = copy(full, tmp_path / "whole")
    before = records(whole)
    points = list(steps(whole, command))
    after = records(whole)
    assert len(points) > len(SHARES) and after != before
    whole(*IMPORT).ok()
    everything = records(whole)

    for call, when in points[::STEP]:
        desk = copy(full, tmp_path / "desk")
        kill(desk, command, call, when)
        assert records(desk) in (before, after), (call, when)
        desk(*command).ok()
        assert records(desk) == after, (call, when)
        assert files(desk) == files_listed(desk), (call, when)
    desk(*IMPORT).ok()
    assert records(desk) == everything


def test_a_preview_that_is_killed_leaves_nothing_of_a_patient(full: Path, tmp_path: Path) -> None:
    """Its copy of the records has no name; SQLite makes it empty, and takes the name away before anything is in it."""
    command = (*IMPORT, "--preview")
    points = list(steps(copy(full, tmp_path / "whole"), command))
    assert points
    for call, when in points[::STEP]:
        desk = copy(full, tmp_path / "desk")
        before = contents(desk.folder)
        kill(desk, command, call, when)
        for left in desk.folder.glob("etilqs_*"):
            assert left.stat().st_size == 0, (call, when)
            left.unlink()
        assert contents(desk.folder) == before, (call, when)


def files(desk: Program) -> set[str]:
    return {path.name for path in (desk.folder / "successor.files").rglob("*") if path.is_file()}


def files_listed(desk: Program) -> set[str]:
    return {str(digest) for (digest,) in asked(desk.folder / "successor.db", "SELECT sha256 FROM files")}


def test_a_delivery_goes_on_wherever_it_is_killed(full: Path, tmp_path: Path) -> None:
    whole = copy(full, tmp_path / "whole")
    points = list(steps(whole, DELIVERY))
    expected = delivered(whole)
    assert len(points) > len(SHARES) and "PATIENTS.CSV" in expected

    for call, when in points:
        desk = copy(full, tmp_path / "desk")
        kill(desk, DELIVERY, call, when)
        there = delivered(desk)
        if there != expected:  # else it was killed when everything lay there
            desk(*DELIVERY).ok()
        assert delivered(desk) == expected, (call, when)
        listed = (desk.folder / "handed" / "PATIENTS.CSV").read_text(encoding="utf-8-sig")
        assert listed == (whole.folder / "handed" / "PATIENTS.CSV").read_text(encoding="utf-8-sig")
        assert not list(desk.folder.glob("archiver-*")), (call, when)


def test_what_a_killed_delivery_of_one_left_aside_goes_with_the_next(full: Path, tmp_path: Path) -> None:
    command = (*DELIVERY[:2], *DELIVERY[6:8], *DELIVERY[10:])
    whole = copy(full, tmp_path / "whole")
    points = list(steps(whole, command))
    expected, left = delivered(whole), 0
    for call, when in points:
        desk = copy(full, tmp_path / "desk")
        kill(desk, command, call, when)
        left += len(list(desk.folder.glob("archiver-*")))
        if (desk.folder / "handed").exists():
            shutil.rmtree(desk.folder / "handed")
        desk(*command).ok()
        assert delivered(desk) == expected, (call, when)
        assert not list(desk.folder.glob("archiver-*")), (call, when)
    assert left, "nothing was ever left aside"


def delivered(desk: Program) -> list[str]:
    """Return the places of everything below the folder of the delivery."""
    folder = desk.folder / "handed"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
