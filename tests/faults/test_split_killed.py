"""A split that is killed at any step leaves all packages, each whole, or none of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.journeys.line import Line
from tests.journeys.program import PATIENCE, Program
from tests.tools import need

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="strace is of Linux")

OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
SPLIT = (
    *("split", "package.asice", "--roster", "roster.csv", "--to", "parts", "--sender", "Archives", *OPEN),
    *("--receiver", "Anne=pressoir/receiver.recipient", "--rest", "Paul=kerbrat/receiver.recipient"),
    *("--signer", "kerbrat/signer.p12", "--unsigned", "essai"),
)
STEPS = [
    *(("fsync", when) for when in (1, 2)),
    *(("linkat", when) for when in (1, 2)),
    *(("rename", when) for when in (1,)),
]
"""The system call of the program at which it is killed, and which time it is made."""


@pytest.fixture(scope="module")
def full(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a split needs, of a package with four dossiers."""
    names = ("package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir")
    folder = small_line.copy(tmp_path_factory.mktemp("full"), *names)
    heading = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
    (folder / "roster.csv").write_text(f"{heading}45;Perrichon;Gérard;1955-11-23;Anne\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("call", "when"), STEPS)
def test_all_packages_or_none_wherever_it_is_killed(full: Path, call: str, when: int, tmp_path: Path) -> None:
    strace = need("strace")
    desk = Program(folder=Path(shutil.copytree(full, tmp_path / "desk")))
    inject = (strace, "-qq", "-f", "-o", os.devnull, "-e", f"trace={call}",
              "-e", f"inject={call}:signal=SIGKILL:when={when}")  # fmt: skip
    process = desk.start(*SPLIT, before=inject)
    process.communicate(timeout=PATIENCE)
    assert process.returncode != 0, "it was not killed"
    if not (desk.folder / "parts").exists():
        desk(*SPLIT).ok()
    for name in ("Anne", "Paul"):
        desk("verify", f"parts/{name}.asice", "--roots", "kerbrat/roots.pem").ok()
