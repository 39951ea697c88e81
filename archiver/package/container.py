"""The ZIP writer of a package: members appended one after the other, each hashed as it passes.

Every member is stored and dated 1 January 1980; the local header is completed
once the member has passed, so no data descriptor is needed. ZIP64 fields
appear exactly where a size, an offset or a count needs them, and in the local
header of a member whose size nobody knew beforehand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from isal import isal_zlib

from archiver.disk import copy_range
from archiver.errors import DiskFault
from archiver.package import layout, records
from formats.errors import LimitExceeded, UnsafeName
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A member as it stands in the container: offset of its header, size in bytes, SHA-256 as 32 bytes.

    ``sha256`` is empty where nobody needs it; the container does not.
    """

    name: str
    offset: int
    size: int
    crc32: int
    large: bool
    sha256: bytes = b""

    @property
    def version(self) -> int:
        """The ZIP version a reader needs for this member."""
        return records.VERSION64 if self.large or self.offset >= records.MAX32 else records.VERSION


class Container:
    """A ZIP being written to ``target``, which stands at its beginning and can seek.

    It goes on ``behind`` members that ``target`` begins with, when there are any.
    """

    def __init__(self, target: BinaryIO, *, behind: Iterable[Written] = ()) -> None:
        self._target = target
        self._members: dict[str, Written] = {}
        self._folded: set[str] = set()
        self._end = 0
        for member in behind:
            self._note(member)
        self._target.seek(self._end)

    @property
    def size(self) -> int:
        """Bytes of the members written so far."""
        return self._end

    def add(self, name: str, pieces: Iterable[bytes], *, large: bool = False) -> Written:
        """Append a member made of ``pieces``; ``large`` reserves room for a size past 4 GiB.

        Raises:
            UnsafeName: when the name may not stand in a package, or stands there already.
            LimitExceeded: when the member outgrows 4 GiB without ``large``, or there are too many.
        """
        self._admit(name)
        offset = self._end
        self._target.write(_local(_pending(name, offset, large)))
        digest, crc, size = hashlib.sha256(), 0, 0
        for piece in pieces:
            digest.update(piece)
            crc = isal_zlib.crc32(piece, crc)
            size += len(piece)
            self._target.write(piece)
        if size >= records.MAX32 and not large:
            raise LimitExceeded(
                where=name, name=mark("the size of a part in bytes"), found=size, limit=records.MAX32 - 1
            )
        member = Written(name=name, offset=offset, size=size, crc32=crc, sha256=digest.digest(), large=large)
        self._complete(member)
        return member

    def copy(self, name: str, source: BinaryIO | bytes, *, size: int, crc32: int, sha256: bytes) -> Written:
        """Append a member whose digests its maker knows: the first ``size`` bytes of a file, or all of ``source``.

        Raises:
            UnsafeName, LimitExceeded: as ``add``.
            DiskFault: when ``source`` is shorter.
        """
        self._admit(name)
        large = size >= records.MAX32
        offset = self._end
        member = Written(name=name, offset=offset, size=size, crc32=crc32, sha256=sha256, large=large)
        header = _local(member)
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
        for member in self._members.values():
            length += self._target.write(_central(member))
        self._target.write(_end(len(self._members), length, start))
        self._target.flush()

    def _admit(self, name: str) -> None:
        layout.judge(name)
        if name.casefold() in self._folded:
            raise UnsafeName(name=name, reason=mark("the package holds it already"))
        if len(self._members) >= layout.MAX_MEMBERS:
            found = len(self._members) + 1
            raise LimitExceeded(name=mark("the number of members"), found=found, limit=layout.MAX_MEMBERS)

    def _complete(self, member: Written) -> None:
        header = _local(member)
        self._target.seek(member.offset)
        self._target.write(header)
        self._note(member)
        self._target.seek(self._end)

    def _note(self, member: Written) -> None:
        self._end = member.offset + len(_local(member)) + member.size
        self._members[member.name] = member
        self._folded.add(member.name.casefold())


def _pending(name: str, offset: int, large: bool) -> Written:
    return Written(name=name, offset=offset, size=0, crc32=0, sha256=b"", large=large)


def _local(member: Written) -> bytes:
    extra = _extra(member.size, member.size) if member.large else b""
    size = records.MAX32 if member.large else member.size
    name = member.name.encode("ascii")
    return (
        records.LOCAL.pack(
            records.LOCAL_SIGNATURE,
            member.version,
            records.FLAGS,
            records.STORED,
            records.DOS_TIME,
            records.DOS_DATE,
            member.crc32,
            size,
            size,
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def _central(member: Written) -> bytes:
    sizes = (member.size, member.size) if member.size >= records.MAX32 else ()
    offsets = (member.offset,) if member.offset >= records.MAX32 else ()
    extra = _extra(*sizes, *offsets) if sizes or offsets else b""
    size = min(member.size, records.MAX32)
    name = member.name.encode("ascii")
    return (
        records.CENTRAL.pack(
            records.CENTRAL_SIGNATURE,
            records.MADE_BY,
            member.version,
            records.FLAGS,
            records.STORED,
            records.DOS_TIME,
            records.DOS_DATE,
            member.crc32,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            records.ATTRIBUTES,
            min(member.offset, records.MAX32),
        )
        + name
        + extra
    )


def _extra(*values: int) -> bytes:
    body = b"".join(records.SIZE64.pack(value) for value in values)
    return records.EXTRA.pack(records.ZIP64_EXTRA, len(body)) + body


def _end(count: int, length: int, start: int) -> bytes:
    short = min(count, records.MAX16)
    record = records.END.pack(
        records.END_SIGNATURE, 0, 0, short, short, min(length, records.MAX32), min(start, records.MAX32), 0
    )
    if count < records.MAX16 and length < records.MAX32 and start < records.MAX32:
        return record
    made_by, needed = records.MADE_BY, records.VERSION64
    whole = (records.END64_LENGTH, made_by, needed, 0, 0, count, count, length, start)
    return (
        records.END64.pack(records.END64_SIGNATURE, *whole)
        + records.LOCATOR64.pack(records.LOCATOR64_SIGNATURE, 0, start + length, 1)
        + record
    )
