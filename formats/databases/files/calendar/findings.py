"""What is noticed of the events of a calendar, each thing told once, with how many there are of it."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from formats.databases.files.calendar.recurrence import MAX_OCCURRENCES, MAX_YEARS
from formats.databases.files.calendar.series import SeriesReader
from formats.databases.files.calendar.zones import CalendarZones
from formats.databases.files.file_findings import FileNotices
from formats.words import plural

MAX_NAMED = 10
"""Names that are given of one kind of thing."""

_UNREAD = plural(
    "{count} event of the calendar cannot be read and was not taken; it is in line {line}.",
    "{count} events of the calendar cannot be read and were not taken; the first is in line {line}.",
)
_PROPERTIES = plural(
    "{count} property of an event is not what it should be ({named}): it is kept as its text.",
    "{count} properties of events are not what they should be ({named}): they are kept as their text.",
)
_OTHERS = plural(
    "{count} component of the calendar is no event ({kind}) and was not read.",
    "{count} components of the calendar are no events ({kind}) and were not read.",
)
_SERIES = plural(
    "{count} event repeats: it is a row for each of its times ({rows} in all).",
    "{count} events repeat: each is a row for each of its times ({rows} in all).",
)
_CUT = plural(
    "{count} event repeats beyond {years} years or {limit} times: it is read up to there.",
    "{count} events repeat beyond {years} years or {limit} times: they are read up to there.",
)
_RULES = plural(
    "{count} event repeats by a rule that is not understood; it is read once, at its first time.",
    "{count} events repeat by rules that are not understood; each is read once, at its first time.",
)
_RANGES = plural(
    "{count} event changes a series from one of its times on: it is taken for that time alone.",
    "{count} events change a series from one of its times on: they are taken for that time alone.",
)
_ZONES = plural(
    "{count} time names a time zone that nobody knows ({named}): it is taken as one of the practice's clocks.",
    "{count} times name time zones that nobody knows ({named}): they are taken as those of the practice's clocks.",
)
_ZONES_UNREAD = plural(
    "{count} definition of a time zone in the calendar is not understood ({named}).",
    "{count} definitions of time zones in the calendar are not understood ({named}).",
)


class NoticedEvents(Protocol):
    """Events of a calendar once they are read: what is no event, what is odd in them, and how they repeat."""

    others: Counter[str]
    properties: Counter[str]
    unknown_zones: Counter[str]
    unread: list[int]
    ranges: int
    zones: CalendarZones
    series: SeriesReader


def note_events(name: str, notices: FileNotices, events: NoticedEvents) -> None:
    """Say what is noticed of the ``events`` of the table ``name``."""
    series = events.series
    if events.unread:
        count = len(events.unread)
        notices.refuse("calendar-event-unread", name, _UNREAD, count=count, line=events.unread[0])
    for code, sentence, found in (
        ("calendar-property-unread", _PROPERTIES, events.properties),
        ("calendar-zone-unread", _ZONES_UNREAD, Counter(events.zones.unread)),
        ("calendar-zone-unknown", _ZONES, events.unknown_zones),
    ):
        if found:
            named = ", ".join(sorted(found)[:MAX_NAMED])
            notices.warn(code, name, sentence, count=found.total(), named=named)
    if series.followed:
        notices.note("calendar-series", name, _SERIES, count=series.followed, rows=series.rows)
    if series.cut:
        facts = {"count": series.cut, "years": MAX_YEARS, "limit": MAX_OCCURRENCES}
        notices.warn("calendar-series-cut", name, _CUT, **facts)
    if series.unread:
        notices.warn("calendar-event-repeats", name, _RULES, count=series.unread)
    if events.ranges:
        notices.warn("calendar-series-changed", name, _RANGES, count=events.ranges)
    for kind, count in events.others.items():
        notices.warn("calendar-component-ignored", name, _OTHERS, count=count, kind=kind)
