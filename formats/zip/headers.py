"""What a writer of ZIP archives says about its members: before each, behind a long one, and at the end.

The records as the three writers fill them; which member gets which is theirs to say. The reader shares
none of this, only the layout of the records.
"""

from __future__ import annotations

from typing import NamedTuple

from formats.zip.records import (
    CENTRAL,
    CENTRAL_SIGNATURE,
    DESCRIPTOR,
    DESCRIPTOR_64,
    DESCRIPTOR_SIGNATURE,
    END,
    END_64,
    END_64_LENGTH,
    END_64_SIGNATURE,
    END_SIGNATURE,
    FIELD,
    LOCAL,
    LOCAL_SIGNATURE,
    LOCATOR_64,
    LOCATOR_64_SIGNATURE,
    MAX16,
    MAX32,
    zip64_field,
)

PLAIN_VERSION, ZIP64_VERSION = 20, 45
"""Versions a reader needs (4.4.3): for folders and deflate, and for ZIP64."""


class StatedSizes(NamedTuple):
    """A member as its headers tell of it."""

    name: bytes
    version: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int


def local_header(member: StatedSizes, *, zip64: tuple[int, int] | None = None, extra: bytes = b"") -> bytes:
    """Return the local file header (4.3.7); with a ZIP64 field that says size and packed size as ``zip64`` does."""
    packed, size = member.packed, member.size
    if zip64 is not None:
        packed = size = MAX32
        extra = zip64_field(*zip64) + extra
    fixed = LOCAL.pack(
        LOCAL_SIGNATURE, member.version, member.flags, member.method, member.time, member.date, member.crc,
        packed, size, len(member.name), len(extra),
    )  # fmt: skip
    return fixed + member.name + extra


def local_header_length(name_length: int, *, zip64: bool) -> int:
    """Return how long a local file header without other extra fields is; its ZIP64 field has both sizes (4.5.3)."""
    return LOCAL.size + name_length + (FIELD.size + 2 * 8 if zip64 else 0)


def data_descriptor(member: StatedSizes, *, zip64: bool) -> bytes:
    """Return the data descriptor (4.3.9) of a member whose sizes were not known in front."""
    layout = DESCRIPTOR_64 if zip64 else DESCRIPTOR
    return layout.pack(DESCRIPTOR_SIGNATURE, member.crc, member.packed, member.size)


def central_header(
    member: StatedSizes,
    *,
    made_by: int,
    attributes: int,
    offset: int,
    extra: bytes = b"",
) -> bytes:
    """Return the directory entry (4.3.12) of a member whose local header is at ``offset``."""
    size, packed = member.size, member.packed
    if max(size, packed, offset) >= MAX32:
        extra = zip64_field(*(value for value in (size, packed, offset) if value >= MAX32)) + extra
        size, packed, offset = (min(value, MAX32) for value in (size, packed, offset))
    fixed = CENTRAL.pack(
        CENTRAL_SIGNATURE, made_by, member.version, member.flags, member.method, member.time, member.date,
        member.crc, packed, size, len(member.name), len(extra), 0, 0, 0, attributes, offset,
    )  # fmt: skip
    return fixed + member.name + extra


def end_records(count: int, start: int, length: int, *, made_by: int) -> bytes:
    """Return the end of central directory record (4.3.16), behind its ZIP64 form where a number is large."""
    few, short, near = min(count, MAX16), min(length, MAX32), min(start, MAX32)
    end = END.pack(END_SIGNATURE, 0, 0, few, few, short, near, 0)
    if count < MAX16 and start < MAX32 and length < MAX32:
        return end
    long = END_64.pack(
        END_64_SIGNATURE, END_64_LENGTH, made_by, ZIP64_VERSION, 0, 0, count, count, length, start
    )
    return long + LOCATOR_64.pack(LOCATOR_64_SIGNATURE, 0, start + length, 1) + end
