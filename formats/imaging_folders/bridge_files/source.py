"""Folders of imaging software as a source, told by the bridge files in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from formats.folders import files_below
from formats.reading import SourceDescription
from formats.words import mark

if TYPE_CHECKING:
    from formats.findings import Finding
    from formats.imaging_folders.bridges import BridgedItem

LOOKED_AT = 2000
"""Files that are looked at by their names: the first folders of patients may hold many images."""
NAMES = frozenset({"filedata.txt", "patient.ini", "siomin.sdx", "linkage.xml"})
"""Names of bridge files, without case, as ``formats.imaging_folders.bridges`` reads them."""


def has_bridges(place: str) -> bool:
    """Tell whether ``place`` is a folder with a bridge file among its first files, by their names."""
    path = Path(place)
    if not path.is_dir():
        return False
    files = (one for one in islice(files_below(path), LOOKED_AT) if isinstance(one, Path))
    return any(one.name.casefold() in NAMES for one in files)


@contextmanager
def open_bridged(place: str, /) -> Iterator[Iterator[BridgedItem | Finding]]:
    """Give what lies at ``place``, and whose it is said to be; raises as ``formats.imaging_folders.bridges``."""
    from formats.imaging_folders.bridges import find_bridged
    from formats.outside_files.archives import OpenArchives

    with ExitStack() as stack:
        yield find_bridged(Path(place), OpenArchives(stack))


SOURCE = SourceDescription(
    title=mark("Images of an imaging program, by its bridge files"),
    open=open_bridged,
    recognize=has_bridges,
    holds=frozenset({"dicom"}),
)
