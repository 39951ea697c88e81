"""When and whether where a photograph was taken, from the EXIF data of a JPEG file (CIPA DC-008 §4.6.5 and §4.6.6)."""

from __future__ import annotations

import re
import struct
from datetime import date, datetime, timedelta, timezone
from typing import BinaryIO

MAX_SEGMENTS = 64
"""JPEG segments looked at; EXIF is the first or second."""
MAX_ENTRIES = 1024
"""Entries of one directory; cameras write fewer than a hundred."""
EXIF_POINTER, TAKEN, TAKEN_OFFSET = 0x8769, 0x9003, 0x9011
GPS_POINTER, LATITUDE = 0x8825, 0x0002
ORIENTATION = 0x0112
UPRIGHT = 1
ASCII, SHORT, LONG = 2, 3, 4
ENTRY = 12
"""Bytes of one directory entry: tag, type, count, value or its place."""

_HEADLESS = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length (ITU-T T.81 §B.1.1.3)."""
_SCAN, _END = 0xDA, 0xD9
_MOMENT = re.compile(rb"(\d{4}):(\d\d):(\d\d) (?:(\d\d):(\d\d):(\d\d)|[ :]{8})\0?")
"""A day with its time, or with the blanks that stand for a time nobody knew (CIPA DC-008 §4.6.5)."""
_OFFSET = re.compile(rb"([+-])(\d\d):(\d\d)\0?")


def taken_at(stream: BinaryIO) -> datetime | date | None:
    """Return DateTimeOriginal of the JPEG in ``stream``, read from its start; ``None`` without one.

    It is a day where the camera left the time blank. The time has a zone only where the camera wrote its offset.
    Damaged EXIF data counts as none, for the picture itself may be whole.
    """
    block = _exif_block(stream)
    if block is None:
        return None
    try:
        return _original(block)
    except (struct.error, ValueError):
        return None


def has_position(stream: BinaryIO) -> bool:
    """Tell whether the JPEG in ``stream`` has a latitude (GPSLatitude); damaged EXIF data counts as none."""
    block = _exif_block(stream)
    if block is None:
        return False
    try:
        order, main = _main_directory(block)
        return LATITUDE in _pointed(block, order, main, GPS_POINTER)
    except (struct.error, ValueError):
        return False


def orientation_of(stream: BinaryIO) -> int:
    """Return Orientation (TIFF 6.0, p. 36) of the JPEG in ``stream``; 1, upright, where none can be read."""
    block = _exif_block(stream)
    if block is None:
        return UPRIGHT
    try:
        order, main = _main_directory(block)
        kind, count, value = main.get(ORIENTATION, (0, 0, b""))
        return int(struct.unpack(f"{order}H", value[:2])[0]) if (kind, count) == (SHORT, 1) else UPRIGHT
    except (struct.error, ValueError):
        return UPRIGHT


def _exif_block(stream: BinaryIO) -> bytes | None:
    """Return the TIFF structure inside the APP1 segment (at most 64 KiB, the length of a segment)."""
    if stream.read(2) != b"\xff\xd8":
        return None
    for _ in range(MAX_SEGMENTS):
        start = stream.read(2)
        if len(start) < 2 or start[0] != 0xFF or start[1] in {_SCAN, _END}:
            return None
        if start[1] in _HEADLESS:
            continue
        length = int.from_bytes(stream.read(2), "big")
        body = stream.read(max(length - 2, 0))
        if start[1] == 0xE1 and body.startswith(b"Exif\0\0"):
            return body[6:]
    return None


def _main_directory(block: bytes) -> tuple[str, dict[int, ExifEntry]]:
    """Return the byte order as ``struct`` writes it, and the entries of the first directory."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or struct.unpack_from(f"{order}H", block, 2)[0] != 42:
        raise ValueError("no TIFF structure")
    return order, _directory(block, order, struct.unpack_from(f"{order}L", block, 4)[0])


def _pointed(block: bytes, order: str, main: dict[int, ExifEntry], pointer: int) -> dict[int, ExifEntry]:
    """Return the entries of the directory that ``main`` points to under the tag ``pointer``; none without one."""
    kind, _, value = main.get(pointer, (0, 0, b""))
    return _directory(block, order, struct.unpack(f"{order}L", value)[0]) if kind == LONG else {}


def _original(block: bytes) -> datetime | date | None:
    order, main = _main_directory(block)
    exif = _pointed(block, order, main, EXIF_POINTER)
    found = _MOMENT.fullmatch(_ascii(block, order, exif.get(TAKEN)))
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    if found[4] is None:
        return date(year, month, day)
    hour, minute, second = (int(part) for part in found.groups()[3:])
    zone = _zone(_ascii(block, order, exif.get(TAKEN_OFFSET)))
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


ExifEntry = tuple[int, int, bytes]
"""Type, count, and the four bytes that hold the value or its place."""


def _directory(block: bytes, order: str, place: int) -> dict[int, ExifEntry]:
    """Return the entries of the directory at ``place`` by tag; two are read at most, so nothing can loop."""
    (count,) = struct.unpack_from(f"{order}H", block, place)
    if count > MAX_ENTRIES:
        raise ValueError("too many entries")
    entries = (struct.unpack_from(f"{order}HHL4s", block, place + 2 + ENTRY * each) for each in range(count))
    return {tag: (kind, length, value) for tag, kind, length, value in entries}


def _ascii(block: bytes, order: str, entry: ExifEntry | None) -> bytes:
    if entry is None or entry[0] != ASCII or entry[1] > 32:
        return b""
    _, length, value = entry
    if length <= len(value):
        return value[:length]
    (place,) = struct.unpack(f"{order}L", value)
    return block[place : place + length]


def _zone(text: bytes) -> timezone | None:
    found = _OFFSET.fullmatch(text)
    if not found or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == b"-" else offset)
