"""DICOM images as a source, told by the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from formats.folders import files_below
from formats.media_types import HEAD, media_type
from formats.reading import SourceDescription
from formats.regular_files import open_regular
from formats.words import mark

if TYPE_CHECKING:
    from formats.dicom.study import FoundStudy
    from formats.findings import Finding
    from formats.papers.paper import FoundPaper

LOOKED_AT = 500
"""Files of a folder that are looked at; imaging programs mix few others in."""


def is_dicom(place: str) -> bool:
    """Tell whether ``place`` is a folder with a DICOMDIR, a DICOM file or an archive of these, or one of them."""
    path = Path(place)
    if path.is_file():
        return _is_image(path) or _is_archive_of_images(path)
    if not path.is_dir():
        return False
    files = [one for one in islice(files_below(path), LOOKED_AT) if isinstance(one, Path)]
    if any(one.name.upper() == "DICOMDIR" or _is_image(one) for one in files):
        return True
    return any(map(_is_archive_of_images, files))


def _is_image(path: Path) -> bool:
    try:
        with open_regular(path) as stream:
            return media_type(stream.read(HEAD)) == "application/dicom"
    except OSError:
        return False


def _is_archive_of_images(path: Path) -> bool:
    from formats.outside_files.archives import OpenArchives, is_archive

    if not is_archive(path):
        return False
    from formats.imaging_folders.files import holds_images, on_disk

    with ExitStack() as stack:
        return holds_images(on_disk(path, path.parent), OpenArchives(stack))


@contextmanager
def open_images(place: str, /) -> Iterator[Iterator[FoundStudy | FoundPaper | Finding]]:
    """Give the studies and other files at ``place``; raises as ``formats.imaging_folders.read.find_images``."""
    from formats.imaging_folders.read import find_images
    from formats.outside_files.archives import OpenArchives

    with ExitStack() as stack:
        yield find_images(Path(place), OpenArchives(stack))


SOURCE = SourceDescription(title=mark("DICOM images"), open=open_images, recognize=is_dicom)
