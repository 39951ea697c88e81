"""Tree of files, as whoever checks OCFL sees a storage root or an object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from formats.digests import Digest, DigestAlgorithm, chunks
from formats.errors import LimitExceeded
from formats.words import mark


class FileTree(Protocol):
    """Tree of files: keys are separated by ``/``; that of an empty folder ends with one."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys that begin with ``prefix``, sorted."""

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Open a file; what the storage answers is a ``Failure``."""


def read_whole(tree: FileTree, key: str, limit: int) -> bytes:
    """Return the bytes of a small file.

    Raises:
        LimitExceeded: when there are more than ``limit``; Failure: what the storage answered.
    """
    with tree.open(key) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise LimitExceeded(where=key, name=mark("the number of bytes"), found=len(data), limit=limit)
    return data


def digests_of(tree: FileTree, key: str, algorithms: frozenset[DigestAlgorithm]) -> set[Digest]:
    """Return the digests of a file under ``algorithms``, read once."""
    states = {one: one.new() for one in algorithms}
    with tree.open(key) as stream:
        for piece in chunks(stream):
            for state in states.values():
                state.update(piece)
    return {Digest(one, state.digest()) for one, state in states.items()}
