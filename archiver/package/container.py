"""The ZIP writer of a package: members appended one after the other, each hashed as it passes.

Every member is stored and dated 1 January 1980; the local header is completed
once the member has passed, so no data descriptor is needed. ZIP64 fields
appear exactly where a size, an offset or a count needs them, and in the local
header of a member whose size nobody knew beforehand.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from struct import Struct
from typing import BinaryIO, overload

from isal import isal_zlib

from archiver.errors import DiskFault
from archiver.package import layout
from archiver.temporary_files import copy_range
from formats.digests import SHA256, Digest
from formats.errors import LimitExceeded, UnsafeName
from formats.name_table import ABSENT, NameTable
from formats.words import mark
from formats.zip.headers import (
    PLAIN_VERSION,
    ZIP64_VERSION,
    StatedSizes,
    central_header,
    end_records,
    local_header,
    local_header_length,
)
from formats.zip.profile import EPOCH, FILE_0644
from formats.zip.records import MAX32, STORED, UNIX

MADE_BY = (UNIX << 8) | ZIP64_VERSION
"""Unix, so that attributes are read as a mode (4.4.2)."""
_ROW = Struct("<QQI?32s")
"""Offset, size, CRC-32, whether it is large, SHA-256."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContainerMember:
    """A member as it stands in the container: offset of its header, size in bytes."""

    name: str
    offset: int
    size: int
    crc32: int
    large: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenMember(ContainerMember):
    """A member that was hashed as it was written."""

    digest: Digest


class WrittenMembers(Sequence[WrittenMember]):
    """Members in the order in which they were written, packed; ``names`` has their names, and others."""

    def __init__(self) -> None:
        self.names = NameTable()
        self._numbers = array("I")
        self._rows = bytearray()

    def append(self, member: WrittenMember) -> None:
        """Add ``member``."""
        self._numbers.append(self.names.add(member.name))
        self._rows += _ROW.pack(member.offset, member.size, member.crc32, member.large, member.digest.value)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> WrittenMember: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[WrittenMember, ...]: ...
    def __getitem__(self, index: int | slice) -> WrittenMember | tuple[WrittenMember, ...]:
        if isinstance(index, slice):
            return tuple(map(self._member, range(*index.indices(len(self)))))
        return self._member(range(len(self))[index])

    def __iter__(self) -> Iterator[WrittenMember]:
        return map(self._member, range(len(self)))

    def _member(self, number: int) -> WrittenMember:
        offset, size, crc32, large, sha256 = _ROW.unpack_from(self._rows, number * _ROW.size)
        return WrittenMember(
            name=self.names[self._numbers[number]],
            offset=offset,
            size=size,
            crc32=crc32,
            large=large,
            digest=Digest(SHA256, sha256),
        )


class Container:
    """A ZIP being written to ``target``, which stands at its beginning and can seek.

    It goes on ``behind`` members that ``target`` begins with, when there are any.
    """

    def __init__(self, target: BinaryIO, *, behind: Iterable[ContainerMember] = ()) -> None:
        self._target = target
        self.members = WrittenMembers()
        self._behind = tuple(behind)
        self._folded: set[str] = set()
        """Names in lower case of the members whose names are not."""
        self._end = 0
        for member in self._behind:
            self.members.names.add(member.name)
            self._pass(member)
        self._target.seek(self._end)

    @property
    def count(self) -> int:
        """Members it has, those that it goes on behind included."""
        return len(self._behind) + len(self.members)

    @property
    def size(self) -> int:
        """Bytes of the members written so far."""
        return self._end

    def add(self, name: str, pieces: Iterable[bytes], *, large: bool = False) -> WrittenMember:
        """Append a member made of ``pieces``; ``large`` reserves room for a size past 4 GiB.

        Raises:
            UnsafeName: when the name may not stand in a package, or stands there already.
            LimitExceeded: when the member outgrows 4 GiB without ``large``, or there are too many.
        """
        self._admit(name)
        offset = self._end
        self._target.write(member_header(_pending(name, offset, large)))
        state, crc, size = hashlib.sha256(), 0, 0
        for piece in pieces:
            state.update(piece)
            crc = isal_zlib.crc32(piece, crc)
            size += len(piece)
            self._target.write(piece)
        if size >= MAX32 and not large:
            raise LimitExceeded(
                where=name, name=mark("the size of a part in bytes"), found=size, limit=MAX32 - 1
            )
        member = WrittenMember(
            name=name,
            offset=offset,
            size=size,
            crc32=crc,
            digest=Digest(SHA256, state.digest()),
            large=large,
        )
        self._complete(member)
        return member

    def copy(
        self, name: str, source: BinaryIO | bytes, *, size: int, crc32: int, digest: Digest
    ) -> WrittenMember:
        """Append a member whose digests its maker knows: the first ``size`` bytes of a file, or all of ``source``.

        Raises:
            UnsafeName, LimitExceeded: as ``add``.
            DiskFault: when ``source`` is shorter.
        """
        self._admit(name)
        large = size >= MAX32
        offset = self._end
        member = WrittenMember(name=name, offset=offset, size=size, crc32=crc32, digest=digest, large=large)
        header = member_header(member)
        self._target.write(header)
        if isinstance(source, bytes):
            if len(source) != size:
                raise DiskFault(reason=mark("a temporary file is shorter than it was"))
            self._target.write(source)
            self._note(member)
        else:
            self._target.flush()
            copy_range(source, self._target, at=offset + len(header), size=size)
            self._note(member)
            self._target.seek(self._end)
        return member

    def close(self) -> None:
        """Write the directory; the container is whole afterwards."""
        start = self._end
        length = 0
        for member in chain(self._behind, self.members):
            length += self._target.write(directory_entry(member))
        self._target.write(end_records(self.count, start, length, made_by=MADE_BY))
        self._target.flush()

    def _admit(self, name: str) -> None:
        layout.member_name(name)
        folded = name.casefold()
        if folded in self._folded or self.members.names.find(folded) != ABSENT:
            raise UnsafeName(name=name, reason=mark("the package holds it already"))
        if self.count >= layout.MAX_MEMBERS:
            found = self.count + 1
            raise LimitExceeded(name=mark("the number of members"), found=found, limit=layout.MAX_MEMBERS)

    def _complete(self, member: WrittenMember) -> None:
        header = member_header(member)
        self._target.seek(member.offset)
        self._target.write(header)
        self._note(member)
        self._target.seek(self._end)

    def _note(self, member: WrittenMember) -> None:
        self.members.append(member)
        self._pass(member)

    def _pass(self, member: ContainerMember) -> None:
        header = local_header_length(len(member.name), zip64=member.large)
        self._end = member.offset + header + member.size
        folded = member.name.casefold()
        if folded != member.name:
            self._folded.add(folded)


def _pending(name: str, offset: int, large: bool) -> ContainerMember:
    return ContainerMember(name=name, offset=offset, size=0, crc32=0, large=large)


def _stated(member: ContainerMember) -> StatedSizes:
    version = ZIP64_VERSION if member.large or member.offset >= MAX32 else PLAIN_VERSION
    name, size = member.name.encode("ascii"), member.size
    return StatedSizes(name, version, 0, STORED, 0, EPOCH, member.crc32, size, size)


def member_header(member: ContainerMember) -> bytes:
    """Return the local file header (APPNOTE 4.3.7) of ``member``."""
    return local_header(_stated(member), zip64=(member.size, member.size) if member.large else None)


def directory_entry(member: ContainerMember) -> bytes:
    """Return the central directory header (APPNOTE 4.3.12) of ``member``."""
    stated = _stated(member)
    return central_header(stated, made_by=MADE_BY, attributes=FILE_0644, offset=member.offset)
