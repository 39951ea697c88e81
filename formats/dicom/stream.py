"""A file under limits: what a DICOM parser may read of it, and no more."""

from __future__ import annotations

import io
from typing import BinaryIO

from formats.errors import LimitExceeded
from formats.words import mark

MAX_VALUE_BYTES = 16 << 20
"""Bytes of one header value; the largest met are icons and private blobs below 2 MiB."""
MAX_HEADER_BYTES = 64 << 20
"""Bytes read in one header, pixels and skipped values apart; real ones are below 4 MiB."""
ELEMENT_HEAD = 8
"""Bytes of tag, representation and length; fewer at the end of a file are a beginning without its rest."""
MAX_READS = 600_000
"""Reads in one header, two or three for each element, so that tiny elements cannot fill the memory."""


class HeaderStream:
    """A binary stream that counts, refuses past the limits and notices that the file is cut short."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        self.name = ""
        self.cut_short = False
        self._bytes = 0
        self._reads = 0

    def read(self, count: int = -1) -> bytes:
        """Return at most ``count`` bytes.

        Raises:
            LimitExceeded: past the size of a value, or of a header.
        """
        if count < 0 or count > MAX_VALUE_BYTES:
            size = self.size if count < 0 else count
            raise LimitExceeded(name=mark("the length of a header value"), found=size, limit=MAX_VALUE_BYTES)
        self._reads += 1
        self._bytes += count
        if self._reads > MAX_READS:
            raise LimitExceeded(name=mark("the number of header parts"), found=self._reads, limit=MAX_READS)
        if self._bytes > MAX_HEADER_BYTES:
            raise LimitExceeded(
                name=mark("the length of the header"), found=self._bytes, limit=MAX_HEADER_BYTES
            )
        found = self._stream.read(count)
        if 0 < len(found) < count <= ELEMENT_HEAD:
            self.cut_short = True
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; a place behind the end is noted, for the value that was to lie there is missing."""
        place = self._stream.seek(offset, whence)
        self.must_reach(place)
        return place

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._stream.tell()

    def renew(self) -> None:
        """Begin to count again, for the next record of a directory."""
        self._bytes = self._reads = 0

    def must_reach(self, place: int) -> None:
        """Note whether the file ends before ``place``."""
        if place > self.size:
            self.cut_short = True
