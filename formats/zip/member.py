"""The plain bytes of one member of a ZIP archive, which check themselves (step 6 of ``formats.zip.reader``)."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Protocol

from isal import isal_zlib

from formats.zip.errors import ZipDamaged
from formats.zip.local_headers import Member
from formats.zip.records import DEFLATED

PIECE = 256 << 10
"""Packed bytes read at a time; what they unpack to is bounded separately by the reader's request."""
MAX_AT_ONCE = 1 << 20
"""Bytes of a member, plain and packed, that is unpacked in one go; all but volumes and panoramics are shorter."""


def is_short(member: Member) -> bool:
    """Say whether ``member`` is unpacked in one go."""
    return member.size <= MAX_AT_ONCE and member.packed <= MAX_AT_ONCE


def unpack(source: BinaryIO, member: Member) -> bytes:
    """Return the plain bytes of a short ``member``.

    Raises:
        ZipDamaged: as ``MemberStream`` does.
    """
    source.seek(member.offset)
    plain = source.read(member.packed)
    if member.method == DEFLATED:
        plain = _inflated(plain, member)
    if len(plain) != member.size or isal_zlib.crc32(plain) != member.crc32:
        raise ZipDamaged(member=member.name)
    return plain


def _inflated(packed: bytes, member: Member) -> bytes:
    """Unpack ``packed`` no further than one byte past what the archive says it holds."""
    unpacker = isal_zlib.decompressobj(-15)
    try:
        plain: bytes = unpacker.decompress(packed, member.size + 1)
    except isal_zlib.IsalError as fault:  # type: ignore[misc]  # typed as a value, it is a class
        raise ZipDamaged(member=member.name) from fault
    if not unpacker.eof or unpacker.unused_data or len(packed) != member.packed:
        raise ZipDamaged(member=member.name)
    return plain


class MemberStream(io.RawIOBase):
    """The plain bytes of one member, never more than it says it has.

    Raises ``ZipDamaged`` when they are fewer, when packed bytes are left over,
    or when the CRC-32 is another, at the latest with the last byte.
    """

    def __init__(self, source: BinaryIO, member: Member) -> None:
        self._name = member.name
        self._expected_crc = member.crc32
        self._left = member.size
        self._crc = 0
        packed = _Packed(source, member)
        self._body: _Body = _Inflated(packed) if member.method == DEFLATED else packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._check_end()
            return 0
        view = memoryview(buffer).cast("B")
        piece = self._body.read(min(len(view), self._left))
        if not piece:
            raise ZipDamaged(member=self._name)
        view[: len(piece)] = piece
        self._left -= len(piece)
        self._crc = isal_zlib.crc32(piece, self._crc)
        if not self._left:
            self._check_end()
        return len(piece)

    def _check_end(self) -> None:
        if self._crc != self._expected_crc or not self._body.is_used_up():
            raise ZipDamaged(member=self._name)


class _Body(Protocol):
    def read(self, wanted: int) -> bytes: ...

    def is_used_up(self) -> bool: ...


class _Packed:
    """The bytes of a member as they lie in the archive."""

    def __init__(self, source: BinaryIO, member: Member) -> None:
        self.name = member.name
        self._source = source
        self._end = member.offset + member.packed
        self._unread = member.packed

    def read(self, wanted: int) -> bytes:
        # Other members may have moved the source since the last piece.
        self._source.seek(self._end - self._unread)
        piece = self._source.read(min(wanted, self._unread))
        self._unread -= len(piece)
        return piece

    def is_used_up(self) -> bool:
        return not self._unread


class _Inflated:
    """The bytes of a deflated member, unpacked no further than asked for."""

    def __init__(self, packed: _Packed) -> None:
        self._packed = packed
        self._unpacker = isal_zlib.decompressobj(-15)
        self._unconsumed = b""

    def read(self, wanted: int) -> bytes:
        while True:
            packed = self._unconsumed or self._packed.read(PIECE)
            try:
                piece = self._unpacker.decompress(packed, wanted)
            except isal_zlib.IsalError as fault:  # type: ignore[misc]  # typed as a value, it is a class
                raise ZipDamaged(member=self._packed.name) from fault
            self._unconsumed = self._unpacker.unconsumed_tail
            if piece or self._unpacker.eof or not packed:
                return piece

    def is_used_up(self) -> bool:
        """Tell whether the deflate stream ended here, with no byte behind it."""
        surplus = b"" if self._unpacker.eof else self.read(1)
        ended = self._unpacker.eof and not self._unpacker.unused_data
        return ended and not surplus and not self._unconsumed and self._packed.is_used_up()
