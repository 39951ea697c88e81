"""A ZIP archive written from front to back into a target that cannot seek.

A member that fits in ``HEAD`` is written with its sizes in front; a longer one
is followed by a data descriptor. Members that do not shrink are stored. What would shrink
so far that a reader takes it for a bomb is left partly as it is: a short member is stored, a long
one has stored blocks (RFC 1951, 3.2.4) between the others. No archive is beyond ``ZipLimits``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from isal import isal_zlib

from formats.errors import Failure, LimitExceeded
from formats.target import Target, write_all
from formats.words import mark
from formats.zip_headers import (
    DEFLATED,
    STORED,
    Entry,
    central_header,
    descriptor,
    dos_stamp,
    end_records,
    flags_of,
    local_header,
)
from formats.zip_limits import ZipAllowance, ZipLimits
from formats.zip_records import DESCRIPTOR_FOLLOWS

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
STORED_BLOCK = 0xFFFF
"""Bytes of the longest stored block of a deflate stream."""
MAX_UNANNOUNCED = 0xFFFF_FFFF
"""Bytes, plain or packed, of a member that was not announced as longer than ``ZIP64_FROM``."""


class MemberTwice(Failure):
    """Two members of one archive under one name."""

    code = "zip-member-twice"
    sentence = mark("The archive already has a member {name}.")


_Write = Callable[[bytes | memoryview], None]


class ZipStream:
    """Writes members one after the other; ``finish`` writes the directory and returns the total length.

    ``when`` becomes the date of every member (DOS dates run from 1980 to 2107,
    in steps of two seconds, without a zone). The target is left open. What ``limits``
    does not let in is not written.
    """

    def __init__(self, target: Target, *, when: datetime, limits: ZipLimits | None = None) -> None:
        self._target = target
        self._stamp = dos_stamp(when)
        self._entries: dict[bytes, tuple[Entry, int]] = {}
        self._position = 0
        self._allowance = ZipAllowance(limits or ZipLimits())

    def begin(self, name: str, *, size: int = 0) -> MemberWriter:
        """Begin a member, to be written and then ended; only one is open at a time.

        ``size`` announces the length where it is known; only members announced
        as longer than ``ZIP64_FROM`` may pass 4 GiB.

        Raises:
            MemberTwice: for a name that was written before.
            LimitExceeded: for more than a reader lets in; while writing, for a member that outgrows
                what was announced.
        """
        encoded = self._admitted(name, size)
        offset = self._position
        return MemberWriter(
            self._write,
            lambda entry: self._list(entry, offset),
            encoded,
            self._stamp,
            self._allowance,
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
        encoded = self._admitted(name, len(data))
        offset = self._position
        crc = isal_zlib.crc32(data)
        entry = _write_short(self._write, encoded, self._stamp, data, crc, self._allowance)
        self._list(entry, offset)

    def _admitted(self, name: str, size: int) -> bytes:
        encoded = name.encode("utf-8")
        if encoded in self._entries:
            raise MemberTwice(name=name)
        self._allowance.begin(name)
        self._allowance.require(name, size)
        return encoded

    def _list(self, entry: Entry, offset: int) -> None:
        self._entries[entry.name] = entry, offset
        self._allowance.end(entry.size, entry.packed)

    def finish(self) -> int:
        """Write the central directory; nothing can be added afterwards."""
        start = self._position
        headers = (central_header(entry, offset, self._stamp) for entry, offset in self._entries.values())
        self._write(b"".join(headers))
        self._write(end_records(len(self._entries), start, self._position - start))
        return self._position

    def _write(self, data: bytes | memoryview) -> None:
        self._position += len(data)
        write_all(self._target, data)


class MemberWriter:
    """The member that is being written: held back up to ``HEAD``, then passed on piece by piece."""

    def __init__(
        self,
        write: _Write,
        listed: Callable[[Entry], None],
        name: bytes,
        stamp: tuple[int, int],
        allowance: ZipAllowance,
        *,
        wide: bool,
    ) -> None:
        self._target = write
        self._listed = listed
        self._name = name
        self._stamp = stamp
        self._allowance = allowance
        self._wide = wide
        self._head: list[bytes] | None = []
        self._crc = self._packed = self._passed = self.size = 0
        self._packer: isal_zlib.Compress | None = None

    def write(self, data: bytes | memoryview) -> int:
        """Take ``data``, and return its length in bytes.

        Raises:
            LimitExceeded: as ``ZipStream.begin``.
        """
        piece = memoryview(data).cast("B")
        self._allowance.require(self._name.decode("utf-8"), self.size + len(piece))
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
            held = b"".join(self._head)
            entry = _write_short(self._target, self._name, self._stamp, held, self._crc, self._allowance)
        else:
            if self._packer:
                self._send(self._packer.flush())
            entry = self._entry(self._crc, self._packed, self.size)
            self._target(descriptor(entry))
        self._listed(entry)

    def _begin_long(self) -> None:
        """Decide how the member is packed, and write its header and what was held back."""
        held = b"".join(self._head or ())
        self._head = None
        if _promises_to_shrink(held):
            self._packer = _packer()
        self._target(local_header(self._entry(0, 0, 0), self._stamp))
        self._pass_on(memoryview(held))

    def _entry(self, crc: int, packed: int, size: int) -> Entry:
        method = DEFLATED if self._packer else STORED
        flags = flags_of(self._name) | DESCRIPTOR_FOLLOWS
        return Entry(self._name, flags, method, crc, packed, size, self._wide)

    def _pass_on(self, piece: memoryview) -> None:
        while piece:
            step, block = piece[:HEAD], piece[:STORED_BLOCK]
            if self._packer is None:
                self._send(step)
            elif self._allowance.too_dense(self._passed + len(step), self._packed):
                step = block
                self._send(self._packer.flush(isal_zlib.Z_SYNC_FLUSH) + _stored_block(block))
                self._packer = _packer()
            else:
                self._send(self._packer.compress(step))
            self._passed += len(step)
            piece = piece[len(step) :]

    def _send(self, packed: bytes | memoryview) -> None:
        self._packed += len(packed)
        length = max(self.size, self._packed)
        if length > MAX_UNANNOUNCED and not self._wide:
            where = self._name.decode("utf-8")
            name = mark("the length of an unannounced part")
            raise LimitExceeded(where=where, name=name, found=length, limit=MAX_UNANNOUNCED)
        self._target(packed)


def _stored_block(data: memoryview) -> bytes:
    """Return ``data`` as one block of a deflate stream that ends at a byte and goes on (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", 0, len(data), len(data) ^ STORED_BLOCK) + bytes(data)


def _write_short(
    write: _Write, name: bytes, stamp: tuple[int, int], data: bytes, crc: int, allowance: ZipAllowance
) -> Entry:
    """Write a member with its sizes in front, and return its directory entry."""
    body = _deflate(data) if _promises_to_shrink(data) else data
    method = DEFLATED
    if not _shrinks(len(body), len(data)) or allowance.too_dense(len(data), len(body)):
        body, method = data, STORED
    entry = Entry(name, flags_of(name), method, crc, len(body), len(data), wide=False)
    header = local_header(entry, stamp)
    if len(body) <= JOINED:
        write(header + body)
    else:
        write(header)
        write(body)
    return entry


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
