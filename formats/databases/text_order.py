"""The order of rows by the text of a column: by code points, whatever collation a database has.

Where an engine can be asked for that order, it is asked, and believed only after the keys alone were looked through;
everything else is sorted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from formats.databases.tables import OversizedValue, Value
from formats.errors import LimitExceeded
from formats.words import mark

MAX_IN_MEMORY = 200_000
"""Rows sorted in memory where nobody gave a spool."""
MAX_KEY = 4_096
"""Characters of a text by which rows are put in order; a number of a patient has twenty."""

T = TypeVar("T")


def cell_as_text(value: Value) -> str:
    """Return a cell as text without blanks around it: a whole number without decimals, nothing for bytes."""
    if value.__class__ is str:
        return value.strip()
    if value is None or isinstance(value, bytes | OversizedValue):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def order_key(value: Value, where: str) -> str:
    """Return the text by which the row of the cell ``value`` is put in order.

    Raises:
        LimitExceeded: for one that is longer than any key, so that what sorts holds little of a row.
    """
    text = cell_as_text(value)
    if len(text) > MAX_KEY:
        name = mark("the length of a key")
        raise LimitExceeded(where=where, name=name, found=len(text), limit=MAX_KEY)
    return text


class RowSorter(Protocol[T]):
    """Takes rows, or their places, with their keys, and gives them back in the order of the keys."""

    def add(self, key: str, record: T) -> None:
        """Take a row or a place."""
        ...

    def __iter__(self) -> Iterator[T]:
        """Yield them in order, equal ones as they came."""
        ...


class MemorySorter(Generic[T]):
    """Sorts in memory, up to ``MAX_IN_MEMORY`` rows."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, T]] = []

    def add(self, key: str, record: T) -> None:
        """Take a row or a place.

        Raises:
            LimitExceeded: for one too many.
        """
        self._rows.append((key, record))
        if len(self._rows) > MAX_IN_MEMORY:
            name = mark("the number of rows that are sorted in memory")
            raise LimitExceeded(name=name, found=len(self._rows), limit=MAX_IN_MEMORY)

    def __iter__(self) -> Iterator[T]:
        """Yield them in order."""
        self._rows.sort(key=lambda row: row[0])
        return (record for _, record in self._rows)


def is_in_order(values: Iterable[Value]) -> bool:
    """Tell whether ``values`` come by the code points of their text; they are read only as far as they do."""
    before = ""
    for value in values:
        text = cell_as_text(value)
        if text < before:
            return False
        before = text
    return True
