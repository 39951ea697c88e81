"""Files of a place of images: a folder, a disc, or an archive; archives with DICOM are unpacked, at two depths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from formats.dicom.header import PREFIX_END, looks_like_dicom, read_dicom_header
from formats.errors import Failure, FolderNotFound
from formats.findings import Finding, Severity
from formats.folders import NotAFolder, files_below, relative_text
from formats.outside_files.archives import OpenArchives, OutsideFile, is_archive_file, open_seekable
from formats.regular_files import open_regular
from formats.words import mark, plural

LOOKED_AT = 500
"""Files of a folder or an archive that are looked at; imaging programs mix few others in."""
DEPTH = 2
"""Archives within archives that are unpacked: one for each study, in one for the patient."""


def files_of_images(place: Path, archives: OpenArchives) -> Iterator[OutsideFile | Finding]:
    """Yield every file at ``place``: a folder, a DICOMDIR, or an archive of images, each with its location.

    Raises:
        FolderNotFound, NotAFolder: when it is none of these.
        LimitExceeded: when it holds too many files.
    """
    if not place.exists():
        raise FolderNotFound(path=str(place))
    root = _root(place)
    if root.is_file():
        yield from _unfolded(on_disk(root, root.parent), archives, DEPTH)
        return
    for path in files_below(root):
        if isinstance(path, Finding):
            yield path
        else:
            yield from _unfolded(on_disk(path, root), archives, DEPTH)


def holds_images(file: OutsideFile, archives: OpenArchives, depth: int = DEPTH) -> bool:
    """Tell whether ``file`` is an archive with a DICOM file among its first members, or in archives among these."""
    if depth == 0 or not is_archive_file(file):
        return False
    try:
        members = list(islice(archives.members_at(file), LOOKED_AT))
        return any(map(is_image, members)) or any(holds_images(one, archives, depth - 1) for one in members)
    except (Failure, OSError):
        return False


def is_image(file: OutsideFile) -> bool:
    """Tell by its first bytes whether ``file`` is DICOM."""
    try:
        with file.open() as stream:
            return looks_like_dicom(stream.read(PREFIX_END))
    except (Failure, OSError):
        return False


def on_disk(path: Path, folder: Path) -> OutsideFile:
    """Return the file at ``path`` below ``folder``, with its location."""
    where = relative_text(path, folder)
    return OutsideFile(name=where, place=where, open=partial(open_regular, path), location=(str(path),))


def _root(place: Path) -> Path:
    """Return the folder or archive that a person means by ``place``."""
    if not place.is_file():
        return place
    file = on_disk(place, place.parent)
    if is_archive_file(file):
        return place
    try:
        with open_seekable(file) as stream:
            if read_dicom_header(stream).is_directory:
                return place.parent
    except Failure:
        pass
    raise NotAFolder(folder=str(place))


def _unfolded(file: OutsideFile, archives: OpenArchives, depth: int) -> Iterator[OutsideFile | Finding]:
    """Yield ``file``, or in its stead the files of the archive of images that it is."""
    if not is_archive_file(file):
        yield file
        return
    try:
        members = list(archives.members_at(file))
    except Failure as fault:
        yield Finding(
            severity=Severity.WARNING,
            code="imaging-archive-closed",
            where=file.place,
            sentence=mark("This archive cannot be unpacked and is taken as it is: {reason}"),
            facts={"reason": fault},
        )
        yield file
        return
    if not holds_images(file, archives, depth):
        yield file
        return
    yield Finding(
        severity=Severity.NOTE,
        code="imaging-archive-unpacked",
        where=file.place,
        sentence=plural(
            "This archive holds images: its {count} file was read in its stead.",
            "This archive holds images: its {count} files were read in its stead.",
        ),
        facts={"count": len(members)},
    )
    for one in members:
        yield from _unfolded(one, archives, depth - 1)
