"""Minutes between two times of day that have a column each."""

from __future__ import annotations

from collections.abc import Callable

from formats.sources.mapped.language.date_patterns import parse_clock
from formats.sources.mapped.rows.row import MappedRow
from formats.words import mark

MINUTES_A_DAY = 24 * 60


def minutes_reader(
    start: Callable[[MappedRow], str], end: Callable[[MappedRow], str], column: str
) -> Callable[[MappedRow], int | None]:
    """Return the reader of the minutes from ``start`` to ``end``, the text of ``column``; past midnight it goes on."""

    def read(row: MappedRow) -> int | None:
        texts = start(row), end(row)
        if not all(texts):
            return None
        try:
            first, last = (clock.hour * 60 + clock.minute for clock in map(parse_clock, texts))
        except ValueError:
            row.unreadable(column, " – ".join(texts), mark("a time"))
            return None
        return (last - first) % MINUTES_A_DAY

    return read
