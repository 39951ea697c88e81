"""A folder of documents as a source, told by its list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from formats.reading import SourceDescription, Tally
from formats.words import mark

if TYPE_CHECKING:
    from formats.findings import Finding
    from formats.papers.folder import PathPatterns
    from formats.papers.paper import FoundPaper


def has_list(place: str) -> bool:
    """Tell whether ``place`` is a list of documents, or a folder that has one and no other."""
    from formats.papers.read import is_listed_folder

    return is_listed_folder(place)


@contextmanager
def open_papers(
    place: str, /, *, listing: Path | None = None, patterns: PathPatterns | None = None
) -> Iterator[Iterator[FoundPaper | Finding | Tally]]:
    """Give the documents at ``place`` by their list, or by ``patterns`` of their paths; raises as their readers."""
    from formats.papers.folder import find_papers_by_path
    from formats.papers.read import find_papers

    yield find_papers_by_path(Path(place), patterns) if patterns else find_papers(Path(place), listing)


SOURCE = SourceDescription(
    title=mark("A folder of documents"), system="papers", open=open_papers, recognize=has_list
)
