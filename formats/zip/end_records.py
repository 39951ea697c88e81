"""Step 1 of ``formats.zip.reader``: the end records, and where they say the central directory lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from formats.zip.departures import Departure
from formats.zip.profile import FixedFields
from formats.zip.records import (
    END,
    END_64,
    END_64_LENGTH,
    END_64_SIGNATURE,
    END_SIGNATURE,
    LOCATOR_64,
    LOCATOR_64_SIGNATURE,
    MAX16,
    MAX32,
    EndRecord,
    EndRecord64,
    Locator64,
)
from formats.zip.source import ZipSource


class Directory(NamedTuple):
    """Where the central directory lies, and how many entries it has."""

    start: int
    length: int
    entries: int


def find_directory(source: ZipSource) -> Directory:
    """Return where the directory lies, which the end records follow at once.

    Writers that count with signs have ZIP64 records from 2**31 on, though no number needs them (and units of ours
    once had): only where every header is fixed do they count as a departure.
    """
    profile = source.profile
    at, end = _tolerant_end(source) if profile.tolerant else _plain_end(source)
    full = MAX16 in {end.entries_here, end.entries} or MAX32 in {end.directory_length, end.directory_start}
    if not (full and profile.tolerant):
        _check_counts(source, end)
    found = Directory(end.directory_start, end.directory_length, end.entries)
    spare = not profile.fixed and found.start + found.length + LOCATOR_64.size + END_64.size == at
    if full or spare:
        at, long = _read_end_64(source, at)
        _check_end_64(source, end, long, agree=spare or not profile.tolerant)
        found = Directory(long.directory_start, long.directory_length, long.entries)
    if found.start + found.length != at:
        raise source.refusal(Departure.DIRECTORY_ELSEWHERE, "")
    return found


def _plain_end(source: ZipSource) -> tuple[int, EndRecord]:
    """Return the end record that fills the last bytes, and where it stands."""
    at = source.size - END.size
    end = EndRecord._make(END.unpack(source.read(at, END.size)))
    if end.signature != END_SIGNATURE:
        raise source.refusal(Departure.NO_END, "")
    if end.comment_length:
        raise source.refusal(Departure.END_COMMENT, "")
    return at, end


def _tolerant_end(source: ZipSource) -> tuple[int, EndRecord]:
    """Return the one end record whose comment, if any, fills the rest of the file, and where it stands."""
    length = min(source.size, END.size + MAX16)
    tail = source.read(source.size - length, length)
    found = list(_ends(tail))
    if len(found) != 1:
        raise source.refusal(Departure.TWO_ENDS if found else Departure.NO_END, "")
    at, end = found[0]
    return source.size - length + at, end


def _ends(tail: bytes) -> Iterator[tuple[int, EndRecord]]:
    at = tail.find(END_SIGNATURE)
    while 0 <= at <= len(tail) - END.size:
        end = EndRecord._make(END.unpack_from(tail, at))
        if at + END.size + end.comment_length == len(tail):
            yield at, end
        at = tail.find(END_SIGNATURE, at + 1)


def _check_counts(source: ZipSource, end: EndRecord | EndRecord64) -> None:
    if end.disk or end.first_disk:
        raise source.refusal(Departure.DISKS, "")
    if end.entries_here != end.entries:
        raise source.refusal(Departure.COUNTS_DIFFER, "")
    if source.profile.members not in {None, end.entries}:
        raise source.refusal(Departure.MEMBER_COUNT, "")


def _read_end_64(source: ZipSource, end: int) -> tuple[int, EndRecord64]:
    """Return the ZIP64 end record that stands before its locator, which stands before ``end``."""
    at = end - LOCATOR_64.size - END_64.size
    if at < 0:
        raise source.refusal(Departure.NO_END_64, "")
    data = source.read(at, END_64.size + LOCATOR_64.size)
    locator = Locator64._make(LOCATOR_64.unpack_from(data, END_64.size))
    if locator != (LOCATOR_64_SIGNATURE, 0, at, 1):
        raise source.refusal(Departure.NO_END_64, "")
    long = EndRecord64._make(END_64.unpack_from(data))
    if long.signature != END_64_SIGNATURE or long.length != END_64_LENGTH:
        raise source.refusal(Departure.END_64_MALFORMED, "")
    return at, long


def _check_end_64(source: ZipSource, end: EndRecord, long: EndRecord64, *, agree: bool) -> None:
    if source.profile.fixed:
        _check_fixed(source, source.profile.fixed, long)
    _check_counts(source, long)
    if not agree:
        return
    stated = (
        (end.entries, long.entries, MAX16),
        (end.directory_length, long.directory_length, MAX32),
        (end.directory_start, long.directory_start, MAX32),
    )
    fixed = source.profile.fixed is not None
    for short, whole, full in stated:
        if short != min(whole, full) and (fixed or short != full):
            raise source.refusal(Departure.ENDS_DISAGREE, "")


def _check_fixed(source: ZipSource, fixed: FixedFields, long: EndRecord64) -> None:
    """Refuse a ZIP64 end record that another could stand for, or that no number needs."""
    if (long.made_by, long.version, long.disk, long.first_disk, long.entries_here) != (
        fixed.made_by,
        fixed.version_64,
        0,
        0,
        long.entries,
    ):
        raise source.refusal(Departure.END_64_MALFORMED, "")
    if long.entries < MAX16 and long.directory_length < MAX32 and long.directory_start < MAX32:
        raise source.refusal(Departure.END_64_NEEDLESS, "")
