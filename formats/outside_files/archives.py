"""Files of a place from outside: of a folder, of the ZIP archives in it, of an archive within an archive."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from formats.digests import BUFFER
from formats.errors import Failure
from formats.media_types import HEAD, media_type
from formats.regular_files import open_regular
from formats.zip.archive import ZipArchive

ZIP = "application/zip"
_OPEN_ARCHIVES = 8
"""Archives that are open at a time: a folder may hold more than a process may open."""
_IN_MEMORY = 4 << 20
"""Bytes of an archive within an archive that wait in memory; a longer one waits in a temporary file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideFile:
    """A file; ``name`` is its path in the folder or archive it lies in, ``place`` names it in findings.

    ``size`` is its length in bytes, or -1 where only reading tells. ``location`` is its path, and behind it the
    names of the members that lead to it through archives; empty where nobody will ask for it again.
    """

    name: str
    place: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)
    size: int = -1
    location: tuple[str, ...] = ()

    @property
    def base_name(self) -> str:
        """The name without the folders above it."""
        return PurePosixPath(self.name).name


class OpenArchives:
    """ZIP archives, which stay open as long as ``stack``; a few at a time."""

    def __init__(self, stack: ExitStack) -> None:
        self._open: dict[str, tuple[BinaryIO, ZipArchive]] = {}
        stack.callback(self._close, 0)

    def files(self, path: Path, place: str) -> list[OutsideFile]:
        """Return the files of the archive at ``path``, which findings call ``place``.

        Raises:
            Failure: when it is not plain.
        """
        return self._files(partial(open_regular, path), str(path), place)

    def files_within(self, file: OutsideFile) -> list[OutsideFile]:
        """Return the files of the archive that ``file`` is, which is unpacked as a whole before.

        Raises:
            Failure: when it is not plain.
        """
        return self._files(partial(_unpacked, file.open), f"\0{file.place}", file.place)

    def members_at(self, file: OutsideFile) -> Iterator[OutsideFile]:
        """Yield the files of the archive that ``file`` is, each with its location.

        Raises:
            Failure: when it is not plain.
        """
        opener, key = self._at(file.location)
        for name, member in self._archive(opener, key).members.items():
            location = (*file.location, name)
            stream = partial(self._member, opener, key, name)
            yield OutsideFile(
                name=name, place=f"{file.place}/{name}", open=stream, size=member.size, location=location
            )

    def names_at(self, location: Sequence[str]) -> Collection[str]:
        """Return the names of the files of the archive at ``location``."""
        return self._archive(*self._at(location)).members.keys()

    def opener_at(self, location: Sequence[str]) -> Callable[[], BinaryIO]:
        """Return what opens the file at ``location``, on the disk or in an archive."""
        if len(location) == 1:
            return partial(open_regular, Path(location[0]))
        return partial(self._member, *self._at(location[:-1]), location[-1])

    def _at(self, location: Sequence[str]) -> tuple[Callable[[], BinaryIO], str]:
        """Return what opens the archive at ``location`` so that it can be read in any order, and its key."""
        opener = self.opener_at(location)
        return (opener if len(location) == 1 else partial(_unpacked, opener)), "\0".join(location)

    def _files(self, opener: Callable[[], BinaryIO], key: str, place: str) -> list[OutsideFile]:
        members = self._archive(opener, key).members
        return [
            OutsideFile(
                name=name,
                place=f"{place}/{name}",
                open=partial(self._member, opener, key, name),
                size=member.size,
            )
            for name, member in members.items()
        ]

    def _member(self, opener: Callable[[], BinaryIO], key: str, name: str) -> BinaryIO:
        return self._archive(opener, key).open(name)

    def _archive(self, opener: Callable[[], BinaryIO], key: str) -> ZipArchive:
        if key not in self._open:
            self._close(_OPEN_ARCHIVES - 1)
            source = opener()
            try:
                self._open[key] = source, ZipArchive(source, foreign=True)
            except BaseException:
                source.close()
                raise
        return self._open[key][1]

    def _close(self, down_to: int) -> None:
        while len(self._open) > down_to:
            source, _ = self._open.pop(next(iter(self._open)))
            source.close()


def is_archive(path: Path) -> bool:
    """Tell by its first bytes whether the file at ``path`` is a ZIP archive."""
    return is_archive_file(OutsideFile(name=path.name, place=path.name, open=partial(open_regular, path)))


def is_archive_file(file: OutsideFile) -> bool:
    """Tell by its first bytes whether ``file`` is a ZIP archive."""
    try:
        with file.open() as stream:
            return media_type(stream.read(HEAD), file.name) == ZIP
    except (OSError, Failure):
        return False


def open_seekable(file: OutsideFile) -> BinaryIO:
    """Open ``file`` so that it can be read in any order; a long member of an archive is unpacked for that."""
    stream = file.open()
    if stream.seekable():
        return stream
    stream.close()
    return _unpacked(file.open)


def _unpacked(opener: Callable[[], BinaryIO]) -> BinaryIO:
    """Return the bytes of a file where they can be read in any order; they go when it is closed."""
    with opener() as stream:
        head = stream.read(_IN_MEMORY + 1)
        if len(head) <= _IN_MEMORY:
            return io.BytesIO(head)
        with ExitStack() as stack:
            target = stack.enter_context(tempfile.TemporaryFile())
            target.write(head)
            shutil.copyfileobj(stream, target, BUFFER)
            target.seek(0)
            stack.pop_all()
    return target
