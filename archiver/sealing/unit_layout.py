"""The structure of a sealed unit as its reader demands it, checked byte range by byte range.

Written from APPNOTE 6.3.10 and shares nothing with the writer. Every byte of
the unit belongs to exactly one of: local header, salt, verifier, ciphertext,
MAC, descriptor, directory, ZIP64 end, end. So nothing can hide before,
between or after, and no two readers can see two different members.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import BinaryIO

from archiver.sealing.errors import SealBroken
from archiver.sealing.winzip_aes import EXTRA, EXTRA_BODY, METHOD, OVERHEAD, SALT, VERIFIER
from formats.words import mark

MEMBER = re.compile(rb"PAT[0-9]{5}\.ZIP|TRANSV\.ZIP")
MAX_HEADERS = 512
"""Bytes of a local header or of the directory; real ones take under 170."""

WHERE = "sealed unit"

_LOCAL = struct.Struct("<4s5H3L2H")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_DESCRIPTOR = struct.Struct("<4sL2L")
_DESCRIPTOR64 = struct.Struct("<4sL2Q")

_LONG = 0xFFFFFFFF
_ENCRYPTED = 0x1
_DESCRIBED = 0x8
_ZIP64 = 0x0001
_TIMES = frozenset({0x000A, 0x5455})
"""Extra fields with file times: 7-Zip writes them in the directory; without meaning here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitLayout:
    """Where things are, in bytes from the start of ``source``."""

    member: str
    salt_at: int
    plain_size: int

    @property
    def data_at(self) -> int:
        """Offset of the first byte of ciphertext."""
        return self.salt_at + SALT + VERIFIER


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    stamp: tuple[int, int]
    sealed_size: int
    plain_size: int


def read_layout(source: BinaryIO, start: int, size: int) -> UnitLayout:
    """Check the unit that fills ``size`` bytes of ``source`` from ``start``.

    1. It ends in an end record without comment that counts one entry on one disk.
    2. The directory ends where the end records begin, and holds that entry only.
    3. The entry is AE-2, 256 bits, stored, encrypted, named like a patient archive.
    4. The local header stands at the very start and says the same.
    5. The sealed member has exactly the size its plaintext asks for.
    6. A descriptor, where announced, repeats the sizes; the directory follows at once.

    Raises:
        SealBroken: a step fails.
    """
    directory_at, directory_size = _read_end(source, start, size)
    entry = _parse_entry(_take(source, start + directory_at, directory_size))
    data_at, descriptor = _read_local(source, start, entry)
    _require(entry.sealed_size == entry.plain_size + OVERHEAD, mark("its sizes contradict each other"))
    data_end = data_at + entry.sealed_size
    _check_descriptor(source, start, data_end, entry, descriptor)
    _require(data_end + descriptor.size == directory_at, mark("something stands between its parts"))
    return UnitLayout(member=entry.name.decode("ascii"), salt_at=start + data_at, plain_size=entry.plain_size)


def broken(reason: str) -> SealBroken:
    """Return the failure that says ``reason`` about a sealed unit."""
    return SealBroken(where=WHERE, reason=reason)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise broken(reason)


def _take(source: BinaryIO, at: int, size: int) -> bytes:
    """Read exactly ``size`` bytes at ``at``."""
    _require(0 <= size <= MAX_HEADERS, mark("a header is too long"))
    source.seek(at)
    data = b""
    while len(data) < size and (piece := source.read(size - len(data))):
        data += piece
    _require(len(data) == size, mark("it is cut short"))
    return data


def _read_end(source: BinaryIO, start: int, size: int) -> tuple[int, int]:
    """Return offset and size of the directory, from the unit's start (APPNOTE 4.3.14-4.3.16)."""
    end_at = size - _END.size
    _require(end_at > 0, mark("it is cut short"))
    magic, *disks, here, total, length, at, comment = _END.unpack(_take(source, start + end_at, _END.size))
    _require(magic == b"PK\x05\x06" and not comment, mark("its end record is missing or not at the end"))
    _require(disks == [0, 0], mark("it spans several disks"))
    _require((here, total) == (1, 1), mark("it does not hold exactly one member"))
    if _LONG in (length, at):
        end_at, length, at = _read_end64(source, start, end_at, length, at)
    _require(at + length == end_at, mark("its directory does not end where its end record begins"))
    return at, length


def _read_end64(source: BinaryIO, start: int, end_at: int, length: int, at: int) -> tuple[int, int, int]:
    locator_at = end_at - _LOCATOR.size
    end64_at = locator_at - _END64.size
    _require(end64_at > 0, mark("it is cut short"))
    locator = _LOCATOR.unpack(_take(source, start + locator_at, _LOCATOR.size))
    _require(locator == (b"PK\x06\x07", 0, end64_at, 1), mark("its long end record cannot be found"))
    magic, rest, _, _, disk, other, here, total, length64, at64 = _END64.unpack(
        _take(source, start + end64_at, _END64.size)
    )
    _require((magic, rest) == (b"PK\x06\x06", _END64.size - 12), mark("its long end record is malformed"))
    _require((disk, other, here, total) == (0, 0, 1, 1), mark("it does not hold exactly one member"))
    _require(
        length in (_LONG, length64) and at in (_LONG, at64), mark("its end records contradict each other")
    )
    return end64_at, length64, at64


def _parse_entry(data: bytes) -> _Entry:
    """Return the one entry that fills the directory (APPNOTE 4.3.12)."""
    _require(len(data) >= _ENTRY.size, mark("its directory is cut short"))
    fields = _ENTRY.unpack_from(data)
    magic, _, _, flags, method, clock, date, crc, sealed, plain, name_size, extra_size, comment = fields[:13]
    disk, _, _, local_at = fields[13:]
    _require(magic == b"PK\x01\x02", mark("its directory is malformed"))
    _require(
        len(data) == _ENTRY.size + name_size + extra_size, mark("its directory holds more than one entry")
    )
    _require((comment, disk, local_at) == (0, 0, 0), mark("something stands before its member"))
    _require(crc == 0, mark("it tells the checksum of its plaintext"))
    name = data[_ENTRY.size : _ENTRY.size + name_size]
    _require(MEMBER.fullmatch(name) is not None, mark("its member has a name that no patient archive has"))
    _check_kind(flags, method)
    extras = _extras(data[_ENTRY.size + name_size :])
    _check_aes(extras)
    sealed, plain = _long_sizes(extras, sealed, plain)
    return _Entry(name=name, flags=flags, stamp=(clock, date), sealed_size=sealed, plain_size=plain)


def _check_kind(flags: int, method: int) -> None:
    _require(method == METHOD and flags & _ENCRYPTED != 0, mark("its member is not encrypted with AES"))
    _require(not flags & ~(_ENCRYPTED | _DESCRIBED), mark("its member has flags that no unit has"))


def _check_aes(extras: dict[int, bytes]) -> None:
    _require(extras.get(EXTRA) == EXTRA_BODY, mark("its member is not stored under AE-2 with 256 bits"))
    _require(extras.keys() <= {EXTRA, _ZIP64, *_TIMES}, mark("its member has fields that no unit has"))


def _extras(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while data:
        _require(len(data) >= 4, mark("its extra fields are malformed"))
        kind, size = struct.unpack_from("<2H", data)
        _require(len(data) >= 4 + size and kind not in found, mark("its extra fields are malformed"))
        found[kind], data = data[4 : 4 + size], data[4 + size :]
    return found


def _long_sizes(extras: dict[int, bytes], sealed: int, plain: int) -> tuple[int, int]:
    """Return the sizes of the directory's entry, from the ZIP64 field where they stand there."""
    long = extras.get(_ZIP64, b"")
    wanted = (plain == _LONG) + (sealed == _LONG)
    _require(len(long) == 8 * wanted, mark("its long sizes are malformed"))
    values = list(struct.unpack(f"<{wanted}Q", long))
    plain = values.pop(0) if plain == _LONG else plain  # APPNOTE 4.5.3: original size first
    sealed = values.pop(0) if sealed == _LONG else sealed
    return sealed, plain


def _read_local(source: BinaryIO, start: int, entry: _Entry) -> tuple[int, struct.Struct]:
    """Return where the member's data begins, and the form of what follows it."""
    fields = _LOCAL.unpack(_take(source, start, _LOCAL.size))
    magic, _, flags, method, clock, date, crc, sealed, plain, name_size, extra_size = fields
    _require(magic == b"PK\x03\x04", mark("something stands before its member"))
    rest = _take(source, start + _LOCAL.size, name_size + extra_size)
    extras = _extras(rest[name_size:])
    _check_aes(extras)
    _require(
        (rest[:name_size], flags, method, (clock, date), crc)
        == (entry.name, entry.flags, METHOD, entry.stamp, 0),
        mark("its two headers contradict each other"),
    )
    long = extras.get(_ZIP64)
    _require(_local_sizes_agree(entry, sealed, plain, long), mark("its two headers contradict each other"))
    described = _DESCRIPTOR if long is None else _DESCRIPTOR64
    return _LOCAL.size + len(rest), described if flags & _DESCRIBED else struct.Struct("")


def _local_sizes_agree(entry: _Entry, sealed: int, plain: int, long: bytes | None) -> bool:
    """Sizes come true or, with a descriptor, as zero; in the ZIP64 field where there is one."""
    if long is not None:
        if len(long) != 16 or (sealed, plain) not in {
            (_LONG, _LONG),
            (0, 0),
            (entry.sealed_size, entry.plain_size),
        }:
            return False
        plain, sealed = struct.unpack("<2Q", long)
    known = (sealed, plain) == (entry.sealed_size, entry.plain_size)
    return known or (bool(entry.flags & _DESCRIBED) and (sealed, plain) == (0, 0))


def _check_descriptor(
    source: BinaryIO, start: int, at: int, entry: _Entry, descriptor: struct.Struct
) -> None:
    if not descriptor.size:
        return
    found = descriptor.unpack(_take(source, start + at, descriptor.size))
    _require(
        found == (b"PK\x07\x08", 0, entry.sealed_size, entry.plain_size),
        mark("its descriptor contradicts its directory"),
    )
