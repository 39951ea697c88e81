"""A folder, or a part of another container, into which the parts of an archive are written as files."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Self

from archiver import disk
from formats.paths import safe_path
from formats.pdlgc.members import ArchiveContainer, OpenMember


class FolderContainer:
    """Writes each member as a file of ``root``, which only its owner may read; ``size`` counts bytes.

    After the block no file is open, however it ended: Windows deletes none that is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: BinaryIO | None = None
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._last:
            with disk.failures_about():
                self._last.close()

    def begin(self, name: str, /, *, size: int = 0) -> OpenMember:  # noqa: ARG002 - no file needs it
        """Begin a file; folders above it are made.

        Raises:
            UnsafeName: when no system, or not every one, takes the name.
            DiskFull, DiskFault: what the disk answered.
        """
        path = self._root / safe_path(name)
        disk.make_private_folder(path.parent)
        self._last = disk.open_new(path)
        return _OpenFile(self, self._last)

    def add_whole(self, name: str, data: bytes, /) -> None:
        """Write a file at once; otherwise as ``begin``."""
        member = self.begin(name)
        member.write(data)
        member.end()

    def finish(self) -> int:
        """Return the bytes of all files."""
        return self.size


class _OpenFile:
    def __init__(self, container: FolderContainer, stream: BinaryIO) -> None:
        self._container = container
        self._stream = stream

    def write(self, data: bytes | memoryview, /) -> int:
        with disk.failures_about():
            self._stream.write(data)
        self._container.size += len(data)
        return len(data)

    def end(self) -> None:
        with disk.failures_about():
            self._stream.close()


class ContainerFolder:
    """One folder of a container that others share, or all of it; its end is not the container's."""

    def __init__(self, container: ArchiveContainer, folder: str = "") -> None:
        self._container = container
        self.folder = folder

    def begin(self, name: str, /, *, size: int = 0) -> OpenMember:
        """Begin a member in the folder."""
        return self._container.begin(self._place(name), size=size)

    def add_whole(self, name: str, data: bytes, /) -> None:
        """Write a member of the folder."""
        self._container.add_whole(self._place(name), data)

    def finish(self) -> int:
        """Leave the container open."""
        return 0

    def _place(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name
