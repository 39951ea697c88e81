"""The records of a ZIP archive (PKWARE APPNOTE 6.3.10, 4.3 to 4.5): their fields, in order, and their bytes.

Numbers are little-endian. This says what a field is called and how wide it is, and nothing of which values
it may have: that is the reader's (``formats.zip.profile``) and each writer's own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

MAX16, MAX32 = 0xFFFF, 0xFFFF_FFFF
"""The values that say: look in the ZIP64 record, or field (4.4.1.4)."""

STORED, DEFLATED, AES = 0, 8, 99
"""Methods (4.4.5); WinZip AES names the true one in its extra field."""
ENCRYPTED, DESCRIPTOR_FOLLOWS, UTF8 = 0x0001, 0x0008, 0x0800
"""Bits of the flags (4.4.4)."""
DEFLATE_OPTIONS = 0x0006
"""How hard a deflater tried; nothing to a reader."""
UNIX = 3
"""The upper byte of *version made by* where attributes are a mode (4.4.2)."""
ZIP64_FIELD = 0x0001
"""The extra field of 64-bit sizes and offset (4.5.3)."""

LOCAL = Struct("<4s5H3L2H")
CENTRAL = Struct("<4s6H3L5H2L")
DESCRIPTOR = Struct("<4s3L")
DESCRIPTOR_64 = Struct("<4sL2Q")
END_64 = Struct("<4sQ2H2L4Q")
LOCATOR_64 = Struct("<4sLQL")
END = Struct("<4s4H2LH")
FIELD = Struct("<2H")
"""Identifier and length of an extra field (4.5.1)."""

LOCAL_SIGNATURE = b"PK\x03\x04"
CENTRAL_SIGNATURE = b"PK\x01\x02"
DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
END_64_SIGNATURE = b"PK\x06\x06"
LOCATOR_64_SIGNATURE = b"PK\x06\x07"
END_SIGNATURE = b"PK\x05\x06"

END_64_LENGTH = END_64.size - 12
"""What a ZIP64 end record without further data states as its own length (4.3.14.1)."""


class LocalHeader(NamedTuple):
    """Local file header (4.3.7), without the name and the extra fields that follow it."""

    signature: bytes
    version: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int


class CentralHeader(NamedTuple):
    """Central directory header (4.3.12), without the name, extra fields and comment that follow it."""

    signature: bytes
    made_by: int
    version: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int
    comment_length: int
    disk: int
    internal_attributes: int
    attributes: int
    offset: int


class EndRecord64(NamedTuple):
    """ZIP64 end of central directory record (4.3.14)."""

    signature: bytes
    length: int
    made_by: int
    version: int
    disk: int
    first_disk: int
    entries_here: int
    entries: int
    directory_length: int
    directory_start: int


class Locator64(NamedTuple):
    """ZIP64 end of central directory locator (4.3.15)."""

    signature: bytes
    disk: int
    place: int
    disks: int


class EndRecord(NamedTuple):
    """End of central directory record (4.3.16), without its comment."""

    signature: bytes
    disk: int
    first_disk: int
    entries_here: int
    entries: int
    directory_length: int
    directory_start: int
    comment_length: int


def zip64_field(*values: int) -> bytes:
    """Return the extra field of ZIP64 with ``values``, in the order size, packed size, offset (4.5.3)."""
    return FIELD.pack(ZIP64_FIELD, 8 * len(values)) + struct.pack(f"<{len(values)}Q", *values)


def extra_fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield identifier and content of the extra fields in ``data``.

    Raises:
        ValueError: when the last one is longer than what is left.
    """
    at = 0
    while at < len(data):
        if at + FIELD.size > len(data):
            raise ValueError("an extra field is cut short")
        kind, length = FIELD.unpack_from(data, at)
        at += FIELD.size + length
        if at > len(data):
            raise ValueError("an extra field is cut short")
        yield kind, data[at - length : at]
