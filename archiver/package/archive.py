"""The strict ZIP reader of a package: one member after the other, and not one byte besides.

Stock tools read what they can; this reader refuses what it need not accept
(PKWARE APPNOTE.TXT 6.3.10). In order:

1. The file ends in an end record without a comment, on one disk.
2. ZIP64 end records stand before it when, and only when, a number needs them.
3. The directory fills the room between the members and the end records.
4. Every entry is stored, plain, dated 1980, and its name is safe and unlike any other.
5. Members tile the file from its first byte to the directory, in the order of
   the directory: no gap, no overlap, nothing before, nothing between.
6. Every local header says exactly what the directory says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archiver.package import records
from archiver.package.directory import Entry, read_entries
from archiver.package.end_records import find_directory
from archiver.package.plain_reading import exactly, irregular
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Where a member's bytes lie: offset and size in bytes from the start of the file."""

    name: str
    offset: int
    size: int
    crc32: int


def read_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the members of the package in ``stream``, in the order in which they lie.

    Raises:
        NotAPackage: when this is no ZIP file at all.
        PackageTruncated: when it begins like one and does not end like one.
        ContainerIrregular: when any byte outside the members is not what it must be.
        UnsafeName: when a name must never reach a disk.
        LimitExceeded: when it holds more members than any practice.
    """
    directory = find_directory(stream)
    position = 0
    for entry in list(read_entries(stream, directory)):
        if entry.header != position:
            irregular(mark("a member begins where the one before it does not end"), entry.name)
        offset = _past_local_header(stream, entry)
        position = offset + entry.size
        if position > directory.start:
            irregular(mark("a member runs into the directory"), entry.name)
        yield Member(name=entry.name, offset=offset, size=entry.size, crc32=entry.crc32)
    if position != directory.start:
        irregular(mark("something lies between the last member and the directory"))


# -- 5 and 6: the local headers -----------------------------------------------------------


def _past_local_header(stream: BinaryIO, entry: Entry) -> int:
    """Return where the data of ``entry`` begins, after comparing its local header byte by byte."""
    name = entry.name.encode("ascii")
    stream.seek(entry.header)
    head = exactly(stream, records.LOCAL.size)
    extra_length = int.from_bytes(head[-2:], "little")
    large = extra_length > 0
    if large and entry.header == 0:
        irregular(mark("the first member has an extra field"), entry.name)
    size = records.MAX32 if large else entry.size
    if not large and entry.size >= records.MAX32:
        irregular(mark("a local header has no room for the size of its member"), entry.name)
    version = records.VERSION64 if large or entry.header >= records.MAX32 else records.VERSION
    expected = _plain_local(entry, version, size, len(name), records.LOCAL_EXTRA_BYTES if large else 0)
    sizes = records.SIZE64.pack(entry.size) * 2
    extra = records.EXTRA.pack(records.ZIP64_EXTRA, len(sizes)) + sizes if large else b""
    rest = name + extra
    if entry.version != version or head != expected or exactly(stream, len(rest)) != rest:
        irregular(mark("a local header does not say what the directory says"), entry.name)
    return entry.header + len(head) + len(rest)


def _plain_local(entry: Entry, version: int, size: int, name_length: int, extra_length: int) -> bytes:
    return records.LOCAL.pack(
        records.LOCAL_SIGNATURE,
        version,
        records.FLAGS,
        records.STORED,
        records.DOS_TIME,
        records.DOS_DATE,
        entry.crc32,
        size,
        size,
        name_length,
        extra_length,
    )
