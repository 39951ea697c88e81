"""Times of a night in which the clocks change: one that comes twice, one that never comes (PEP 495)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto

from formats.model.dates import AnyMoment
from formats.words import mark

LAST_HOUR = 4
"""Hour by which clocks have changed, wherever they do: later times are not looked at."""


class ClockChange(Enum):
    """What a change of the clocks makes of a time that stands there without its offset."""

    TWICE = auto()
    NEVER = auto()


SENTENCES: Mapping[ClockChange, str] = {
    ClockChange.TWICE: mark(
        "{column} holds “{value}”, which the clocks showed twice in that night; it is taken as the first."
    ),
    ClockChange.NEVER: mark(
        "{column} holds “{value}”, which the clocks skipped in that night; it is taken as if they had not changed yet."
    ),
}


def clock_change(moment: AnyMoment | None) -> ClockChange | None:
    """Return what is odd about the time of ``moment`` on the clock of its zone; ``None`` for nothing, or for a date."""
    if not isinstance(moment, datetime) or moment.hour >= LAST_HOUR:
        return None
    first, second = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return None
    return ClockChange.TWICE if first > second else ClockChange.NEVER
