"""Values that are chosen by which column holds something (``first_of``, ``if_filled``, ``if_empty``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from formats.sources.mapped.rows.row import MappedRow

Read = Callable[[MappedRow], Any]
"""From a row to a value of the model, or ``None``."""


def first_filled(parts: Sequence[tuple[Read, Read]], empty: frozenset[str]) -> Read:
    """Return the reader of the first of ``parts``, each a column's text and its value, that is not ``empty``."""

    def read(row: MappedRow) -> Any:
        for text, value in parts:
            if text(row) not in empty:
                return value(row)
        return None

    return read


def by_presence(texts: Sequence[Read], empty: frozenset[str], *, filled: Read, otherwise: Any) -> Read:
    """Return the reader of ``filled`` where one of ``texts`` is not ``empty``, else of the value ``otherwise``."""

    def read(row: MappedRow) -> Any:
        return otherwise if all(text(row) in empty for text in texts) else filled(row)

    return read
