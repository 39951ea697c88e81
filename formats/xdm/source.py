"""Media of clinical documents (IHE XDM) as a source, told by the names of the first files at a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from formats.reading import Item, SourceDescription
from formats.words import mark
from formats.xdm.medium import is_xdm


def open_media(place: str, /) -> AbstractContextManager[Iterator[Item]]:
    """Give what the media at ``place`` hold; raises as ``formats.xdm.read.read_media``."""
    from formats.xdm.read import read_media

    return nullcontext(read_media(Path(place)))


SOURCE = SourceDescription(
    title=mark("Media of clinical documents (IHE XDM)"),
    open=open_media,
    recognize=is_xdm,
    holds=frozenset({"cda"}),
    outside=True,
)
