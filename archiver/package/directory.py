"""The directory of a package, entry by entry (step 4 of ``archive``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archiver.package import layout, records
from archiver.package.end_records import Directory
from archiver.package.plain_reading import exactly, irregular
from formats.errors import UnsafeName
from formats.paths import MAX_NAME_BYTES
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A directory entry, with the offset of its local header."""

    name: str
    header: int
    size: int
    crc32: int
    version: int


def read_entries(stream: BinaryIO, directory: Directory) -> Iterator[Entry]:
    """Yield the entries of ``directory``, in their order.

    Raises:
        ContainerIrregular: when an entry is not the plain one.
        UnsafeName: when a name must never reach a disk.
    """
    seen: set[str] = set()
    stream.seek(directory.start)
    left = directory.length
    for _ in range(directory.count):
        if left < records.CENTRAL.size:
            irregular(mark("the directory is shorter than its entries"))
        entry, length = _entry(stream)
        left -= length
        if left < 0:
            irregular(mark("the directory is shorter than its entries"), entry.name)
        if entry.name.casefold() in seen:
            irregular(mark("a name appears twice, or differs from another in case only"), entry.name)
        seen.add(entry.name.casefold())
        yield entry
    if left:
        irregular(mark("the directory is longer than its entries"))


def _entry(stream: BinaryIO) -> tuple[Entry, int]:
    head = exactly(stream, records.CENTRAL.size)
    values = records.CENTRAL.unpack(head)
    version, (crc, packed, size, name_length, extra_length) = values[2], values[7:12]
    if name_length > MAX_NAME_BYTES or extra_length > 32:
        irregular(mark("a directory entry is too long"))
    name = _name(exactly(stream, name_length))
    short_offset = values[16]
    sizes = 2 if size == records.MAX32 else 0
    wanted = sizes + (short_offset == records.MAX32)
    wide = _wide(exactly(stream, extra_length), wanted, name) if wanted or extra_length else []
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
        irregular(_odd_field(head, packed != size), name)
    if sizes and wide[0] != wide[1]:
        irregular(mark("a stored member has two different sizes"), name)
    if any(value < records.MAX32 for value in wide):
        irregular(mark("a directory entry has a ZIP64 field without need"), name)
    offset = wide[-1] if short_offset == records.MAX32 else short_offset
    whole = wide[0] if sizes else size
    length = len(head) + name_length + extra_length
    return Entry(name=name, header=offset, size=whole, crc32=crc, version=version), length


def _odd_field(head: bytes, sizes_differ: bool) -> str:
    """Say in words which field of a directory entry is not the plain one."""
    flags, method = records.CENTRAL.unpack(head)[3:5]
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
        irregular(mark("an extra field is not the one ZIP64 field its entry needs"), name)
    return [value for (value,) in records.SIZE64.iter_unpack(extra[len(head) :])]
