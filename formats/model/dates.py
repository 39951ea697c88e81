"""Calendar dates of which a source may know only the year, or the month (partial dates, FHIR R4 ``date``), and moments.

A date known to the day is a ``datetime.date``; a ``PartialDate`` is never one of its days. As neither comes before
the other, they have no order of their own: whoever compares says by which day, the first or the last it may be.

A moment (FHIR R4 ``dateTime``) is a ``datetime`` with its zone; where no time of day is known it stays a date.
Midnight is a time of day like any other. Python takes a ``datetime`` for a ``date``: whoever tells a moment from
a day asks for the ``datetime`` first.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, tzinfo
from enum import IntEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

_DECEMBER = 12
DAY_LENGTH = len("1983-05-12")
"""Characters of a day in ISO 8601."""
_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")


class PartialDate:
    """Partial date: a year, or a month of one. A scalar as ``date`` is one, hence no dataclass with fields.

    Raises:
        ValueError: when the calendar has no such year or month.
    """

    __slots__ = ("_month", "_year")

    def __init__(self, year: int, month: int | None = None) -> None:
        date(year, month or 1, 1)
        if month == 0:
            raise ValueError("month must be in 1..12")
        self._year, self._month = year, month

    @property
    def year(self) -> int:
        """The year."""
        return self._year

    @property
    def month(self) -> int | None:
        """The month, where it is known."""
        return self._month

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self._year, self._month) == (other._year, other._month)

    def __hash__(self) -> int:
        return hash((self._year, self._month))

    def __repr__(self) -> str:
        return f"PartialDate({self._year}, {self._month})"

    def isoformat(self) -> str:
        """Return it as ISO 8601 writes a date of reduced precision, ``1983`` or ``1983-05``."""
        return f"{self._year:04}" if self._month is None else f"{self._year:04}-{self._month:02}"


AnyDate: TypeAlias = date | PartialDate
"""A date, as precise as whoever recorded it knew it."""


AnyMoment: TypeAlias = datetime | AnyDate
"""A moment, or a date where whoever recorded it knew no time of day."""


def parse_date(text: str) -> AnyDate:
    """Return the date that ``isoformat`` wrote as ``text``.

    Raises:
        ValueError: when it is none of the calendar.
    """
    if len(text) == DAY_LENGTH and text[7] == "-":  # neither a week date nor one without hyphens
        return date.fromisoformat(text)
    part = _PART.fullmatch(text)
    if part is None:
        raise ValueError(f"no date: {text[:20]!r}")
    year, month = part.groups()
    return PartialDate(int(year), int(month) if month else None)


def parse_moment(text: str) -> AnyMoment:
    """Return the moment or the date that ``isoformat`` wrote as ``text``.

    Raises:
        ValueError: when it is none of the calendar.
    """
    return datetime.fromisoformat(text) if "T" in text else parse_date(text)


def without_time(value: AnyMoment) -> AnyDate:
    """Return the day of a moment on the clock that it was written with, and a date as it is."""
    return value.date() if isinstance(value, datetime) else value


def zone_of(name: str) -> tzinfo:
    """Return the zone of an IANA name, on whose clock a practice works; an unknown one gives UTC."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def on_clock(moment: datetime, zone: tzinfo) -> datetime:
    """Return ``moment`` as a clock of ``zone`` shows it; in the first or last hours of the calendar as it is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def first_day(value: AnyMoment) -> date:
    """Return the earliest day that ``value`` may be, or be of."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date(value.year, value.month or 1, 1)


def last_day(value: AnyMoment) -> date:
    """Return the latest day that ``value`` may be, or be of."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    month = value.month or _DECEMBER
    return date(value.year, month, calendar.monthrange(value.year, month)[1])


class Precision(IntEnum):
    """To what a moment or a date is known; what is known less precisely comes first among those that begin alike."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    TIME = 4


def precision_of(value: AnyMoment) -> Precision:
    """Return to what ``value`` is known."""
    if isinstance(value, PartialDate):
        return Precision.YEAR if value.month is None else Precision.MONTH
    return Precision.TIME if isinstance(value, datetime) else Precision.DAY


def beginning(value: AnyMoment, zone: tzinfo) -> datetime:
    """Return a moment, or the earliest one that a date may be of on the clock of ``zone``."""
    return value if isinstance(value, datetime) else datetime.combine(first_day(value), time.min, zone)


def moment_order(value: AnyMoment, zone: tzinfo) -> tuple[datetime, Precision]:
    """Return the key by which moments and dates are sorted, on the clock of ``zone``, the practice's.

    A year comes before its months, a month before its days, a day before the moments of that day.
    """
    return beginning(value, zone), precision_of(value)


def surely_before(one: AnyDate, other: AnyDate) -> bool:
    """Tell whether ``one`` is before ``other``, whatever days they are."""
    return last_day(one) < first_day(other)


def contradict(one: AnyDate | None, other: AnyDate | None) -> bool:
    """Tell whether both are known, and cannot be the same day.

    That they do not contradict proves nothing: only two equal days are known to be the same one.
    """
    if one is None or other is None:
        return False
    return surely_before(one, other) or surely_before(other, one)
