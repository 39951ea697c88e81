"""What the pages start from: the tables of the sample practice, and the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from samples.demo import build_tables
from tests.journeys.line import Line


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Open Dental tables of both sample practices, as SQLite files."""
    folder = tmp_path_factory.mktemp("tables")
    build_tables(folder)
    return folder


@pytest.fixture(scope="session")
def demo(demo_line: Line) -> Path:
    """The folder that `make demo` leaves; nobody may change what lies there."""
    return demo_line.folder
