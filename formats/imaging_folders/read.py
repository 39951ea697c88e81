"""Studies and other files at a place of images: each file is an instance, a document, or named in a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from formats.dicom.read import FoundStudy, OtherFile, studies_among
from formats.findings import Finding
from formats.imaging_folders.documents import OtherFiles
from formats.imaging_folders.files import files_of_images
from formats.outside_files.archives import OpenArchives, OutsideFile
from formats.papers.paper import FoundPaper


def find_images(place: Path, archives: OpenArchives) -> Iterator[FoundStudy | FoundPaper | Finding]:
    """Yield what is noticed in each file at ``place`` and the documents among them, then the studies by their UIDs.

    Raises:
        FolderNotFound, NotAFolder: when there is neither a folder, nor a DICOMDIR or an archive of images.
        LimitExceeded: when it holds too many files.
    """
    return images_among(files_of_images(place, archives), archives, every=False)


def images_among(
    files: Iterable[OutsideFile | Finding], archives: OpenArchives, *, every: bool
) -> Iterator[FoundStudy | FoundPaper | Finding]:
    """Yield the documents and the studies among ``files``; with ``every`` all that is no image is a document."""
    others = OtherFiles(every=every)
    for found in studies_among(files, archives):
        if isinstance(found, OtherFile):
            yield from others.read(found)
        else:
            yield found
