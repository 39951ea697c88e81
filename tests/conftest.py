"""Servers and stores that several suites share, made once a session."""

from __future__ import annotations

import pytest

from tests.journeys.line import demo_line, small_line
from tests.mariadb import mariadb_server, opendental_practice, opendental_successor

__all__ = ["demo_line", "mariadb_server", "opendental_practice", "opendental_successor", "small_line"]

COSTLY = frozenset({"demo_line", "small_line", "mariadb_server"})
"""What takes seconds to make, however little a test asks of it."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that needs one of ``COSTLY`` as slow, before ``-m`` chooses."""
    for item in items:
        if COSTLY.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
