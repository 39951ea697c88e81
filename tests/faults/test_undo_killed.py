"""An undo that is killed at any step is done whole or not at all, and the next command goes on from there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.journeys.line import IMPORT, Line, asked
from tests.journeys.program import PATIENCE, Program
from tests.journeys.test_import_undone import BY, content
from tests.tools import need

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="strace is of Linux")

UNDO = ("import", "undo", "successor.db", *BY)
STEPS = [
    *(("pwrite64", when) for when in (1, 2, 8, 20, 40)),
    *(("fdatasync", when) for when in (1, 2)),
    *(("unlink", when) for when in (1, 2, 5)),
]
"""The system call of the program at which it is killed, and which time it is made."""


@pytest.fixture(scope="module")
def full(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return the program beside a practice into which the package came."""
    names = ("package.asice", "receiver.identity", "roots.pem", "successor.db")
    desk = Program(folder=small_line.copy(tmp_path_factory.mktemp("full"), *names))
    shutil.copytree(desk.folder, desk.folder.with_name("empty"))
    desk(*IMPORT).ok()
    return desk


@pytest.mark.parametrize(("call", "when"), STEPS)
def test_it_is_whole_wherever_it_is_killed(full: Program, call: str, when: int, tmp_path: Path) -> None:
    strace = need("strace")
    desk = Program(folder=Path(shutil.copytree(full.folder, tmp_path / "desk")))
    before, after = content(full), content(Program(folder=full.folder.with_name("empty")))
    inject = (strace, "-qq", "-f", "-o", os.devnull, "-e", f"trace={call}",
              "-e", f"inject={call}:signal=SIGKILL:when={when}")  # fmt: skip
    process = desk.start(*UNDO, before=inject)
    process.communicate(timeout=PATIENCE)
    undone = asked(desk.folder / "successor.db", "SELECT undone_at <> '' FROM import_runs")[0][0]
    assert process.returncode or undone
    if undone:
        (tmp_path / "papers").mkdir()
        desk(
            "collect", "documents", tmp_path / "papers", "--into", "successor.db"
        )  # whatever is next clears up
    else:
        assert content(desk) == before
        desk(*UNDO).ok()
    assert content(desk) == after
