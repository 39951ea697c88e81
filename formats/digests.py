"""SHA-256 over streams, in buffers of a fixed size."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from formats.regular_files import open_regular

BUFFER = 1 << 20
"""Bytes read at a time; large enough that calls cost nothing, small enough to stay in cache."""


def chunks(stream: BinaryIO, size: int = BUFFER) -> Iterator[bytes]:
    """Yield what is left in ``stream`` in pieces of at most ``size`` bytes."""
    while piece := stream.read(size):
        yield piece


def sha256_of_stream(stream: BinaryIO) -> tuple[str, int]:
    """Return the lower-case hex SHA-256 of what is left in ``stream``, and its length in bytes."""
    digest = hashlib.sha256()
    length = 0
    for piece in chunks(stream):
        digest.update(piece)
        length += len(piece)
    return digest.hexdigest(), length


def sha256_of_file(path: Path) -> tuple[str, int]:
    """Return the lower-case hex SHA-256 of the file at ``path``, and its length in bytes."""
    with open_regular(path) as stream:
        return sha256_of_stream(stream)
