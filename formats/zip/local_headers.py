"""Step 5 of ``formats.zip.reader``: local headers, data descriptors, and where the bytes of members lie."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from formats.zip.central_directory import Entry, first_zip64, strict_fields
from formats.zip.departures import Departure
from formats.zip.profile import Descriptors, FixedFields
from formats.zip.records import (
    DESCRIPTOR,
    DESCRIPTOR_64,
    DESCRIPTOR_FOLLOWS,
    DESCRIPTOR_SIGNATURE,
    LOCAL,
    LOCAL_SIGNATURE,
    MAX32,
    ZIP64_FIELD,
    LocalHeader,
    zip64_field,
)
from formats.zip.source import ZipSource

NO_DESCRIPTOR = frozenset({0})
ANY_DESCRIPTOR = frozenset({12, 16, 20, 24})
"""Bytes a data descriptor may take: CRC-32 and two sizes of 32 or 64 bits, with a signature or without."""


class Member(NamedTuple):
    """A member whose packed bytes begin at ``offset``, and its local header at ``header``, of the archive."""

    name: str
    header: int
    offset: int
    packed: int
    size: int
    crc32: int
    method: int


class LocalHeaders:
    """The local headers of entries in the order in which they lie; members fill the archive up to ``directory``."""

    def __init__(self, source: ZipSource, directory: int) -> None:
        self._source, self._directory = source, directory
        self._position = 0
        self._descriptors = NO_DESCRIPTOR
        self._previous: Entry | None = None

    def member(self, entry: Entry) -> Member:
        """Return the member of the next entry."""
        source, previous = self._source, self._previous
        gap = entry.offset - self._position
        if gap not in self._descriptors:
            departure = Departure.MEMBER_MISPLACED if previous else Departure.FIRST_MISPLACED
            raise source.refusal(departure, entry.name)
        if gap and previous:
            _check_descriptor(source, self._position, gap, previous)
        offset, self._descriptors = _check_local(source, entry)
        self._position = offset + entry.packed
        if self._position > self._directory:
            raise source.refusal(Departure.MEMBER_IN_DIRECTORY, entry.name)
        self._previous = entry
        return Member(entry.name, entry.offset, offset, entry.packed, entry.size, entry.crc, entry.method)

    def close(self) -> None:
        """Refuse what lies between the last member and the directory."""
        gap = self._directory - self._position
        if gap not in self._descriptors:
            raise self._source.refusal(Departure.DIRECTORY_MISPLACED, "")
        if gap and self._previous:
            _check_descriptor(self._source, self._position, gap, self._previous)


def lay_out(source: ZipSource, entries: Iterable[Entry], directory: int) -> Iterator[Member]:
    """Yield a member for each of ``entries``; they fill the archive up to ``directory``."""
    if source.profile.tolerant:
        entries = sorted(entries, key=lambda entry: entry.offset)
    headers = LocalHeaders(source, directory)
    yield from map(headers.member, entries)
    headers.close()


def _check_local(source: ZipSource, entry: Entry) -> tuple[int, frozenset[int]]:
    """Return where the bytes of ``entry`` begin, and how many its data descriptor may take."""
    profile = source.profile
    name_end = LOCAL.size + len(entry.raw_name)
    data = source.read(entry.offset, name_end)
    header = LocalHeader._make(LOCAL.unpack_from(data))
    if header.signature != LOCAL_SIGNATURE:
        raise source.refusal(Departure.LOCAL_SIGNATURE, entry.name)
    same = header.flags == entry.flags and header.method == entry.method
    same = same and (profile.tolerant or (header.time == entry.time and header.date == entry.date))
    if not same or header.name_length != len(entry.raw_name) or data[LOCAL.size :] != entry.raw_name:
        raise source.refusal(Departure.LOCAL_HEADER, entry.name)
    if profile.fixed and header.extra_length and not entry.offset:
        raise source.refusal(Departure.FIRST_ZIP64, entry.name)
    if header.extra_length > profile.max_extra:
        raise source.refusal(Departure.LOCAL_LONG, entry.name)
    extra = source.take(header.extra_length) if header.extra_length else b""
    if profile.fixed:
        _check_fixed(source, profile.fixed, header, extra, entry)
    # Most headers are short and say all; only the others are looked at closely.
    wide = (
        _zip64(source, header, extra, entry) if extra or profile.required_fields or MAX32 in header else None
    )
    equal = (header.crc, header.packed, header.size) == (entry.crc, entry.packed, entry.size)
    if not (equal and wide is None) and not _agrees(source, header, wide, entry):
        raise source.refusal(Departure.LOCAL_HEADER, entry.name)
    descriptors = _descriptor_lengths(source, wide) if entry.flags & DESCRIPTOR_FOLLOWS else NO_DESCRIPTOR
    return entry.offset + name_end + header.extra_length, descriptors


def _zip64(source: ZipSource, header: LocalHeader, extra: bytes, entry: Entry) -> bytes | None:
    """Return the content of the ZIP64 field, which has both sizes (4.5.3), where there is one that counts."""
    if source.profile.tolerant:
        if MAX32 not in (header.packed, header.size):
            return None
        wide = first_zip64(extra)
        if wide is None or len(wide) < 16:
            raise source.refusal(Departure.LOCAL_ZIP64, entry.name)
        return wide
    wide = strict_fields(source, extra, entry.name).get(ZIP64_FIELD)
    if wide is not None and len(wide) != 16:
        raise source.refusal(Departure.LOCAL_HEADER, entry.name)
    return wide


def _check_fixed(
    source: ZipSource, fixed: FixedFields, header: LocalHeader, extra: bytes, entry: Entry
) -> None:
    large = bool(extra)
    if not large and entry.size >= MAX32:
        raise source.refusal(Departure.LOCAL_ZIP64, entry.name)
    version = fixed.version_64 if large or entry.offset >= MAX32 else fixed.version
    sizes = (MAX32, MAX32) if large else (entry.packed, entry.size)
    found = (header.version, entry.version, header.packed, header.size)
    if found != (version, version, *sizes) or (large and extra != zip64_field(entry.size, entry.packed)):
        raise source.refusal(Departure.LOCAL_HEADER, entry.name)


def _agrees(source: ZipSource, header: LocalHeader, wide: bytes | None, entry: Entry) -> bool:
    """Say whether CRC-32 and sizes are those of the directory, or 0 where a data descriptor follows."""
    true = (entry.crc, entry.packed, entry.size)
    stated = (header.crc, header.packed, header.size)
    described = bool(entry.flags & DESCRIPTOR_FOLLOWS)
    if wide is not None:
        short = stated[1:]
        if not source.profile.tolerant and short not in {(MAX32, MAX32), (0, 0), true[1:]}:
            return False
        size, packed = struct.unpack_from("<2Q", wide)
        stated = (header.crc, packed, size)
    if stated == true or not described:
        return stated == true
    if source.profile.tolerant:
        return all(value in {0, right} for value, right in zip(stated, true, strict=True))
    return stated == (0, 0, 0)


# -- data descriptors ---------------------------------------------------------------------


def _descriptor_lengths(source: ZipSource, wide: bytes | None) -> frozenset[int]:
    if source.profile.descriptors is Descriptors.ANY:
        return ANY_DESCRIPTOR
    return frozenset({DESCRIPTOR.size if wide is None else DESCRIPTOR_64.size})


def _check_descriptor(source: ZipSource, position: int, length: int, entry: Entry) -> None:
    """Refuse a data descriptor (4.3.9) that says something else than the directory."""
    data = source.read(position, length)
    signed = data if length in {DESCRIPTOR.size, DESCRIPTOR_64.size} else DESCRIPTOR_SIGNATURE + data
    stated = (DESCRIPTOR if len(signed) == DESCRIPTOR.size else DESCRIPTOR_64).unpack(signed)
    if stated != (DESCRIPTOR_SIGNATURE, entry.crc, entry.packed, entry.size):
        raise source.refusal(Departure.DESCRIPTOR, entry.name)
