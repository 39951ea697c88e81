"""Values of several cells or rows: a sum of amounts, a list with a value for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from formats.sources.mapped.rows.row import MappedRow


def sum_reader(
    parts: Sequence[tuple[Callable[[MappedRow], int | None], int]], columns: Sequence[str]
) -> Callable[[MappedRow], int | None]:
    """Return the reader of the sum of the amounts that are filled in, each with its sign (1 or -1).

    Where one of ``columns`` holds what is no amount there is no sum.
    """

    def read(row: MappedRow) -> int | None:
        found = [sign * amount for part, sign in parts if (amount := part(row)) is not None]
        return sum(found) if found and row.unread.keys().isdisjoint(columns) else None

    return read


def list_reader(
    read_one: Callable[[MappedRow], Any], rows: Callable[[MappedRow], Iterable[MappedRow]]
) -> Callable[[MappedRow], tuple[Any, ...] | None]:
    """Return the reader of a list: what ``read_one`` makes of each of the ``rows`` that go with a row."""

    def read(row: MappedRow) -> tuple[Any, ...] | None:
        found = map(read_one, rows(row))
        return tuple(made for made in found if made is not None) or None

    return read
