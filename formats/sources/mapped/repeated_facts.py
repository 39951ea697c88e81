"""Facts of messages that repeat a mapping or a table word for word, and are no sentences to be put into French."""

from __future__ import annotations

from collections.abc import Mapping

from formats.errors import Fact
from formats.words import as_written

REPEATED = frozenset(
    {
        *("again", "column", "columns", "key", "known", "name", "names", "nearest", "other"),
        *("table", "value", "word", "words"),
    }
)
"""Names of such facts; one that brings its own French keeps it."""


def with_repeated(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return ``facts`` so that “acts”, in a cell or in a mapping, does not become “actes” in a French message."""
    return {
        name: as_written(fact) if name in REPEATED and type(fact) is str else fact
        for name, fact in facts.items()
    }
