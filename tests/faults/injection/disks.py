"""Disks that fail: images on loop devices, cut at any moment by a reflinked copy, or read-only from one moment on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tools import need

MIB = 1 << 20
SIZES = {"ext4": 96 * MIB, "xfs": 320 * MIB, "btrfs": 256 * MIB}
"""Of an image of each file system: xfs takes no less than 300 MiB. What is empty takes nothing."""
MAKERS = {
    "ext4": ("-q", "-F"),
    "xfs": ("-q",),
    "btrfs": ("-q",),
}
OPTIONS = {"ext4": "loop,commit=300,errors=remount-ro", "xfs": "loop", "btrfs": "loop,commit=300"}
"""No file system writes down by itself, while a point is tried, what the program did not ask it to."""


def _run(*command: str | Path) -> None:
    done = subprocess.run([need(str(command[0])), *command[1:]], capture_output=True, check=False)
    assert done.returncode == 0, (command, done.stderr)


REFUSALS = (b"not permitted", b"permission denied", b"unknown filesystem", b"loop device", b"superuser")
"""What ``mount`` says where the machine lets nobody mount a disk, root included, or knows no such file system."""


def mount(*arguments: str | Path) -> None:
    """Mount a disk; skip where the machine lets nobody do it."""
    done = subprocess.run([need("mount"), *arguments], capture_output=True, check=False)
    if any(one in done.stderr for one in REFUSALS):
        pytest.skip(f"this machine mounts no such disk: {done.stderr.decode(errors='replace').strip()}")
    assert done.returncode == 0, (arguments, done.stderr)


@contextmanager
def mounted(image: Path, folder: Path, system: str) -> Iterator[Path]:
    """Mount an image on ``folder``."""
    folder.mkdir(exist_ok=True)
    mount("-t", system, "-o", OPTIONS[system], image, folder)
    try:
        yield folder
    finally:
        unmount(folder)


def unmount(folder: Path) -> None:
    """Unmount it, once nobody is at work there any more."""
    for _ in range(200):
        if subprocess.run([need("umount"), folder], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.05)
    _run("umount", "-l", folder)


def make_image(image: Path, system: str) -> None:
    """Make an empty file system in the file ``image``."""
    with image.open("wb") as stream:
        stream.truncate(SIZES[system])
    _run(f"mkfs.{system}", *MAKERS[system], image)


@contextmanager
def reflinking(folder: Path) -> Iterator[Path]:
    """Mount on ``folder`` a disk (XFS) whose files are copied by sharing their blocks, all at one moment."""
    image = folder.with_suffix(".img")
    with image.open("wb") as stream:
        stream.truncate(16 << 30)
    _run("mkfs.xfs", "-q", "-m", "reflink=1", image)
    with mounted(image, folder, "xfs"):
        yield folder
    image.unlink()


def reflink(source: Path, target: Path) -> None:
    """Copy an image as it is at this moment."""
    _run("cp", "--reflink=always", source, target)


def break_off(folder: Path) -> None:
    """Let an ext4 mounted with ``errors=remount-ro`` meet an error, upon which the kernel makes it read-only."""
    device = subprocess.run(
        [need("findmnt"), "-n", "-o", "SOURCE", folder], capture_output=True, check=True, encoding="utf-8"
    ).stdout.strip()
    Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("injected\n", encoding="ascii")
    with pytest.raises(
        OSError, match="Read-only"
    ) as refused:  # newer kernels say so of each write, not of the disk
        (folder / "written").write_bytes(b"")
    assert refused.value.errno == errno.EROFS


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of ``size`` bytes (tmpfs) on ``folder``."""
    folder.mkdir(exist_ok=True)
    mount("-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", folder)
    try:
        yield folder
    finally:
        unmount(folder)


def leave_free(folder: Path, size: int) -> Path:
    """Fill a disk but for ``size`` bytes; return the file that fills it."""
    free = os.statvfs(folder)
    filler = folder.parent / folder.name / "filler"
    pages = free.f_bavail - -(-size // free.f_frsize) - 1
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, pages) * free.f_frsize)
    return filler


def used(folder: Path) -> int:
    """Return how many bytes of a disk are taken."""
    return shutil.disk_usage(folder).used
