"""A table that lies in several files, one behind the other: closings of the month, a file a year."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from formats.databases.files.table_file import FileTable, check_columns
from formats.databases.tables import Cells, SourceTable, check_count

_OF_FILE = 48
"""Bits of a place that are the place in a file; those above are the number of the file."""


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

    def at(self, places: Iterable[int]) -> Iterator[Cells]:
        """Yield the rows at ``places``: every file is read in the order in which its rows are asked for."""
        order = array("q", places)
        of_parts = [array("q") for _ in self.parts]
        for place in order:
            of_parts[place >> _OF_FILE].append(place & (1 << _OF_FILE) - 1)
        streams = [part.at(wanted) for part, wanted in zip(self.parts, of_parts, strict=True)]
        for place in order:
            yield next(streams[place >> _OF_FILE])

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
