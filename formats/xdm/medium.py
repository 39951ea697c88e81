"""Media at a place: folders and ZIP archives with IHE_XDM/SUBSETnn/METADATA.XML, whatever the case of their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from formats.errors import Failure, FormatFailure, not_found
from formats.findings import Finding
from formats.folders import as_finding, files_below, relative_text
from formats.media_types import HEAD, media_type
from formats.regular_files import open_regular
from formats.words import mark
from formats.zip.archive import ZipArchive

METADATA = "metadata.xml"
ROOT = "ihe_xdm"
ZIP = "application/zip"
_OPEN_ARCHIVES = 8
_LOOKED_AT = 500


class NotMedium(FormatFailure):
    """A place where no medium lies."""

    code = "not-xdm"
    sentence = mark("There is no medium of documents here (IHE_XDM/SUBSET01/METADATA.XML).")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subset:
    """One submission of a medium: its metadata, and the files of its folder by their names without case.

    ``place`` names it in findings.
    """

    place: str
    metadata: Callable[[], BinaryIO]
    files: dict[str, MediumFile]


@dataclass(frozen=True, kw_only=True, slots=True)
class MediumFile:
    """A file of a medium; ``place`` names it in findings."""

    name: str
    place: str
    open: Callable[[], BinaryIO]


def subsets_at(place: Path, stack: ExitStack) -> Iterator[Subset | MediumFile | Finding]:
    """Yield the submissions at ``place``, then the files beside them; archives stay open as long as ``stack``.

    Raises:
        FileNotFound, NotMedium: when no medium is there.
        ZipRefused: when ``place`` is an archive that is not plain.
    """
    if not place.exists():
        raise not_found(place)
    archives = _OpenArchives(stack)
    if not place.is_dir():
        yield from _of_files(archives.files(place, place.name), place.name)
        return
    files: list[MediumFile] = []
    found = False
    for path in files_below(place):
        if isinstance(path, Finding):
            yield path
            continue
        where = relative_text(path, place)
        if not _is_archive(path):
            files.append(MediumFile(name=where, place=where, open=partial(open_regular, path)))
            continue
        try:
            inside = archives.files(path, where)
        except Failure as fault:
            yield as_finding(fault, where)
            continue
        if any(_is_metadata(one.name) for one in inside):
            found = True
            yield from _of_files(inside, where)
        else:
            files.append(MediumFile(name=where, place=where, open=partial(open_regular, path)))
    if found and not any(_is_metadata(one.name) for one in files):
        yield from files
    else:
        yield from _of_files(files, str(place))


def is_xdm(place: str) -> bool:
    """Tell whether ``place`` is a medium, or a folder with one, by the names of its first files and archives."""
    path = Path(place)
    with ExitStack() as stack:
        archives = _OpenArchives(stack)
        if path.is_file():
            return _is_archive(path) and _holds_metadata(path, archives)
        if not path.is_dir():
            return False
        files = [one for one in islice(files_below(path), _LOOKED_AT) if isinstance(one, Path)]
        if any(_is_metadata(relative_text(one, path)) for one in files):
            return True
        return any(_holds_metadata(one, archives) for one in files if _is_archive(one))


def _holds_metadata(path: Path, archives: _OpenArchives) -> bool:
    try:
        return any(_is_metadata(one.name) for one in archives.files(path, path.name))
    except Failure:
        return False


def _is_archive(path: Path) -> bool:
    try:
        with open_regular(path) as stream:
            return media_type(stream.read(HEAD), path.name) == ZIP
    except (OSError, Failure):
        return False


class _OpenArchives:
    """Archives of which a few are open at a time: a folder may hold more than a process may open."""

    def __init__(self, stack: ExitStack) -> None:
        self._open: dict[Path, tuple[BinaryIO, ZipArchive]] = {}
        stack.callback(self._close, 0)

    def files(self, path: Path, place: str) -> list[MediumFile]:
        """Return the files of the archive at ``path``.

        Raises:
            Failure: when it is not plain.
        """
        names = self._archive(path).members
        return [
            MediumFile(name=name, place=f"{place}/{name}", open=partial(self._member, path, name))
            for name in names
        ]

    def _member(self, path: Path, name: str) -> BinaryIO:
        return self._archive(path).open(name)

    def _archive(self, path: Path) -> ZipArchive:
        if path not in self._open:
            self._close(_OPEN_ARCHIVES - 1)
            source = open_regular(path)
            try:
                self._open[path] = source, ZipArchive(source)
            except BaseException:
                source.close()
                raise
        return self._open[path][1]

    def _close(self, down_to: int) -> None:
        while len(self._open) > down_to:
            source, _ = self._open.pop(next(iter(self._open)))
            source.close()


def _is_metadata(name: str) -> bool:
    parts = PurePosixPath(name.casefold()).parts
    return parts[-1] == METADATA and ROOT in parts[:-1]


def _of_files(files: list[MediumFile], place: str) -> Iterator[Subset | MediumFile]:
    folders: dict[str, Subset] = {}
    for one in files:
        if _is_metadata(one.name):
            folder = _folder(one.name)
            folders[folder] = Subset(place=one.place, metadata=one.open, files={})
    if not folders:
        raise NotMedium(where=place)
    beside: list[MediumFile] = []
    for one in files:
        subset = folders.get(_folder(one.name))
        if subset is None:
            beside.append(one)
        elif not _is_metadata(one.name):
            subset.files[PurePosixPath(one.name.casefold()).name] = one
    yield from (folders[name] for name in sorted(folders))
    yield from beside


def _folder(name: str) -> str:
    return str(PurePosixPath(name.casefold()).parent)
