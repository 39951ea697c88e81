"""Plain archives at a place: folders and ZIP archives with ``DATA/SHA256.TXT``, and what lies beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from formats.errors import Failure, FormatFailure, not_found
from formats.findings import Finding, Severity
from formats.folders import as_finding, files_below, relative_text
from formats.outside_files.archives import is_archive
from formats.outside_files.folder import FolderArchive
from formats.pdlgc import layout
from formats.regular_files import open_regular
from formats.words import mark
from formats.zip.archive import ZipArchive

_LOOKED_AT = 500
_SEALED_LIST = "PATIENTS.CSV"
_ENCRYPTED_FLAG = 1
_ASIC_NAME = b"mimetype"
_ASIC = b"application/vnd.etsi.asic-e+zip"
_LOCAL_HEADER_BYTES = 30

_OTHER = mark("This file is no part of a plain archive: it is not taken.")
_LISTED = mark("The list of those whose folders lie here: it is not read, for each folder says the same.")


class NotPlainArchive(FormatFailure):
    """A place where no plain archive lies."""

    code = "not-plain-archive"
    sentence = mark(
        "There is no plain archive here (DATA/SHA256.TXT with DATA/DOSSIER.JSO or DATA/PRACTICE.JSO)."
    )


class PackageSealed(FormatFailure):
    """A sealed package, or a ZIP under a passphrase, where plain archives are collected."""

    code = "package-sealed"
    sentence = mark(
        "This is sealed. A package comes in with “archiver import”, which needs its key; a ZIP under a passphrase is "
        "first unpacked with the passphrase."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainArchive:
    """A plain archive at ``place`` (for findings); ``open`` gives its bytes, or its folder, while the block lasts."""

    place: str
    path: Path
    members: frozenset[str]

    @contextmanager
    def open(self) -> Iterator[BinaryIO | FolderArchive]:
        """Open the archive."""
        if self.path.is_dir():
            yield FolderArchive(self.path)
        else:
            with open_regular(self.path) as stream:
                yield stream

    @property
    def of_practice(self) -> bool:
        """Whether it is the archive of a practice, and not a dossier."""
        return layout.PRACTICE in self.members


def archives_at(place: Path) -> Iterator[PlainArchive | Finding]:
    """Yield every plain archive at ``place``, and a finding for every other file.

    Raises:
        FileNotFound: when nothing is there; NotARegularFile: when a device is; NotPlainArchive: when no archive is.
        PackageSealed, ZipRefused, UnsafeName, LimitExceeded: when ``place`` is an archive of another kind.
    """
    if not place.exists():
        raise not_found(place)
    if not place.is_dir():
        open_regular(place).close()  # a device is refused as one
        found = _zip_archive(place, place.name)
        if found is None:
            raise NotPlainArchive(where=place.name)
        yield found
        return
    paths: list[Path] = []
    others: list[Finding] = []
    for one in files_below(place):
        if isinstance(one, Finding):
            others.append(one)
        else:
            paths.append(one)
    folders = _folders(place, paths)
    seen = False
    for folder in folders.values():
        seen = True
        yield folder
    for path in paths:
        if any(
            relative_text(parent, place) in folders for parent in path.parents if _is_below(parent, place)
        ):
            continue
        beside = _beside(path, relative_text(path, place))
        seen = seen or isinstance(beside, PlainArchive) or beside.code == PackageSealed.code
        yield beside
    if not seen:
        raise NotPlainArchive(where=str(place))
    yield from others


def _is_below(path: Path, place: Path) -> bool:
    return path == place or place in path.parents


def _folders(place: Path, paths: list[Path]) -> dict[str, PlainArchive]:
    """Return the folders among ``paths`` in which an archive lies unpacked, by their names."""
    names = {relative_text(one, place) for one in paths}
    found: dict[str, PlainArchive] = {}
    for name in sorted(names):
        if PurePosixPath(name).parts[-2:] != PurePosixPath(layout.SUMS).parts:
            continue
        root = PurePosixPath(name).parent.parent
        members = frozenset(one for one in (layout.DOSSIER, layout.PRACTICE) if str(root / one) in names)
        if members:
            path = place / root
            found[relative_text(path, place)] = PlainArchive(
                place=str(root) if str(root) != "." else place.name, path=path, members=members
            )
    return found


def _beside(path: Path, where: str) -> PlainArchive | Finding:
    if path.name == _SEALED_LIST:
        return Finding(severity=Severity.NOTE, code="archive-list", where=where, sentence=_LISTED)
    try:
        found = _zip_archive(path, where)
    except Failure as fault:
        return as_finding(fault, where)
    other = Finding(severity=Severity.WARNING, code="archive-file-other", where=where, sentence=_OTHER)
    return found or other


def _zip_archive(path: Path, where: str) -> PlainArchive | None:
    """Return the archive that the file at ``path`` is; nothing for a file of another kind.

    Raises:
        PackageSealed, ZipRefused, UnsafeName, LimitExceeded: as ``archives_at``.
    """
    if not is_archive(path):
        return None
    if is_sealed(path):
        raise PackageSealed(where=where)
    with open_regular(path) as stream:
        members = frozenset(ZipArchive(stream).members)
    if layout.SUMS not in members or not members & {layout.DOSSIER, layout.PRACTICE}:
        return None
    return PlainArchive(place=where, path=path, members=members & {layout.DOSSIER, layout.PRACTICE})


def is_sealed(path: Path) -> bool:
    """Tell by its first member whether the ZIP at ``path`` is a package (ASiC-E), or encrypted."""
    with open_regular(path) as stream:
        header = stream.read(_LOCAL_HEADER_BYTES)
        if len(header) < _LOCAL_HEADER_BYTES:
            return False
        name = stream.read(int.from_bytes(header[26:28], "little"))
        stream.seek(int.from_bytes(header[28:30], "little"), 1)
        encrypted = bool(int.from_bytes(header[6:8], "little") & _ENCRYPTED_FLAG)
        return encrypted or (name == _ASIC_NAME and stream.read(len(_ASIC)) == _ASIC)


def is_plain_archive(place: str) -> bool:
    """Tell whether plain archives, or sealed ones, lie at ``place``, by its first files."""
    path = Path(place)
    if path.is_file():
        return _is_one(path)
    if not path.is_dir():
        return False
    files = [one for one in islice(files_below(path), _LOOKED_AT) if isinstance(one, Path)]
    return bool(_folders(path, files)) or any(map(_is_one, files))


def _is_one(path: Path) -> bool:
    try:
        return _zip_archive(path, path.name) is not None
    except PackageSealed:
        return True
    except (Failure, OSError):
        return False
