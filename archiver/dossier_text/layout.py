"""Blocks as lines of a terminal: label beside value, tables in columns that wrap, or as cards where they cannot."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from archiver.dossier_text.blocks import Block, FactBlock, TableBlock, TextBlock, TitleBlock
from formats.printable import printable

MIN_WIDTH, MAX_WIDTH = 60, 120
"""Columns between which a terminal is used as it is; longer lines are hard to read."""
INDENT = "  "
LABEL_WIDTH = 30
"""Columns of the label of a fact, at most."""
GAP = 2
"""Spaces between two columns of a table."""
UNBROKEN = 18
"""Letters of a word that a column of a table does not break, at most: a date with its time has sixteen."""


def lines_of(blocks: Iterable[Block], *, width: int, rows: int, more: str) -> Iterator[str]:
    """Yield ``blocks`` as lines of at most ``width`` columns, unless a word is longer.

    Of a table the first ``rows`` are shown (0: all), and ``more``, with ``{count}``, says how many are not.
    """
    before: Block | None = None
    for block in blocks:
        if isinstance(block, TitleBlock) and before is not None:
            yield ""
        if isinstance(block, (TitleBlock, TextBlock)):
            yield from _wrapped(block.text, width, INDENT, INDENT)
        elif isinstance(block, FactBlock):
            yield from _fact(block, width)
        else:
            yield from _table(block, width, rows, more)
        before = block


def _wrapped(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from textwrap.wrap(
            printable(line), width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        ) or [first.rstrip()]
        first = rest


def _fact(fact: FactBlock, width: int) -> Iterator[str]:
    label = printable(fact.label)
    first = f"{INDENT}{label:<{LABEL_WIDTH}}{' ' * GAP}"
    rest = " " * (len(INDENT) + LABEL_WIDTH + GAP)
    yield from _wrapped(fact.text, width, first, rest)


def _table(table: TableBlock, width: int, rows: int, more: str) -> Iterator[str]:
    shown = table.rows[:rows] if rows else table.rows
    cells = [[printable_lines(cell) for cell in row] for row in shown]
    heading = [printable_lines(cell) for cell in table.heading]
    widths = _widths([heading, *cells], width - len(INDENT))
    if widths is None:
        yield from _cards(table.heading, shown, width)
    else:
        for row in ([heading] if any(map(any, heading)) else []) + cells:
            yield from _row(row, widths)
    if len(shown) < len(table.rows):
        yield f"{INDENT}{more.format(count=len(table.rows) - len(shown))}"


def printable_lines(cell: str) -> list[str]:
    """Return the lines of a cell as a terminal may show them."""
    return [printable(line) for line in cell.split("\n")]


def _widths(rows: Sequence[Sequence[list[str]]], width: int) -> list[int] | None:
    """Return how wide each column is, or nothing where the table does not fit even when squeezed."""
    count = max(map(len, rows), default=0)
    lines = [[line for row in rows if at < len(row) for line in row[at]] for at in range(count)]
    least = [
        min(UNBROKEN, max((len(word) for one in column for word in one.split(" ")), default=0))
        for column in lines
    ]
    widths = [max(map(len, column), default=0) for column in lines]
    room = width - GAP * (count - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((at for at in range(count) if widths[at] > least[at]), key=widths.__getitem__)
        widths[widest] -= 1
    return [max(one, 1) for one in widths]


def _row(row: Sequence[list[str]], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [
        [part for line in cell for part in textwrap.wrap(line, width, break_on_hyphens=False) or [""]]
        for cell, width in zip(row, widths, strict=False)
    ]
    for number in range(max(map(len, wrapped), default=0)):
        parts = (
            (cell[number] if number < len(cell) else "").ljust(width)
            for cell, width in zip(wrapped, widths, strict=False)
        )
        yield (INDENT + (" " * GAP).join(parts)).rstrip()


def _cards(heading: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> Iterator[str]:
    """Yield each row as facts, one below the other, without those that are empty."""
    for number, row in enumerate(rows):
        if number:
            yield ""
        for label, text in zip(heading, row, strict=False):
            if text:
                yield from _fact(FactBlock(label, text), width)
