"""Dates and times as a pattern writes them, whole or partial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from formats.model.dates import AnyDate, AnyMoment, PartialDate

ISO_AND_FRENCH = (
    *(
        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.f",
    ),
    *("dd/MM/yyyy", "dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm:ss"),
)
"""Patterns that hold where a mapping names none."""
CLOCKS = ("HH:mm", "HH:mm:ss", "HHhmm", "HHmm")
"""How the time of day is written in a column of its own."""
_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
    "f": r"\d{1,9}",
}
_PART = re.compile("yyyy|yy|MM|dd|HH|mm|ss|f(?!.)")
_CENTURY = 100


@dataclass(frozen=True, slots=True)
class DatePatterns:
    """Patterns, tried in their order; ``first_year`` is the first of the hundred years that ``yy`` may mean.

    Raises:
        ValueError: for a pattern that is none, one with ``yy`` without a first year, or with minutes of no hour.
    """

    patterns: Sequence[str]
    first_year: int | None = None
    _compiled: list[re.Pattern[str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            expression = _expression(pattern)
            years = {"year", "short"} & expression.groupindex.keys()
            if len(years) != 1 or ("short" in years and self.first_year is None):
                raise ValueError(pattern)
            if "minute" in expression.groupindex and "hour" not in expression.groupindex:
                raise ValueError(pattern)  # dd/mm/yyyy, which means MM
            self._compiled.append(expression)

    def date(self, text: str) -> AnyDate | None:
        """Return the date in ``text``, as precise as it is; a year of nought is none.

        A day, or a day and a month, of nought is one of which no more is known.

        Raises:
            ValueError: when no pattern fits, or the calendar has no such day.
        """
        return self._date(self._match(text))

    def moment(self, text: str) -> AnyMoment | None:
        """Return the moment in ``text`` without a zone, or the date where it has no time of day; likewise.

        Raises:
            ValueError: likewise, and for a partial date with a time of day that is not 0:00.
        """
        found = self._match(text)
        day, clock = self._date(found), _time(found)
        if isinstance(day, date):
            return datetime.combine(day, clock) if found.groupdict().get("hour") else day
        if day is not None and clock != time.min:
            raise ValueError(text)
        return day

    def _match(self, text: str) -> re.Match[str]:
        for expression in self._compiled:
            found = expression.fullmatch(text)
            if found:
                return found
        raise ValueError(text)

    def _date(self, found: re.Match[str]) -> AnyDate | None:
        parts = found.groupdict()
        year = int(parts["year"]) if parts.get("year") else self._whole_year(int(parts["short"]))
        if not year:
            return None
        month, day = int(parts.get("month") or 0), int(parts.get("day") or 0)
        if day and not month:
            raise ValueError(found.string)
        return date(year, month, day) if day else PartialDate(year, month or None)

    def _whole_year(self, short: int) -> int:
        first = self.first_year or 0
        return first + (short - first) % _CENTURY


def parse_clock(text: str) -> time:
    """Return the time of day in ``text``.

    Raises:
        ValueError: when it is none.
    """
    written = f"0{text}" if _SHORT_CLOCK.fullmatch(text) else text
    for expression in _CLOCKS:
        found = expression.fullmatch(written)
        if found:
            return _time(found)
    raise ValueError(text)


def _time(found: re.Match[str]) -> time:
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    return time(hour, minute, second)


def _expression(pattern: str) -> re.Pattern[str]:
    made, place, used = "", 0, [""]
    while place < len(pattern):
        part = _PART.match(pattern, place)
        word = part.group() if part else ""
        if word and word in used:
            raise ValueError(pattern)
        end = place + len(word or pattern[place])
        beside_another = bool(used[-1]) or bool(word and _PART.match(pattern, end))
        fixed = _PARTS[word] if word else re.escape(pattern[place])
        made += fixed.replace("{1,2}", "{2}") if beside_another else fixed
        used.append(word)
        place = end
    return re.compile(made, re.ASCII)


_SHORT_CLOCK = re.compile("[0-9]{3}")
"""A clock that is kept as a number, which has no zero in front: 930 is half past nine."""
_CLOCKS = tuple(_expression(pattern) for pattern in CLOCKS)
