"""The present, with its zone."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in the machine's own zone."""
    return datetime.now(UTC).astimezone()
