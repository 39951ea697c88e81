"""Servers and stores that several suites share, made once a session."""

from __future__ import annotations

import signal

import pytest
from hypothesis import HealthCheck, settings

from tests.engines.postgresql import postgresql_server
from tests.engines.seaweedfs import locking_bucket, object_store, seaweed
from tests.journeys.line import demo_line, small_line
from tests.mariadb import mariadb_server, opendental_practice, opendental_successor
from tests.orthanc import orthanc, orthanc_server

__all__ = [
    "demo_line",
    "locking_bucket",
    "mariadb_server",
    "object_store",
    "opendental_practice",
    "opendental_successor",
    "orthanc",
    "orthanc_server",
    "postgresql_server",
    "seaweed",
    "small_line",
]

COSTLY = frozenset(
    {"demo_line", "small_line", "mariadb_server", "orthanc_server", "postgresql_server", "seaweed"}
)
"""What takes seconds to make, however little a test asks of it."""

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
