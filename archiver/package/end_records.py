"""The end of a package: where its directory lies, and that nothing else follows (steps 1 to 3 of ``archive``)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from archiver.package import layout, records
from archiver.package.errors import NotAPackage, PackageTruncated
from archiver.package.plain_reading import irregular, read_at
from formats.errors import LimitExceeded
from formats.paths import MAX_NAME_BYTES
from formats.words import mark

MAX_ENTRY_BYTES = records.CENTRAL.size + MAX_NAME_BYTES + records.EXTRA.size + 3 * records.SIZE64.size
"""The longest directory entry a package can hold."""
MAX_COMMENT_BYTES = records.MAX16
"""How far before the end of a file another ZIP's end record could hide."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Directory:
    """Where the directory lies, and how many entries it has."""

    start: int
    length: int
    count: int


def find_directory(stream: BinaryIO) -> Directory:
    """Return where the directory of the package in ``stream`` lies.

    Raises:
        NotAPackage: when this is no ZIP file at all.
        PackageTruncated: when it begins like one and does not end like one.
        ContainerIrregular: when any byte of the end is not what it must be.
        LimitExceeded: when it holds more members than any practice.
    """
    size = stream.seek(0, os.SEEK_END)
    end = _end_record(stream, size)
    _, disk, first_disk, here, count, length, start, comment = records.END.unpack(end)
    if (disk, first_disk, here, comment) != (0, 0, count, 0):
        irregular(mark("it is split over disks or carries a comment"))
    stop = size - records.END.size
    if count == records.MAX16 or records.MAX32 in (length, start):
        stop, whole = _end64(stream, stop)
        shortened = (
            min(whole.count, records.MAX16),
            min(whole.length, records.MAX32),
            min(whole.start, records.MAX32),
        )
        if shortened != (count, length, start):
            irregular(mark("its end records contradict each other"))
    else:
        whole = Directory(start=start, length=length, count=count)
    if whole.start + whole.length != stop:
        irregular(mark("the directory is not where the end record says"))
    if whole.count > layout.MAX_MEMBERS:
        raise LimitExceeded(name=mark("the number of members"), found=whole.count, limit=layout.MAX_MEMBERS)
    if whole.length > whole.count * MAX_ENTRY_BYTES:
        irregular(mark("the directory is longer than its entries"))
    return whole


def _end_record(stream: BinaryIO, size: int) -> bytes:
    begins = read_at(stream, 0, min(size, len(records.LOCAL_SIGNATURE))) == records.LOCAL_SIGNATURE
    end = read_at(stream, size - records.END.size, records.END.size) if size >= records.END.size else b""
    ends = end.startswith(records.END_SIGNATURE)
    if begins and ends:
        return end
    if begins:
        reach = min(size, MAX_COMMENT_BYTES + records.END.size)
        if _holds_an_end(read_at(stream, size - reach, reach), size - reach):
            irregular(mark("something follows its end record"))
        raise PackageTruncated
    if ends:
        irregular(mark("something lies before its first member"))
    raise NotAPackage(reason=mark("it is not a ZIP file"))


def _holds_an_end(tail: bytes, offset: int) -> bool:
    """Say whether ``tail``, from ``offset`` on, holds the end record of this file.

    Units are ZIP files too: their end records count from their own beginning, and
    must not make a package that was cut short look like one with something behind it.
    """
    at = tail.find(records.END_SIGNATURE)
    while at >= 0:
        end = tail[at : at + records.END.size]
        if len(end) == records.END.size:
            length, start = records.END.unpack(end)[5:7]
            locator = tail[max(0, at - records.LOCATOR64.size) : at]
            where = offset + at - records.LOCATOR64.size - records.END64.size
            long_end = records.LOCATOR64.pack(records.LOCATOR64_SIGNATURE, 0, max(where, 0), 1)
            if start + length == offset + at or locator == long_end:
                return True
        at = tail.find(records.END_SIGNATURE, at + 1)
    return False


def _end64(stream: BinaryIO, stop: int) -> tuple[int, Directory]:
    start = stop - records.LOCATOR64.size - records.END64.size
    if start < 0:
        irregular(mark("its ZIP64 end record is missing"))
    record = read_at(stream, start, records.END64.size)
    locator = read_at(stream, start + records.END64.size, records.LOCATOR64.size)
    if locator != records.LOCATOR64.pack(records.LOCATOR64_SIGNATURE, 0, start, 1):
        irregular(mark("its ZIP64 end record is missing"))
    count, length, offset = records.END64.unpack(record)[-3:]
    made_by, needed = records.MADE_BY, records.VERSION64
    expected = (records.END64_LENGTH, made_by, needed, 0, 0, count, count, length, offset)
    if record != records.END64.pack(records.END64_SIGNATURE, *expected):
        irregular(mark("its ZIP64 end record is not the plain one"))
    if count < records.MAX16 and length < records.MAX32 and offset < records.MAX32:
        irregular(mark("it has a ZIP64 end record without need"))
    return start, Directory(start=offset, length=length, count=count)
