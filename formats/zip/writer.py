"""A ZIP archive written from front to back into a target that cannot seek.

A member that fits in ``HEAD`` is written with its sizes in front; a longer one
is followed by a data descriptor. Members that do not shrink are stored. What would shrink
so far that a reader takes it for a bomb is left partly as it is: a short member is stored, a long
one has stored blocks (RFC 1951, 3.2.4) between the others. No archive is beyond ``ZipLimits``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from isal import isal_zlib

from formats.errors import LimitExceeded
from formats.target import Target, write_all
from formats.words import mark
from formats.zip.errors import MemberTwice
from formats.zip.headers import (
    PLAIN_VERSION,
    ZIP64_VERSION,
    StatedSizes,
    central_header,
    data_descriptor,
    end_records,
    local_header,
)
from formats.zip.limits import ZipAllowance, ZipLimits
from formats.zip.packing import STORED_BLOCK, deflate, new_packer, promises_to_shrink, shrinks, stored_block
from formats.zip.profile import EPOCH, FILE_0644
from formats.zip.records import DEFLATED, DESCRIPTOR_FOLLOWS, MAX32, STORED, UNIX, UTF8

HEAD = 1 << 20
"""Bytes of a member held back: a member that ends within them needs no data descriptor."""
JOINED = 64 << 10
"""Bytes of a packed member that are copied behind its header, as one call costs more than the copy."""
ZIP64_FROM = 0xF000_0000
"""Announced bytes from which a member gets 64-bit sizes; leaves room for data that deflate makes longer."""
MAX_UNANNOUNCED = 0xFFFF_FFFF
"""Bytes, plain or packed, of a member that was not announced as longer than ``ZIP64_FROM``."""

_Write = Callable[[bytes | memoryview], None]


class MemberSpan(NamedTuple):
    """A member that is whole: what its headers state, where it begins, and where the next one would."""

    stated: StatedSizes
    offset: int
    end: int


class ZipStream:
    """Writes members one after the other; ``finish`` writes the directory and returns the total length.

    ``when`` becomes the date of every member (DOS dates run from 1980 to 2107,
    in steps of two seconds, without a zone). The target is left open. What ``limits``
    does not let in is not written. An archive that was left in its midst goes on behind its ``earlier``
    members, which the target has already.
    """

    def __init__(
        self,
        target: Target,
        *,
        when: datetime,
        limits: ZipLimits | None = None,
        earlier: Iterable[MemberSpan] = (),
    ) -> None:
        self._target = target
        self._stamp = dos_stamp(when)
        self._allowance = ZipAllowance(limits or ZipLimits())
        self._names: set[bytes] = set()
        self._directory = bytearray()
        self._last: MemberSpan | None = None
        self._position = 0
        for one in earlier:
            self._admitted(one.stated.name.decode("utf-8"), one.stated.size)
            self._enter(one)
            self._position = one.end

    @property
    def last(self) -> MemberSpan:
        """The member that was ended last.

        Raises:
            LookupError: when there is none.
        """
        if self._last is None:
            raise LookupError
        return self._last

    def begin(self, name: str, *, size: int = 0, stored: bool = False) -> MemberWriter:
        """Begin a member, to be written and then ended; only one is open at a time.

        ``size`` announces the length where it is known; only members announced
        as longer than ``ZIP64_FROM`` may pass 4 GiB. With ``stored`` it is not even tried whether it shrinks.

        Raises:
            MemberTwice: for a name that was written before.
            LimitExceeded: for more than a reader lets in; while writing, for a member that outgrows
                what was announced.
        """
        encoded = self._admitted(name, size)
        offset = self._position
        return MemberWriter(
            self._write,
            lambda member: self._list(member, offset),
            encoded,
            self._stamp,
            self._allowance,
            wide=size >= ZIP64_FROM,
            stored=stored,
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
        member = _write_short(self._write, encoded, self._stamp, data, crc, self._allowance)
        self._list(member, offset)

    def _admitted(self, name: str, size: int) -> bytes:
        encoded = name.encode("utf-8")
        if encoded in self._names:
            raise MemberTwice(name=name)
        self._allowance.begin(name)
        self._allowance.require(name, size)
        return encoded

    def _list(self, member: StatedSizes, offset: int) -> None:
        self._enter(MemberSpan(member, offset, self._position))

    def _enter(self, member: MemberSpan) -> None:
        """List a member that is whole, as its directory entry: of a hundred thousand no object stays."""
        self._names.add(member.stated.name)
        self._directory += _entry(member.stated, member.offset)
        self._last = member
        self._allowance.end(member.stated.size, member.stated.packed)

    def finish(self) -> int:
        """Write the central directory; nothing can be added afterwards."""
        start = self._position
        self._write(memoryview(self._directory))
        made_by = (UNIX << 8) | ZIP64_VERSION
        self._write(end_records(len(self._names), start, self._position - start, made_by=made_by))
        return self._position

    def _write(self, data: bytes | memoryview) -> None:
        self._position += len(data)
        write_all(self._target, data)


class MemberWriter:
    """The member that is being written: held back up to ``HEAD``, then passed on piece by piece."""

    def __init__(
        self,
        write: _Write,
        listed: Callable[[StatedSizes], None],
        name: bytes,
        stamp: tuple[int, int],
        allowance: ZipAllowance,
        *,
        wide: bool,
        stored: bool = False,
    ) -> None:
        self._target = write
        self._listed = listed
        self._name = name
        self._stamp = stamp
        self._allowance = allowance
        self._wide = wide
        self._stored = stored
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
            head = b"".join(self._head)
            member = _write_short(
                self._target, self._name, self._stamp, head, self._crc, self._allowance, stored=self._stored
            )
        else:
            if self._packer:
                self._send(self._packer.flush())
            member = self._stated(self._crc, self._packed, self.size)
            self._target(data_descriptor(member, zip64=self._wide))
        self._listed(member)

    def _begin_long(self) -> None:
        """Decide how the member is packed, and write its header and what was held back."""
        head = b"".join(self._head or ())
        self._head = None
        if not self._stored and promises_to_shrink(head):
            self._packer = new_packer()
        # A wide member states by a ZIP64 field of zeros that its descriptor has 64-bit sizes (4.3.9.2).
        self._target(local_header(self._stated(0, 0, 0), zip64=(0, 0) if self._wide else None))
        self._pass_on(memoryview(head))

    def _stated(self, crc: int, packed: int, size: int) -> StatedSizes:
        method = DEFLATED if self._packer else STORED
        flags = _flags(self._name) | DESCRIPTOR_FOLLOWS
        version = ZIP64_VERSION if self._wide else PLAIN_VERSION
        return StatedSizes(self._name, version, flags, method, *self._stamp, crc, packed, size)

    def _pass_on(self, piece: memoryview) -> None:
        while piece:
            step, block = piece[:HEAD], piece[:STORED_BLOCK]
            if self._packer is None:
                self._send(step)
            elif self._allowance.too_dense(self._passed + len(step), self._packed):
                step = block
                self._send(self._packer.flush(isal_zlib.Z_SYNC_FLUSH) + stored_block(block))
                self._packer = new_packer()
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


def _entry(member: StatedSizes, offset: int) -> bytes:
    """Return the directory entry of ``member``, of which a reader of ZIP64 is asked where a number needs one."""
    if max(member.size, member.packed, offset) >= MAX32:
        member = member._replace(version=ZIP64_VERSION)
    made_by = (UNIX << 8) | member.version
    return central_header(member, made_by=made_by, attributes=FILE_0644, offset=offset)


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else UTF8


def dos_stamp(when: datetime) -> tuple[int, int]:
    """Return time and date as APPNOTE 4.4.6 wants them, held inside what they can say."""
    if when.year < 1980:
        return 0, EPOCH
    if when.year > 2107:
        return (23 << 11) | (59 << 5) | 29, (127 << 9) | (12 << 5) | 31
    time = (when.hour << 11) | (when.minute << 5) | (when.second // 2)
    return time, ((when.year - 1980) << 9) | (when.month << 5) | when.day


def _write_short(
    write: _Write,
    name: bytes,
    stamp: tuple[int, int],
    data: bytes,
    crc: int,
    allowance: ZipAllowance,
    *,
    stored: bool = False,
) -> StatedSizes:
    """Write a member with its sizes in front, and return what its headers state."""
    body = deflate(data) if not stored and promises_to_shrink(data) else data
    method = DEFLATED
    if not shrinks(len(body), len(data)) or allowance.too_dense(len(data), len(body)):
        body, method = data, STORED
    member = StatedSizes(name, PLAIN_VERSION, _flags(name), method, *stamp, crc, len(body), len(data))
    header = local_header(member)
    if len(body) <= JOINED:
        write(header + body)
    else:
        write(header)
        write(body)
    return member
