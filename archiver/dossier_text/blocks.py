"""Blocks of a section of a page: what its markup says, without how a browser draws it.

Only the markup that ``formats.pdlgc.page`` makes is read; pictures are left out, since what they show stands in a
table as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

_INLINE = frozenset({"a", "abbr", "b", "span", "strong", "time"})
_DRAWN = frozenset({"figure", "svg"})
"""Elements that are left out whole."""
_CELLS = frozenset({"td", "th"})
_TITLES = frozenset({"h2", "h3", "h4", "caption"})


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """A title inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, or one line of a list; line breaks count."""

    text: str


@dataclass(frozen=True, slots=True)
class FactBlock:
    """A label and what stands beside it."""

    label: str
    text: str


@dataclass(slots=True)
class TableBlock:
    """A table; a row may have fewer cells than the heading."""

    heading: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


Attributes: TypeAlias = list[tuple[str, str | None]]
Block: TypeAlias = TitleBlock | TextBlock | FactBlock | TableBlock


def blocks_of(markup: Iterable[str]) -> Iterator[Block]:
    """Yield the blocks of a section, whose ``markup`` has labels in one language."""
    reader = _Reader()
    for piece in markup:
        reader.feed(piece)
        yield from reader.take()
    reader.close()
    reader.end_text()
    yield from reader.take()


class _Reader(HTMLParser):
    """Reads markup into blocks, which ``take`` hands on; a cell may reach across columns, and a first one down rows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._done: list[Block] = []
        self._text: list[str] = []
        self._tables: list[TableBlock] = []
        self._label = ""
        self._in_head = False
        self._drawn = 0
        self._across = self._down = 1
        self._below = 0

    def take(self) -> list[Block]:
        """Return the blocks that are complete."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in _DRAWN or self._drawn:
            self._drawn += tag not in {"br", "img"}
        elif tag == "br":
            self._text.append("\n")
        elif tag == "table":
            self.end_text()
            self._tables.append(TableBlock())
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr" and self._tables and not self._in_head:
            self._tables[-1].rows.append([""] if self._below else [])
            self._below = max(self._below - 1, 0)
        elif tag in _CELLS:
            spans = dict(attrs)
            self._across, self._down = int(spans.get("colspan") or 1), int(spans.get("rowspan") or 1)
        elif tag not in _INLINE and not self._tables:
            self.end_text()
        elif tag == "div":  # a longer text inside a cell
            self._text.append("\n")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:  # noqa: ARG002 - the library calls it so
        if tag == "br":
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._drawn:
            self._drawn -= 1
        elif tag in _CELLS and self._tables:
            row = self._tables[-1].heading if self._in_head else self._tables[-1].rows[-1]
            row += [self._taken(), *[""] * (self._across - 1)]
            self._below = max(self._below, self._down - 1)
        elif tag == "thead":
            self._in_head = False
        elif tag == "table" and self._tables:
            self._done.append(self._tables.pop())
        elif tag in _TITLES:
            if title := self._taken():
                self._done.append(TitleBlock(title))
        elif tag == "dt":
            self._label = self._taken()
        elif tag == "dd":
            self._done.append(FactBlock(self._label, self._taken()))
        elif tag not in _INLINE and not self._tables:
            self.end_text()

    def handle_data(self, data: str) -> None:
        if not self._drawn:
            self._text.append(data)

    def end_text(self) -> None:
        """Take what was read since the last block as one of its own."""
        if text := self._taken():
            self._done.append(TextBlock(text))

    def _taken(self) -> str:
        lines = ("".join(self._text)).split("\n")
        self._text.clear()
        return "\n".join(shown for line in lines if (shown := " ".join(line.split(" "))).strip()).strip()
