"""What a writer of ZIP archives says about its members: before each, behind a long one, and at the end.

Source: PKWARE APPNOTE 6.3.10 (local header 4.3.7, descriptor 4.3.9, central
directory 4.3.12, ZIP64 4.3.14 and 4.5.3).
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import NamedTuple

from formats.zip_records import (
    CENTRAL,
    END,
    END_64,
    FULL_16,
    FULL_32,
    LOCAL,
    LOCATOR_64,
    UTF8,
)

STORED, DEFLATED = 0, 8
"""Methods (4.4.5)."""

_PLAIN_VERSION, _ZIP64_VERSION = 20, 45
_UNIX, _FILE_0644 = 3, 0o100644 << 16


class Entry(NamedTuple):
    """A member as its headers tell of it; ``wide`` is one whose sizes take 64 bits."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    wide: bool


def dos_stamp(when: datetime) -> tuple[int, int]:
    """Return time and date as APPNOTE 4.4.6 wants them, held inside what they can say."""
    if when.year < 1980:
        return 0, (1 << 5) | 1
    if when.year > 2107:
        return (23 << 11) | (59 << 5) | 29, (127 << 9) | (12 << 5) | 31
    time = (when.hour << 11) | (when.minute << 5) | (when.second // 2)
    return time, ((when.year - 1980) << 9) | (when.month << 5) | when.day


def flags_of(name: bytes) -> int:
    """Return the flags of a member called ``name``."""
    return 0 if name.isascii() else UTF8


def local_header(entry: Entry, stamp: tuple[int, int]) -> bytes:
    """Return what stands before a member dated ``stamp``."""
    # A wide member states that its descriptor has 64-bit sizes by an extra field of zeros (4.3.9.2).
    extra = struct.pack("<HHQQ", 1, 16, 0, 0) if entry.wide else b""
    size, packed = (FULL_32, FULL_32) if entry.wide else (entry.size, entry.packed)
    version = _ZIP64_VERSION if entry.wide else _PLAIN_VERSION
    fixed = LOCAL.pack(
        b"PK\x03\x04", version, entry.flags, entry.method, *stamp, entry.crc, packed, size,
        len(entry.name), len(extra),
    )  # fmt: skip
    return fixed + entry.name + extra


def descriptor(entry: Entry) -> bytes:
    """Return what follows a member whose sizes were not known in front."""
    shape = "<4sLQQ" if entry.wide else "<4sLLL"
    return struct.pack(shape, b"PK\x07\x08", entry.crc, entry.packed, entry.size)


def central_header(entry: Entry, start: int, stamp: tuple[int, int]) -> bytes:
    """Return the line of the directory for a member that begins at ``start``."""
    size, packed, offset, extra = entry.size, entry.packed, start, b""
    if max(size, packed, offset) >= FULL_32:
        large = [value for value in (size, packed, offset) if value >= FULL_32]
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large)
        size, packed, offset = (min(value, FULL_32) for value in (size, packed, offset))
    version = _ZIP64_VERSION if extra or entry.wide else _PLAIN_VERSION
    fixed = CENTRAL.pack(
        b"PK\x01\x02", (_UNIX << 8) | version, version, entry.flags, entry.method, *stamp, entry.crc,
        packed, size, len(entry.name), len(extra), 0, 0, 0, _FILE_0644, offset,
    )  # fmt: skip
    return fixed + entry.name + extra


def end_records(count: int, start: int, length: int) -> bytes:
    """Return the end of the central directory, with its ZIP64 form in front where numbers are large."""
    wide = b""
    if count >= FULL_16 or start >= FULL_32 or length >= FULL_32:
        versions = (_UNIX << 8) | _ZIP64_VERSION, _ZIP64_VERSION
        wide = END_64.pack(
            b"PK\x06\x06", END_64.size - 12, *versions, 0, 0, count, count, length, start
        ) + LOCATOR_64.pack(b"PK\x06\x07", 0, start + length, 1)
    few = min(count, FULL_16)
    return wide + END.pack(b"PK\x05\x06", 0, 0, few, few, min(length, FULL_32), min(start, FULL_32), 0)
