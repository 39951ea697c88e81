"""Storage as the tree of files that whoever checks OCFL sees; a storage shows no empty folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from archiver.storage.storage import Storage


class StorageTree:
    """A ``formats.ocfl.tree.FileTree`` of what lies in ``storage``."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys that begin with ``prefix``, sorted."""
        return (one.key for one in self._storage.list(prefix))

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Open a file; what the storage answers is a ``Failure``."""
        return self._storage.open(key)
