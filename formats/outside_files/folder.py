"""A folder from outside that is read like an archive: its files by name, each one accounted for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from formats.findings import Finding
from formats.folders import files_below, relative_text
from formats.regular_files import open_raw, read_regular
from formats.zip.limits import PART_SIZE

_AT_ONCE = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderMember:
    """A file of a folder that is read like a member of an archive; ``size`` is its length in bytes."""

    path: Path
    size: int


class FolderArchive:
    """The files below ``folder``, by their names in NFC, with what ``ZipArchive`` has of members.

    Raises:
        FolderNotFound, LimitExceeded: as ``files_below``.
    """

    def __init__(self, folder: Path) -> None:
        self.findings: list[Finding] = []
        self.members: dict[str, FolderMember] = {}
        for found in files_below(folder):
            if isinstance(found, Finding):
                self.findings.append(found)
            else:
                name = unicodedata.normalize("NFC", relative_text(found, folder))
                self.members[name] = FolderMember(path=found, size=found.stat().st_size)

    def at_once(self, name: str) -> bytes | None:
        """Return all of a short file; of a longer one nothing, for it is read as a stream."""
        member = self.members[name]
        return None if member.size > _AT_ONCE else self.read(name, limit=_AT_ONCE)

    def read(self, name: str, *, limit: int) -> bytes:
        """Return all of a file that is at most ``limit`` bytes long."""
        return read_regular(self.members[name].path, limit, PART_SIZE)

    def stream(self, name: str) -> RawIOBase:
        """Return the bytes of a file, unbuffered."""
        return open_raw(self.members[name].path)
