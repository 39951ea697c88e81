"""The only module that renames, syncs or removes files.

A finished file appears whole under its name or not at all: it is written
aside in the same folder, synced, renamed, and the folder synced. What this
cannot promise: a disk that lies about syncing, a network share without
atomic rename; Windows has no folder sync, so there the rename itself is
as durable as NTFS makes it.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from archiver.errors import AlreadyExists, DiskFault, DiskFull
from formats.errors import FolderNotFound, not_found, reason_of

PRIVATE = 0o600
"""Mode of a file only its owner may read; Windows keeps the folder's access list instead."""
PRIVATE_FOLDER = 0o700
"""Mode of a folder whose names only its owner may read."""
PUBLIC = 0o644
"""Mode of a file that others may read: what is in it is public, or sealed."""
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 20
FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


@contextmanager
def failures_about(place: Path | None = None) -> Iterator[None]:
    """Turn the operating system's disk errors into failures with a code, about ``place`` if it is given."""
    try:
        yield
    except OSError as fault:
        if fault.errno in FULL:
            raise DiskFull from fault
        if fault.errno is None:
            raise
        where = str(place or fault.filename or "")
        if fault.errno == errno.ENOENT and where:
            raise not_found(Path(where)) from fault
        raise DiskFault(where=where, reason=reason_of(fault)) from fault


@contextmanager
def write_aside(
    target: Path, *, mode: int = PUBLIC, replace: bool = False, settled: bool = True
) -> Iterator[BinaryIO]:
    """Open a file that becomes ``target`` when the block ends well, and vanishes otherwise.

    The stream can be read, written and sought. Where the system has nameless
    files (Linux), not even a killed process leaves anything behind, unless it is
    killed between the two steps of replacing a file; elsewhere a ``.part`` file
    may stay after a power cut. A writer of many files passes ``settled=False``
    and calls :func:`settle` once before it says that they are there.

    Raises:
        AlreadyExists: when ``target`` exists and ``replace`` is false.
        DiskFull, DiskFault: what the disk answered.
    """
    if not replace and target.exists():
        raise AlreadyExists(path=str(target))
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    with failures_about(target):
        descriptor, named = open_aside(aside, mode)
        _settle_mode(descriptor, mode)
    with failures_about():
        try:
            with os.fdopen(descriptor, "w+b") as stream:
                yield stream
                stream.flush()
                if settled:
                    os.fsync(stream.fileno())
                if not named:
                    give_name(stream.fileno(), aside if replace else target)
            if named or replace:
                _put_in_place(aside, target, replace=replace)
            if settled:
                sync_folder(target.parent)
        except BaseException:
            with suppress(FileNotFoundError):
                aside.unlink()
            raise


def open_aside(aside: Path, mode: int) -> tuple[int, bool]:
    """Open the file ``aside`` to write to; return its descriptor, and whether it has that name already.

    Where the system has nameless files it has none until ``give_name``.
    """
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # this file system has no nameless files
            return os.open(aside.parent, os.O_RDWR | os.O_TMPFILE, mode), False
    return os.open(aside, _NEW, mode), True


def give_name(descriptor: int, name: Path) -> None:
    """Give a nameless file a name nobody has: open(2), O_TMPFILE.

    The folder descriptor is ignored beside an absolute path; it is there because
    only with one does Python ask the system to follow the link in /proc.
    """
    try:
        os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)
    except FileExistsError as fault:
        raise AlreadyExists(path=str(name)) from fault


def _put_in_place(aside: Path, target: Path, *, replace: bool) -> None:
    """Give the finished file its name; without ``replace`` only if nobody else took it meanwhile."""
    if replace:
        aside.replace(target)
    else:
        name_if_free(aside, target)


def name_if_free(aside: Path, target: Path) -> None:
    """Give the finished file ``aside`` the name ``target`` if nobody has it.

    Raises:
        AlreadyExists: when somebody was quicker.
    """
    try:
        os.link(aside, target)
    except FileExistsError as fault:
        raise AlreadyExists(path=str(target)) from fault
    except OSError:  # no hard links on this disk: between the check and here a second writer could win
        aside.replace(target)
    else:
        aside.unlink()


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read.

    Raises:
        AlreadyExists: when somebody was quicker.
    """
    try:
        with failures_about(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE)
            _settle_mode(descriptor, PRIVATE)
            os.close(descriptor)
    except DiskFault as fault:
        if isinstance(fault.__cause__, FileExistsError):
            raise AlreadyExists(path=str(path)) from fault
        raise


def _settle_mode(descriptor: int, mode: int) -> None:
    """Give a private file its mode whatever the umask takes away; Windows keeps the folder's access list."""
    if mode == PRIVATE and hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


def make_private_folder(folder: Path) -> None:
    """Make ``folder``, and those above it that are not there, so that only their owner may look in, under any umask.

    One that is there already keeps its mode: others may have been let in on purpose.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """
    with failures_about(folder):
        missing = list(takewhile(lambda one: not one.exists(), (folder, *folder.parents)))
        for one in reversed(missing):
            with suppress(FileExistsError):
                one.mkdir(mode=PRIVATE_FOLDER)
                one.chmod(PRIVATE_FOLDER)
        if not folder.is_dir():
            raise FileExistsError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def is_open_to_writers(folder: Path) -> bool:
    """Tell whether others than the owner may write into ``folder``; Windows, which has no such mode, is not asked."""
    try:
        return os.name == "posix" and bool(folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    except OSError:  # it is not there yet
        return False


def write_new(path: str, source: BinaryIO) -> None:
    """Write what is left of ``source`` into a new file that only its owner may read, and that nobody relies on yet.

    A practice's files come by the ten thousand: so without a stream, a name aside, or a wait for the disk.

    Raises:
        DiskFull, DiskFault: what the disk answered; what is written so far stays.
    """
    with failures_about():
        descriptor = os.open(path, _NEW, PRIVATE)
        try:
            _settle_mode(descriptor, PRIVATE)
            while piece := source.read(_PIECE):
                left = memoryview(piece)
                while left:
                    left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)


def open_new(path: Path) -> BinaryIO:
    """Open a new file that only its owner may read, and that nobody relies on yet.

    Raises:
        DiskFull, DiskFault: what the disk answered, also that something lies there.
    """
    with failures_about(path):
        descriptor = os.open(path, _NEW, PRIVATE)
        _settle_mode(descriptor, PRIVATE)
        return os.fdopen(descriptor, "wb")


def move_in_place(aside: str, target: str, *, settled: bool) -> None:
    """Give the finished file ``aside`` the name ``target``, on the same disk, whatever has it.

    With ``settled`` it is durable afterwards, else when :func:`settle` was called.
    """
    with failures_about():
        if settled:
            with Path(aside).open("r+b") as stream:
                os.fsync(stream.fileno())
        os.replace(aside, target)  # noqa: PTH105 - paths without their objects
        if settled:
            sync_folder(Path(target).parent)


def make_durable(stream: BinaryIO) -> None:
    """Make what was written to the file ``stream`` durable; its name is another matter (``sync_folder``)."""
    stream.flush()
    os.fsync(stream.fileno())


def forget_pages(stream: BinaryIO) -> None:
    """Ask the system to let go of what it has of the synced file ``stream`` in memory: what is read next is the disk's.

    Systems without a way to ask keep it, and the next reading compares memory.
    """
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def settle(paths: Iterable[Path]) -> None:
    """Make files that were written with ``settled=False`` durable, together with their names.

    One call to the system where it has one for everything; waiting for each
    file by itself takes minutes for the files of a practice.
    """
    with failures_about():
        if hasattr(os, "sync"):
            os.sync()
            return
        for path in paths:
            with path.open("r+b") as stream:
                os.fsync(stream.fileno())


def free_bytes(folder: Path) -> int:
    """Return how many bytes somebody without privileges can still write into ``folder``.

    Raises:
        FolderNotFound, DiskFault: what the disk answered.
    """
    if not folder.is_dir():
        raise FolderNotFound(path=str(folder))
    with failures_about(folder):
        return shutil.disk_usage(folder).free


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable where the system has a way to."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(target: Path, text: str, *, mode: int = PUBLIC, replace: bool = False) -> None:
    """Write ``text`` as UTF-8 with ``\\n`` line ends, whole or not at all."""
    with write_aside(target, mode=mode, replace=replace) as stream:
        stream.write(text.encode("utf-8"))


def remove(path: Path) -> None:
    """Remove one file; a file that is already gone is no fault."""
    with failures_about(), suppress(FileNotFoundError):
        path.unlink()


def remove_empty_folder(folder: Path) -> None:
    """Remove ``folder`` if nothing is in it; anything else stays."""
    with suppress(OSError):
        folder.rmdir()
