"""Two things side by side in a terminal, wrapped to its width; one below the other where that is narrow."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from formats.printable import printable

WIDTH = 80
"""Columns of a terminal that does not say how wide it is, and of a pipe."""
NARROW = 60
"""Columns below which nothing stands side by side."""
_MOST_LABEL = 24
"""Columns of the labels, at most."""

Sides = Sequence[tuple[str, str, tuple[str, ...], tuple[str, ...]]]
"""Rows: a sign, a label, the lines of one side and of the other."""


def two_columns(rows: Sides, *, heading: tuple[str, str], width: int = 0) -> Iterator[str]:
    """Yield the lines of ``rows``, below a ``heading`` of each side."""
    width = width or shutil.get_terminal_size((WIDTH, 24)).columns
    if width < NARROW:
        yield from _one_below_the_other(rows, heading, width)
        return
    label = min(max((len(row[1]) for row in rows), default=0), _MOST_LABEL)
    side = (width - label - 8) // 2
    yield f"    {'':{label}}  {heading[0][:side]:{side}}  {heading[1][:side]}".rstrip()
    for sign, name, one, other in rows:
        columns = (_wrapped((name,), label), _wrapped(one, side), _wrapped(other, side))
        for number, (first, left, right) in enumerate(zip_longest(*columns, fillvalue="")):
            shown = sign if number == 0 else ""
            yield f"  {shown:1} {first:{label}}  {left:{side}}  {right}".rstrip()


def _one_below_the_other(rows: Sides, heading: tuple[str, str], width: int) -> Iterator[str]:
    for sign, name, *sides in rows:
        yield f"  {sign:1} {name}"
        for title, side in zip(heading, sides, strict=True):
            text = f"{title}: {', '.join(map(printable, side)) or '–'}"
            yield from textwrap.wrap(
                text, max(width, 20), initial_indent="      ", subsequent_indent="        "
            )


def _wrapped(texts: Sequence[str], width: int) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(printable(text), width, break_on_hyphens=False)]
