"""Folder as a storage: create-only, every file and its name synced, and read back from the disk before it counts.

1. The folder itself is never made here: a disk that is not mounted must not look like an empty storage.
2. A file is written without a name, synced, and read again; only what has the announced size and digest gets a name.
3. The name is given if nobody has it, and the folder synced, and every folder made on the way.

A folder has no retention locks: who asks for one is refused.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.errors import AlreadyExists, DiskFault
from archiver.storage.errors import (
    StorageDigestMismatch,
    StorageLockUnheld,
    StorageObjectExists,
    StorageObjectLocked,
    StorageObjectMissing,
    StorageRefused,
    StorageUnreachable,
)
from archiver.storage.storage import RetentionLock, StoredObject
from formats.digests import Digest, chunks
from formats.errors import FileNotFound, FolderNotFound, reason_of
from formats.paths import safe_path
from formats.regular_files import open_raw
from formats.words import mark

NO_LOCKS = mark("a folder has no retention locks")
PART_SUFFIX = ".part"
"""Ending of a file that is being written where the system has no nameless files; it is not listed."""


class FolderStorage:
    """A folder that is a ``Storage``; what it holds is sealed, and readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._address = str(folder)

    def put(
        self,
        key: str,
        stream: BinaryIO,
        *,
        size: int,
        digest: Digest,
        lock: RetentionLock | None = None,
        supersede: bool = False,
    ) -> StoredObject:
        """Store what is left in ``stream``; see ``Storage``."""
        if lock is not None:
            raise StorageLockUnheld(storage=self._address, key=key, reason=NO_LOCKS)
        path = self._path(key)
        made = self._make_folders(path.parent)
        try:
            self._remove_parts(path)
            with disk.write_aside(path, mode=disk.PRIVATE, replace=supersede, settled=False) as written:
                for piece in chunks(stream):
                    written.write(piece)
                self._compare(written, key, size, digest)  # which waits for the disk
            with disk.failures_about(path):
                disk.sync_folder(path.parent)
        except AlreadyExists as failure:
            raise StorageObjectExists(storage=self._address, key=key) from failure
        except BaseException:
            _remove_empty(made)
            raise
        return self._known(key, size)

    @contextmanager
    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[BinaryIO]:
        """Open a range of an object; see ``Storage``."""
        path = self._path(key)
        with self._answers(key):
            raw = open_raw(path)
        with raw:
            raw.seek(start)
            yield io.BufferedReader(_Range(raw, length))

    def head(self, key: str) -> StoredObject | None:
        """Return what is known of an object; see ``Storage``."""
        path = self._path(key)
        try:
            with disk.failures_about(path):
                status = path.lstat()
        except (FileNotFound, FolderNotFound):
            return None
        return StoredObject(key=key, size=status.st_size)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with ``prefix``; see ``Storage``."""
        self._refuse_absent()
        # a storage root has thousands of folders: only the one that the prefix names is read
        place, slash, _ = prefix.rpartition("/")
        folder = self._folder / safe_path(place) if place else self._folder
        named = [one for one in (folder, *folder.parents) if one.is_relative_to(self._folder)]
        with disk.failures_about(folder):
            if not folder.is_dir() or any(one.is_symlink() for one in named if one != self._folder):
                return iter(())
        return self._below(folder, place + slash, prefix)

    def extend_lock(self, key: str, until: datetime) -> StoredObject:
        """Refuse: see ``Storage``."""
        raise StorageLockUnheld(storage=self._address, key=key, reason=NO_LOCKS, until=until.isoformat())

    def remove(self, key: str) -> None:
        """Remove an object, and the folders that are empty then; see ``Storage``."""
        path = self._path(key)
        with disk.failures_about(path):
            if not path.is_file():
                raise StorageObjectMissing(storage=self._address, key=key)
        try:
            disk.remove(path)
        except DiskFault as fault:
            raise StorageObjectLocked(storage=self._address, key=key, reason=fault.facts["reason"]) from fault
        disk.sync_folder(path.parent)
        for folder in path.parents:
            if folder == self._folder:
                break
            disk.remove_empty_folder(folder)

    def remove_unfinished(self, key: str) -> None:
        """Remove what an ended command left below the folder ``key``: files without their name yet, empty folders.

        Raises:
            DiskFault: when the disk refuses.
        """
        place = self._path(key)
        with disk.failures_about(place):
            for part in [one for one in place.rglob(f"*{PART_SUFFIX}") if one.is_file()]:
                disk.remove(part)
            below = sorted((one for one in place.rglob("*") if one.is_dir()), reverse=True)
        for folder in (*below, place, *place.parents):
            if folder == self._folder:
                break
            if folder.is_dir():
                disk.remove_empty_folder(folder)

    def _path(self, key: str) -> Path:
        self._refuse_absent()
        return self._folder / safe_path(key)

    def _refuse_absent(self) -> None:
        try:
            there = self._folder.is_dir()
        except OSError as fault:  # a folder above it that nobody may look into
            raise StorageUnreachable(storage=self._address, reason=reason_of(fault)) from fault
        if not there:
            raise StorageUnreachable(storage=self._address, reason=mark("there is no such folder"))

    def _make_folders(self, folder: Path) -> tuple[Path, ...]:
        """Make ``folder`` and those above it, each name synced, so that no power cut takes one back; return them."""
        missing = []
        while not folder.is_dir() and folder != self._folder:
            missing.append(folder)
            folder = folder.parent
        try:
            with disk.failures_about(folder):
                for one in reversed(missing):
                    with suppress(FileExistsError):
                        one.mkdir(mode=disk.PRIVATE_FOLDER)
                    disk.sync_folder(one.parent)
        except BaseException:
            _remove_empty(missing)
            raise
        return tuple(missing)

    def _remove_parts(self, path: Path) -> None:
        """Remove what an ended command wrote aside for ``path`` and did not name."""
        with disk.failures_about(path):
            for left in path.parent.glob(f".{escape(path.name)}.*{PART_SUFFIX}"):
                disk.remove(left)

    def _compare(self, written: BinaryIO, key: str, size: int, digest: Digest) -> None:
        """Read ``written`` again, from the disk where the system lets go of what it has in memory."""
        disk.make_durable(written)
        disk.forget_pages(written)
        written.seek(0)
        state, found = digest.algorithm.new(), 0
        for piece in chunks(written):
            state.update(piece)
            found += len(piece)
        if found != size or state.digest() != digest.value:
            reason = mark("its size differs") if found != size else mark("its digest differs")
            raise StorageDigestMismatch(storage=self._address, key=key, reason=reason)

    def _known(self, key: str, size: int) -> StoredObject:
        """Return the object as the disk has it now; a disk that keeps nothing is found here."""
        known = self.head(key)
        if known is None or known.size != size:
            raise StorageDigestMismatch(
                storage=self._address, key=key, reason=mark("it is not there after it was written")
            )
        return known

    @contextmanager
    def _answers(self, key: str) -> Iterator[None]:
        """Say what the disk answers about ``key`` in the words of a storage."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise StorageObjectMissing(storage=self._address, key=key) from fault
        except OSError as fault:
            raise StorageRefused(storage=self._address, reason=reason_of(fault)) from fault

    def _below(self, folder: Path, place: str, prefix: str) -> Iterator[StoredObject]:
        """Yield what lies in ``folder``, in the order of whole keys: a folder sorts as its name and ``/``."""
        with disk.failures_about(folder):
            entries = [
                (one.name + "/" * one.is_dir(follow_symlinks=False), one) for one in os.scandir(folder)
            ]
        for name, entry in sorted(entries):
            key = place + name
            if not (key.startswith(prefix) or prefix.startswith(key)):
                continue
            if name.endswith("/"):
                yield from self._below(Path(entry.path), key, prefix)
            elif key.startswith(prefix) and not (name.startswith(".") and name.endswith(PART_SUFFIX)):
                with disk.failures_about(Path(entry.path)):
                    size = entry.stat(follow_symlinks=False).st_size
                yield StoredObject(key=key, size=size)


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove ``folders``, the deepest first, as far as nothing is in them."""
    for one in folders:
        disk.remove_empty_folder(one)


class _Range(io.RawIOBase):
    """At most ``length`` bytes of a file from where it stands; disk errors are failures."""

    def __init__(self, raw: io.FileIO, length: int | None) -> None:
        self._raw = raw
        self._left = length

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into ``buffer``; return how many bytes."""
        wanted = len(buffer) if self._left is None else min(len(buffer), self._left)
        with disk.failures_about(Path(self._raw.name)):
            count = self._raw.readinto(memoryview(buffer)[:wanted]) or 0
        if self._left is not None:
            self._left -= count
        return count
