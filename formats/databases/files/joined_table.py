"""A table that lies in several files, one behind the other: closings of the month, a file a year."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from formats.databases.files.table_file import FileTable, check_columns
from formats.databases.tables import Cells, SourceTable, check_count

_OF_FILE = 48
"""Bits of a place that are the place in a file; those above are the number of the file."""
MAX_OPEN = 64
"""Files of one table that are open at a time; a system lets a program have 256 at least."""


@dataclass(frozen=True, slots=True)
class _AskedFile:
    """A file that is open: ``rows`` gives a row for each place that was put into ``wanted``."""

    wanted: deque[int]
    rows: Generator[Cells, None, None]

    @classmethod
    def of(cls, part: FileTable) -> Self:
        wanted: deque[int] = deque()
        return cls(wanted, part.at(iter(wanted.popleft, None)))

    def row_at(self, place: int) -> Cells:
        self.wanted.append(place)
        return next(self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedTable:
    """The rows of ``parts`` in their order; its columns are all that one of them has."""

    table: SourceTable
    parts: Sequence[FileTable]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(part.count for part in self.parts)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield every row with its place."""
        for number, part in enumerate(self.parts):
            for place, cells in part.rows():
                yield number << _OF_FILE | place, cells

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the rows at ``places``; of the files, those are open of which rows were asked for last."""
        opened: OrderedDict[int, _AskedFile] = OrderedDict()
        try:
            for place in places:
                number = place >> _OF_FILE
                if number not in opened:
                    opened[number] = _AskedFile.of(self.parts[number])
                opened.move_to_end(number)
                if len(opened) > MAX_OPEN:
                    opened.popitem(last=False)[1].rows.close()
                yield opened[number].row_at(place & (1 << _OF_FILE) - 1)
        finally:
            for file in opened.values():
                file.rows.close()

    def close(self) -> None:
        """Let go of what was put aside."""
        for part in self.parts:
            part.close()


def join_tables(name: str, parts: Sequence[FileTable]) -> JoinedTable:
    """Return the table ``name`` of all ``parts``.

    Raises:
        LimitExceeded: past the columns or rows of a table.
    """
    columns = tuple(dict.fromkeys(column for part in parts for column in part.table.columns))
    check_columns(len(columns), name)
    made = JoinedTable(table=SourceTable(name=name, columns=columns), parts=parts)
    check_count(made.count, name)
    return made
