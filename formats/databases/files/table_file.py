"""A table that lies in a file: what is known of the file beforehand, and what can be asked of it when it is open."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from formats.databases.tables import MAX_COLUMNS, Cells, SourceTable
from formats.errors import LimitExceeded
from formats.names import comparable
from formats.words import mark

MAX_FILE_BYTES = 16 << 30
"""Bytes of one table; the access log of twenty years of a large practice is some two gigabytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableFile:
    """How the file of a table is written; what is empty is found out.

    ``own_encoding``: the mapping says the encoding of this very file, not of all.
    ``headings`` are those of a file that has none, ``expected`` some that one with headings has. ``sheet`` is of a
    workbook, ``rows`` of JSON, ``element`` of XML; ``widths``, ``record`` and ``number`` are of records of fixed
    width: characters of each column, bytes of a record without line end, the column that takes its number.
    """

    file: str = ""
    encoding: str = ""
    own_encoding: bool = False
    separator: str = ""
    quotes: bool = True
    headings: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    sheet: str = ""
    rows: str = ""
    element: str = ""
    widths: tuple[int, ...] = ()
    record: int = 0
    number: str = ""


class FileTable(Protocol):
    """A table whose file was read to its end once, so that it is whole."""

    @property
    def table(self) -> SourceTable:
        """Its name and columns."""
        ...

    @property
    def count(self) -> int:
        """How many rows it has."""
        ...

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield every row with its place, in the order of the file."""
        ...

    def at(self, places: Iterable[int]) -> Generator[Cells, None, None]:
        """Yield the rows at ``places``, which ``rows`` gave, in their order."""
        ...

    def close(self) -> None:
        """Let go of what was put aside."""
        ...


def distinct(headings: Iterable[str]) -> tuple[str, ...]:
    """Return ``headings`` so that no two are alike and none is empty."""
    seen: dict[str, None] = {}
    for place, heading in enumerate(headings, 1):
        seen[distinct_name(heading or f"column {place}", seen)] = None
    return tuple(seen)


def distinct_name(name: str, taken: Iterable[str], *, fold: Callable[[str], str] = str) -> str:
    """Return ``name``, with a number where it is one of ``taken``, which are names as ``fold`` makes them alike."""
    again, found = 1, name
    while fold(found) in taken:
        again += 1
        found = f"{name} ({again})"
    return found


def by_name(columns: tuple[str, ...], cells: list[str]) -> Cells:
    """Return a row by column; cells past the headings have a name of their own."""
    if len(cells) == len(columns):
        return dict(zip(columns, cells, strict=True))
    found: Cells = dict(zip(columns, cells, strict=False))
    for place, cell in enumerate(cells[len(columns) :], len(columns) + 1):
        if cell:
            found[f"column {place}"] = cell
    return found


def check_columns(columns: int, where: str) -> None:
    """Refuse a table with more columns than ``MAX_COLUMNS``.

    Raises:
        LimitExceeded: naming ``where``.
    """
    if columns > MAX_COLUMNS:
        name = mark("the number of columns")
        raise LimitExceeded(where=where, name=name, found=columns, limit=MAX_COLUMNS)


@dataclass(slots=True)
class HeadingRows:
    """Tells a second row of headings from a row: two tables below each other in one file would become one."""

    headings: frozenset[str]
    _names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._names = frozenset(map(comparable, self.headings)) - {""}

    def is_one(self, cells: Iterable[object]) -> bool:
        """Tell whether all of ``cells`` that hold something, two at least, are headings."""
        texts = (stripped for cell in cells if isinstance(cell, str) and (stripped := cell.strip()))
        first = next(texts, "")
        if first not in self.headings:  # nearly every row: its other cells are not looked at
            return False
        others = list(texts)
        return bool(others) and all(comparable(one) in self._names for one in (first, *others))
