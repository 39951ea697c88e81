"""The records of a ZIP archive, and the small readings its parts share (PKWARE APPNOTE 6.3.10, 4.3)."""

from __future__ import annotations

import struct
from typing import BinaryIO

from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

FULL_16, FULL_32 = 0xFFFF, 0xFFFF_FFFF
LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
DESCRIPTOR_FOLLOWS, UTF8 = 0x0008, 0x0800


class ZipRefused(FormatFailure):
    """An archive whose structure is not what a plain ZIP archive has."""

    code = "zip-refused"
    sentence = mark("The ZIP archive is refused: {reason}.")


def within(name: str, found: int, limit: int, where: str = "") -> None:
    """Refuse ``found`` past ``limit``.

    Raises:
        LimitExceeded: naming what was counted.
    """
    if found > limit:
        raise LimitExceeded(where=where, name=name, found=found, limit=limit)


def read_at(source: BinaryIO, position: int, length: int) -> bytes:
    """Return ``length`` bytes from ``position`` on.

    Raises:
        ZipRefused: when there are fewer.
    """
    source.seek(position)
    data = source.read(length)
    if len(data) != length:
        raise ZipRefused(reason=mark("it is cut short"))
    return data


def decode_name(raw: bytes, flags: int) -> str:
    """Return the name as APPNOTE appendix D reads it: UTF-8 where flagged, else code page 437."""
    if b"\x00" in raw:
        raise ZipRefused(reason=mark("a name holds a zero byte"))
    if raw.isascii():  # the same in both, and read without a table
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError as fault:
        raise ZipRefused(reason=mark("a name is not UTF-8")) from fault


def wide_field(extra: bytes, name: str) -> bytes:
    """Return the content of the ZIP64 extra field (APPNOTE 4.5.3).

    Raises:
        ZipRefused: when there is none.
    """
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))
