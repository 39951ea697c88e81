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
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from formats.errors import FormatFailure
from formats.paths import clashes, judge
from formats.words import mark
from formats.zip_directory import find_directory, read_entries
from formats.zip_layout import check_layout
from formats.zip_limits import MEMBER_COUNT, PART_SIZE, TOTAL_SIZE, ZipLimits
from formats.zip_member import PIECE, MemberStream, ZipMember, unpacked
from formats.zip_records import ZipRefused, read_at, within

MAX_DIRECTORY_BYTES = 64 << 20
"""A central directory entry of ours has under 70 bytes; this is room for 400,000 members and more."""


class ZipMemberMissing(FormatFailure):
    """A member that is asked for and not there."""

    code = "zip-member-missing"
    sentence = mark("The ZIP archive has no part {member}.")


class ZipArchive:
    """The members of the archive in ``source`` (seekable, left open), checked on construction.

    Raises:
        ZipRefused: for a structure that is not plain (rules 1, 2, 3 and 5).
        UnsafeName, LimitExceeded: for names and sizes that are not let in.
    """

    def __init__(self, source: BinaryIO, *, limits: ZipLimits | None = None) -> None:
        self._source = source
        limits = limits or ZipLimits()
        start, length, count = find_directory(source)
        within(MEMBER_COUNT, count, limits.members)
        within(mark("the size of the ZIP directory in bytes"), length, MAX_DIRECTORY_BYTES)
        found = list(read_entries(read_at(source, start, length), count))
        _check_names(found)
        _check_sizes(found, limits)
        bodies = list(check_layout(source, found, start))
        self.members: Mapping[str, ZipMember] = {one.name: one for one, _ in bodies if not one.folder}
        self._bodies = {one.name: body for one, body in bodies}

    def open(self, name: str) -> BinaryIO:
        """Return the plain bytes of a member as a stream; several may be open at once.

        Raises:
            ZipMemberMissing: when there is none.
            ZipDamaged: for what breaks rule 6; of a long member while it is read.
        """
        data = self.at_once(name)
        return io.BufferedReader(self.stream(name), PIECE) if data is None else io.BytesIO(data)

    def at_once(self, name: str) -> bytes | None:
        """Return all of a short member; of a longer one nothing, for it is read as a stream."""
        member = self._member(name)
        return unpacked(self._source, member, self._bodies[name]) if member.is_short else None

    def stream(self, name: str) -> MemberStream:
        """Return what ``open`` returns, unbuffered: a reading may give less than it was asked for."""
        return MemberStream(self._source, self._member(name), self._bodies[name])

    def read(self, name: str, *, limit: int) -> bytes:
        """Return all of a member that is at most ``limit`` bytes long."""
        within(PART_SIZE, self._member(name).size, limit, where=name)
        with self.open(name) as stream:
            return stream.read()

    def _member(self, name: str) -> ZipMember:
        member = self.members.get(name)
        if member is None:
            raise ZipMemberMissing(member=name)
        return member


# -- 3. names, 4. sizes ---------------------------------------------------------------------


def _check_names(entries: list[ZipMember]) -> None:
    names = [entry.name.removesuffix("/") for entry in entries]
    for name in names:
        judge(name)
    if twice := clashes(names):
        raise ZipRefused(where=twice[0], reason=mark("two parts have one name on some systems"))
    files = {entry.name.casefold() for entry in entries if not entry.folder}
    folders = {name.rpartition("/")[0] for name in names}  # few, whatever the number of names
    if any(above in files for folder in folders for above in _and_above(folder.casefold())):
        where = next(name for name in names if not files.isdisjoint(_folders(name.casefold())))
        raise ZipRefused(where=where, reason=mark("a part is both a file and a folder"))


def _and_above(folder: str) -> Iterator[str]:
    yield folder
    yield from _folders(folder)


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _check_sizes(entries: list[ZipMember], limits: ZipLimits) -> None:
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
