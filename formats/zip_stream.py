"""A ZIP archive written from front to back into a target that cannot seek.

A member that fits in ``HEAD`` is written with its sizes in front; a longer one
is followed by a data descriptor. Members that do not shrink are stored.
Source: PKWARE APPNOTE 6.3.10 (local header 4.3.7, descriptor 4.3.9, central
directory 4.3.12, ZIP64 4.3.14 and 4.5.3).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from isal import isal_zlib

from formats.errors import Failure, LimitExceeded
from formats.target import Target, write_all
from formats.words import mark

HEAD = 1 << 20
"""Bytes of a member held back: a member that ends within them needs no data descriptor."""
PROBE = 24 << 10
"""Bytes compressed on trial, from three places of a member, to see whether it shrinks at all."""
PROBED_FROM = 4 * PROBE
"""Bytes of a member from which a trial is shorter than the thing itself."""
WORTH_DEFLATING = 0.95
"""A trial that stays above this share of its input is not worth the reader's time."""
LEVEL = 2
"""ISA-L level: volumes and radiographs come out 2 to 4 % smaller than at level 1, in 10 % more time."""
JOINED = 64 << 10
"""Bytes of a packed member that are copied behind its header, as one call costs more than the copy."""
MEMORY = 2
"""ISA-L buffer size for what is long: a larger one shares Huffman tables over more of an image, 1 % longer."""
ZIP64_FROM = 0xF000_0000
"""Announced bytes from which a member gets 64-bit sizes; leaves room for data that deflate makes longer."""
MAX_UNANNOUNCED = 0xFFFF_FFFF
"""Bytes, plain or packed, of a member that was not announced as longer than ``ZIP64_FROM``."""

_FULL_16, _FULL_32 = 0xFFFF, 0xFFFF_FFFF
_STORED, _DEFLATED = 0, 8
_DESCRIPTOR_FOLLOWS, _UTF8 = 0x0008, 0x0800
_PLAIN_VERSION, _ZIP64_VERSION = 20, 45
_UNIX, _FILE_0644 = 3, 0o100644 << 16

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")


class MemberTwice(Failure):
    """Two members of one archive under one name."""

    code = "zip-member-twice"
    sentence = mark("The archive already has a member {name}.")


class _Entry(NamedTuple):
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    wide: bool


_Write = Callable[[bytes | memoryview], None]


class ZipStream:
    """Writes members one after the other; ``finish`` writes the directory and returns the total length.

    ``when`` becomes the date of every member (DOS dates run from 1980 to 2107,
    in steps of two seconds, without a zone). The target is left open.
    """

    def __init__(self, target: Target, *, when: datetime) -> None:
        self._target = target
        self._stamp = _dos_stamp(when)
        self._entries: dict[bytes, tuple[_Entry, int]] = {}
        self._position = 0

    def begin(self, name: str, *, size: int = 0) -> MemberWriter:
        """Begin a member, to be written and then ended; only one is open at a time.

        ``size`` announces the length where it is known; only members announced
        as longer than ``ZIP64_FROM`` may pass 4 GiB.

        Raises:
            MemberTwice: for a name that was written before.
            LimitExceeded: while writing, for a member that outgrows what was announced.
        """
        encoded = self._admitted(name)
        offset = self._position
        return MemberWriter(
            self._write,
            lambda entry: self._list(entry, offset),
            encoded,
            self._stamp,
            wide=size >= ZIP64_FROM,
        )

    @contextmanager
    def open(self, name: str, *, size: int = 0) -> Iterator[MemberWriter]:
        """Open a member for writing, as ``begin``; it ends when the block ends well."""
        writer = self.begin(name, size=size)
        yield writer
        writer.end()

    def add(self, name: str, pieces: Iterable[bytes], *, size: int = 0) -> None:
        """Write a member from ``pieces``; otherwise as ``open``."""
        with self.open(name, size=size) as member:
            for piece in pieces:
                member.write(piece)

    def add_whole(self, name: str, data: bytes) -> None:
        """Write a member of at most ``HEAD`` bytes that is held already; otherwise as ``open``."""
        encoded = self._admitted(name)
        offset = self._position
        entry = _write_short(self._write, encoded, self._stamp, data, isal_zlib.crc32(data))
        self._list(entry, offset)

    def _admitted(self, name: str) -> bytes:
        encoded = name.encode("utf-8")
        if encoded in self._entries:
            raise MemberTwice(name=name)
        return encoded

    def _list(self, entry: _Entry, offset: int) -> None:
        self._entries[entry.name] = entry, offset

    def finish(self) -> int:
        """Write the central directory; nothing can be added afterwards."""
        start = self._position
        headers = (_central_header(entry, offset, self._stamp) for entry, offset in self._entries.values())
        self._write(b"".join(headers))
        self._write(_end_records(len(self._entries), start, self._position - start))
        return self._position

    def _write(self, data: bytes | memoryview) -> None:
        self._position += len(data)
        write_all(self._target, data)


class MemberWriter:
    """The member that is being written: held back up to ``HEAD``, then passed on piece by piece."""

    def __init__(
        self,
        write: _Write,
        listed: Callable[[_Entry], None],
        name: bytes,
        stamp: tuple[int, int],
        *,
        wide: bool,
    ) -> None:
        self._target = write
        self._listed = listed
        self._name = name
        self._stamp = stamp
        self._wide = wide
        self._head: list[bytes] | None = []
        self._crc = self._packed = self.size = 0
        self._packer: isal_zlib.Compress | None = None

    def write(self, data: bytes | memoryview) -> int:
        """Take ``data``, and return its length in bytes."""
        piece = memoryview(data).cast("B")
        self._crc = isal_zlib.crc32(piece, self._crc)
        self.size += len(piece)
        if self._head is None:
            self._pass_on(piece)
        else:
            # Anything but bytes is copied, for the caller may use its buffer again.
            self._head.append(data if isinstance(data, bytes) else bytes(piece))
            if self.size > HEAD:
                self._begin_long()
        return len(piece)

    def end(self) -> None:
        """End the member; nothing more can be written to it."""
        if self._head is not None:
            entry = _write_short(self._target, self._name, self._stamp, b"".join(self._head), self._crc)
        else:
            if self._packer:
                self._send(self._packer.flush())
            shape = "<4sLQQ" if self._wide else "<4sLLL"
            self._target(struct.pack(shape, b"PK\x07\x08", self._crc, self._packed, self.size))
            entry = self._entry(self._crc, self._packed, self.size)
        self._listed(entry)

    def _begin_long(self) -> None:
        """Decide how the member is packed, and write its header and what was held back."""
        held = b"".join(self._head or ())
        self._head = None
        if _promises_to_shrink(held):
            self._packer = _packer()
        self._target(_local_header(self._entry(0, 0, 0), self._stamp))
        self._pass_on(held)

    def _entry(self, crc: int, packed: int, size: int) -> _Entry:
        method = _DEFLATED if self._packer else _STORED
        flags = _flags(self._name) | _DESCRIPTOR_FOLLOWS
        return _Entry(self._name, flags, method, crc, packed, size, self._wide)

    def _pass_on(self, piece: bytes | memoryview) -> None:
        self._send(self._packer.compress(piece) if self._packer else piece)

    def _send(self, packed: bytes | memoryview) -> None:
        self._packed += len(packed)
        length = max(self.size, self._packed)
        if length > MAX_UNANNOUNCED and not self._wide:
            where = self._name.decode("utf-8")
            name = mark("the length of an unannounced part")
            raise LimitExceeded(where=where, name=name, found=length, limit=MAX_UNANNOUNCED)
        self._target(packed)


def _write_short(write: _Write, name: bytes, stamp: tuple[int, int], data: bytes, crc: int) -> _Entry:
    """Write a member with its sizes in front, and return its directory entry."""
    body = _deflate(data) if _promises_to_shrink(data) else data
    method = _DEFLATED
    if not _shrinks(len(body), len(data)):
        body, method = data, _STORED
    entry = _Entry(name, _flags(name), method, crc, len(body), len(data), wide=False)
    header = _local_header(entry, stamp)
    if len(body) <= JOINED:
        write(header + body)
    else:
        write(header)
        write(body)
    return entry


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _UTF8


def _promises_to_shrink(data: bytes) -> bool:
    """Say whether deflating is worth trying, from pieces before, in and after the middle of ``data``."""
    if len(data) < PROBED_FROM:
        return True
    piece = PROBE // 3
    probe = b"".join(data[at : at + piece] for at in (len(data) * quarter // 4 for quarter in (1, 2, 3)))
    return _shrinks(len(_deflate(probe)), len(probe))


def _deflate(data: bytes) -> bytes:
    if len(data) < PROBED_FROM:
        packed: bytes = isal_zlib.compress(data, LEVEL, -15)
        return packed
    packer = _packer()
    return b"".join((packer.compress(data), packer.flush()))


def _packer() -> isal_zlib.Compress:
    return isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15, MEMORY)


def _shrinks(packed: int, size: int) -> bool:
    return packed < size * WORTH_DEFLATING


def _dos_stamp(when: datetime) -> tuple[int, int]:
    """Return time and date as APPNOTE 4.4.6 wants them, held inside what they can say."""
    if when.year < 1980:
        return 0, (1 << 5) | 1
    if when.year > 2107:
        return (23 << 11) | (59 << 5) | 29, (127 << 9) | (12 << 5) | 31
    time = (when.hour << 11) | (when.minute << 5) | (when.second // 2)
    return time, ((when.year - 1980) << 9) | (when.month << 5) | when.day


def _local_header(entry: _Entry, stamp: tuple[int, int]) -> bytes:
    # A wide member states that its descriptor has 64-bit sizes by an extra field of zeros (4.3.9.2).
    extra = struct.pack("<HHQQ", 1, 16, 0, 0) if entry.wide else b""
    size, packed = (_FULL_32, _FULL_32) if entry.wide else (entry.size, entry.packed)
    version = _ZIP64_VERSION if entry.wide else _PLAIN_VERSION
    fixed = _LOCAL.pack(
        b"PK\x03\x04", version, entry.flags, entry.method, *stamp, entry.crc, packed, size,
        len(entry.name), len(extra),
    )  # fmt: skip
    return fixed + entry.name + extra


def _central_header(entry: _Entry, start: int, stamp: tuple[int, int]) -> bytes:
    size, packed, offset, extra = entry.size, entry.packed, start, b""
    if max(size, packed, offset) >= _FULL_32:
        large = [value for value in (size, packed, offset) if value >= _FULL_32]
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large)
        size, packed, offset = (min(value, _FULL_32) for value in (size, packed, offset))
    version = _ZIP64_VERSION if extra or entry.wide else _PLAIN_VERSION
    fixed = _CENTRAL.pack(
        b"PK\x01\x02", (_UNIX << 8) | version, version, entry.flags, entry.method, *stamp, entry.crc,
        packed, size, len(entry.name), len(extra), 0, 0, 0, _FILE_0644, offset,
    )  # fmt: skip
    return fixed + entry.name + extra


def _end_records(count: int, start: int, length: int) -> bytes:
    """Return the end of the central directory, with its ZIP64 form in front where numbers are large."""
    wide = b""
    if count >= _FULL_16 or start >= _FULL_32 or length >= _FULL_32:
        versions = (_UNIX << 8) | _ZIP64_VERSION, _ZIP64_VERSION
        wide = _END_64.pack(
            b"PK\x06\x06", _END_64.size - 12, *versions, 0, 0, count, count, length, start
        ) + _LOCATOR_64.pack(b"PK\x06\x07", 0, start + length, 1)
    few = min(count, _FULL_16)
    return wide + _END.pack(b"PK\x05\x06", 0, 0, few, few, min(length, _FULL_32), min(start, _FULL_32), 0)
