"""A plain archive: its members by name, and their plain bytes."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping
from typing import BinaryIO

from formats.paths import safe_path
from formats.words import mark
from formats.zip.central_directory import Entry
from formats.zip.departures import Departure
from formats.zip.end_records import Directory
from formats.zip.errors import ZipMemberMissing, ZipRefused
from formats.zip.limits import MEMBER_COUNT, PART_SIZE, TOTAL_SIZE, ZipLimits, within
from formats.zip.local_headers import Member
from formats.zip.member import PIECE, MemberStream, is_short, unpack
from formats.zip.profile import PLAIN_ARCHIVE
from formats.zip.reader import read_members
from formats.zip.records import UTF8
from formats.zip.source import ZipSource

MAX_DIRECTORY_BYTES = 64 << 20
"""A central directory entry of ours has under 70 bytes; this is room for 400,000 members and more."""

_SHORT = mark("its directory is cut short")
_TWO_SIDED = mark("a part and the directory disagree")
_ELSEWHERE = mark("its parts overlap or leave a gap")
_NO_END_64 = mark("its ZIP64 end record is missing")
_NO_LENGTH = mark("a 64-bit length is missing")
_FEATURE = mark("a part is encrypted or uses a feature of no use here")
_MEDIA = mark("it spans several media")

REASONS: Mapping[Departure, str] = {
    Departure.TRUNCATED: mark("it is cut short"),
    Departure.NO_END: mark("it has no end record"),
    Departure.TWO_ENDS: mark("it has two end records"),
    Departure.DISKS: _MEDIA,
    Departure.COUNTS_DIFFER: _MEDIA,
    Departure.NO_END_64: _NO_END_64,
    Departure.END_64_MALFORMED: _NO_END_64,
    Departure.ENDS_DISAGREE: mark("its end records contradict each other"),
    Departure.DIRECTORY_ELSEWHERE: mark("its directory is not where the end record says"),
    Departure.DIRECTORY_SHORT: _SHORT,
    Departure.ENTRY_SIGNATURE: _SHORT,
    Departure.DIRECTORY_LONG: mark("its directory holds more than its entries"),
    Departure.ENCRYPTION: _FEATURE,
    Departure.FLAGS: _FEATURE,
    Departure.METHOD: mark("a part is compressed in an unknown way"),
    Departure.FILE_TYPE: mark("a part is neither a file nor a folder"),
    Departure.ZIP64_FIELD: _NO_LENGTH,
    Departure.FOLDER_SIZE: mark("a folder holds bytes"),
    Departure.SIZES_DIFFER: mark("a stored part has two lengths"),
    Departure.NAME_ZERO: mark("a name holds a zero byte"),
    Departure.NAME_NOT_UTF8: mark("a name is not UTF-8"),
    Departure.NAME_TWICE: mark("two parts have one name on some systems"),
    Departure.FILE_AND_FOLDER: mark("a part is both a file and a folder"),
    Departure.FIRST_MISPLACED: _ELSEWHERE,
    Departure.MEMBER_MISPLACED: _ELSEWHERE,
    Departure.MEMBER_IN_DIRECTORY: _ELSEWHERE,
    Departure.DIRECTORY_MISPLACED: _ELSEWHERE,
    Departure.LOCAL_SIGNATURE: _TWO_SIDED,
    Departure.LOCAL_HEADER: _TWO_SIDED,
    Departure.LOCAL_ZIP64: _NO_LENGTH,
    Departure.DESCRIPTOR: _TWO_SIDED,
}
"""How a plain archive is said to depart from its profile."""


class ZipArchive:
    """The members of the archive in ``source`` (seekable, left open), checked on construction.

    In a ``foreign`` one names may be parted by back-slashes, and need not be in NFC: they are read as if they were.

    Raises:
        ZipRefused: for a structure that is not plain (steps 1, 2, 3 and 5 of ``formats.zip.reader``).
        UnsafeName, LimitExceeded: for names and sizes that are not let in.
    """

    def __init__(self, source: BinaryIO, *, limits: ZipLimits | None = None, foreign: bool = False) -> None:
        self._source = source
        limits = limits or ZipLimits()
        members = read_members(
            ZipSource(source, PLAIN_ARCHIVE, _refusal),
            decode=_decode_foreign if foreign else _decode,
            judge=safe_path,
            check_directory=lambda directory: _check_directory(directory, limits),
            check_entries=lambda entries: _check_sizes(entries, limits),
        )
        self.members: Mapping[str, Member] = {one.name: one for one in members if not one.name.endswith("/")}

    def open(self, name: str) -> BinaryIO:
        """Return the plain bytes of a member as a stream; several may be open at once.

        Raises:
            ZipMemberMissing: when there is none.
            ZipDamaged: for what breaks step 6; of a long member while it is read.
        """
        data = self.at_once(name)
        return io.BufferedReader(self.stream(name), PIECE) if data is None else io.BytesIO(data)

    def at_once(self, name: str) -> bytes | None:
        """Return all of a short member; of a longer one nothing, for it is read as a stream."""
        member = self._member(name)
        return unpack(self._source, member) if is_short(member) else None

    def stream(self, name: str) -> MemberStream:
        """Return what ``open`` returns, unbuffered: a reading may give less than it was asked for."""
        return MemberStream(self._source, self._member(name))

    def read(self, name: str, *, limit: int) -> bytes:
        """Return all of a member that is at most ``limit`` bytes long."""
        within(PART_SIZE, self._member(name).size, limit, where=name)
        with self.open(name) as stream:
            return stream.read()

    def _member(self, name: str) -> Member:
        member = self.members.get(name)
        if member is None:
            raise ZipMemberMissing(member=name)
        return member


def _refusal(departure: Departure, where: str) -> ZipRefused:
    return ZipRefused(where=where, reason=REASONS[departure])


def _decode(raw: bytes, flags: int) -> str:
    """Return the name as APPNOTE appendix D reads it: UTF-8 where flagged, else code page 437."""
    if b"\x00" in raw:
        raise _refusal(Departure.NAME_ZERO, "")
    if raw.isascii():  # the same in both, and read without a table
        return raw.decode("ascii")
    try:
        return raw.decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError as fault:
        raise _refusal(Departure.NAME_NOT_UTF8, "") from fault


def _decode_foreign(raw: bytes, flags: int) -> str:
    return unicodedata.normalize("NFC", _decode(raw, flags).replace("\\", "/"))


# -- 4. limits ----------------------------------------------------------------------------


def _check_directory(directory: Directory, limits: ZipLimits) -> None:
    within(MEMBER_COUNT, directory.entries, limits.members)
    within(mark("the size of the ZIP directory in bytes"), directory.length, MAX_DIRECTORY_BYTES)


def _check_sizes(entries: list[Entry], limits: ZipLimits) -> None:
    suspicious = min(limits.member_bytes, limits.ratio_from)
    for entry in entries:
        if entry.size > suspicious:
            within(PART_SIZE, entry.size, limits.member_bytes, where=entry.name[:80])
            _check_ratio(entry.size, entry.packed, limits)
    total = sum(entry.size for entry in entries)
    within(TOTAL_SIZE, total, limits.total_bytes)
    _check_ratio(total, sum(entry.packed for entry in entries), limits)


def _check_ratio(size: int, packed: int, limits: ZipLimits) -> None:
    if size > limits.ratio_from:
        within(mark("the number of plain bytes per packed byte"), size // max(packed, 1), limits.ratio)
