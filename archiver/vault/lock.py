"""Lock of a vault: one command at a time changes it, and the others are told which one that is.

The system holds the lock for the process and lets go of it however the process ends, so that no lock is ever left
behind: ``flock`` where there is one, a locked byte on Windows, far behind what the file says.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

from archiver import disk
from archiver.vault.errors import VaultBusy
from formats.words import mark

NAME = "vault.lock"
PAUSE = 0.02
"""Seconds between two attempts to get a lock that another process has."""
MAX_LOCK_BYTES = 4096
"""Bytes of what the holder of a lock says of itself."""
_LOCKED_BYTE = 1 << 20
"""Place of the byte that Windows locks: what is locked there nobody else can read."""


@contextmanager
def vault_lock(
    folder: Path, command: str, *, at: datetime, name: str = NAME, patience: float = 0
) -> Iterator[None]:
    """Hold the lock of the vault in ``folder`` for ``command``; wait ``patience`` seconds for another process.

    ``name`` is the file of the lock.

    Raises:
        VaultBusy: when another process has it; DiskFault.
    """
    path = folder / name
    with disk.failures_about(path):
        raw = FileIO(path, "r+b" if path.exists() else "w+b")
    with raw:
        if not _acquired_within(raw, patience):
            raise VaultBusy(where=str(folder), holder=_holder(raw))
        holder = {
            "command": command,
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": at.isoformat(),
        }
        with disk.failures_about(path):
            raw.truncate(0)
            raw.write((json.dumps(holder) + "\n").encode())
        try:
            yield
        finally:
            with suppress(OSError):
                raw.truncate(0)


def _acquired_within(raw: FileIO, patience: float) -> bool:
    until = time.monotonic() + patience
    while not _acquire(raw):
        if time.monotonic() >= until:
            return False
        time.sleep(PAUSE)
    return True


def _holder(raw: FileIO) -> str:
    """Return what the holder says of itself, as one line."""
    try:
        raw.seek(0)
        stated = json.loads(raw.read(MAX_LOCK_BYTES))
        return "{command}, process {process} on {host}, since {since}".format(**stated)
    except (OSError, ValueError, KeyError, TypeError):
        return mark("it has not said which")


if sys.platform == "win32":
    import msvcrt

    def _acquire(raw: FileIO) -> bool:
        """Lock one byte for as long as ``raw`` is open; tell whether nobody else has."""
        raw.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(raw.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        raw.seek(0)
        return True

else:
    import fcntl

    def _acquire(raw: FileIO) -> bool:
        """Lock the file for as long as ``raw`` is open; tell whether nobody else has."""
        try:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
