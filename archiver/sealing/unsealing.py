"""Opening a sealed unit: authenticated and seekable, or in one pass into a file."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from archiver.errors import WrongPassphrase
from archiver.sealing.errors import UnitMismatch
from archiver.sealing.keyring_lines import KeyringEntry
from archiver.sealing.keystream import STEP, Keystream, at_once
from archiver.sealing.unit_layout import WHERE, UnitLayout, read_layout, unit_failure
from archiver.sealing.winzip_aes import MAC, SALT, VERIFIER, UnitKeys, derive, macs_equal, truncated_mac
from formats.digests import SHA256, Digest
from formats.target import Target, write_all
from formats.words import mark

if TYPE_CHECKING:
    from hashlib import _Hash

    from _typeshed import WriteableBuffer

MAX_IN_MEMORY = 16 << 20
"""Bytes of a plain archive that are held in memory; most dossiers are far below, volumes above."""
MAX_AT_ONCE = 1 << 20
"""Bytes of a unit that is read and decrypted in one go: it stays in the processor's cache all the while."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsealedUnit:
    """What came out: size in bytes, SHA-256."""

    member: str
    plain_size: int
    plain_digest: Digest


def unseal(
    source: BinaryIO, passphrase: str, target: Target, *, offset: int = 0, size: int | None = None
) -> UnsealedUnit:
    """Decrypt the unit in ``source`` into ``target`` in one pass, and check its MAC at the end.

    ``source`` can seek; the unit is its ``size`` bytes from ``offset``, by
    default all the rest. Plaintext reaches ``target`` before the MAC is
    known: the caller has checked the signature before, and discards
    ``target`` after a failure.

    Raises:
        SealBroken: the structure is not that of a unit, or the MAC is wrong.
        WrongPassphrase: the passphrase is not the unit's.
    """
    if size is None:
        size = source.seek(0, os.SEEK_END) - offset
    layout, keys = _begin(source, passphrase, offset, size)
    keystream, mac, plain = Keystream(keys.cipher), keys.new_mac(), hashlib.sha256()
    pieces = _Ciphertext(source, layout)
    while piece := pieces.take():
        mac.update(piece)
        opened = keystream.apply(piece)
        plain.update(opened)
        write_all(target, opened)
    _check_mac(pieces.mac(), truncated_mac(mac))
    digest = Digest(SHA256, plain.digest())
    return UnsealedUnit(member=layout.member, plain_size=layout.plain_size, plain_digest=digest)


def open_unit(source: BinaryIO, passphrase: str, *, offset: int = 0, size: int | None = None) -> BinaryIO:
    """Return the plain archive as a stream that can seek; raises as :func:`unseal`.

    The MAC is checked over the whole unit before anything is returned, so
    nothing unauthenticated is released as long as ``source`` stays unchanged
    under us. ``source`` must stay open and is not closed. A unit of at most
    :data:`MAX_IN_MEMORY` bytes is decrypted once and held; a longer one as it is read.
    """
    return _open(source, passphrase, offset, size, None)[0]


def open_entry(source: BinaryIO, entry: KeyringEntry) -> BinaryIO:
    """Open the unit that is all of ``source`` as :func:`open_unit` does, when it holds what the keyring says.

    The digest is taken on the way, while the plaintext is at hand.

    Raises:
        UnitMismatch: its plain archive has another name, size or SHA-256; also what :func:`unseal` raises.
    """
    state = hashlib.sha256()
    opened, layout = _open(source, entry.passphrase, 0, None, state)
    found = (layout.member, layout.plain_size, Digest(SHA256, state.digest()))
    if found != (entry.member, entry.plain_size, entry.plain_digest):
        raise UnitMismatch(unit=entry.unit)
    return opened


def _open(
    source: BinaryIO, passphrase: str, offset: int, size: int | None, state: _Hash | None
) -> tuple[BinaryIO, UnitLayout]:
    """Return the plain archive and how its unit is laid out, having fed ``state`` with it."""
    if size is None:
        size = source.seek(0, os.SEEK_END) - offset
    if size <= MAX_AT_ONCE:
        source.seek(offset)
        return _open_at_once(source.read(size), passphrase, state)
    layout, keys = _begin(source, passphrase, offset, size)
    mac, pieces = keys.new_mac(), _Ciphertext(source, layout)
    keystream, archive = Keystream(keys.cipher), _ArchiveInMemory()
    hold = layout.plain_size <= MAX_IN_MEMORY
    while piece := pieces.take():
        mac.update(piece)
        if not hold and state is None:
            continue
        plain = keystream.apply(piece)
        if state is not None:
            state.update(plain)
        if hold:
            archive.write(plain)
    _check_mac(pieces.mac(), truncated_mac(mac))
    if hold:
        archive.seek(0)
        return archive, layout
    keystream.seek(0)
    return io.BufferedReader(_PlainArchive(source, layout, keystream), STEP), layout


def _open_at_once(unit: bytes, passphrase: str, state: _Hash | None) -> tuple[BinaryIO, UnitLayout]:
    layout, keys = _begin(io.BytesIO(unit), passphrase, 0, len(unit))
    end = layout.data_at + layout.plain_size
    sealed = memoryview(unit)[layout.data_at : end]
    mac = keys.new_mac()
    mac.update(sealed)
    _check_mac(unit[end : end + MAC], truncated_mac(mac))
    plain = at_once(keys.cipher, sealed)
    if state is not None:
        state.update(plain)
    return _ArchiveInMemory(plain), layout


def _begin(source: BinaryIO, passphrase: str, offset: int, size: int) -> tuple[UnitLayout, UnitKeys]:
    layout = read_layout(source, offset, size)
    source.seek(layout.salt_at)
    start = source.read(SALT + VERIFIER)
    keys = derive(passphrase, start[:SALT])
    if not macs_equal(keys.verifier, start[SALT:]):
        raise WrongPassphrase(where=WHERE)
    return layout, keys


def _check_mac(found: bytes, expected: bytes) -> None:
    if not macs_equal(found, expected):
        raise unit_failure(mark("its content was changed or damaged"))


class _Ciphertext:
    """The ciphertext of one unit in pieces of at most :data:`STEP`, in one reused buffer; then its MAC."""

    def __init__(self, source: BinaryIO, layout: UnitLayout) -> None:
        self._source = source
        self._left = layout.plain_size
        self._buffer = memoryview(bytearray(STEP))
        source.seek(layout.data_at)

    def take(self) -> memoryview:
        """Return the next piece, which lives until the next call; empty at the end."""
        piece = self._filled(min(self._left, STEP))
        self._left -= len(piece)
        return piece

    def mac(self) -> bytes:
        """Return the stored MAC; only after the last piece."""
        return bytes(self._filled(MAC))

    def _filled(self, size: int) -> memoryview:
        view = self._buffer[:size]
        done = 0
        while done < size:
            count: int = self._source.readinto(view[done:])  # type: ignore[attr-defined]
            if not count:
                raise unit_failure(mark("it is cut short"))
            done += count
        return view


class _ArchiveInMemory(io.BytesIO):
    """The plaintext of an authenticated unit in memory; a position before its start is refused as in a file."""

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go elsewhere."""
        if whence == os.SEEK_SET and offset >= 0:
            return super().seek(offset)
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self.getbuffer().nbytes}[whence]
        if origin + offset < 0:
            raise OSError(22, "a position before the start")
        return super().seek(origin + offset)


class _PlainArchive(io.RawIOBase):
    """The plaintext of an authenticated unit."""

    def __init__(self, source: BinaryIO, layout: UnitLayout, keystream: Keystream) -> None:
        super().__init__()
        self._source = source
        self._layout = layout
        self._keystream = keystream
        self._at = 0
        self._stream_at = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can seek."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go elsewhere; the key stream follows at the next read."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._layout.plain_size}[whence]
        if origin + offset < 0:
            raise OSError(22, "a position before the start")
        self._at = origin + offset
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with plaintext, at most :data:`STEP` bytes."""
        wanted = memoryview(buffer).cast("B")
        left = max(self._layout.plain_size - self._at, 0)
        wanted = wanted[: min(len(wanted), left, STEP)]
        if not wanted:
            return 0
        self._source.seek(self._layout.data_at + self._at)
        count: int = self._source.readinto(wanted)  # type: ignore[attr-defined]
        if not count:
            raise unit_failure(mark("it is cut short"))
        if self._stream_at != self._at:
            self._keystream.seek(self._at)
        wanted[:count] = self._keystream.apply(wanted[:count])
        self._at = self._stream_at = self._at + count
        return count
