"""Plots of counts as SVG inside a page: no script, no picture to be fetched; every number stands there as text, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from formats.pdlgc.page.markup import Html, html_text

WIDTH = 760
"""Units of a plot from left to right."""
BAR = 26
"""Units of the height of a bar."""
HEIGHT = 150
"""Units of the height of the columns."""
LEAST = 3
"""Units of what is not zero, at least: one copy in a hundred thousand is seen."""
LABELS = 10
"""Labels under columns that have room beside each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlotPart:
    """A count in words of one language; ``tone`` is the class of its colour."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlotColumn:
    """A column of a plot: its label, and the parts of which it consists, from below."""

    label: str
    parts: Sequence[PlotPart]

    @property
    def total(self) -> int:
        """The sum of its parts."""
        return sum(one.count for one in self.parts)


def bars(rows: Sequence[PlotColumn], *, about: str) -> Html:
    """Return a bar for each of ``rows``, as long as any other and divided as its parts are.

    ``about`` says what is seen, for whoever does not see it.
    """
    height = len(rows) * (BAR + 26)
    return _figure(_bars(rows), height, about, _legend(rows, counted=False))


def columns(found: Sequence[PlotColumn], *, about: str) -> Html:
    """Return a column for each of ``found``, from left to right, all of one scale."""
    return _figure(_columns(found), HEIGHT + 44, about, _legend(found, counted=True))


def _bars(rows: Sequence[PlotColumn]) -> Iterator[str]:
    for place, row in enumerate(rows):
        top = place * (BAR + 26)
        total = str(row.total)
        yield f'<text x="0" y="{top + 14}">{html_text(row.label)}</text>'
        yield f'<text x="{WIDTH}" y="{top + 14}" text-anchor="end">{total}</text>'
        at = 0.0
        for part, width in zip(row.parts, _lengths(row, WIDTH, row.total), strict=True):
            if width:
                yield _rectangle(part.tone, at, top + 20, width, BAR)
            at += width


def _columns(found: Sequence[PlotColumn]) -> Iterator[str]:
    highest = max((one.total for one in found), default=0)
    step = WIDTH / max(len(found), 1)
    every = -(-len(found) // LABELS)
    for place, column in enumerate(found):
        left, width = place * step + step * 0.12, step * 0.76
        lengths = _lengths(column, HEIGHT, highest)
        below = HEIGHT + 20.0
        for part, length in zip(column.parts, lengths, strict=True):
            below -= length
            if length:
                yield _rectangle(part.tone, left, below, width, length)
        middle = left + width / 2
        if column.total and len(found) <= 3 * LABELS:
            count = column.total
            yield f'<text x="{middle:.1f}" y="{below - 4:.1f}" text-anchor="middle">{count}</text>'
        if place % every == 0:
            label = html_text(column.label)
            yield f'<text x="{middle:.1f}" y="{HEIGHT + 36}" text-anchor="middle">{label}</text>'
    yield f'<path class="axis" d="M0 {HEIGHT + 20.5}H{WIDTH}"/>'


def _lengths(column: PlotColumn, full: int, most: int) -> list[float]:
    """Return the length of each part where ``most`` is ``full`` long; the longest gives what the least need more."""
    lengths = [max(one.count * full / most, LEAST) if one.count else 0.0 for one in column.parts]
    beyond = sum(lengths) - full
    if beyond > 0:
        longest = lengths.index(max(lengths))
        lengths[longest] -= beyond
    return lengths


def _rectangle(tone: str, left: float, top: float, width: float, height: float) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{html_text(tone)}" x="{left:.1f}" y="{top:.1f}" {size}/>'


def _legend(found: Sequence[PlotColumn], *, counted: bool) -> Iterator[str]:
    """Yield the meaning of each colour; ``counted`` with its count in all, where no part is in two columns."""
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        for part in one.parts:
            counts[part.tone, part.label] = counts.get((part.tone, part.label), 0) + part.count
    for (tone, label), count in counts.items():
        swatch = f'<span class="swatch {html_text(tone)}"></span>'
        yield f"<span>{swatch}{html_text(label)}{f' {count}' if counted else ''}</span>"


def _figure(shapes: Iterable[str], height: int, about: str, legend: Iterable[str]) -> Html:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
    return Html(
        f'<figure>{svg} aria-label="{html_text(about)}">{"".join(shapes)}</svg>\n'
        f"<figcaption>{''.join(legend)}</figcaption></figure>\n"
    )


def plots_style() -> str:
    """Return the style of the plots of a page."""
    return files("archiver.operations.vault.report").joinpath("plots.css").read_text(encoding="utf-8")
