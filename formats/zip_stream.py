"""A ZIP archive written from front to back into a target that cannot seek.

A member that fits in ``HEAD`` is written with its sizes in front; a longer one
is followed by a data descriptor. Members that do not shrink are stored.
Source: PKWARE APPNOTE 6.3.10 (local header 4.3.7, descriptor 4.3.9, central
directory 4.3.12, ZIP64 4.3.14 and 4.5.3).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from isal import isal_zlib

from formats.errors import Failure, LimitExceeded
from formats.words import mark

HEAD = 1 << 20
"""Bytes of a member held back: a member that ends within them needs no data descriptor."""
PROBE = 64 << 10
"""Bytes compressed on trial to see whether a member shrinks at all."""
WORTH_DEFLATING = 0.95
"""A trial that stays above this share of its input is not worth the reader's time."""
LEVEL = 1
"""ISA-L level: the fastest that still encodes; level 2 gains 1 to 3 % for 10 % more time."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    wide: bool


class Target(Protocol):
    """What an archive is written to: a file, a pipe, a cipher."""

    def write(self, data: bytes | memoryview, /) -> int | None: ...


_Write = Callable[[bytes | memoryview], None]


class ZipStream:
    """Writes members one after the other; ``finish`` writes the directory and returns the total length.

    ``when`` becomes the date of every member (DOS dates run from 1980 to 2107,
    in steps of two seconds, without a zone). The target is left open.
    """

    def __init__(self, target: Target, *, when: datetime) -> None:
        self._target = target
        self._stamp = _dos_stamp(when)
        self._entries: dict[bytes, _Entry] = {}
        self._position = 0

    @contextmanager
    def open(self, name: str, *, size: int = 0) -> Iterator[MemberWriter]:
        """Open a member for writing; only one is open at a time.

        ``size`` announces the length where it is known; only members announced
        as longer than ``ZIP64_FROM`` may pass 4 GiB.

        Raises:
            MemberTwice: for a name that was written before.
            LimitExceeded: for a member that outgrows what was announced.
        """
        encoded = name.encode("utf-8")
        if encoded in self._entries:
            raise MemberTwice(name=name)
        entry = _Entry(
            name=encoded,
            flags=0 if encoded.isascii() else _UTF8,
            method=_STORED,
            crc=0,
            packed=0,
            size=0,
            offset=self._position,
            wide=size >= ZIP64_FROM,
        )
        writer = MemberWriter(self._write, entry, self._stamp)
        yield writer
        self._entries[encoded] = writer.finish()

    def add(self, name: str, pieces: Iterable[bytes], *, size: int = 0) -> None:
        """Write a member from ``pieces``; otherwise as ``open``."""
        with self.open(name, size=size) as member:
            for piece in pieces:
                member.write(piece)

    def finish(self) -> int:
        """Write the central directory; nothing can be added afterwards."""
        start = self._position
        for entry in self._entries.values():
            self._write(_central_header(entry, self._stamp))
        self._write(_end_records(len(self._entries), start, self._position - start))
        return self._position

    def _write(self, data: bytes | memoryview) -> None:
        self._position += len(data)
        view = memoryview(data)
        while view:
            # An unbuffered pipe may take less than it is given.
            taken = self._target.write(view)
            view = view[len(view) if taken is None else taken :]


class MemberWriter(io.RawIOBase):
    """The member that is being written: held back up to ``HEAD``, then passed on piece by piece."""

    def __init__(self, write: _Write, entry: _Entry, stamp: tuple[int, int]) -> None:
        self._target = write
        self._entry = entry
        self._stamp = stamp
        self._head: list[bytes] | None = []
        self._crc = self._packed = self.size = 0
        self._packer: isal_zlib.Compress | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = memoryview(data).cast("B")
        self._crc = isal_zlib.crc32(piece, self._crc)
        self.size += len(piece)
        if self._head is None:
            self._pass_on(piece)
        else:
            # A copy, for the caller may use its buffer again.
            self._head.append(bytes(piece))
            if self.size > HEAD:
                self._begin_long()
        return len(piece)

    def finish(self) -> _Entry:
        """End the member and return its directory entry."""
        if self._head is not None:
            return self._write_short(b"".join(self._head))
        if self._packer:
            self._send(self._packer.flush())
        shape = "<4sLQQ" if self._entry.wide else "<4sLLL"
        self._target(struct.pack(shape, b"PK\x07\x08", self._crc, self._packed, self.size))
        return replace(self._entry, crc=self._crc, packed=self._packed, size=self.size)

    def _write_short(self, data: bytes) -> _Entry:
        packed = _deflate(data)
        method = _DEFLATED if _shrinks(len(packed), len(data)) else _STORED
        body = packed if method == _DEFLATED else data
        entry = replace(
            self._entry, method=method, crc=self._crc, packed=len(body), size=len(data), wide=False
        )
        self._target(_local_header(entry, self._stamp))
        self._target(body)
        return entry

    def _begin_long(self) -> None:
        """Decide how the member is packed, and write its header and what was held back."""
        held = b"".join(self._head or ())
        self._head = None
        probe = held[:PROBE]
        deflated = _shrinks(len(_deflate(probe)), len(probe))
        self._packer = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, -15) if deflated else None
        self._entry = replace(
            self._entry,
            method=_DEFLATED if deflated else _STORED,
            flags=self._entry.flags | _DESCRIPTOR_FOLLOWS,
        )
        self._target(_local_header(self._entry, self._stamp))
        self._pass_on(held)

    def _pass_on(self, piece: bytes | memoryview) -> None:
        self._send(self._packer.compress(piece) if self._packer else piece)

    def _send(self, packed: bytes | memoryview) -> None:
        self._packed += len(packed)
        length = max(self.size, self._packed)
        if length > MAX_UNANNOUNCED and not self._entry.wide:
            where = self._entry.name.decode("utf-8")
            name = mark("length of an unannounced member")
            raise LimitExceeded(where=where, name=name, found=length, limit=MAX_UNANNOUNCED)
        self._target(packed)


def _deflate(data: bytes) -> bytes:
    packed: bytes = isal_zlib.compress(data, LEVEL, -15)
    return packed


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


def _central_header(entry: _Entry, stamp: tuple[int, int]) -> bytes:
    wanted = (entry.size, entry.packed, entry.offset)
    large = [value for value in wanted if value >= _FULL_32]
    size, packed, offset = (min(value, _FULL_32) for value in wanted)
    extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    version = _ZIP64_VERSION if large or entry.wide else _PLAIN_VERSION
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
