"""Times of an appointment that repeats (RFC 5545, 3.8.5): by its rule and dates, without those taken out or moved.

A time that an event of its own says otherwise (RECURRENCE-ID) is left to that event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.files.calendar.recurrence import MAX_OCCURRENCES, DayBudget, read_rule

MAX_ROWS = 1_000_000
"""Rows that all series of one calendar may become."""
Moment = date | datetime
Override = tuple[str, Moment]
"""The UID of a series, and the time of it that an event of its own says otherwise."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of an event; ``recurrence`` is the time of the series that it is, nothing of an event without one."""

    start: Moment | None
    end: Moment | None
    recurrence: Moment | None = None


@dataclass(slots=True)
class SeriesReader:
    """Follows the series of one calendar in the time zone of the practice; it counts series, and their rows."""

    zone: ZoneInfo
    overrides: set[Override] = field(default_factory=set)
    followed: int = 0
    rows: int = 0
    cut: int = 0
    unread: int = 0
    _budget: DayBudget = field(default_factory=DayBudget)

    def override(self, event: Any) -> None:
        """Know an event that says one time of a series otherwise."""
        moment = moment_of(event.get("RECURRENCE-ID"))
        if moment is not None:
            self.overrides.add((str(event.get("UID", "")), self.instant(moment)))

    def occurrences(self, event: Any) -> Iterator[Occurrence]:
        """Yield every time of ``event``; of one whose rule is not followed the first alone."""
        start, end = moment_of(event.get("DTSTART")), moment_of(event.get("DTEND"))
        if "RECURRENCE-ID" in event:
            yield Occurrence(start, end, moment_of(event["RECURRENCE-ID"]))
            return
        if "RRULE" not in event and "RDATE" not in event:
            yield Occurrence(start, end)
            return
        rule = event.get("RRULE")
        read = read_rule(rule) if isinstance(rule, dict) else None
        over = self.rows >= MAX_ROWS or self._budget.left <= 0
        if start is None or "EXRULE" in event or over or (rule is not None and read is None):
            self.unread += 1
            yield Occurrence(start, end)
            return
        self.followed += 1
        length = end - start if end is not None and _alike(start, end) else None
        uid = str(event.get("UID", ""))
        for one in self._times(event, start, read):
            if (uid, self.instant(one)) in self.overrides:
                continue
            self.rows += 1
            yield Occurrence(one, one + length if length is not None else None, one)

    def _times(self, event: Any, start: Moment, rule: Any) -> list[Moment]:
        """Return the times of a series in their order."""
        given, apart = set(_dates(event.get("RDATE"))), set(_dates(event.get("EXDATE")))
        out = {self.instant(one) for one in apart}
        days = {one for one in apart if not isinstance(one, datetime)}
        found = {self.instant(one): one for one in (start, *given)}
        for number, one in enumerate(self._by_rule(start, rule) if rule else (), 1):
            if number > MAX_OCCURRENCES:
                break
            found.setdefault(self.instant(one), one)
        return [
            one
            for instant, one in sorted(found.items(), key=lambda each: _sortable(each[0]))
            if instant not in out and not (isinstance(one, datetime) and one.date() in days)
        ]

    def _by_rule(self, start: Moment, rule: Any) -> Iterator[Moment]:
        """Yield the times of a rule up to its end; a series that has no end before a limit is counted as cut."""
        number = 0
        day = start.date() if isinstance(start, datetime) else start
        for one in rule.days(day, self._budget):
            moment = datetime.combine(one, start.timetz()) if isinstance(start, datetime) else one
            if rule.until is not None and self._is_after(moment, rule.until):
                return
            if rule.count is not None and number >= rule.count:
                return
            if number >= MAX_OCCURRENCES:
                break
            number += 1
            yield moment
        self.cut += rule.count is None or number < rule.count

    def _is_after(self, moment: Moment, until: Moment) -> bool:
        if not isinstance(until, datetime):
            return (moment.date() if isinstance(moment, datetime) else moment) > until
        if not isinstance(moment, datetime):
            return moment > until.date()
        return self._aware(moment) > self._aware(until)

    def instant(self, moment: Moment) -> Moment:
        """Return a time as it is compared: in UTC, taken as one of the practice's clocks where it names no zone."""
        return self._aware(moment).astimezone(UTC) if isinstance(moment, datetime) else moment

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)


def moment_of(value: Any) -> Moment | None:
    """Return the date or time that a property is; nothing for one that is none, or cannot be read."""
    try:
        found = value.dt
    except (AttributeError, ValueError):
        return None
    return found if isinstance(found, date) else None


def _dates(value: Any) -> Iterator[Moment]:
    """Yield the dates and times in one property or several; of a period its beginning."""
    for one in value if isinstance(value, list) else [value]:
        try:
            every = one.dts
        except (AttributeError, ValueError):
            continue
        for each in every:
            found = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            if isinstance(found, date):
                yield found


def _alike(one: Moment, other: Moment) -> bool:
    """Tell whether one can be taken from the other: both dates, or both times with a zone or both without."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (one.tzinfo is None) == (other.tzinfo is None)
    return not isinstance(one, datetime) and not isinstance(other, datetime)


def _sortable(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)
