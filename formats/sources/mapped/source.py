"""The tables of any software as a source: which of its mappings says what they hold, nothing can tell."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from formats.reading import SourceDescription, SourceItems
from formats.words import mark


def open_described(place: str, /, *, mapping: Path, **options: Any) -> AbstractContextManager[SourceItems]:
    """Open the tables at ``place`` and give what they hold; ``options`` and errors as of ``open_mapped``."""
    from formats.sources.mapped.open import open_mapped

    return open_mapped(place, mapping=mapping, **options)


SOURCE = SourceDescription(title=mark("Tables of a software, by a mapping"), open=open_described)
