"""Rows of a child table, met group by group while the parent table goes by."""

from __future__ import annotations

from collections.abc import Iterator

from formats.opendental.database.tables import Cells
from formats.opendental.joins.ownership import key_number

MAX_GROUP = 100_000
"""Rows of one parent held together; a form has some hundred fields, an exam some two hundred measures."""


class ChildRows:
    """A stream of child rows in the order of the column that holds their parent's key."""

    def __init__(self, rows: Iterator[Cells], column: str) -> None:
        self._rows = rows
        self._column = column
        self._next: Cells | None = next(rows, None)

    def before(self, key: int) -> Iterator[Cells]:
        """Yield the rows whose parent has already gone by or never came: their key is below ``key``."""
        while self._next is not None and self._key() < key:
            yield self._taken()

    def of(self, key: int) -> Iterator[Cells]:
        """Yield the rows of parent ``key``, at most ``MAX_GROUP``; further ones come out as orphans."""
        count = 0
        while self._next is not None and self._key() == key and count < MAX_GROUP:
            count += 1
            yield self._taken()

    def rest(self) -> Iterator[Cells]:
        """Yield what is left when no parent comes any more."""
        while self._next is not None:
            yield self._taken()

    def _key(self) -> int:
        return key_number((self._next or {}).get(self._column))

    def _taken(self) -> Cells:
        taken = self._next or {}
        self._next = next(self._rows, None)
        return taken
