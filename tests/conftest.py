"""Servers and stores that several suites share, made once a session."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections.abc import Generator
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.backups import made_backup, practice
from tests.durations import ProcessorTime, dearest_files
from tests.engines.postgresql import postgresql_server
from tests.engines.seaweedfs import locking_bucket, object_store, seaweed
from tests.journeys.line import demo_line, small_line
from tests.journeys.program import PATIENCE
from tests.mariadb import mariadb_server, opendental_practice, opendental_successor
from tests.orthanc import orthanc, orthanc_server

__all__ = [
    "demo_line",
    "locking_bucket",
    "made_backup",
    "mariadb_server",
    "object_store",
    "opendental_practice",
    "opendental_successor",
    "orthanc",
    "orthanc_server",
    "postgresql_server",
    "practice",
    "seaweed",
    "small_line",
]

COSTLY = frozenset(
    {"demo_line", "small_line", "mariadb_server", "orthanc_server", "postgresql_server", "seaweed"}
)
"""What takes seconds to make, however little a test asks of it."""

FIRST_TESTS = Path(__file__).parent / "architecture"
"""The folder whose tests are read first, by nearly every run."""
FIRST_WORKER = "gw0"

# on a machine that works for others too, how long an example takes says nothing about the program
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that needs one of ``COSTLY`` as slow, before ``-m`` chooses."""
    for item in items:
        if COSTLY.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def heard() -> None:
    """Let the programs we start hear Ctrl-C and a closed terminal, although nohup and ``&`` make us deaf to them."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


_PROCESSOR_TIME = ProcessorTime()


def pytest_runtest_logstart() -> None:
    """Let the processor time of a test begin: what was before, reading all tests for one, is of none."""
    _PROCESSOR_TIME.since()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the processor time of setting up, of the test or of tearing down to its report."""
    report = yield
    report.processor_seconds = _PROCESSOR_TIME.since()  # type: ignore[attr-defined]  # for dearest_files
    return report


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Let the first worker rewrite the assertions of every test where nobody has yet: the others read what it leaves.

    Side by side each would rewrite all of them, which takes as long as all else that it does before its first test.
    """
    facts: dict[str, str] = getattr(session.config, "workerinput", {})
    if not facts or sys.dont_write_bytecode:
        return (yield)
    begun, read = (Path(tempfile.gettempdir(), f"{facts['testrunuid']}.{one}") for one in ("begun", "read"))
    nobody = _none_rewritten()
    if facts["workerid"] != FIRST_WORKER:
        end = time.monotonic() + PATIENCE
        while (begun.exists() or _none_rewritten()) and not read.exists() and time.monotonic() < end:
            time.sleep(0.1)
        return (yield)
    for one in (begun, read) if nobody else ():
        session.config.add_cleanup(partial(one.unlink, missing_ok=True))
    if nobody:
        begun.touch()
    try:
        return (yield)
    finally:
        if nobody:
            read.touch()


def _none_rewritten() -> bool:
    return not any(FIRST_TESTS.glob("__pycache__/test_*-pytest-*.pyc"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of a long run which files took its time."""
    for line in dearest_files(chain.from_iterable(terminalreporter.stats.values())):
        terminalreporter.write_line(line)
