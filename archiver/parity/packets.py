"""Packets of a PAR2 file, as far as they say which files the program would write (PAR2 2.0)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from archiver.disk import failures_about
from formats.regular_files import open_raw

MAGIC = b"PAR2\0PKT"
DESCRIPTION = b"PAR 2.0\0FileDesc"
"""Type of the packet that names a file of the set."""
_HEADER = 64
"""Bytes of a header: magic, length, MD5 of the packet, recovery set, type."""
_FIXED = 56
"""Bytes of a description before the name: file id, MD5 of the file, MD5 of its first 16 KiB, length."""
MAX_PACKET_BYTES = 4096
"""Bytes of a description that is looked at: its name is a plain file name."""


def named_files(path: Path) -> Iterator[bytes]:
    """Yield the name in every description of the PAR2 file at ``path``, damaged ones too: the program may read them."""
    with failures_about(path), open_raw(path) as stream:
        if path.stat().st_size < _HEADER:
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            at = content.find(DESCRIPTION)
            while at >= 0:
                start = at - (_HEADER - len(DESCRIPTION))
                if start >= 0 and content[start : start + len(MAGIC)] == MAGIC:
                    length = int.from_bytes(content[start + 8 : start + 16], "little")
                    end = start + min(length, MAX_PACKET_BYTES)
                    yield bytes(content[start + _HEADER + _FIXED : end]).rstrip(b"\0")
                at = content.find(DESCRIPTION, at + 1)
