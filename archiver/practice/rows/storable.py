"""Which values a practice store can hold: those of its records, and why another one is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archiver.practice.columns import Row, StoreTable, rows_of_value, table_of
from archiver.practice.errors import RecordUnstorable
from formats.errors import Fact
from formats.model.dictionary.kinds import KINDS
from formats.model.record import Record
from formats.words import BilingualText, mark

HALF_A_CHARACTER = mark("a text holds half a character")
NO_FIT = mark("a value is of no kind, or no size, that fits")
MAX_ROW_BYTES = 1_000_000_000
"""Bytes of one row (SQLite, SQLITE_MAX_LENGTH); a database's largest values, 64 MiB each, are fewer than ten a row."""
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
"""The whole numbers of SQLite."""


def refusal(kind: str, identity: str, reason: Fact) -> RecordUnstorable:
    """Return the refusal of the record of ``kind`` with this ``identity``, which may itself be unstorable."""
    shown = identity.encode("ascii", "backslashreplace").decode("ascii")
    return RecordUnstorable(kind=BilingualText(KINDS[kind].many), identity=shown, reason=reason)


def unstorable(record: Record) -> str:
    """Return why no store can hold ``record``, as a gettext sentence; empty when one can."""
    return row_sizes(rows_of_value(table_of(type(record)), record))[1]


def row_sizes(rows: Iterable[tuple[StoreTable, Row]]) -> tuple[int, str]:
    """Return how many bytes the texts of ``rows`` have, and why no store can hold them; empty when one can."""
    total = 0
    for table, row in rows:
        try:
            text = "".join(filter(None, table.texts(row)))
            plain = True
            for number in table.numbers(row):  # a generator costs as much again
                if number is not None and not _LEAST <= number <= _MOST:
                    plain = False
        except TypeError:
            plain = False
        if not plain:  # a cell of another type than its column, or one that fits nowhere
            text = "".join(value for value in row if isinstance(value, str))
            others = (value for value in row if value is not None and not isinstance(value, str))
            if not all(map(_fits, others)):
                return 0, NO_FIT
        try:
            size = len(text) if text.isascii() else len(text.encode("utf-8"))
        except UnicodeEncodeError:
            return 0, HALF_A_CHARACTER
        if size > MAX_ROW_BYTES:
            return 0, NO_FIT
        total += size
    return total, ""


def _fits(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and _LEAST <= value <= _MOST)
