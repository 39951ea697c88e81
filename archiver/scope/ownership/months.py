"""Calendar months between two days."""

from __future__ import annotations

import calendar
from datetime import date

_MONTHS = 12


def add_months(day: date, months: int) -> date:
    """Return the day that is ``months`` after ``day``, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(first: date, last: date) -> int:
    """Return how many whole months lie between two days."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months - (add_months(first, months) > last)
