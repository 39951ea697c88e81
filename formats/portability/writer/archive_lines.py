"""Lines of the archives of an export, packed: a hundred thousand take some 10 MB, where as objects they took 40."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from itertools import pairwise

from formats.digests import SHA256, Digest
from formats.portability.writer.manifest import ArchiveLine

_FIXED = struct.Struct("<Q32s")
"""Length in bytes of an archive, and its SHA-256; identifier and patient's number follow, parted by a zero."""


class ArchiveLines:
    """Lines in the order in which they were appended, each made again when it is asked for."""

    def __init__(self) -> None:
        self._packed = bytearray()
        self._bounds = array("Q", [0])

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __iter__(self) -> Iterator[ArchiveLine]:
        for start, end in pairwise(self._bounds):
            size, digest = _FIXED.unpack_from(self._packed, start)
            name, _, patient = self._packed[start + _FIXED.size : end].decode("utf-8").partition("\0")
            yield ArchiveLine(id=name, size=size, digest=Digest(SHA256, digest), patient=patient)

    def append(self, line: ArchiveLine) -> None:
        """Add a line, whose digest is a SHA-256."""
        self._packed += _FIXED.pack(line.size, line.digest.value)
        self._packed += f"{line.id}\0{line.patient}".encode()
        self._bounds.append(len(self._packed))
