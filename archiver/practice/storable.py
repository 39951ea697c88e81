"""Which values a practice store can hold: those of its records, and why another one is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from archiver.practice.columns import Row, rows_of_value, table_of
from archiver.practice.errors import RecordUnstorable
from formats.model.record import Record
from formats.words import mark

HALF_A_CHARACTER = mark("a text holds half a character")
NO_FIT = mark("a value is of no kind, or no size, that fits")
MAX_ROW_BYTES = 1_000_000_000
"""Bytes of one row (SQLite, SQLITE_MAX_LENGTH); a database's largest values, 64 MiB each, are fewer than ten a row."""
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
"""The whole numbers of SQLite."""


@contextmanager
def storing(record: Record) -> Iterator[None]:
    """Put ``record`` inside the block.

    Raises:
        RecordUnstorable: when one of its values is none that a store can hold.
    """
    try:
        yield
    except UnicodeEncodeError as fault:
        raise refusal(record, HALF_A_CHARACTER) from fault
    except (OverflowError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError) as fault:
        raise refusal(record, NO_FIT) from fault


def refusal(record: Record, reason: str) -> RecordUnstorable:
    """Return the refusal of ``record``."""
    identity = record.id.encode("ascii", "backslashreplace").decode("ascii")
    return RecordUnstorable(kind=record.kind, identity=identity, reason=reason)


def unstorable(record: Record) -> str:
    """Return why no store can hold ``record``, as a gettext sentence; empty when one can. Nothing is put."""
    for _, row in rows_of_value(table_of(type(record)), record):
        if reason := _unfit(row):
            return reason
    return ""


def _unfit(row: Row) -> str:
    size = 0
    for value in row:
        if isinstance(value, str):
            length = _bytes_of(value)
            if length is None:
                return HALF_A_CHARACTER
            size += length
        elif not _fits(value):
            return NO_FIT
    return NO_FIT if size > MAX_ROW_BYTES else ""


def _bytes_of(text: str) -> int | None:
    """Return the length of ``text`` in UTF-8, ``None`` where it has none."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-8"))
    except UnicodeEncodeError:
        return None


def _fits(value: Any) -> bool:
    return value is None or isinstance(value, float) or (isinstance(value, int) and _LEAST <= value <= _MOST)
