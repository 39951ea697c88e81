"""An iCalendar file (RFC 5545) as a table: each event is a row, its properties are columns.

``DTSTART`` and ``DTEND`` come as the clocks of the practice showed them, in ISO 8601; what a property says besides
is in columns of its own, ``DTSTART;TZID``. ``MINUTES`` is how long the event lasts. One that repeats (``RRULE``,
``RDATE``) is a row for each of its times, with that time as ``RECURRENCE-ID``; ``INSTANCE`` is the UID, with that time
where there is one, and tells every row from the others. A property that cannot be read is its text. Other components
(tasks, journals) are not read, and counted.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from formats.databases.files.calendar.components import EVENT, ZONE, Component, components_of
from formats.databases.files.calendar.findings import note_events
from formats.databases.files.calendar.series import Moment, Occurrence, SeriesReader, moment_of
from formats.databases.files.calendar.zones import CalendarZones
from formats.databases.files.file_findings import FileNotices
from formats.databases.files.nested_row import NestedRow
from formats.databases.files.row_spool import RowSpool, SpooledTable, SpoolFile, spool_table
from formats.databases.files.table_file import TableFile
from formats.databases.tables import Cells, Value

_MOMENTS = frozenset({"DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID", "DUE"})
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What icalendar raises for a component that is none."""


def open_calendar(
    name: str,
    path: Path,
    _: TableFile,
    notices: FileNotices,
    *,
    time_zone: str,
    spools: SpoolFile | None = None,
) -> SpooledTable:
    """Return the table ``name`` of the events in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be.
    """
    events = _Events(path, ZoneInfo(time_zone))
    spool = RowSpool(path.name, spools)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names of time zones that icalendar guesses
            events.look_ahead()
            for cells in events.rows():
                spool.add(cells)
    except BaseException:
        spool.close()
        raise
    note_events(name, notices, events)
    return spool_table(name, spool)


@dataclass(slots=True)
class _Events:
    """The events of one file, one after the other, and what is noticed of them."""

    path: Path
    zone: ZoneInfo
    others: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    unknown_zones: Counter[str] = field(default_factory=Counter)
    unread: list[int] = field(default_factory=list)
    ranges: int = 0
    zones: CalendarZones = field(default_factory=CalendarZones)
    series: SeriesReader = field(init=False)

    def __post_init__(self) -> None:
        self.series = SeriesReader(self.zone)

    def look_ahead(self) -> None:
        """Know the time zones, wherever they stand, and which times of series events of their own say otherwise.

        Raises:
            TableUnreadable: when a line is out of place, or the file ends before the calendar does.
        """
        changes: list[Component] = []
        for one in components_of(self.path):
            if one.kind == ZONE:
                self.zones.learn(one)
            elif one.kind == EVENT and "RECURRENCE-ID" in one.text:
                changes.append(Component(one.line, one.kind, _named(one)))
        for one in changes:
            event = self._event(one)
            if event is not None:
                self.series.override(event)

    def rows(self) -> Iterator[Cells]:
        """Yield every event, and every time of one that repeats, as a row."""
        for one in components_of(self.path):
            if one.kind == EVENT:
                event = self._event(one)
                if event is None:
                    self.unread.append(one.line)
                else:
                    yield from self._rows(event)
            elif one.kind != ZONE:
                self.others[one.kind] += 1

    def _event(self, component: Component) -> Any:
        """Return an event; nothing where not even its lines can be told."""
        from icalendar import Event  # noqa: PLC0415 - few sources have a calendar

        try:
            return Event.from_ical(component.text)
        except _UNREADABLE:
            return None

    def _rows(self, event: Any) -> Iterator[Cells]:
        row = NestedRow(self.path.name)
        for name, value in event.property_items(recursive=False, sorted=False):
            if name not in {"BEGIN", "END"}:
                self._add(row, name, value)
        self.properties.update(str(name or "?").upper()[:100] for name, _ in event.errors)
        start, end = moment_of(event.get("DTSTART")), moment_of(event.get("DTEND"))
        length = end if end is not None else _duration(event.get("DURATION"))
        if start is not None and length is not None:
            row.add(("MINUTES",), _minutes(start, length))
        identifier = event.get("RECURRENCE-ID")
        self.ranges += "RANGE" in getattr(identifier, "params", {})
        for one in self.series.occurrences(event):
            yield self._of_occurrence(row.cells, one, str(event.get("UID", "")))

    def _of_occurrence(self, cells: Cells, one: Occurrence, uid: str) -> Cells:
        """Return the row of an event at one of its times."""
        if one.recurrence is None:
            return {**cells, "INSTANCE": uid or None}
        recurrence = self._written(one.recurrence)
        made: Cells = {**cells, "RECURRENCE-ID": recurrence, "INSTANCE": f"{uid}/{recurrence}"}
        if one.start is not None:
            made["DTSTART"] = self._written(one.start)
        if one.end is not None and "DTEND" in cells:
            made["DTEND"] = self._written(one.end)
        return made

    def _add(self, row: NestedRow, name: str, value: Any) -> None:
        row.add((name,), self._cell(name, value))
        moment = moment_of(value)
        parameters = getattr(value, "params", {})
        if name in _MOMENTS and isinstance(moment, datetime):
            if moment.utcoffset() == timedelta(0):
                row.add((f"{name};TZID",), "UTC")
            if moment.tzinfo is None and "TZID" in parameters:
                self.unknown_zones[str(parameters["TZID"])[:100]] += 1
        for parameter, written in parameters.items():
            if f"{name};{parameter}" not in row.cells:
                text = ",".join(map(str, written)) if isinstance(written, list) else str(written)
                row.add((f"{name};{parameter}",), text)

    def _cell(self, name: str, value: Any) -> Value:
        moment = moment_of(value)
        if name in _MOMENTS and moment is not None:
            return self._written(moment)
        written = value if isinstance(value, str) else value.to_ical()
        return written.decode("utf-8", "replace") if isinstance(written, bytes) else str(written)

    def _written(self, moment: Moment) -> str:
        if not isinstance(moment, datetime):
            return moment.isoformat()
        local = moment.astimezone(self.zone) if moment.tzinfo else moment
        return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def _named(event: Component) -> str:
    """Return an event with nothing but what tells which time of which series it says otherwise."""
    lines, keeping = [], False
    for line in event.text.splitlines():
        if line[:1] not in {" ", "\t"}:
            name = line.replace(":", ";").partition(";")[0].strip().upper()
            keeping = name in {"UID", "RECURRENCE-ID"}
        if keeping:
            lines.append(line)
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def _duration(value: Any) -> timedelta | None:
    try:
        found = value.dt
    except (AttributeError, ValueError):
        return None
    return found if isinstance(found, timedelta) else None


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
