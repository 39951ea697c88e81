"""Recurrence rules (RFC 5545, 3.3.10) of appointments, followed day by day: however odd a rule, the days are counted.

Rules by the day, week, month or year are followed, with BYMONTH, BYMONTHDAY, BYYEARDAY, BYDAY and BYSETPOS. What is
left out repeats within a day (BYHOUR …), or by numbers of weeks (BYWEEKNO).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MAX_YEARS = 20
"""Years from its first time for which a series is followed."""
MAX_OCCURRENCES = 4_000
"""Times of one series: eleven years of every day."""
MAX_DAYS = 20_000_000
"""Days that are looked at for all series of one calendar; twenty years are some 7,300."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?\d{1,3})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_FOLLOWED = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY"})
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


@dataclass(slots=True)
class DayBudget:
    """How many days may still be looked at."""

    left: int = MAX_DAYS


@dataclass(frozen=True, kw_only=True, slots=True)
class RecurrenceRule:
    """A rule that is followed; ``weekdays`` are ordinals (0 for every one) and days of the week (0 is Monday)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    week_start: int = 0
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()

    def days(self, start: date, budget: DayBudget) -> Iterator[date]:
        """Yield the days of the rule from ``start`` on, which is one of them, as long as there is ``budget``."""
        rule = self._with_days_of(start)
        yield start
        for period in _periods(rule, start):
            budget.left -= len(period)
            if budget.left < 0:
                return
            found = [one for one in period if _holds(rule, one)]
            if rule.positions:
                found = sorted(
                    {found[n - (n > 0)] for n in rule.positions if -len(found) <= n - (n > 0) < len(found)}
                )
            yield from (one for one in found if one > start)

    def _with_days_of(self, start: date) -> RecurrenceRule:
        """Return the rule with what ``start`` says of the days where it says nothing itself."""
        if self.weekdays or self.month_days or self.year_days or self.frequency == "DAILY":
            return self
        changes: dict[str, Any] = {"month_days": frozenset({start.day})}
        if self.frequency == "WEEKLY":
            changes = {"weekdays": ((0, start.weekday()),)}
        elif self.frequency == "YEARLY" and not self.months:
            changes["months"] = frozenset({start.month})
        return RecurrenceRule(
            **{name: getattr(self, name) for name in self.__dataclass_fields__ if name not in changes},
            **changes,
        )


def _periods(rule: RecurrenceRule, start: date) -> Iterator[list[date]]:
    """Yield the days of each period, from the one of ``start`` on, for ``MAX_YEARS``."""
    last = date(min(start.year + MAX_YEARS, date.max.year - 1), start.month, min(start.day, 28))
    if rule.frequency in {"DAILY", "WEEKLY"}:
        length = 7 if rule.frequency == "WEEKLY" else 1
        back = (start.weekday() - rule.week_start) % 7 if length == 7 else 0
        first = start.toordinal() - back
        for begin in range(max(first, 1), last.toordinal() + 1, length * rule.interval):
            yield [date.fromordinal(begin + n) for n in range(length)]
        return
    months = 12 if rule.frequency == "YEARLY" else 1
    at = start.year * 12 + (start.month - 1 if months == 1 else 0)
    while at // 12 < last.year + 1:
        year, month = at // 12, at % 12 + 1
        end = date(year, 12, 31) if months == 12 else date(year, month, calendar.monthrange(year, month)[1])
        yield [date.fromordinal(n) for n in range(date(year, month, 1).toordinal(), end.toordinal() + 1)]
        at += months * rule.interval


def _holds(rule: RecurrenceRule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days:
        length = calendar.monthrange(day.year, day.month)[1]
        if rule.month_days.isdisjoint({day.day, day.day - length - 1}):
            return False
    if rule.year_days:
        number, length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        if rule.year_days.isdisjoint({number, number - length - 1}):
            return False
    return not rule.weekdays or any(_is_weekday(rule, day, *one) for one in rule.weekdays)


def _is_weekday(rule: RecurrenceRule, day: date, ordinal: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if not ordinal or rule.frequency in {"DAILY", "WEEKLY"}:
        return True
    in_month = rule.frequency == "MONTHLY" or bool(rule.months)
    number = day.day if in_month else day.timetuple().tm_yday
    length = calendar.monthrange(day.year, day.month)[1] if in_month else 365 + calendar.isleap(day.year)
    return ordinal in {(number - 1) // 7 + 1, -((length - number) // 7 + 1)}


def read_rule(parts: Mapping[str, Any]) -> RecurrenceRule | None:
    """Return the rule that ``parts`` are, each a list of values by its name; nothing for one that is not followed."""
    names = {name.upper() for name in parts}
    frequency = str(_one(parts, "FREQ") or "").upper()
    if frequency not in _FREQUENCIES or names - _FOLLOWED - {"BYDAY", "BYSETPOS"}:
        return None
    try:
        weekdays = [_WEEKDAY.fullmatch(str(one).upper()) for one in parts.get("BYDAY", ())]
        rule = RecurrenceRule(
            frequency=frequency,
            interval=int(_one(parts, "INTERVAL")) if "INTERVAL" in names else 1,
            count=int(_one(parts, "COUNT")) if "COUNT" in names else None,
            until=_one(parts, "UNTIL"),
            week_start=_DAYS.index(str(_one(parts, "WKST") or "MO").upper()),
            months=frozenset(int(str(one)) for one in parts.get("BYMONTH", ())),
            month_days=frozenset(map(int, parts.get("BYMONTHDAY", ()))),
            year_days=frozenset(map(int, parts.get("BYYEARDAY", ()))),
            weekdays=tuple((int(one[1] or 0), _DAYS.index(one[2])) for one in weekdays if one),
            positions=tuple(map(int, parts.get("BYSETPOS", ()))),
        )
    except (ValueError, TypeError):
        return None
    usable = 0 < rule.interval < 10_000 and None not in weekdays and 0 not in rule.positions
    return rule if usable and isinstance(rule.until, date | None) else None


def _one(parts: Mapping[str, Any], name: str) -> Any:
    found = parts.get(name)
    return (
        found[0]
        if isinstance(found, list) and len(found) == 1
        else found
        if not isinstance(found, list)
        else None
    )
