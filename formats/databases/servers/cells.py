"""From what a driver returns to a cell: dates as text of ISO 8601, numbers as numbers, binary as bytes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from formats.databases.tables import MAX_CELL, OversizedValue, Value

EXACT_DIGITS = 15
"""Decimal digits that a binary number of 64 bits keeps (IEEE 754); longer decimals stay text."""
WHOLE_DIGITS = 18
"""Decimal digits of every whole number of 64 bits; longer ones stay text (Python writes no number of 4,300)."""
PLAIN = frozenset({str, int, type(None)})
"""Types that are cells as they are, but for their size."""


def as_cell(value: Any, zone: tzinfo) -> Value:
    """Return ``value`` as a cell; a moment with a zone becomes the date and time of ``zone``, without one."""
    kind = type(value)
    if kind in PLAIN:
        return _sized(value) if kind is str else value
    known = _CELLS.get(kind)
    if known is not None:
        return known(value)
    if isinstance(value, datetime):
        return _local(value, zone)
    if isinstance(value, date | time):
        return value.isoformat()
    if hasattr(value, "read"):
        return as_cell(_read(value), zone)
    return str(value)


def with_utc(row: tuple[Any, ...], places: Collection[int]) -> tuple[Any, ...]:
    """Return ``row`` whose moments at ``places`` say that they are in UTC."""
    return tuple(
        value.replace(tzinfo=UTC) if place in places and isinstance(value, datetime) else value
        for place, value in enumerate(row)
    )


def _local(value: datetime, zone: tzinfo) -> str:
    try:
        local = value.astimezone(zone) if value.tzinfo else value
    except OverflowError:  # a day before the first, or after the last, of the calendar
        return value.isoformat(" ")
    return local.replace(tzinfo=None).isoformat(" ")


def _sized(value: str | bytes) -> Value:
    """Return a text or bytes, or only its size where it is larger than ``MAX_CELL``."""
    if len(value) * 4 <= MAX_CELL:
        return value
    size = len(value) if isinstance(value, bytes) else len(value.encode("utf-8", "surrogatepass"))
    return OversizedValue(size=size) if size > MAX_CELL else value


def _decimal(value: Decimal) -> Value:
    """Return a decimal as the number it is, as text where a binary number would be another one."""
    sign_digits_exponent = value.as_tuple()
    exponent = sign_digits_exponent.exponent
    if not isinstance(exponent, int):
        return str(value)
    digits = len(sign_digits_exponent.digits)
    if exponent >= 0:
        return int(value) if digits + exponent <= WHOLE_DIGITS else _sized(f"{value:f}")
    return float(value) if digits <= EXACT_DIGITS else _long_decimal(f"{value:f}")


def _long_decimal(text: str) -> Value:
    """Return a decimal of many digits, as a number where most are noughts with which its column fills up."""
    short = text.rstrip("0").rstrip(".")
    digits = len(short.replace(".", "").lstrip("-0"))
    if "." not in short and digits <= WHOLE_DIGITS:
        return int(short)
    return float(short) if digits <= EXACT_DIGITS else _sized(text)


def _float(value: float) -> Value:
    return value if math.isfinite(value) else str(value)


def _duration(value: timedelta) -> str:
    """Return a time of day that a driver gives as the time since midnight."""
    seconds = int(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _bytes(value: bytes | bytearray | memoryview) -> Value:
    return _sized(bytes(value))


def _read(stream: Any) -> Any:
    """Return what lies behind a value that a driver gives as a stream."""
    try:
        return stream.read()
    finally:
        if hasattr(stream, "close"):
            stream.close()


_CELLS: dict[type, Callable[[Any], Value]] = {
    bool: int,
    float: _float,
    Decimal: _decimal,
    timedelta: _duration,
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
}
