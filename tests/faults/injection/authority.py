"""A time-stamping authority that answers as long as a workshop is open."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from tests.tsa import LocalAuthority, listening

NOW = datetime.now(UTC)
AUTHORITY = LocalAuthority("Horodatage Exemple", NOW - timedelta(days=30), NOW + timedelta(days=3600))
"""For every point of a process: its certificate ends long after the tests."""


def answering() -> AbstractContextManager[str]:
    """Let it answer; return its address."""
    return listening(lambda query: (200, AUTHORITY.reply(query, datetime.now(UTC))))
