"""Servers that several suites share, started once a session."""

from __future__ import annotations

from tests.mariadb import mariadb_server, opendental_practice, opendental_successor

__all__ = ["mariadb_server", "opendental_practice", "opendental_successor"]
