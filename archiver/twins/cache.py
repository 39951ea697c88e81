"""Cache of readable copies, by the digest of all that they depend on: in a private folder, within a limit of bytes.

It is patients' data: whoever wants one names its folder, and removes it with them. A copy is checked before it is used.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from archiver import disk
from archiver.twins.request import MadeCopy
from formats.digests import digest_of_file
from formats.errors import Failure

MAX_CACHE_BYTES = 4 << 30
"""Bytes of a cache; what was used longest ago goes first."""
_ENTRY = re.compile(r"([0-9a-f]{64})-([0-9a-f]{64})\.pdf")


class CopyCache:
    """Copies in ``folder``, which is made when it is not there.

    Raises:
        DiskFull, DiskFault: what the disk answered.
    """

    def __init__(self, folder: Path, *, most: int = MAX_CACHE_BYTES) -> None:
        disk.make_private_folder(folder)
        self._folder = folder
        self._most = most
        self._bytes = 0
        self._entries: dict[str, tuple[Path, int]] = {}
        with disk.failures_about(folder):
            found = [(path, path.stat()) for path in folder.iterdir() if _ENTRY.fullmatch(path.name)]
        for path, state in sorted(found, key=lambda one: one[1].st_mtime):
            self._add(path.name[:64], path, state.st_size)

    def get(self, key: str, target: Path) -> MadeCopy | None:
        """Copy the entry of ``key`` to ``target``; nothing when there is none, or not the one that was put there."""
        path, size = self._entries.get(key, (None, 0))
        if path is None:
            return None
        try:
            with disk.failures_about(path):
                shutil.copyfile(path, target)
                path.touch()
            digest, _ = digest_of_file(target)
        except Failure:  # somebody else removed it: it is made again
            digest = None
        if digest is None or f"{key}-{digest.hex}.pdf" != path.name:
            self._drop(key)
            return None
        self._entries[key] = self._entries.pop(key)
        return MadeCopy(size=size, digest=digest)

    def put(self, key: str, made: MadeCopy, source: Path) -> None:
        """Add the copy at ``source``, unless it alone is beyond the limit."""
        path = self._folder / f"{key}-{made.digest.hex}.pdf"
        if made.size > self._most or key in self._entries:
            return
        while self._entries and self._bytes + made.size > self._most:
            self._drop(next(iter(self._entries)))
        with (
            disk.write_aside(path, mode=disk.PRIVATE, replace=True, settled=False) as copy,
            source.open("rb") as stream,
        ):
            shutil.copyfileobj(stream, copy)
        self._add(key, path, made.size)

    def _add(self, key: str, path: Path, size: int) -> None:
        self._entries[key] = (path, size)
        self._bytes += size

    def _drop(self, key: str) -> None:
        path, size = self._entries.pop(key)
        self._bytes -= size
        disk.remove(path)
