"""The members of an archive as they are written: each one hashed, listed, and summed up at the end."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from formats.digests import BUFFER
from formats.errors import AttachmentChanged
from formats.model.documents import Attachment
from formats.pdlgc import layout
from formats.pdlgc.sums import write_sums
from formats.words import mark
from formats.zip_stream import HEAD, MemberWriter, Target, ZipStream

GATHERED = 64 << 10
"""Bytes gathered from small pieces before they are hashed and packed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveFile:
    """A member of a written archive: its name, length in bytes and lower-case hex SHA-256."""

    name: str
    size: int
    sha256: str


class ArchiveMembers:
    """Writes members into a ZIP archive in ``target`` and keeps their sums."""

    def __init__(self, target: Target, *, written_at: datetime) -> None:
        self._zip = ZipStream(target, when=written_at)
        self.files: list[ArchiveFile] = []

    @contextmanager
    def open(self, name: str, *, size: int = 0) -> Iterator[BinaryIO]:
        """Open a member for writing; ``size`` announces its length where it is known."""
        with self._zip.open(name, size=size) as member:
            hashed = _Hashed(member)
            with io.BufferedWriter(hashed, GATHERED) as stream:
                yield stream
        self._list(name, member.size, hashed.digest.hexdigest())

    def add(self, name: str, pieces: Iterable[bytes], *, size: int = 0) -> None:
        """Write a member from ``pieces``."""
        with self.open(name, size=size) as stream:
            for piece in pieces:
                stream.write(piece)

    def add_attachment(self, name: str, attachment: Attachment, body: BinaryIO) -> None:
        """Write the bytes of ``attachment`` unchanged.

        Raises:
            AttachmentChanged: when they are not the bytes the dossier lists; the
                archive written so far is then worth nothing.
        """
        digest = hashlib.sha256()
        if attachment.size <= HEAD:
            data = b"".join(_exactly(body, attachment))
            digest.update(data)
            self._zip.add_whole(name, data)
        else:
            with self._zip.open(name, size=attachment.size) as member:
                for piece in _exactly(body, attachment):
                    digest.update(piece)
                    member.write(piece)
        if digest.hexdigest() != attachment.sha256:
            raise AttachmentChanged(digest=attachment.sha256, reason=mark("its content is another"))
        self._list(name, attachment.size, attachment.sha256)

    def _list(self, name: str, size: int, sha256: str) -> None:
        self.files.append(ArchiveFile(name=name, size=size, sha256=sha256))

    def finish(self) -> int:
        """Write the list of sums and the end of the archive; return the length of the archive in bytes."""
        self._zip.add(layout.SUMS, [write_sums((file.name, file.sha256) for file in self.files)])
        return self._zip.finish()


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


class _Hashed(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, member: MemberWriter) -> None:
        self._member = member
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._member.write(data)
