"""Moments: a day with its time of day, in one column or in two; a day alone stays a day.

A time that the clocks show twice in a night, or never, is said as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.clock_changes import SENTENCES, clock_change
from formats.findings import Severity
from formats.model.dates import AnyDate, AnyMoment
from formats.sources.mapped.language.date_patterns import ISO_AND_FRENCH, DatePatterns, parse_clock
from formats.sources.mapped.language.targets import Form
from formats.sources.mapped.rows.choices import Read
from formats.sources.mapped.rows.conversions import KIND_WORDS
from formats.sources.mapped.rows.row import MappedRow
from formats.words import mark

_NO_DAY = mark("{column} holds “{value}”, a time of no known day; it travels as it stands.")


def day_converter(options: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Return the conversion of a day whose time of day has a column of its own."""
    return DatePatterns(options.get("dates", ISO_AND_FRENCH), options.get("first_year")).date


def beside_clock(day: Read, clock: Read, zone: ZoneInfo, name: str) -> Read:
    """Return the reader of a moment whose time of day is the text of ``clock``, a column called ``name``."""

    def read(row: MappedRow) -> AnyMoment | None:
        found: AnyDate | None = day(row)
        text = clock(row)
        if not text:
            return found
        try:
            at = parse_clock(text)
        except ValueError:
            row.unreadable(name, text, KIND_WORDS[Form.MOMENT])
            return found
        if isinstance(found, date):
            return datetime.combine(found, at, zone)
        if at != time.min:  # what a column holds that always has a time, where nobody entered one
            row.notice(Severity.NOTE, "mapped-time-without-day", _NO_DAY, column=name, value=text)
        return found

    return read


def noticing_clocks(column: str, read: Read) -> Read:
    """Return ``read``, which gives a moment, so that it says of one of ``column`` that it came twice, or never."""

    def noticing(row: MappedRow) -> Any:
        found = read(row)
        if change := clock_change(found):
            value = found.replace(tzinfo=None).isoformat(" ", "minutes")
            row.notice(Severity.WARNING, "mapped-clock-change", SENTENCES[change], column=column, value=value)
        return found

    return noticing
