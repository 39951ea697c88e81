"""DER of parsed values as it was read, and elements around bytes that stay as they are (X.690, clauses 8 and 10).

asn1crypto takes every header that ends in the byte 80 for one of indefinite length (its issue 249): for a length
like 81 80 or 82 01 80 it encodes all that is inside anew, once more for each level, which takes a minute for a
time-stamp, and changes what others signed where they wrote it in another way than the library does.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import core

MAX_LENGTH_BYTES = 4
"""A length of four bytes counts to 4 GB, far past any signature."""


def encoding_of(value: Any) -> bytes:
    """Return the DER of a ``value`` of asn1crypto: of one that was read, the very bytes."""
    if isinstance(value, core.Choice) and value.explicit is None:
        return encoding_of(value.chosen)
    contents = value.contents
    header = value._header  # noqa: SLF001 - nothing public tells what was read
    if contents is not None and header and _states(header, len(contents)):
        return bytes(header + contents + value._trailer)  # noqa: SLF001
    encoded: bytes = value.dump()
    return encoded


class _DefiniteHeader(bytes):
    """A header of definite length, whose last byte asn1crypto does not see (``header[-1:]``)."""

    def __getitem__(self, place: Any) -> Any:
        return b"" if place == slice(-1, None) else super().__getitem__(place)


def keep_encoding(*values: Any) -> None:
    """Let other libraries, which call ``dump``, get each of the parsed ``values`` as it was read."""
    for value in values:
        header = value._header  # noqa: SLF001
        if header and _states(header, len(value.contents)):
            value._header = _DefiniteHeader(header)  # noqa: SLF001


def encode_element(tag: int, *contents: bytes | memoryview) -> bytes:
    """Return one element of ``tag`` around ``contents``, which stay as they are."""
    length = sum(map(len, contents))
    if length < 0x80:
        return b"".join((bytes((tag, length)), *contents))
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return b"".join((bytes((tag, 0x80 | len(size))), size, *contents))


def encode_set(tag: int, elements: list[bytes]) -> bytes:
    """Return a SET OF under ``tag``, its ``elements`` in ascending order (X.690, 11.6)."""
    return encode_element(tag, *sorted(elements))


def _states(header: bytes, length: int) -> bool:
    """Say whether ``header`` ends with ``length`` in its definite form."""
    if length < 0x80:
        return header[-1] == length
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return len(size) <= MAX_LENGTH_BYTES and header.endswith(bytes((0x80 | len(size),)) + size)
