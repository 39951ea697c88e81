"""A stretch of a file as a stream of its own."""

from __future__ import annotations

import os
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from archiver.disk import failures_about
from formats.regular_files import open_raw

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 1 << 18
"""Bytes read ahead: a quarter of a mebibyte stays in the second-level cache."""


class FileSlice(RawIOBase):
    """``size`` bytes of the file at ``path`` from ``offset`` on, to be read and sought."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        with failures_about():
            self._stream = open_raw(path)
        self._offset = offset
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def seekable(self) -> bool:
        """Say that this stream can be sought."""
        return True

    def tell(self) -> int:
        """Return the position, in bytes from the start of the stretch."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to ``offset``, counted as ``whence`` says."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError(22, "a stream has nothing before its beginning")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` as far as the stretch reaches, and return how many bytes came."""
        view = memoryview(buffer).cast("B")[: max(0, self._size - self._position)]
        with failures_about():
            self._stream.seek(self._offset + self._position)
            taken = self._stream.readinto(view) or 0
        self._position += taken
        return taken

    def close(self) -> None:
        """Close the file behind the stretch."""
        if not self.closed:
            self._stream.close()
        super().close()


def file_slice(path: Path, offset: int, size: int) -> BinaryIO:
    """Return ``size`` bytes of the file at ``path`` from ``offset`` on, as a buffered stream.

    Raises:
        DiskFault: when the file cannot be opened, or later not be read.
    """
    return cast("BinaryIO", BufferedReader(FileSlice(path, offset, size), buffer_size=BUFFER))
