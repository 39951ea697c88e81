"""A short run of every fuzz target: no reader raises anything but a failure, hangs or fills the memory.

``FUZZ_SECONDS`` lengthens the runs. Without atheris (it exists for Linux) bytes are
mutated blindly; in CI it must be there.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from formats.errors import Failure
from tests.fuzz.fuzz import EVERY, every_case, fill
from tests.fuzz.targets import TARGETS
from tests.vectors.generator.case import Case

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("FUZZ_SECONDS", "1"))
"""For each reader: under a minute for all of them."""
STARTING = 120
"""Seconds a busy machine may take to import and instrument a reader."""
LAST = "last-input"
RUNS = re.compile(r"stat::number_of_executed_units: (\d+)")


@pytest.fixture(scope="module")
def corpus() -> list[Case]:
    """The hostile corpus, from which the fuzzer starts."""
    return every_case()


def test_atheris_guides_the_runs_in_ci() -> None:
    if importlib.util.find_spec("atheris") is None:
        assert not os.environ.get("CI"), "atheris is not installed"
        pytest.skip("atheris is not installed: bytes are mutated blindly")


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_seeds_are_read_or_refused(name: str, corpus: list[Case], tmp_path: Path) -> None:
    target = TARGETS[name]
    read = target.made()
    for honest in target.honest:
        read(honest)
    fill(name, tmp_path, corpus)
    for seed in sorted(tmp_path.iterdir()):
        try:
            read(seed.read_bytes())
        except Failure as failure:
            str(failure)  # a sentence that lacks a fact would break here


def test_no_reader_breaks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.fuzz", EVERY, str(tmp_path), str(SECONDS)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=STARTING + 3 * SECONDS * len(TARGETS),
    )
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    logs = {name: (tmp_path / name / "log").read_text("utf-8", "replace") for name in TARGETS}
    findings = [path for path in tmp_path.rglob("*-*") if path.parent.parent == tmp_path and path.is_file()]
    found = [(path.parent.name, path.name, path.read_bytes()[:500]) for path in findings if path.name != LAST]
    assert done.returncode == 0, f"{output[-4000:]}\n{found}"
    assert not found
    runs = {name: RUNS.search(log) for name, log in logs.items()}
    assert all(run and int(run[1]) > 1 for run in runs.values()), {name: logs[name][-500:] for name in logs}
