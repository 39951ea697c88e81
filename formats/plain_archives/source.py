"""Plain archives of our own as a source, told by the names of the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from formats.plain_archives.places import is_plain_archive
from formats.reading import Item, SourceDescription
from formats.words import mark


def open_archives(place: str, /) -> AbstractContextManager[Iterator[Item]]:
    """Give what the plain archives at ``place`` hold; raises as ``formats.plain_archives.read.read_archives``."""
    from formats.plain_archives.read import read_archives

    return nullcontext(read_archives(Path(place)))


SOURCE = SourceDescription(
    title=mark("Plain archives"),
    open=open_archives,
    recognize=is_plain_archive,
    holds=frozenset({"cda", "dicom", "documents", "fhir", "pdlgc", "xdm"}),
    outside=True,
    rows_of_others=True,
)
