"""Where the bytes of a ZIP archive's members lie (rule 5 of ``formats.zip_read``)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from formats.words import mark
from formats.zip_member import ZipMember
from formats.zip_records import (
    DESCRIPTOR_FOLLOWS,
    FULL_32,
    LOCAL,
    ZipRefused,
    read_at,
    wide_field,
)

DESCRIPTOR_LENGTHS = {False: frozenset({0}), True: frozenset({12, 16, 20, 24})}
"""Bytes a data descriptor may take, by whether one was announced (APPNOTE 4.3.9)."""


def check_layout(
    source: BinaryIO, entries: list[ZipMember], directory: int
) -> Iterator[tuple[ZipMember, int]]:
    """Yield ``entries`` with the place of their bytes, walking the archive from front to back."""
    ordered = sorted(entries, key=lambda entry: entry.offset)
    starts = [*(entry.offset for entry in ordered), directory]
    if starts[0]:
        raise ZipRefused(reason=mark("its parts overlap or leave a gap"))
    for entry, end in zip(ordered, starts[1:], strict=True):
        body = _check_local_header(source, entry)
        gap = end - body - entry.packed
        if gap not in DESCRIPTOR_LENGTHS[bool(entry.flags & DESCRIPTOR_FOLLOWS)]:
            raise ZipRefused(where=entry.name, reason=mark("its parts overlap or leave a gap"))
        if gap:
            _check_descriptor(read_at(source, end - gap, gap), entry)
        yield entry, body


def _check_local_header(source: BinaryIO, entry: ZipMember) -> int:
    """Return where the bytes of ``entry`` begin."""
    name_end = LOCAL.size + len(entry.raw_name)
    start = read_at(source, entry.offset, name_end)
    fixed = LOCAL.unpack_from(start)
    same = fixed[0] == b"PK\x03\x04" and fixed[2] == entry.flags and (fixed[3] == 8) == entry.deflated
    if not same or fixed[9] != len(entry.raw_name) or start[LOCAL.size :] != entry.raw_name:
        raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
    extra_length: int = fixed[10]
    extra = read_at(source, entry.offset + name_end, extra_length) if extra_length else b""
    stated = _local_values(fixed, extra, entry.name)
    true = (entry.crc, entry.packed, entry.size)
    if stated != true:
        later = {0} if entry.flags & DESCRIPTOR_FOLLOWS else set()
        if any(value != right and value not in later for value, right in zip(stated, true, strict=True)):
            raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
    return entry.offset + name_end + extra_length


def _local_values(fixed: tuple[Any, ...], extra: bytes, name: str) -> tuple[int, int, int]:
    """Return CRC-32, packed size and size as the local header states them (APPNOTE 4.5.3: both or none)."""
    crc, packed, size = fixed[6:9]
    if FULL_32 in {packed, size}:
        wide = wide_field(extra, name)
        if len(wide) < 16:
            raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))
        size, packed = struct.unpack_from("<2Q", wide)
    return crc, packed, size


def _check_descriptor(data: bytes, entry: ZipMember) -> None:
    """Refuse a data descriptor (APPNOTE 4.3.9) that says something else than the directory."""
    marked = len(data) in {16, 24}
    stated = struct.unpack("<L2Q" if len(data) >= 20 else "<L2L", data[4 * marked :])
    if stated != (entry.crc, entry.packed, entry.size) or not data.startswith(b"PK\x07\x08" * marked):
        raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
