"""DICOM images as a source, told by the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from formats.folders import files_below
from formats.media_types import HEAD, media_type
from formats.reading import SourceDescription
from formats.regular_files import open_regular

if TYPE_CHECKING:
    from formats.dicom.study import FoundStudy
    from formats.findings import Finding

LOOKED_AT = 500
"""Files of a folder that are looked at; imaging programs mix few others in."""


def is_dicom(place: str) -> bool:
    """Tell whether ``place`` is a folder with a DICOMDIR or a DICOM file, or one of both."""
    path = Path(place)
    if not path.is_dir():
        return path.is_file() and _is_image(path)
    files = (one for one in islice(files_below(path), LOOKED_AT) if isinstance(one, Path))
    return any(one.name.upper() == "DICOMDIR" or _is_image(one) for one in files)


def _is_image(path: Path) -> bool:
    try:
        with open_regular(path) as stream:
            return media_type(stream.read(HEAD)) == "application/dicom"
    except OSError:
        return False


def open_images(place: str, /) -> AbstractContextManager[Iterator[FoundStudy | Finding]]:
    """Give the studies at ``place``; raises as ``formats.dicom.read.find_studies``."""
    from formats.dicom.read import find_studies

    return nullcontext(find_studies(Path(place)))


SOURCE = SourceDescription(open=open_images, recognize=is_dicom)
