"""Days of the practice: on its own clock, wherever the machine stands."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore

PARIS = "Europe/Paris"


def practice_zone(store: PracticeStore) -> tzinfo:
    """Return the time zone of the practice, or of the first of which dossiers came; Paris where it is none."""
    practice = practice_of_store(store) or next(store.practices(), None)
    try:
        return ZoneInfo(practice.time_zone if practice else PARIS)
    except (LookupError, ValueError, OSError):
        return ZoneInfo(PARIS)


def practice_day(store: PracticeStore, at: datetime) -> date:
    """Return the day that it is in the practice at the moment ``at``."""
    return at.astimezone(practice_zone(store)).date()


def practice_moment(store: PracticeStore, at: datetime) -> datetime:
    """Return the moment ``at`` to the second on the clock of the practice, with the offset that it has then."""
    there = at.astimezone(practice_zone(store)).replace(microsecond=0)
    return datetime.fromisoformat(there.isoformat())
