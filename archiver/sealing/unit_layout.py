"""Where things are in a sealed unit (archive-format-1.md §4.2), once its whole structure is checked.

The strict reader is ``formats.zip.reader`` under its profile ``UNIT``: every byte belongs to exactly one of
local header, salt, verifier, ciphertext, MAC, descriptor, directory, ZIP64 end, end. So nothing can hide
before, between or after, and no two readers can see two different members.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from archiver.sealing.errors import SealBroken
from archiver.sealing.sealed import MEMBER
from archiver.sealing.winzip_aes import SALT, VERIFIER
from formats.words import mark
from formats.zip.departures import Departure
from formats.zip.end_records import Directory
from formats.zip.profile import UNIT
from formats.zip.reader import read_members
from formats.zip.source import ZipSource

MAX_HEADERS = 512
"""Bytes of the directory; real ones take under 170."""

WHERE = "sealed unit"

_BEFORE = mark("something stands before its member")
_BETWEEN = mark("something stands between its parts")
_MEMBERS = mark("it does not hold exactly one member")
_NO_END = mark("its end record is missing or not at the end")
_SIZES = mark("its sizes contradict each other")
_HEADERS = mark("its two headers contradict each other")
_LONG = mark("a header is too long")
_AES = mark("its member is not encrypted with AES")
_FLAGS = mark("its member has flags that no unit has")
_SEVERAL = mark("its directory holds more than one entry")

REASONS: Mapping[Departure, str] = {
    Departure.TRUNCATED: mark("it is cut short"),
    Departure.NO_END: _NO_END,
    Departure.END_COMMENT: _NO_END,
    Departure.DISKS: mark("it spans several disks"),
    Departure.COUNTS_DIFFER: _MEMBERS,
    Departure.MEMBER_COUNT: _MEMBERS,
    Departure.NO_END_64: mark("its long end record cannot be found"),
    Departure.END_64_MALFORMED: mark("its long end record is malformed"),
    Departure.ENDS_DISAGREE: mark("its end records contradict each other"),
    Departure.DIRECTORY_ELSEWHERE: mark("its directory does not end where its end record begins"),
    Departure.DIRECTORY_SHORT: mark("its directory is cut short"),
    Departure.DIRECTORY_LONG: _SEVERAL,
    Departure.ENTRY_SIGNATURE: mark("its directory is malformed"),
    Departure.ENTRY_LONG: _LONG,
    Departure.ENTRY_COMMENT: _BEFORE,
    Departure.ENCRYPTION: _AES,
    Departure.METHOD: _AES,
    Departure.FLAGS: _FLAGS,
    Departure.CHECKSUM: mark("it tells the checksum of its plaintext"),
    Departure.EXTRA_MALFORMED: mark("its extra fields are malformed"),
    Departure.EXTRA_FOREIGN: mark("its member has fields that no unit has"),
    Departure.EXTRA_REQUIRED: mark("its member is not stored under AE-2 with 256 bits"),
    Departure.ZIP64_FIELD: mark("its long sizes are malformed"),
    Departure.SIZES_DIFFER: _SIZES,
    Departure.FIRST_MISPLACED: _BEFORE,
    Departure.MEMBER_IN_DIRECTORY: _BETWEEN,
    Departure.DIRECTORY_MISPLACED: _BETWEEN,
    Departure.LOCAL_SIGNATURE: _BEFORE,
    Departure.LOCAL_LONG: _LONG,
    Departure.LOCAL_HEADER: _HEADERS,
    Departure.DESCRIPTOR: mark("its descriptor contradicts its directory"),
}
"""How a unit is said to depart from its profile."""


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


def read_layout(source: BinaryIO, start: int, size: int) -> UnitLayout:
    """Check the unit that fills ``size`` bytes of ``source`` from ``start``.

    Raises:
        SealBroken: it departs from what a unit is.
    """
    unit = ZipSource(source, UNIT, _refusal, start=start, size=size)
    (member,) = read_members(unit, decode=_decode, judge=_judge, check_directory=_check_directory)
    return UnitLayout(member=member.name, salt_at=start + member.offset, plain_size=member.size)


def unit_failure(reason: str) -> SealBroken:
    """Return the failure that says ``reason`` about a sealed unit."""
    return SealBroken(where=WHERE, reason=reason)


def _refusal(departure: Departure, _where: str) -> SealBroken:
    return unit_failure(REASONS[departure])


def _check_directory(directory: Directory) -> None:
    if directory.length > MAX_HEADERS:
        raise _refusal(Departure.ENTRY_LONG, "")


def _decode(raw: bytes, _flags: int) -> str:
    return raw.decode("latin-1")  # any bytes: what is no name of a unit's member is refused as one


def _judge(name: str) -> None:
    if not MEMBER.fullmatch(name):
        raise unit_failure(mark("its member has a name that no patient archive has"))
