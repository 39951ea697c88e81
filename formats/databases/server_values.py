"""What a MySQL or MariaDB server sends for a column of each type, and the cells it becomes."""

from __future__ import annotations

from collections.abc import Callable

from formats.databases.tables import Value

_BYTES = frozenset({"blob", "tinyblob", "mediumblob", "longblob", "binary", "varbinary", "bit", "geometry"})
_WHOLE = frozenset({"tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year"})
_REAL = frozenset({"float", "double", "real"})
LARGE = frozenset({"mediumtext", "longtext", "mediumblob", "longblob", "json"})
"""Types whose values may pass ``MAX_CELL``; the others end at 64 KiB."""


def word(raw: bytes | None) -> str:
    """Return what the server says of itself: a name, a type, an engine."""
    return (raw or b"").decode("utf-8", "replace")


def reader(kind: str) -> Callable[[bytes], Value]:
    """Return what turns a raw value of a column of that type into a cell; dates and decimals stay text."""
    if kind in _WHOLE:
        return whole_number
    if kind in _REAL:
        return _real
    return _verbatim if kind in _BYTES else _text


def whole_number(raw: bytes) -> Value:
    """Return a whole number as one."""
    return int(raw)


def _real(raw: bytes) -> Value:
    return float(raw)


def _verbatim(raw: bytes) -> Value:
    return raw


def _text(raw: bytes) -> Value:
    """Return text as text; what is not UTF-8 stays bytes, so that one bad cell does not end the reading."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
