"""Portability archives (PDLGC) as a source, told by the names of the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from formats.portability.places import is_portability
from formats.reading import Item, SourceDescription
from formats.words import mark


def open_portability(place: str, /) -> AbstractContextManager[Iterator[Item]]:
    """Give what the portability archives at ``place`` hold; raises as ``formats.portability.read.read_portability``."""
    from formats.portability.read import read_portability

    return nullcontext(read_portability(Path(place)))


SOURCE = SourceDescription(
    title=mark("Portability archives (PDLGC)"),
    open=open_portability,
    recognize=is_portability,
    holds=frozenset({"cda", "dicom", "documents", "xdm"}),
    outside=True,
    rows_of_others=True,
)
