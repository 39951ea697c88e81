"""What a MySQL or MariaDB server sends for a column of each type, and the cells it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formats.databases.tables import Value
from formats.words import mark

_BYTES = frozenset({"blob", "tinyblob", "mediumblob", "longblob", "binary", "varbinary", "bit", "geometry"})
_WHOLE = frozenset({"tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year"})
_REAL = frozenset({"float", "double", "real"})
LARGE = frozenset({"mediumtext", "longtext", "mediumblob", "longblob", "json"})
"""Types whose values may pass ``MAX_CELL``; the others end at 64 KiB."""
_NULL = 251
"""First byte of a cell that is NULL; what is above it says how many bytes of length follow."""
_SIZES = {252: 2, 253: 3, 254: 8}
"""Bytes of a length (Protocol::LengthEncodedInteger), by the first byte."""
_DECODE: Callable[[bytes], Value] = bytes.decode


def word(raw: bytes | None) -> str:
    """Return what the server says of itself: a name, a type, an engine."""
    return (raw or b"").decode("utf-8", "replace")


def row_reader(kinds: Sequence[str]) -> Callable[[bytes], list[Value]]:
    """Return what takes apart a row with columns of those types, as the server sends it; dates and decimals stay text.

    A row (Text Resultset Row of the client/server protocol) is a length-encoded string for each column.
    Text that is not UTF-8 stays bytes, so that one bad cell does not end the reading. One that is cut, or of which
    a number is none, is an ``OSError`` of what takes it apart.
    """
    plain = [_plain(kind) for kind in kinds]
    careful = [_text if read is _DECODE else read for read in plain]

    def row(data: bytes) -> list[Value]:
        try:
            try:
                return _cells(data, plain)
            except UnicodeDecodeError:
                return _cells(data, careful)
        except (LookupError, ValueError) as fault:
            raise OSError(mark("it sends a row that is none")) from fault

    return row


def _cells(data: bytes, readers: Sequence[Callable[[bytes], Value]]) -> list[Value]:
    """Return the cells of a row; most are shorter than the 251 bytes that one byte of length can say."""
    found: list[Value] = []
    at = 0
    for read in readers:
        end = at + 1 + data[at]
        at += 1
        if end - at >= _NULL:
            if end - at == _NULL:
                found.append(None)
                continue
            at, end = _long(data, at - 1)
        found.append(read(data[at:end]))
        at = end
    if at != len(data):
        raise ValueError(at, len(data))
    return found


def _long(data: bytes, at: int) -> tuple[int, int]:
    """Return where a string of which the length takes more than a byte begins, and where it ends."""
    start = at + 1 + _SIZES[data[at]]
    return start, start + int.from_bytes(data[at + 1 : start], "little")


def _plain(kind: str) -> Callable[[bytes], Value]:
    """Return what turns a raw value of a column of that type into a cell, if it is text that is UTF-8."""
    if kind in _WHOLE:
        return int
    if kind in _REAL:
        return float
    return bytes if kind in _BYTES else _DECODE


def _text(raw: bytes) -> Value:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
