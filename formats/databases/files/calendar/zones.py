"""Time zones that a calendar brings along (VTIMEZONE, RFC 5545, 3.6.5): learned where their rules are those of clocks.

A zone known by the name that computers share is taken from there. Of another one the rules are followed for every
event; a rule that is no yearly one could keep that up for hours, and no clock is set by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from formats.databases.files.calendar.components import Component

MAX_ZONES = 1_000
"""Time zones of one calendar; there are some 600."""
MAX_ZONE_CHARACTERS = 64 << 10
"""Characters of one time zone; a century of changes, each with its date, takes some ten thousand."""
MAX_OBSERVANCES = 200
"""Periods with one offset of a time zone; that of Paris has had some forty rules."""
_RULE = re.compile(
    r"FREQ=YEARLY(?:;(?:INTERVAL=1|BYMONTH=(?:[1-9]|1[0-2])|BYDAY=[+-]?[1-5]?(?:MO|TU|WE|TH|FR|SA|SU)"
    r"|BYMONTHDAY=-?(?:[1-9]|1\d|2[0-8])(?:,-?(?:[1-9]|1\d|2[0-8]))*|UNTIL=[0-9TZ]{8,16}|COUNT=\d{1,4}"
    r"|WKST=(?:MO|TU|WE|TH|FR|SA|SU)))*",
    re.ASCII,
)


@dataclass(slots=True)
class CalendarZones:
    """The time zones of one calendar; ``unread`` are the names of those that are none."""

    unread: list[str] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        from icalendar.timezone import tzp  # noqa: PLC0415 - few sources have a calendar

        tzp.use_default()  # forgets the zones of the calendar before

    def learn(self, zone: Component) -> None:
        """Take a time zone for the events that name it, or note why it is not one."""
        from icalendar import Timezone  # noqa: PLC0415 - as above

        self._count += 1
        if self._count > MAX_ZONES or not _is_plain(zone):
            self._refuse(zone)
            return
        try:
            cast("Timezone", Timezone.from_ical(zone.text)).to_tz()
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
            self._refuse(zone)

    def _refuse(self, zone: Component) -> None:
        self.unread.append(next(iter(zone.values("TZID")), "?")[:100])


def _is_plain(zone: Component) -> bool:
    """Tell whether every rule of a zone is one by which clocks are set, and there are few."""
    if len(zone.text) > MAX_ZONE_CHARACTERS:
        return False
    rules = [one.upper().replace(" ", "") for one in zone.values("RRULE")]
    begun = sum(one.upper() in {"STANDARD", "DAYLIGHT"} for one in zone.values("BEGIN"))
    return begun <= MAX_OBSERVANCES and all(map(_RULE.fullmatch, rules)) and not zone.values("EXRULE")
