"""The tables of any software as a source: which of its mappings says what they hold, nothing can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from formats.reading import Item, SourceDescription


def open_described(
    place: str, /, *, mapping: Path, files: Path | None = None, practice_key: str | None = None
) -> AbstractContextManager[Iterator[Item]]:
    """Open the tables at ``place`` and give what they hold; raises as ``formats.sources.mapped.open.open_mapped``."""
    from formats.sources.mapped.open import open_mapped

    return open_mapped(place, mapping=mapping, files=files, practice_key=practice_key)


SOURCE = SourceDescription(open=open_described)
