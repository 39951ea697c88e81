"""The members of an archive as they are written: each one hashed, listed, and summed up at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from formats.digests import BUFFER
from formats.errors import AttachmentChanged
from formats.model.documents import Attachment
from formats.pdlgc import layout
from formats.pdlgc.sums import write_sums
from formats.words import mark
from formats.zip.writer import HEAD

if TYPE_CHECKING:
    from hashlib import _Hash

GATHERED = 256 << 10
"""Bytes gathered from small pieces before they are hashed and packed; all of most pages and bundles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFile:
    """A member of a written archive: its name, length in bytes and lower-case hex SHA-256."""

    name: str
    size: int
    sha256: str


class OpenMember(Protocol):
    """A member that is being written; ended once, then it is whole."""

    def write(self, data: bytes | memoryview, /) -> int: ...

    def end(self) -> None: ...


class ArchiveContainer(Protocol):
    """Where the members of an archive go: a ZIP stream, or a folder. One member is open at a time."""

    def begin(self, name: str, /, *, size: int = 0) -> OpenMember: ...

    def add_whole(self, name: str, data: bytes, /) -> None: ...

    def finish(self) -> int: ...


class ArchiveMembers:
    """Writes members into ``container`` and keeps their sums."""

    def __init__(self, container: ArchiveContainer) -> None:
        self._container = container
        self.files: list[ArchiveFile] = []

    @contextmanager
    def open(self, name: str) -> Iterator[Gathering]:
        """Open a member for writing."""
        gathering = Gathering(self._container, name)
        yield gathering
        size, sha256 = gathering.end()
        self._list(name, size, sha256)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a member from ``pieces``."""
        with self.open(name) as member:
            for piece in pieces:
                member.write(piece)

    def add_attachment(
        self, name: str, attachment: Attachment, body: BinaryIO, *, also: _Hash | None = None
    ) -> None:
        """Write the bytes of ``attachment`` unchanged; ``also`` is another hash object that takes them.

        Raises:
            AttachmentChanged: when they are not the bytes the dossier lists; the
                archive written so far is then worth nothing.
        """
        if attachment.size <= HEAD:
            data = b"".join(_exactly(body, attachment))
            found = hashlib.sha256(data).hexdigest()
            if also is not None:
                also.update(data)
            self._container.add_whole(name, data)
        else:
            digest = hashlib.sha256()
            member = self._container.begin(name, size=attachment.size)
            for piece in _exactly(body, attachment):
                digest.update(piece)
                if also is not None:
                    also.update(piece)
                member.write(piece)
            member.end()
            found = digest.hexdigest()
        if found != attachment.sha256:
            raise AttachmentChanged(digest=attachment.sha256, reason=mark("its content is another"))
        self._list(name, attachment.size, attachment.sha256)

    def _list(self, name: str, size: int, sha256: str) -> None:
        self.files.append(ArchiveFile(name=name, size=size, sha256=sha256))

    def finish(self) -> int:
        """Write the list of sums and the end of the archive; return the length of the archive in bytes."""
        sums = self._container.begin(layout.SUMS)
        sums.write(write_sums((file.name, file.sha256) for file in self.files))
        sums.end()
        return self._container.finish()


def _exactly(body: BinaryIO, attachment: Attachment) -> Iterator[bytes]:
    """Yield the bytes of ``body``, and refuse to end at, or pass, another length than the stated one."""
    left = attachment.size
    # One byte more than is left: a file that has grown says so without a second reading.
    while piece := body.read(min(left + 1, BUFFER)):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise AttachmentChanged(digest=attachment.sha256, reason=mark("its length is another"))


class Gathering:
    """A member made of small pieces, which are hashed and packed together; a short one at once."""

    def __init__(self, container: ArchiveContainer, name: str) -> None:
        self._container = container
        self._name = name
        self._pieces: list[bytes] = []
        self._gathered = self._size = 0
        self._digest = hashlib.sha256()
        self._member: OpenMember | None = None

    def write(self, data: bytes | memoryview, /) -> int:
        """Take ``data``, and return its length in bytes."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._gathered += len(piece)
        if self._gathered >= GATHERED:
            self._pass_on()
        return len(piece)

    def end(self) -> tuple[int, str]:
        """End the member; return its length in bytes and lower-case hex SHA-256."""
        if self._member is None:
            data = b"".join(self._pieces)
            self._digest.update(data)
            self._container.add_whole(self._name, data)
            return len(data), self._digest.hexdigest()
        self._pass_on()
        self._member.end()
        return self._size, self._digest.hexdigest()

    def _pass_on(self) -> None:
        if self._member is None:
            self._member = self._container.begin(self._name)
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._size += len(data)
        self._gathered = 0
        self._digest.update(data)
        self._member.write(data)
