"""Dates, times and amounts as Open Dental stores them.

« Not filled in » is written 0001-01-01, 0000-00-00 or, in converted data,
any year before 1880; none of them is a date. A date whose day, or day and
month, are zero is one of which no more is known (MySQL and MariaDB take such
dates). Times carry no zone: they are the clock of the practice. Amounts are
binary floating point numbers.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from formats.model.dates import DAY_LENGTH, AnyDate, AnyMoment, PartialDate

FIRST_YEAR = 1880
"""Open Dental takes any earlier year for « not filled in »."""
MAX_CENTS = 10**14
"""A million million; beyond it a binary number no longer holds single cents."""

_CENT = Decimal(1)
_PARTIAL = re.compile(r"([0-9]{4})-([0-9]{2})-00(?![0-9])")
NOISE = Decimal("0.005")
"""Cents that no table holds on purpose: amounts have at most four decimals of the currency."""

_PLAIN_AMOUNT = 10.0**9
_NOISE = 1e-4
"""Cents by which an amount below ``_PLAIN_AMOUNT`` may miss a whole one and surely mean that: far below ``NOISE``."""


def is_empty_date(text: str) -> bool:
    """Tell whether ``text`` is one of the ways to write that there is no date."""
    return not text.strip() or (text[:4].isdigit() and int(text[:4]) < FIRST_YEAR)


@lru_cache(maxsize=8192)
def source_date(text: str) -> AnyDate | None:
    """Return the date in ``text`` (a date, or a date and a time), ``None`` when it is not filled in.

    Raises:
        ValueError: when it is no date of the calendar.
    """
    if is_empty_date(text):
        return None
    if partial := _PARTIAL.match(text.strip()):
        year, month = map(int, partial.groups())
        return PartialDate(year, month or None)
    return date.fromisoformat(text.strip()[:10])


def source_time(text: str, zone: ZoneInfo) -> AnyMoment | None:
    """Return the moment in ``text`` on the clock of ``zone``, ``None`` when it is not filled in; a date stays one.

    Raises:
        ValueError: when it is no moment of the calendar.
    """
    bare = text.strip()
    if len(bare) <= DAY_LENGTH or bare[8:DAY_LENGTH] == "00":
        return source_date(bare)
    return None if is_empty_date(bare) else datetime.fromisoformat(bare).replace(tzinfo=zone)


def cents(amount: str | float) -> tuple[int, bool]:
    """Return an amount in integer cents, rounded half to even, and whether nothing that counts was rounded away.

    A database that keeps amounts as floating-point numbers has no exact cents: 57.60 is 57.599999999999994.

    Raises:
        ValueError: when it is no number or larger than any account.
    """
    if type(amount) is float and -_PLAIN_AMOUNT < amount < _PLAIN_AMOUNT:
        near = round(amount * 100)
        if abs(amount * 100 - near) < _NOISE:
            return near, True
    try:
        exact = Decimal(str(amount)) * 100
    except InvalidOperation as fault:
        raise ValueError(str(amount)) from fault
    if not exact.is_finite() or abs(exact) > MAX_CENTS:
        raise ValueError(str(amount))
    rounded = exact.quantize(_CENT, rounding=ROUND_HALF_EVEN)
    return int(rounded), abs(rounded - exact) < NOISE
