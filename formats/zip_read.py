"""A strict reader of ZIP archives that come from outside.

The archive must be exactly what its central directory says: members without
overlap and without bytes nobody accounts for, names that are safe everywhere,
nothing encrypted, sizes within limits. The rules, in the order of the code:

1. one end record, at the very end; the directory lies right before it;
2. every directory entry is a plain file or folder, stored or deflated;
3. names are judged (``formats.paths``), unique, and unique for disks that ignore case;
4. counts, sizes and the ratio of plain to packed bytes stay within ``ZipLimits``;
5. every local header agrees with the directory, and members follow each other without a gap;
6. a member unpacks to exactly its stated length and CRC-32 (``formats.zip_member``).

Source: PKWARE APPNOTE 6.3.10.
"""

from __future__ import annotations

import io
import stat
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from formats.errors import FormatFailure, LimitExceeded
from formats.paths import clashes, judge
from formats.words import mark
from formats.zip_member import PIECE, MemberStream, ZipMember

MAX_DIRECTORY_BYTES = 64 << 20
"""A central directory entry of ours has under 70 bytes; this is room for 400,000 members and more."""
RATIO_FLOOR = 64 << 20
"""Plain bytes below which no ratio is suspicious: an empty image compresses a thousandfold."""

_FULL_16, _FULL_32 = 0xFFFF, 0xFFFF_FFFF
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_DESCRIPTOR_FOLLOWS, _UTF8 = 0x0008, 0x0800
_DEFLATE_OPTIONS = 0x0006
_DESCRIPTOR_LENGTHS = {False: frozenset({0}), True: frozenset({12, 16, 20, 24})}


class ZipRefused(FormatFailure):
    """An archive whose structure is not what a plain ZIP archive has."""

    code = "zip-refused"
    sentence = mark("The ZIP archive is refused: {reason}.")


class ZipMemberMissing(FormatFailure):
    """A member that is asked for and not there."""

    code = "zip-member-missing"
    sentence = mark("The ZIP archive has no part {member}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ZipLimits:
    """What is let in: member count, plain bytes of one member and of all, plain bytes per packed byte."""

    members: int = 200_000
    member_bytes: int = 64 << 30
    total_bytes: int = 512 << 30
    ratio: int = 200


class ZipArchive:
    """The members of the archive in ``source`` (seekable, left open), checked on construction.

    Raises:
        ZipRefused: for a structure that is not plain (rules 1, 2, 3 and 5).
        UnsafeName, LimitExceeded: for names and sizes that are not let in.
    """

    def __init__(self, source: BinaryIO, *, limits: ZipLimits | None = None) -> None:
        self._source = source
        limits = limits or ZipLimits()
        start, length, count = _find_directory(source)
        _limit("number of ZIP members", count, limits.members)
        _limit("ZIP directory size in bytes", length, MAX_DIRECTORY_BYTES)
        entries = list(_entries(_read_at(source, start, length), count))
        _check_names(entries)
        _check_sizes(entries, limits)
        bodies = _check_layout(source, entries, start)
        self.members: Mapping[str, ZipMember] = {body.name: body for body in bodies if not body.folder}

    def open(self, name: str) -> BinaryIO:
        """Return the plain bytes of a member as a stream; several may be open at once.

        Raises:
            ZipMemberMissing: when there is none; ``ZipDamaged`` while reading (rule 6).
        """
        member = self.members.get(name)
        if member is None:
            raise ZipMemberMissing(member=name)
        return io.BufferedReader(MemberStream(self._source, member), PIECE)

    def read(self, name: str, *, limit: int) -> bytes:
        """Return all of a member that is at most ``limit`` bytes long."""
        with self.open(name) as stream:
            _limit(f"size of {name} in bytes", self.members[name].size, limit)
            return stream.read()


def _limit(name: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitExceeded(name=name, found=found, limit=limit)


def _read_at(source: BinaryIO, position: int, length: int) -> bytes:
    source.seek(position)
    data = source.read(length)
    if len(data) != length:
        raise ZipRefused(reason=mark("it is cut short"))
    return data


# -- 1. the end record ----------------------------------------------------------------------


def _find_directory(source: BinaryIO) -> tuple[int, int, int]:
    """Return where the central directory starts, its length, and its number of entries."""
    total = source.seek(0, io.SEEK_END)
    tail_length = min(total, _END.size + _FULL_16)
    tail = _read_at(source, total - tail_length, tail_length)
    places = [at for at in _occurrences(tail, b"PK\x05\x06") if _ends_with_comment(tail, at)]
    if len(places) != 1:
        raise ZipRefused(reason=mark("it has two end records") if places else mark("it has no end record"))
    end = total - tail_length + places[0]
    _, disk, first_disk, here, count, length, start, _ = _END.unpack_from(tail, places[0])
    if _FULL_16 in {here, count} or _FULL_32 in {length, start}:
        end, disk, first_disk, here, count, length, start = _read_wide_end(source, end)
    if disk or first_disk or here != count:
        raise ZipRefused(reason=mark("it spans several media"))
    if start + length != end:
        raise ZipRefused(reason=mark("its directory is not where the end record says"))
    return start, length, count


def _occurrences(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)


def _ends_with_comment(tail: bytes, at: int) -> bool:
    if at + _END.size > len(tail):
        return False
    return at + _END.size + int(_END.unpack_from(tail, at)[-1]) == len(tail)


def _read_wide_end(source: BinaryIO, end: int) -> tuple[int, int, int, int, int, int, int]:
    """Read the ZIP64 end record in front of the end record at ``end``."""
    if end < _LOCATOR_64.size + _END_64.size:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    mark_, disk, place, disks = _LOCATOR_64.unpack(_read_at(source, end - _LOCATOR_64.size, _LOCATOR_64.size))
    if mark_ != b"PK\x06\x07" or disk or disks != 1 or place + _END_64.size != end - _LOCATOR_64.size:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    found = _END_64.unpack(_read_at(source, place, _END_64.size))
    if found[0] != b"PK\x06\x06" or found[1] != _END_64.size - 12:
        raise ZipRefused(reason=mark("its ZIP64 end record is missing"))
    disk, first_disk, here, count, length, start = found[4:]
    return place, disk, first_disk, here, count, length, start


# -- 2. directory entries -------------------------------------------------------------------


def _entries(directory: bytes, count: int) -> Iterator[ZipMember]:
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise ZipRefused(reason=mark("its directory is cut short"))
        fixed = _CENTRAL.unpack_from(directory, at)
        lengths = fixed[10:13]
        following = at + _CENTRAL.size + sum(lengths)
        if fixed[0] != b"PK\x01\x02" or following > len(directory):
            raise ZipRefused(reason=mark("its directory is cut short"))
        name_end = at + _CENTRAL.size + lengths[0]
        extra = directory[name_end : name_end + lengths[1]]
        yield _entry(fixed, directory[at + _CENTRAL.size : name_end], extra)
        at = following
    if at != len(directory):
        raise ZipRefused(reason=mark("its directory holds more than its entries"))


def _entry(fixed: tuple[Any, ...], raw_name: bytes, extra: bytes) -> ZipMember:
    made_by, flags, method = fixed[1], fixed[3], fixed[4]
    attributes = fixed[15]
    name = _decode(raw_name, flags)
    if flags & ~(_DESCRIPTOR_FOLLOWS | _UTF8 | _DEFLATE_OPTIONS):
        raise ZipRefused(where=name, reason=mark("a part is encrypted or uses a feature of no use here"))
    if method not in {0, 8}:
        raise ZipRefused(where=name, reason=mark("a part is compressed in an unknown way"))
    kind = stat.S_IFMT(attributes >> 16) if made_by >> 8 == 3 else 0
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ZipRefused(where=name, reason=mark("a part is neither a file nor a folder"))
    size, packed, offset = _wide_values(fixed, extra, name)
    folder = name.endswith("/")
    if folder and size:
        raise ZipRefused(where=name, reason=mark("a folder holds bytes"))
    if method == 0 and size != packed:
        raise ZipRefused(where=name, reason=mark("a stored part has two lengths"))
    return ZipMember(
        name=name,
        size=size,
        packed=packed,
        crc=fixed[7],
        deflated=method == 8,
        offset=offset,
        flags=flags,
        folder=folder,
    )


def _decode(raw: bytes, flags: int) -> str:
    """Return the name as APPNOTE appendix D reads it: UTF-8 where flagged, else code page 437."""
    if b"\x00" in raw:
        raise ZipRefused(reason=mark("a name holds a zero byte"))
    try:
        return raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as fault:
        raise ZipRefused(reason=mark("a name is not UTF-8")) from fault


def _wide_values(fixed: tuple[Any, ...], extra: bytes, name: str) -> tuple[int, int, int]:
    """Return size, packed size and offset, from the ZIP64 extra field where the fixed fields are full."""
    values = [fixed[9], fixed[8], fixed[16]]
    full = [index for index, value in enumerate(values) if value == _FULL_32]
    if full:
        wide = _wide_field(extra, name)
        if len(wide) < 8 * len(full):
            raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))
        for index, value in zip(full, struct.unpack_from(f"<{len(full)}Q", wide), strict=True):
            values[index] = value
    return values[0], values[1], values[2]


def _wide_field(extra: bytes, name: str) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))


# -- 3. names, 4. sizes ---------------------------------------------------------------------


def _check_names(entries: list[ZipMember]) -> None:
    names = [entry.name.removesuffix("/") for entry in entries]
    for name in names:
        judge(name)
    if twice := clashes(names):
        raise ZipRefused(where=twice[0], reason=mark("two parts have one name on some systems"))
    files = {entry.name.casefold() for entry in entries if not entry.folder}
    for name in names:
        for folder in _folders(name.casefold()):
            if folder in files:
                raise ZipRefused(where=name, reason=mark("a part is both a file and a folder"))


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _check_sizes(entries: list[ZipMember], limits: ZipLimits) -> None:
    for entry in entries:
        _limit(f"size of {entry.name[:80]} in bytes", entry.size, limits.member_bytes)
        _check_ratio(entry.size, entry.packed, limits.ratio)
    total = sum(entry.size for entry in entries)
    _limit("size of all ZIP members in bytes", total, limits.total_bytes)
    _check_ratio(total, sum(entry.packed for entry in entries), limits.ratio)


def _check_ratio(size: int, packed: int, limit: int) -> None:
    if size > RATIO_FLOOR:
        _limit("plain bytes per packed byte", size // max(packed, 1), limit)


# -- 5. local headers and layout ------------------------------------------------------------


def _check_layout(source: BinaryIO, entries: list[ZipMember], directory: int) -> list[ZipMember]:
    """Return ``entries`` with the place of their bytes, after walking the archive from front to back."""
    placed: list[ZipMember] = []
    ordered = sorted(entries, key=lambda entry: entry.offset)
    starts = [*(entry.offset for entry in ordered), directory]
    if starts[0]:
        raise ZipRefused(reason=mark("its parts overlap or leave a gap"))
    for entry, end in zip(ordered, starts[1:], strict=True):
        body = _check_local_header(source, entry)
        gap = end - body - entry.packed
        if gap not in _DESCRIPTOR_LENGTHS[bool(entry.flags & _DESCRIPTOR_FOLLOWS)]:
            raise ZipRefused(where=entry.name, reason=mark("its parts overlap or leave a gap"))
        if gap:
            _check_descriptor(_read_at(source, end - gap, gap), entry)
        placed.append(replace(entry, body=body))
    return placed


def _check_local_header(source: BinaryIO, entry: ZipMember) -> int:
    """Return where the bytes of ``entry`` begin."""
    fixed = _LOCAL.unpack(_read_at(source, entry.offset, _LOCAL.size))
    name_length, extra_length = fixed[9:]
    rest = _read_at(source, entry.offset + _LOCAL.size, name_length + extra_length)
    same = fixed[0] == b"PK\x03\x04" and fixed[2] == entry.flags and (fixed[3] == 8) == entry.deflated
    if not same or _decode(rest[:name_length], fixed[2]) != entry.name:
        raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
    later = {0} if entry.flags & _DESCRIPTOR_FOLLOWS else set()
    stated = _local_values(fixed, rest[name_length:], entry.name)
    true = (entry.crc, entry.packed, entry.size)
    if any(value != right and value not in later for value, right in zip(stated, true, strict=True)):
        raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
    return entry.offset + _LOCAL.size + len(rest)


def _local_values(fixed: tuple[Any, ...], extra: bytes, name: str) -> tuple[int, int, int]:
    """Return CRC-32, packed size and size as the local header states them (APPNOTE 4.5.3: both or none)."""
    crc, packed, size = fixed[6:9]
    if _FULL_32 in {packed, size}:
        wide = _wide_field(extra, name)
        if len(wide) < 16:
            raise ZipRefused(where=name, reason=mark("a 64-bit length is missing"))
        size, packed = struct.unpack_from("<2Q", wide)
    return crc, packed, size


def _check_descriptor(data: bytes, entry: ZipMember) -> None:
    """Refuse a data descriptor (APPNOTE 4.3.9) that says something else than the directory."""
    marked = len(data) in {16, 24}
    stated = struct.unpack("<L2Q" if len(data) >= 20 else "<L2L", data[4 * marked :])
    if stated != (entry.crc, entry.packed, entry.size) or not data.startswith(b"PK\x07\x08" * marked):
        raise ZipRefused(where=entry.name, reason=mark("a part and the directory disagree"))
