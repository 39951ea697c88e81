"""The members of a package, one after the other, and not one byte besides (archive-format-1.md §3.1).

The strict reader is ``formats.zip.reader`` under its profile ``CONTAINER``; this says what a departure means for
a package, and tells one that was cut short from what never was one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from archiver.errors import PackageFailure
from archiver.package import layout
from archiver.package.errors import ContainerIrregular, NotAPackage, PackageTruncated
from formats.errors import LimitExceeded, UnsafeName
from formats.name_table import NameTable
from formats.paths import MAX_NAME_BYTES
from formats.words import mark
from formats.zip.central_directory import read_entries
from formats.zip.departures import Departure
from formats.zip.end_records import Directory, find_directory
from formats.zip.local_headers import Member
from formats.zip.profile import CONTAINER
from formats.zip.reader import stream_members
from formats.zip.records import (
    CENTRAL,
    END,
    END_64,
    END_SIGNATURE,
    LOCAL,
    LOCAL_SIGNATURE,
    LOCATOR_64,
    LOCATOR_64_SIGNATURE,
    MAX16,
    EndRecord,
    LocalHeader,
)
from formats.zip.source import ZipSource

MAX_ENTRY_BYTES = CENTRAL.size + MAX_NAME_BYTES + CONTAINER.max_extra
"""The longest directory entry a package can hold."""
MAX_COMMENT_BYTES = MAX16
"""How far before the end of a file another ZIP's end record could hide."""

_DISKS = mark("it is split over disks or carries a comment")
_LOCAL = mark("a local header does not say what the directory says")
_SHORT = mark("the directory is shorter than its entries")
_LONG = mark("the directory is longer than its entries")
_EXTRA = mark("an extra field is not the one ZIP64 field its entry needs")
_PLAIN = mark("a directory entry is not the plain one")
_ELSEWHERE = mark("a member begins where the one before it does not end")

REASONS: Mapping[Departure, str] = {
    Departure.END_COMMENT: _DISKS,
    Departure.DISKS: _DISKS,
    Departure.COUNTS_DIFFER: _DISKS,
    Departure.NO_END_64: mark("its ZIP64 end record is missing"),
    Departure.END_64_MALFORMED: mark("its ZIP64 end record is not the plain one"),
    Departure.END_64_NEEDLESS: mark("it has a ZIP64 end record without need"),
    Departure.ENDS_DISAGREE: mark("its end records contradict each other"),
    Departure.DIRECTORY_ELSEWHERE: mark("the directory is not where the end record says"),
    Departure.DIRECTORY_SHORT: _SHORT,
    Departure.DIRECTORY_LONG: _LONG,
    Departure.ENTRY_SIGNATURE: _PLAIN,
    Departure.ENTRY_COMMENT: _PLAIN,
    Departure.ENTRY_FIXED: _PLAIN,
    Departure.FLAGS: _PLAIN,
    Departure.ENTRY_LONG: mark("a directory entry is too long"),
    Departure.ENCRYPTION: mark("a member is encrypted by ZIP itself"),
    Departure.DESCRIPTOR_FLAG: mark("a member has its sizes behind its data"),
    Departure.METHOD: mark("a member is compressed"),
    Departure.EXTRA_MALFORMED: _EXTRA,
    Departure.EXTRA_FOREIGN: _EXTRA,
    Departure.ZIP64_FIELD: _EXTRA,
    Departure.ZIP64_NEEDLESS: mark("a directory entry has a ZIP64 field without need"),
    Departure.SIZES_DIFFER: mark("a stored member has two different sizes"),
    Departure.NAME_TWICE: mark("a name appears twice, or differs from another in case only"),
    Departure.FIRST_MISPLACED: _ELSEWHERE,
    Departure.MEMBER_MISPLACED: _ELSEWHERE,
    Departure.MEMBER_IN_DIRECTORY: mark("a member runs into the directory"),
    Departure.DIRECTORY_MISPLACED: mark("something lies between the last member and the directory"),
    Departure.LOCAL_SIGNATURE: _LOCAL,
    Departure.LOCAL_LONG: _LOCAL,
    Departure.LOCAL_HEADER: _LOCAL,
    Departure.LOCAL_ZIP64: mark("a local header has no room for the size of its member"),
    Departure.FIRST_ZIP64: mark("the first member has an extra field"),
}
"""How a package is said to depart from its profile."""


def read_package_members(stream: BinaryIO, names: NameTable | None = None) -> Iterator[Member]:
    """Yield the members of the package in ``stream``, in the order in which they lie; ``names`` has theirs afterwards.

    Raises:
        NotAPackage: when this is no ZIP file at all.
        PackageTruncated: when it begins like one and does not end like one.
        ContainerIrregular: when any byte outside the members is not what it must be.
        UnsafeName: when a name must never reach a disk.
        LimitExceeded: when it holds more members than any practice.
    """
    source = ZipSource(stream, CONTAINER, _refusal)
    _check_ends(source)
    return stream_members(
        source,
        NameTable() if names is None else names,
        decode=_decode,
        judge=layout.member_name,
        check_directory=_check_directory,
    )


def find_member(stream: BinaryIO, name: str) -> tuple[int, int] | None:
    """Return where the bytes of the member ``name`` begin and how many there are, by its directory entry alone.

    For a package that was verified before: of the others nothing is read, and nothing is checked.

    Raises:
        ContainerIrregular, PackageTruncated, UnsafeName, LimitExceeded: when the directory is none.
    """
    source = ZipSource(stream, CONTAINER, _refusal)
    directory = find_directory(source)
    _check_directory(directory)
    for entry in read_entries(source, directory, _decode):
        if entry.name == name:
            header = LocalHeader._make(LOCAL.unpack(source.read(entry.offset, LOCAL.size)))
            return entry.offset + LOCAL.size + header.name_length + header.extra_length, entry.size
    return None


def member_names(stream: BinaryIO) -> frozenset[str]:
    """Return the names of all members, by the directory alone; see ``find_member``."""
    source = ZipSource(stream, CONTAINER, _refusal)
    directory = find_directory(source)
    _check_directory(directory)
    return frozenset(entry.name for entry in read_entries(source, directory, _decode))


def _refusal(departure: Departure, where: str) -> PackageFailure:
    if departure is Departure.TRUNCATED:
        return PackageTruncated()
    return ContainerIrregular(where=where, reason=REASONS[departure])


def _decode(raw: bytes, _flags: int) -> str:
    try:
        return raw.decode("ascii")
    except UnicodeDecodeError as fault:
        reason = mark("a package only holds names of plain letters and digits")
        raise UnsafeName(name=raw.decode("latin-1")[:200], reason=reason) from fault


def _check_directory(directory: Directory) -> None:
    count, limit = directory.entries, layout.MAX_MEMBERS
    if count > limit:
        raise LimitExceeded(name=mark("the number of members"), found=count, limit=limit)
    if directory.length > count * MAX_ENTRY_BYTES:
        raise _refusal(Departure.DIRECTORY_LONG, "")


# -- what it is that does not begin or end like a package ---------------------------------


def _check_ends(source: ZipSource) -> None:
    size = source.size
    begins = source.read(0, min(size, len(LOCAL_SIGNATURE))) == LOCAL_SIGNATURE
    ends = size >= END.size and source.read(size - END.size, END.size).startswith(END_SIGNATURE)
    if begins and ends:
        return
    if begins:
        reach = min(size, MAX_COMMENT_BYTES + END.size)
        if _holds_an_end(source.read(size - reach, reach), size - reach):
            raise ContainerIrregular(reason=mark("something follows its end record"))
        raise PackageTruncated
    if ends:
        raise ContainerIrregular(reason=mark("something lies before its first member"))
    raise NotAPackage(reason=mark("it is not a ZIP file"))


def _holds_an_end(tail: bytes, offset: int) -> bool:
    """Say whether ``tail``, from ``offset`` on, holds the end record of this file.

    Units are ZIP files too: their end records count from their own beginning, and
    must not make a package that was cut short look like one with something behind it.
    """
    at = tail.find(END_SIGNATURE)
    while 0 <= at <= len(tail) - END.size:
        end = EndRecord._make(END.unpack_from(tail, at))
        locator = tail[max(0, at - LOCATOR_64.size) : at]
        where = offset + at - LOCATOR_64.size - END_64.size
        own_locator = LOCATOR_64.pack(LOCATOR_64_SIGNATURE, 0, max(where, 0), 1)
        if end.directory_start + end.directory_length == offset + at or locator == own_locator:
            return True
        at = tail.find(END_SIGNATURE, at + 1)
    return False
