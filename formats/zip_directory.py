"""The end record and the central directory of a ZIP archive (rules 1 and 2 of ``formats.zip_read``)."""

from __future__ import annotations

import io
import stat
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from formats.words import mark
from formats.zip_member import ZipMember
from formats.zip_records import (
    CENTRAL,
    DESCRIPTOR_FOLLOWS,
    END,
    END_64,
    FULL_16,
    FULL_32,
    LOCATOR_64,
    UTF8,
    ZipRefused,
    decode_name,
    read_at,
    wide_field,
)

DEFLATE_OPTIONS = 0x0006

# -- 1. the end record ----------------------------------------------------------------------


def find_directory(source: BinaryIO) -> tuple[int, int, int]:
    """Return where the central directory starts, its length, and its number of entries."""
    total = source.seek(0, io.SEEK_END)
    tail_length = min(total, END.size + FULL_16)
    tail = read_at(source, total - tail_length, tail_length)
    places = [at for at in _occurrences(tail, b"PK\x05\x06") if _ends_with_comment(tail, at)]
    if len(places) != 1:
        raise ZipRefused(reason=mark("it has two end records") if places else mark("it has no end record"))
    end = total - tail_length + places[0]
    _, disk, first_disk, here, count, length, start, _ = END.unpack_from(tail, places[0])
    if FULL_16 in {here, count} or FULL_32 in {length, start}:
        end, disk, first_disk, here, count, length, start = _read_wide_end(source, end)
    if disk or first_disk or here != count:
        raise ZipRefused(reason=mark("it spans several media"))
    if start + length != end:
        raise ZipRefused(reason=mark("its directory is not where the end record says"))
    return start, length, count


def _occurrences(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)


def _ends_with_comment(tail: bytes, at: int) -> bool:
    if at + END.size > len(tail):
        return False
    return at + END.size + int(END.unpack_from(tail, at)[-1]) == len(tail)


def _read_wide_end(source: BinaryIO, end: int) -> tuple[int, int, int, int, int, int, int]:
    """Read the ZIP64 end record in front of the end record at ``end``."""
    if end < LOCATOR_64.size + END_64.size:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    mark_, disk, place, disks = LOCATOR_64.unpack(read_at(source, end - LOCATOR_64.size, LOCATOR_64.size))
    if mark_ != b"PK\x06\x07" or disk or disks != 1 or place + END_64.size != end - LOCATOR_64.size:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    found = END_64.unpack(read_at(source, place, END_64.size))
    if found[0] != b"PK\x06\x06" or found[1] != END_64.size - 12:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    disk, first_disk, here, count, length, start = found[4:]
    return place, disk, first_disk, here, count, length, start


# -- 2. directory entries -------------------------------------------------------------------


def read_entries(directory: bytes, count: int) -> Iterator[ZipMember]:
    """Yield the ``count`` entries of ``directory``.

    Raises:
        ZipRefused: when one is not a plain file or folder.
    """
    at = 0
    for _ in range(count):
        if at + CENTRAL.size > len(directory):
            raise ZipRefused(reason=mark("its directory is cut short"))
        fixed = CENTRAL.unpack_from(directory, at)
        name_length, extra_length, comment_length = fixed[10:13]
        name_end = at + CENTRAL.size + name_length
        following = name_end + extra_length + comment_length
        if fixed[0] != b"PK\x01\x02" or following > len(directory):
            raise ZipRefused(reason=mark("its directory is cut short"))
        extra = directory[name_end : name_end + extra_length]
        yield _entry(fixed, directory[at + CENTRAL.size : name_end], extra)
        at = following
    if at != len(directory):
        raise ZipRefused(reason=mark("its directory holds more than its entries"))


def _entry(fixed: tuple[Any, ...], raw_name: bytes, extra: bytes) -> ZipMember:
    made_by, flags, method = fixed[1], fixed[3], fixed[4]
    attributes = fixed[15]
    name = decode_name(raw_name, flags)
    if flags & ~(DESCRIPTOR_FOLLOWS | UTF8 | DEFLATE_OPTIONS):
        raise ZipRefused(where=name, reason=mark("a part is encrypted or uses a feature of no use here"))
    if method not in {0, 8}:
        raise ZipRefused(where=name, reason=mark("a part is compressed in an unknown way"))
    kind = stat.S_IFMT(attributes >> 16) if made_by >> 8 == 3 else 0
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ZipRefused(where=name, reason=mark("a part is neither a file nor a folder"))
    size, packed, offset = _wide_values(fixed, extra, name)
    folder = name.endswith("/")
    if folder and size:
        raise ZipRefused(where=name, reason=mark("a folder holds bytes"))
    if method == 0 and size != packed:
        raise ZipRefused(where=name, reason=mark("a stored part has two lengths"))
    return ZipMember(
        name=name,
        size=size,
        packed=packed,
        crc=fixed[7],
        deflated=method == 8,
        offset=offset,
        flags=flags,
        raw_name=raw_name,
        folder=folder,
    )


def _wide_values(fixed: tuple[Any, ...], extra: bytes, name: str) -> tuple[int, int, int]:
    """Return size, packed size and offset, from the ZIP64 extra field where the fixed fields are full."""
    values = [fixed[9], fixed[8], fixed[16]]
    if FULL_32 in values:
        full = [index for index, value in enumerate(values) if value == FULL_32]
        wide = wide_field(extra, name)
        if len(wide) < 8 * len(full):
            raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))
        for index, value in zip(full, struct.unpack_from(f"<{len(full)}Q", wide), strict=True):
            values[index] = value
    return values[0], values[1], values[2]
