"""Steps 2 and 3 of ``formats.zip.reader``: the entries of the central directory, one by one, and their names."""

from __future__ import annotations

import stat
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

from formats.errors import Failure
from formats.name_table import ABSENT, NameTable
from formats.paths import clashes, folded_name
from formats.zip.departures import Departure
from formats.zip.end_records import Directory
from formats.zip.profile import FixedFields, Profile
from formats.zip.records import (
    CENTRAL,
    CENTRAL_SIGNATURE,
    DEFLATED,
    DESCRIPTOR_FOLLOWS,
    ENCRYPTED,
    FIELD,
    MAX16,
    MAX32,
    UNIX,
    ZIP64_FIELD,
    CentralHeader,
    extra_fields,
)
from formats.zip.source import ZipSource

DecodeName = Callable[[bytes, int], str]
"""Returns the name that bytes and flags stand for, or raises what the caller of the reader is to see."""
JudgeName = Callable[[str], object]
"""Raises it for a name that the caller does not let in."""


_MAX_ENTRY = CENTRAL.size + 3 * MAX16
_BLOCK = 1 << 20
"""Bytes of a directory read at a time: it may have half a million entries."""


class Entry(NamedTuple):
    """A member as its directory entry describes it; ``offset`` is that of its local header."""

    name: str
    raw_name: bytes
    version: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder, which has no bytes."""
        return self.name.endswith("/")


# -- 2. entries ---------------------------------------------------------------------------


def read_entries(source: ZipSource, directory: Directory, decode: DecodeName) -> Iterator[Entry]:
    """Yield the entries of ``directory``, which they fill."""
    profile = source.profile
    left, unread = directory.length, directory.length
    block, at = b"", 0
    for _ in range(directory.entries):
        if len(block) - at < min(left, _MAX_ENTRY):
            piece = min(unread, _BLOCK)
            block, at = block[at:] + source.read(directory.start + directory.length - unread, piece), 0
            unread -= piece
        if left < CENTRAL.size:
            raise source.refusal(Departure.DIRECTORY_SHORT, "")
        header = CentralHeader._make(CENTRAL.unpack_from(block, at))
        if header.signature != CENTRAL_SIGNATURE:
            raise source.refusal(Departure.ENTRY_SIGNATURE, "")
        if header.name_length > profile.max_name or header.extra_length > profile.max_extra:
            raise source.refusal(Departure.ENTRY_LONG, "")
        length = CENTRAL.size + header.name_length + header.extra_length + header.comment_length
        if left < length:
            raise source.refusal(Departure.DIRECTORY_SHORT, "")
        yield _entry(source, header, block[at + CENTRAL.size : at + length], decode)
        at += length
        left -= length
    if left:
        raise source.refusal(Departure.DIRECTORY_LONG, "")


def _entry(source: ZipSource, header: CentralHeader, rest: bytes, decode: DecodeName) -> Entry:
    """Return the entry of ``header``, which ``rest`` follows: name, extra fields and comment."""
    profile, fixed = source.profile, source.profile.fixed
    raw_name, extra = rest[: header.name_length], rest[header.name_length :][: header.extra_length]
    name = decode(raw_name, header.flags)
    _check_kind(source, header, name)
    if fixed:
        _check_fixed(source, fixed, header, name)
    packed, size, offset = _numbers(source, header, extra, name)
    if size and profile.folders and name.endswith("/"):
        raise source.refusal(Departure.FOLDER_SIZE, name)
    if header.method != DEFLATED and packed != size + profile.overhead:
        raise source.refusal(Departure.SIZES_DIFFER, name)
    return Entry(
        name, raw_name, header.version, header.flags, header.method, header.time, header.date, header.crc,
        packed, size, offset,
    )  # fmt: skip


def _check_kind(source: ZipSource, header: CentralHeader, name: str) -> None:
    """Refuse a member under flags, a method or a file type that its profile does not have."""
    profile = source.profile
    if header.flags & ~profile.flags or profile.required_flags & ~header.flags:
        raise source.refusal(_flag_departure(profile, header.flags), name)
    if header.method not in profile.methods:
        raise source.refusal(Departure.METHOD, name)
    if header.crc and not profile.checksums:
        raise source.refusal(Departure.CHECKSUM, name)
    if (header.comment_length or header.disk) and not profile.tolerant:
        raise source.refusal(Departure.ENTRY_COMMENT, name)
    if profile.folders:
        kind = stat.S_IFMT(header.attributes >> 16) if header.made_by >> 8 == UNIX else 0
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise source.refusal(Departure.FILE_TYPE, name)


def _flag_departure(profile: Profile, flags: int) -> Departure:
    foreign, missing = flags & ~profile.flags, profile.required_flags & ~flags
    if (foreign | missing) & ENCRYPTED:
        return Departure.ENCRYPTION
    return Departure.DESCRIPTOR_FLAG if foreign & DESCRIPTOR_FOLLOWS else Departure.FLAGS


def _check_fixed(source: ZipSource, fixed: FixedFields, header: CentralHeader, name: str) -> None:
    found = (header.made_by, header.time, header.date, header.internal_attributes, header.attributes)
    if found != (fixed.made_by, fixed.time, fixed.date, 0, fixed.attributes):
        raise source.refusal(Departure.ENTRY_FIXED, name)
    if header.packed != header.size:
        raise source.refusal(Departure.METHOD, name)


def _numbers(source: ZipSource, header: CentralHeader, extra: bytes, name: str) -> tuple[int, int, int]:
    """Return packed size, size and offset, from the ZIP64 field for those that are full (4.5.3)."""
    tolerant = source.profile.tolerant
    stated = [header.size, header.packed, header.offset]
    looks = not tolerant and (extra or source.profile.required_fields)
    if MAX32 not in stated and not looks:
        return header.packed, header.size, header.offset
    full = [place for place, value in enumerate(stated) if value == MAX32]
    wide = first_zip64(extra) if tolerant else strict_fields(source, extra, name).get(ZIP64_FIELD)
    if wide is None and not full:
        return header.packed, header.size, header.offset
    if wide is None or len(wide) < 8 * len(full) or (len(wide) > 8 * len(full) and not tolerant):
        raise source.refusal(Departure.ZIP64_FIELD, name)
    values = struct.unpack_from(f"<{len(full)}Q", wide)
    if source.profile.fixed and (not full or min(values) < MAX32):
        raise source.refusal(Departure.ZIP64_NEEDLESS, name)
    for place, value in zip(full, values, strict=True):
        stated[place] = value
    return stated[1], stated[0], stated[2]


def first_zip64(extra: bytes) -> bytes | None:
    """Return the content of the first ZIP64 field in ``extra``, whatever else stands there."""
    at = 0
    while at + FIELD.size <= len(extra):
        kind, length = FIELD.unpack_from(extra, at)
        at += FIELD.size
        if kind == ZIP64_FIELD:
            return extra[at : at + length]
        at += length
    return None


def strict_fields(source: ZipSource, extra: bytes, name: str) -> dict[int, bytes]:
    """Return the extra fields in ``extra``; refuse those the profile does not have, and the lack of one it needs."""
    profile = source.profile
    found: dict[int, bytes] = {}
    try:
        for kind, content in extra_fields(extra):
            if kind in found:
                raise source.refusal(Departure.EXTRA_MALFORMED, name)
            found[kind] = content
    except ValueError as fault:
        raise source.refusal(Departure.EXTRA_MALFORMED, name) from fault
    if any(found.get(kind) != content for kind, content in profile.required_fields.items()):
        raise source.refusal(Departure.EXTRA_REQUIRED, name)
    if not found.keys() <= profile.extra_fields:
        raise source.refusal(Departure.EXTRA_FOREIGN, name)
    return found


# -- 3. names -----------------------------------------------------------------------------


def check_names(source: ZipSource, entries: list[Entry], judge: JudgeName) -> None:
    """Refuse names that ``judge`` does, two that are one on some system, and a member that is another's folder."""
    names = [entry.name for entry in entries]
    if source.profile.folders:
        names = [name.removesuffix("/") for name in names]
    for name in names:
        judge(name)
    if twice := clashes(names):
        raise source.refusal(Departure.NAME_TWICE, twice[0])
    if not source.profile.folders:
        return
    files = {entry.name.casefold() for entry in entries if not entry.is_folder}
    folders = {name.rpartition("/")[0] for name in names}  # few, whatever the number of names
    if any(above in files for folder in folders for above in _and_above(folder.casefold())):
        where = next(name for name in names if not files.isdisjoint(_folders(name.casefold())))
        raise source.refusal(Departure.FILE_AND_FOLDER, where)


class EntryNames:
    """The names of a profile without folders as they pass, refused at the end as ``check_names`` does.

    ``names`` is empty at the beginning, and has them all afterwards.
    """

    def __init__(self, source: ZipSource, judge: JudgeName, names: NameTable) -> None:
        self._source, self._judge, self._names = source, judge, names
        self._unsafe: Failure | None = None
        self._twice = ""
        self._capitals: set[str] = set()
        """What a disk that ignores case makes of the names that it changes: few have capitals."""

    def take(self, name: str) -> None:
        """Take the next name."""
        if self._unsafe is None:
            try:
                self._judge(name)
            except Failure as failure:
                self._unsafe = failure
        known, folded = len(self._names), folded_name(name)
        twice = folded in self._capitals
        if folded != name:
            twice = twice or self._names.find(folded) != ABSENT
            self._capitals.add(folded)
        if self._names.add(name) < known or twice:
            self._twice = self._twice or name

    def close(self) -> None:
        """Raise what is wrong with them."""
        if self._unsafe is not None:
            raise self._unsafe
        if self._twice:
            raise self._source.refusal(Departure.NAME_TWICE, self._twice)


def _and_above(folder: str) -> Iterator[str]:
    yield folder
    yield from _folders(folder)


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
