"""An iCalendar file (RFC 5545) as a table: each event is a row, its properties are columns.

``DTSTART`` and ``DTEND`` come as the clocks of the practice showed them, in ISO 8601; what a property says besides
is in columns of its own, ``DTSTART;TZID``. ``MINUTES`` is how long the event lasts. Events are read one at a time; one
that repeats (``RRULE``) is one row. Other components (tasks, journals) are not read, and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from formats.databases.files.file_findings import FileNotices, table_fault
from formats.databases.files.nested_row import NestedRow, check_row_length
from formats.databases.files.row_spool import RowSpool, SpooledTable, SpoolFile, spool_table
from formats.databases.files.table_file import TableFile
from formats.databases.files.text_lines import text_form
from formats.databases.tables import Value
from formats.regular_files import open_regular
from formats.words import mark, plural

MAX_COMPONENTS = 1_000
"""Time zones of one calendar; there are some 600."""
_EVENT, _ZONE, _CALENDAR = "VEVENT", "VTIMEZONE", "VCALENDAR"
_MOMENTS = frozenset({"DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID", "DUE"})


def open_calendar(
    name: str,
    path: Path,
    file: TableFile,
    notices: FileNotices,
    *,
    time_zone: str,
    spools: SpoolFile | None = None,
) -> SpooledTable:
    """Return the table ``name`` of the events in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be.
    """
    from icalendar.timezone import tzp  # noqa: PLC0415 - few sources have a calendar

    tzp.use_default()  # forgets the zones of the calendar before
    events = _Events(path, file, ZoneInfo(time_zone))
    spool = RowSpool(path.name, spools)
    try:
        for row in events.rows():
            spool.add(row.cells)
    except BaseException:
        spool.close()
        raise
    if events.repeating:
        sentence = plural(
            "{count} event repeats; it is read once, at its first time.",
            "{count} events repeat; each is read once, at its first time.",
        )
        notices.warn("calendar-event-repeats", name, sentence, count=events.repeating)
    for kind, count in events.others.items():
        sentence = plural(
            "{count} component of the calendar is no event ({kind}) and was not read.",
            "{count} components of the calendar are no events ({kind}) and were not read.",
        )
        notices.warn("calendar-component-ignored", name, sentence, count=count, kind=kind)
    return spool_table(name, spool)


@dataclass(slots=True)
class _Events:
    """The events of one file, one after the other."""

    path: Path
    file: TableFile
    zone: ZoneInfo
    repeating: int = 0
    others: Counter[str] = field(default_factory=Counter)
    _zones: int = 0

    def rows(self) -> Iterator[NestedRow]:
        """Yield every event as a row.

        Raises:
            TableUnreadable: when a line is out of place, or the file ends before the calendar does.
        """
        for line, kind, text in self._components():
            if kind == _ZONE:
                self._learn_zone(text, line)
            elif kind == _EVENT:
                yield self._row(text, line)
            else:
                self.others[kind] += 1

    def _components(self) -> Iterator[tuple[int, str, str]]:
        """Yield the parts of calendars: on which line each begins, what it is, its lines."""
        with open_regular(self.path) as stream:
            lines = text_form(stream, self.path.name, "").lines(stream)
            begun: list[str] = []
            part: list[str] = []
            start = length = 0
            for line in lines:
                word, _, kind = line.strip().upper().partition(":")
                if word == "BEGIN":
                    begun.append(kind)
                    if len(begun) == 2:
                        start, part, length = lines.number, [], 0
                length += len(line)
                check_row_length(length if len(begun) > 1 else 0, self.path.name)
                part.append(line)
                if word == "END":
                    if not begun or begun.pop() != kind:
                        raise self._fault(lines.number)
                    if len(begun) == 1:
                        yield start, kind, "".join(part)
                        part = []
                elif not begun and line.strip():
                    raise self._fault(lines.number)
            if begun or not lines.number:
                raise self._fault(lines.number)

    def _fault(self, line: int) -> Exception:
        reason = mark("it is no calendar, or is cut")
        return table_fault(self.path.name, line, reason)

    def _learn_zone(self, text: str, line: int) -> None:
        """Take a time zone that the calendar brings along, for the events that name it."""
        from icalendar import Timezone  # noqa: PLC0415 - as above

        self._zones += 1
        try:
            if self._zones <= MAX_COMPONENTS:
                cast("Timezone", Timezone.from_ical(text)).to_tz()
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as fault:
            raise self._fault(line) from fault

    def _row(self, text: str, line: int) -> NestedRow:
        from icalendar import Event  # noqa: PLC0415 - as above

        try:
            event = Event.from_ical(text)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as fault:
            raise self._fault(line) from fault
        if event.errors:
            raise self._fault(line)
        row = NestedRow(self.path.name)
        for name, value in event.property_items(recursive=False, sorted=False):
            if name not in {"BEGIN", "END"}:
                self._add(row, name, value)
        self.repeating += "RRULE" in event
        start, end = event.get("DTSTART"), event.get("DTEND") or event.get("DURATION")
        if start is not None and end is not None:
            row.add(("MINUTES",), _minutes(start.dt, end.dt))
        return row

    def _add(self, row: NestedRow, name: str, value: Any) -> None:
        row.add((name,), self._cell(name, value))
        moment = getattr(value, "dt", None)
        if name in _MOMENTS and isinstance(moment, datetime) and moment.utcoffset() == timedelta(0):
            row.add((f"{name};TZID",), "UTC")
        for parameter, written in getattr(value, "params", {}).items():
            if f"{name};{parameter}" not in row.cells:
                row.add(
                    (f"{name};{parameter}",), ",".join(written) if isinstance(written, list) else str(written)
                )

    def _cell(self, name: str, value: Any) -> Value:
        moment = getattr(value, "dt", None)
        if name in _MOMENTS and isinstance(moment, datetime):
            local = moment.astimezone(self.zone) if moment.tzinfo else moment
            return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
        if name in _MOMENTS and isinstance(moment, date):
            return moment.isoformat()
        return str(value) if isinstance(value, str) else str(value.to_ical().decode("utf-8", "replace"))


def _minutes(start: date, end: date | timedelta) -> Value:
    if isinstance(end, timedelta):
        return round(end.total_seconds() / 60)
    if isinstance(start, datetime) != isinstance(end, datetime):
        return None
    if isinstance(start, datetime) and isinstance(end, datetime):
        if (start.tzinfo is None) != (end.tzinfo is None):
            return None
        if start.tzinfo is not None:
            start, end = start.astimezone(UTC), end.astimezone(UTC)
    return round((end - start).total_seconds() / 60)
