"""Components of iCalendar files (RFC 5545, 3.6), one after the other: what each is, where it begins, its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from formats.databases.files.file_findings import table_fault
from formats.databases.files.nested_row import check_row_length
from formats.databases.files.text_lines import text_form
from formats.errors import TableUnreadable
from formats.regular_files import open_regular
from formats.words import mark

EVENT, ZONE = "VEVENT", "VTIMEZONE"
_FOLDED = re.compile(r"\r?\n[ \t]")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a calendar: the line on which it begins, its name in capitals, its lines."""

    line: int
    kind: str
    text: str

    def values(self, name: str) -> list[str]:
        """Return what stands behind the first colon of each property ``name``."""
        found = []
        for line in _FOLDED.sub("", self.text).splitlines():
            head, colon, value = line.partition(":")
            if colon and head.partition(";")[0].strip().upper() == name:
                found.append(value.strip())
        return found


def components_of(path: Path) -> Iterator[Component]:
    """Yield the components of all calendars in the file at ``path``.

    Raises:
        TableUnreadable: when a line is out of place, or the file ends before the calendar does.
        LimitExceeded: when a component or a line is too long.
    """
    with open_regular(path) as stream:
        lines = text_form(stream, path.name, "").lines(stream)
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
            check_row_length(length if len(begun) > 1 else 0, path.name)
            if len(begun) > 1 or part:
                part.append(line)
            if word == "END":
                if not begun or begun.pop() != kind:
                    raise _fault(path, lines.number)
                if len(begun) == 1:
                    yield Component(start, kind, "".join(part))
                    part = []
            elif not begun and line.strip():
                raise _fault(path, lines.number)
        if begun or not lines.number:
            raise _fault(path, lines.number)


def _fault(path: Path, line: int) -> TableUnreadable:
    return table_fault(path.name, line, mark("it is no calendar, or is cut"))
