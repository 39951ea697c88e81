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

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from archiver.errors import ContainerIrregular, NotAPackage, PackageTruncated
from archiver.package import layout, records
from formats.errors import LimitExceeded, UnsafeName
from formats.paths import MAX_NAME_BYTES
from formats.words import mark

MAX_ENTRY_BYTES = records.CENTRAL.size + MAX_NAME_BYTES + records.EXTRA.size + 3 * records.SIZE64.size
"""The longest directory entry a package can hold."""
MAX_COMMENT_BYTES = records.MAX16
"""How far before the end of a file another ZIP's end record could hide."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Where a member's bytes lie: offset and size in bytes from the start of the file."""

    name: str
    offset: int
    size: int
    crc32: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """A directory entry, with the offset of its local header."""

    name: str
    header: int
    size: int
    crc32: int
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Directory:
    """Where the directory lies, and how many entries it has."""

    start: int
    length: int
    count: int


def read_members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the members of the package in ``stream``, in the order in which they lie.

    Raises:
        NotAPackage: when this is no ZIP file at all.
        PackageTruncated: when it begins like one and does not end like one.
        ContainerIrregular: when any byte outside the members is not what it must be.
        UnsafeName: when a name must never reach a disk.
        LimitExceeded: when it holds more members than any practice.
    """
    directory = _directory(stream)
    position = 0
    for entry in list(_entries(stream, directory)):
        if entry.header != position:
            _irregular(mark("a member begins where the one before it does not end"), entry.name)
        offset = _past_local_header(stream, entry)
        position = offset + entry.size
        if position > directory.start:
            _irregular(mark("a member runs into the directory"), entry.name)
        yield Member(name=entry.name, offset=offset, size=entry.size, crc32=entry.crc32)
    if position != directory.start:
        _irregular(mark("something lies between the last member and the directory"))


def _irregular(reason: str, where: str = "") -> NoReturn:
    raise ContainerIrregular(where=where, reason=reason)


# -- 1 to 3: the end of the file ----------------------------------------------------------


def _directory(stream: BinaryIO) -> _Directory:
    size = stream.seek(0, os.SEEK_END)
    end = _end_record(stream, size)
    _, disk, first_disk, here, count, length, start, comment = records.END.unpack(end)
    if (disk, first_disk, here, comment) != (0, 0, count, 0):
        _irregular(mark("it is split over disks or carries a comment"))
    stop = size - records.END.size
    if count == records.MAX16 or records.MAX32 in (length, start):
        stop, whole = _end64(stream, stop)
        shortened = (
            min(whole.count, records.MAX16),
            min(whole.length, records.MAX32),
            min(whole.start, records.MAX32),
        )
        if shortened != (count, length, start):
            _irregular(mark("its end records contradict each other"))
    else:
        whole = _Directory(start=start, length=length, count=count)
    if whole.start + whole.length != stop:
        _irregular(mark("the directory is not where the end record says"))
    if whole.count > layout.MAX_MEMBERS:
        raise LimitExceeded(name="number of members", found=whole.count, limit=layout.MAX_MEMBERS)
    if whole.length > whole.count * MAX_ENTRY_BYTES:
        _irregular(mark("the directory is longer than its entries"))
    return whole


def _end_record(stream: BinaryIO, size: int) -> bytes:
    begins = _at(stream, 0, min(size, len(records.LOCAL_SIGNATURE))) == records.LOCAL_SIGNATURE
    end = _at(stream, size - records.END.size, records.END.size) if size >= records.END.size else b""
    ends = end.startswith(records.END_SIGNATURE)
    if begins and ends:
        return end
    if begins:
        reach = min(size, MAX_COMMENT_BYTES + records.END.size)
        if _holds_an_end(_at(stream, size - reach, reach), size - reach):
            _irregular(mark("something follows its end record"))
        raise PackageTruncated
    if ends:
        _irregular(mark("something lies before its first member"))
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


def _end64(stream: BinaryIO, stop: int) -> tuple[int, _Directory]:
    start = stop - records.LOCATOR64.size - records.END64.size
    if start < 0:
        _irregular(mark("its ZIP64 end record is missing"))
    record = _at(stream, start, records.END64.size)
    locator = _at(stream, start + records.END64.size, records.LOCATOR64.size)
    if locator != records.LOCATOR64.pack(records.LOCATOR64_SIGNATURE, 0, start, 1):
        _irregular(mark("its ZIP64 end record is missing"))
    count, length, offset = records.END64.unpack(record)[-3:]
    made_by, needed = records.MADE_BY, records.VERSION64
    expected = (records.END64_LENGTH, made_by, needed, 0, 0, count, count, length, offset)
    if record != records.END64.pack(records.END64_SIGNATURE, *expected):
        _irregular(mark("its ZIP64 end record is not the plain one"))
    if count < records.MAX16 and length < records.MAX32 and offset < records.MAX32:
        _irregular(mark("it has a ZIP64 end record without need"))
    return start, _Directory(start=offset, length=length, count=count)


# -- 4: the directory ---------------------------------------------------------------------


def _entries(stream: BinaryIO, directory: _Directory) -> Iterator[_Entry]:
    seen: set[str] = set()
    stream.seek(directory.start)
    left = directory.length
    for _ in range(directory.count):
        if left < records.CENTRAL.size:
            _irregular(mark("the directory is shorter than its entries"))
        entry, length = _entry(stream)
        left -= length
        if left < 0:
            _irregular(mark("the directory is shorter than its entries"), entry.name)
        if entry.name.casefold() in seen:
            _irregular(mark("a name appears twice, or differs from another in case only"), entry.name)
        seen.add(entry.name.casefold())
        yield entry
    if left:
        _irregular(mark("the directory is longer than its entries"))


def _entry(stream: BinaryIO) -> tuple[_Entry, int]:
    head = _exactly(stream, records.CENTRAL.size)
    version, crc, packed, size, name_length, extra_length = _field(head, 2, 7, 8, 9, 10, 11)
    if name_length > MAX_NAME_BYTES or extra_length > 32:
        _irregular(mark("a directory entry is too long"))
    name = _name(_exactly(stream, name_length))
    short_offset = _field(head, 16)[0]
    sizes = 2 if size == records.MAX32 else 0
    wide = _wide(_exactly(stream, extra_length), sizes + (short_offset == records.MAX32), name)
    expected = records.CENTRAL.pack(
        records.CENTRAL_SIGNATURE,
        records.MADE_BY,
        version,
        records.FLAGS,
        records.STORED,
        records.DOS_TIME,
        records.DOS_DATE,
        crc,
        size,
        size,
        name_length,
        extra_length,
        0,
        0,
        0,
        records.ATTRIBUTES,
        short_offset,
    )
    if head != expected:
        _irregular(_odd_field(head, packed != size), name)
    if sizes and wide[0] != wide[1]:
        _irregular(mark("a stored member has two different sizes"), name)
    if any(value < records.MAX32 for value in wide):
        _irregular(mark("a directory entry has a ZIP64 field without need"), name)
    offset = wide[-1] if short_offset == records.MAX32 else short_offset
    whole = wide[0] if sizes else size
    length = len(head) + name_length + extra_length
    return _Entry(name=name, header=offset, size=whole, crc32=crc, version=version), length


def _field(head: bytes, *positions: int) -> tuple[int, ...]:
    values = records.CENTRAL.unpack(head)
    return tuple(values[position] for position in positions)


def _odd_field(head: bytes, sizes_differ: bool) -> str:
    """Say in words which field of a directory entry is not the plain one."""
    flags, method = _field(head, 3, 4)
    if flags & 1:
        return mark("a member is encrypted by ZIP itself")
    if flags & 8:
        return mark("a member has its sizes behind its data")
    if method != records.STORED or sizes_differ:
        return mark("a member is compressed")
    return mark("a directory entry is not the plain one")


def _name(raw: bytes) -> str:
    try:
        return layout.judge(raw.decode("ascii"))
    except UnicodeDecodeError as fault:
        reason = mark("a package only holds names of plain letters and digits")
        raise UnsafeName(name=raw.decode("latin-1")[:200], reason=reason) from fault


def _wide(extra: bytes, count: int, name: str) -> list[int]:
    """Return the ``count`` 64-bit numbers of a ZIP64 field that is the only extra field."""
    length = records.SIZE64.size * count
    head = records.EXTRA.pack(records.ZIP64_EXTRA, length) if count else b""
    if len(extra) != len(head) + (length if count else 0) or not extra.startswith(head):
        _irregular(mark("an extra field is not the one ZIP64 field its entry needs"), name)
    return [value for (value,) in records.SIZE64.iter_unpack(extra[len(head) :])]


# -- 5 and 6: the local headers -----------------------------------------------------------


def _past_local_header(stream: BinaryIO, entry: _Entry) -> int:
    """Return where the data of ``entry`` begins, after comparing its local header byte by byte."""
    name = entry.name.encode("ascii")
    stream.seek(entry.header)
    head = _exactly(stream, records.LOCAL.size)
    extra_length = int.from_bytes(head[-2:], "little")
    large = extra_length > 0
    if large and entry.header == 0:
        _irregular(mark("the first member has an extra field"), entry.name)
    size = records.MAX32 if large else entry.size
    if not large and entry.size >= records.MAX32:
        _irregular(mark("a local header has no room for the size of its member"), entry.name)
    version = records.VERSION64 if large or entry.header >= records.MAX32 else records.VERSION
    expected = _plain_local(entry, version, size, len(name), records.LOCAL_EXTRA_BYTES if large else 0)
    sizes = records.SIZE64.pack(entry.size) * 2
    extra = records.EXTRA.pack(records.ZIP64_EXTRA, len(sizes)) + sizes if large else b""
    rest = name + extra
    if entry.version != version or head != expected or _exactly(stream, len(rest)) != rest:
        _irregular(mark("a local header does not say what the directory says"), entry.name)
    return entry.header + len(head) + len(rest)


def _plain_local(entry: _Entry, version: int, size: int, name_length: int, extra_length: int) -> bytes:
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


def _at(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(offset)
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise PackageTruncated
    return data
