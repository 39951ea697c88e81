"""Servers and stores that several suites share, made once a session."""

from __future__ import annotations

from tests.journeys.line import demo_line, small_line
from tests.mariadb import mariadb_server, opendental_practice, opendental_successor

__all__ = ["demo_line", "mariadb_server", "opendental_practice", "opendental_successor", "small_line"]
