"""Temporary files and folders: nameless where the system has such files, gone when the block ends."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from archiver.disk import PRIVATE, failures_about, remove, sync_folder
from archiver.errors import AlreadyExists, DiskFault
from formats.words import mark

SCRATCH = "archiver-"
"""How the names of temporary folders begin."""
_LOCK = "lock"
"""File in a temporary folder that is locked while its process lives."""
COPY_STEP = 64 << 20
"""Bytes the system copies at one call, so that Ctrl-C is heard."""


@contextmanager
def spool(folder: Path | None = None) -> Iterator[BinaryIO]:
    """Open a nameless temporary file near ``folder`` that is gone when the block ends."""
    with failures_about(), tempfile.TemporaryFile(dir=folder) as stream:
        yield stream


def open_nameless(folder: Path | None = None) -> BinaryIO:
    """Open a nameless temporary file near ``folder`` that is gone when it is closed."""
    with failures_about(folder):
        stream: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - whoever asks closes it
        return stream


@contextmanager
def temporary_path(folder: Path | None = None) -> Iterator[Path]:
    """Make a temporary file near ``folder`` that other processes of this person can open by its path.

    Where the system has nameless files the path leads to one, and nothing stays
    behind even when everybody is killed.
    """
    with failures_about(folder):
        descriptor, path = _open_backing_file(folder or Path(tempfile.gettempdir()))
    try:
        yield path
    finally:
        os.close(descriptor)
        if path.parent.name != "fd":
            remove(path)


def _open_backing_file(folder: Path) -> tuple[int, Path]:
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # this file system has no nameless files
            descriptor = os.open(folder, os.O_RDWR | os.O_TMPFILE, PRIVATE)
            return descriptor, Path(f"/proc/{os.getpid()}/fd/{descriptor}")
    descriptor, name = tempfile.mkstemp(prefix=".archiver-", suffix=".part", dir=folder)
    return descriptor, Path(name)


@contextmanager
def open_temporary(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file for one writer, from its beginning; large pieces pass without a copy.

    What lay there is overwritten, not cut off first: giving the blocks back and
    taking them again costs more than the writing. The writer knows its length.
    """
    with failures_about(), path.open("r+b", buffering=0) as stream:
        yield stream


def empty(path: Path) -> None:
    """Give back the blocks of a file that stays."""
    with failures_about():
        os.truncate(path, 0)


def copy_range(source: BinaryIO, target: BinaryIO, *, at: int, size: int) -> None:
    """Copy the first ``size`` bytes of the file ``source`` to ``at`` in the file ``target``.

    The system copies without us where it can; on some disks both files then share the blocks.

    Raises:
        DiskFull, DiskFault: what the disk answered, or that ``source`` is shorter.
    """
    done = 0
    with failures_about():
        while done < size:
            moved = _moved(source, target, done, at + done, min(size - done, COPY_STEP))
            if moved == 0:
                raise DiskFault(reason=mark("a temporary file is shorter than it was"))
            done += moved


def _moved(source: BinaryIO, target: BinaryIO, start: int, at: int, size: int) -> int:
    if hasattr(os, "copy_file_range"):
        try:
            return os.copy_file_range(source.fileno(), target.fileno(), size, start, at)
        except OSError as fault:
            if fault.errno not in {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}:
                raise
    source.seek(start)
    piece = source.read(min(size, 1 << 20))
    target.seek(at)
    target.write(piece)
    target.flush()
    return len(piece)


@contextmanager
def scratch(folder: Path | None = None, *, prefix: str = SCRATCH) -> Iterator[Path]:
    """Make a private temporary folder that is gone when the block ends."""
    with failures_about():
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it."""
    with failures_about(folder):
        shutil.rmtree(folder)


@contextmanager
def folder_aside(target: Path, *, mode: int = 0o755) -> Iterator[Path]:
    """Make a folder that becomes ``target`` when the block ends well, and is gone otherwise.

    What a killed run left aside for the same target goes first, where a lock tells that it was killed (POSIX, lockf).

    Raises:
        AlreadyExists: when ``target`` is there.
        DiskFull, DiskFault: what the disk answered.
    """
    parent = target.absolute().parent
    prefix = f"{SCRATCH}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]}-"
    _remove_abandoned(parent.glob(f"{prefix}*"))
    with scratch(parent, prefix=prefix) as aside, _locked(aside), failures_about(target):
        inside = aside / "made"
        inside.mkdir(mode=mode)
        yield inside
        sync_folder(inside)
        if target.exists():
            raise AlreadyExists(path=str(target))
        inside.rename(target)
        sync_folder(target.absolute().parent)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock a temporary folder as long as this process is at work in it."""
    with failures_about(folder):
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        if hasattr(os, "lockf"):
            os.lockf(descriptor, os.F_TLOCK, 0)
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(folders: Iterable[Path]) -> None:
    """Remove those of the temporary ``folders`` that no process has locked; without locks all of them stay."""
    for folder in folders if hasattr(os, "lockf") else ():
        with suppress(OSError):  # somebody is at work there, or was quicker
            folder.rmdir()  # killed before it had a lock
        with suppress(OSError):
            descriptor = os.open(folder / _LOCK, os.O_RDWR)
            try:
                os.lockf(descriptor, os.F_TLOCK, 0)
                shutil.rmtree(folder)
            finally:
                os.close(descriptor)
