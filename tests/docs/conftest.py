"""The demonstration, run once for every page that starts from its results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from samples.demo import build_tables
from tests.docs.pages import ROOT


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Open Dental tables of both sample practices, as SQLite files."""
    folder = tmp_path_factory.mktemp("tables")
    build_tables(folder)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make demo` leaves."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "samples.demo", str(folder)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")[-4000:]
    return folder
