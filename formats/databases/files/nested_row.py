"""A row of nested values (JSON, XML) as columns: the stated rule of both.

1. A value inside an object or an element is a column whose name has the names of all that it stands in, with points
   between: “adresse.ville”.
2. A name that comes again in one row has a number: “tel”, “tel (2)”.
3. A list of plain values (JSON) is one column, each value on a line of its own; a list in which there is an object, a
   list or a line end is its JSON as text.
"""

from __future__ import annotations

from formats.databases.files.table_file import check_columns, distinct_name
from formats.databases.tables import MAX_CELL, Cells, Value
from formats.errors import LimitExceeded
from formats.words import mark

MAX_NESTING = 32
"""Objects or elements within a row; exports have two or three."""


class NestedRow:
    """One row while its values go by; ``where`` is the file."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._length = 0
        self.cells: Cells = {}

    def add(self, path: tuple[str, ...], value: Value) -> None:
        """Add the value that stands at ``path``.

        Raises:
            LimitExceeded: past the columns or the length of a row.
        """
        self.grow(len(value) if isinstance(value, str) else 8)
        check_columns(len(self.cells) + 1, self._where)
        self.cells[distinct_name(".".join(path), self.cells)] = value

    def grow(self, length: int) -> None:
        """Count so many characters more.

        Raises:
            LimitExceeded: when the row is longer than one cell may be.
        """
        self._length += length
        check_row_length(self._length, self._where)


def check_row_length(length: int, where: str) -> None:
    """Refuse a row that is longer than one cell may be.

    Raises:
        LimitExceeded: naming ``where``.
    """
    if length > MAX_CELL:
        raise LimitExceeded(where=where, name=mark("the length of a row"), found=length, limit=MAX_CELL)


def check_nesting(depth: int, where: str) -> None:
    """Refuse values within values beyond ``MAX_NESTING``.

    Raises:
        LimitExceeded: naming ``where``.
    """
    if depth > MAX_NESTING:
        name = mark("the depth of nested values")
        raise LimitExceeded(where=where, name=name, found=depth, limit=MAX_NESTING)
