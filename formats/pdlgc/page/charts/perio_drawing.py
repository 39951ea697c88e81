"""The periodontal chart as SVG: the gingival margin and the bottom of the pocket along each arch, outside and inside.

Teeth stand in FDI order, as on the dental chart; the inside of the mouth is between the two arches, roots point away
from the numbers. Heights are millimetres from the cemento-enamel junction, which is the darker line. Colour never
stands alone: the two lines have two shapes, deep sites are broader, and every mark has a sign. The table that follows
says the same, and whatever does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from formats.model.dictionary.entries import code_words
from formats.model.mouth import PerioKind, PerioSite
from formats.pdlgc.page.charts.tooth_drawing import LEFT, ROWS, WIDTH, column
from formats.pdlgc.page.markup import Html, both, flat, html_text
from formats.words import Words

DEEP, VERY_DEEP = 4, 6
"""Millimetres from which a probing depth is drawn broad, then broader (usual chart practice)."""
CORONAL, APICAL = 3, 12
"""Millimetres that are drawn on both sides of the cemento-enamel junction; what lies beyond is drawn at the edge."""

_MILLIMETRE, _MARKS, _NAMES, _TITLE = 5, 32, 30, 24
_BAND = (CORONAL + APICAL) * _MILLIMETRE + _MARKS
_HEIGHT = 2 * _BAND + _NAMES
_SITES = (5, 16, 27)
"""Where the three sites of a side stand in the column of a tooth, from the patient's right."""
OUTSIDE = (PerioSite.DISTOBUCCAL, PerioSite.BUCCAL, PerioSite.MESIOBUCCAL)
INSIDE = (PerioSite.DISTOLINGUAL, PerioSite.LINGUAL, PerioSite.MESIOLINGUAL)
RIGHT_QUADRANTS = frozenset("1548")
_OUTSIDE_LETTER, _PALATAL_LETTER, _LINGUAL_LETTER = Words("V", "B"), Words("P", "P"), Words("L", "L")
"""Vestibular or buccal, palatal, lingual: which side of the arch a band shows."""
_GRADES = ("", "I", "II", "III", "IV")
_FLAGS: Mapping[PerioKind, tuple[str, int]] = {
    PerioKind.BLEEDING: ("●", 0),
    PerioKind.SUPPURATION: ("◆", 1),
    PerioKind.PLAQUE: ("□", 2),
    PerioKind.CALCULUS: ("▪", 2),
}
"""Signs of what is there or not, and in which of three rows they stand; a square holds a small one."""

Values = Mapping[tuple[str, PerioKind, PerioSite], list[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Site:
    """One site on the drawing: where it stands, and the millimetres of its margin and of the bottom of its pocket."""

    x: int
    margin: int | None
    depth: int | None

    @property
    def bottom(self) -> int | None:
        """From the junction; where no margin was measured, the pocket is drawn from the junction on."""
        return None if self.depth is None else (self.margin or 0) + self.depth


def arch_drawing(words: Words, values: Values, missing: frozenset[str], *, upper: bool) -> Iterator[Html]:
    """Yield one arch; ``missing`` are teeth that are not there, by their numbers."""
    teeth = _teeth(values, missing, upper=upper)
    label = Words(f"{words.fr} : dessin du tableau qui suit", f"{words.en}: drawing of the table below")
    box = f"0 -{_TITLE} {WIDTH} {_HEIGHT + _TITLE + 8}"
    yield Html(f'<div class="scroll"><svg class="chart probing" viewBox="{box}" role="img" ')
    yield Html(f'aria-label="{flat(label)}" xmlns="http://www.w3.org/2000/svg">\n')
    yield Html(f'<text class="arch" x="{LEFT}" y="-8">{flat(words)}</text>')
    yield Html(f'<path class="axis" d="M{WIDTH // 2} 0V{_HEIGHT}"/>')
    yield _side(LEFT // 2, _BAND + 14, Words("D", "R"))
    yield _side(WIDTH - LEFT // 2, _BAND + 14, Words("G", "L"))
    for place, number in enumerate(teeth):
        yield from _tooth(number, column(place, len(teeth)), values, gone=number in missing)
    sides = (OUTSIDE, INSIDE) if upper else (INSIDE, OUTSIDE)
    for sites, up in zip(sides, (True, False), strict=True):
        letter = _OUTSIDE_LETTER if sites is OUTSIDE else _PALATAL_LETTER if upper else _LINGUAL_LETTER
        yield _side(WIDTH - LEFT // 2, _y(APICAL // 2, up=up) + 4, letter)
        yield from _band(teeth, sites, values, missing, up=up)
    yield Html("</svg></div>\n")


def _side(x: int, y: int, words: Words) -> Html:
    return Html(f'<text class="side middle" x="{x}" y="{y}">{flat(words).replace(" ", "")}</text>')


def perio_legend() -> Html:
    """Return what lines and signs mean."""
    margin, bottom = code_words(PerioKind.GINGIVAL_MARGIN), Words("fond de la poche", "bottom of the pocket")
    parts = [f'<span><i class="margin">━</i> {both(margin)}</span>']
    parts.append(f'<span><i class="bottom">┅</i> {both(bottom)}</span>')
    parts += [
        f'<span><i class="{kind}">{sign}</i> {both(code_words(kind))}</span>'
        for kind, (sign, _) in _FLAGS.items()
    ]
    parts.append(f"<span><i>F</i> {both(code_words(PerioKind.FURCATION))}</span>")
    parts.append(f"<span><i>M</i> {both(code_words(PerioKind.MOBILITY))}</span>")
    return Html(f'<p class="legend">{"".join(parts)}</p>\n')


def _teeth(values: Values, missing: frozenset[str], *, upper: bool) -> list[str]:
    """Return the teeth of an arch from the patient's right to left; a primary one where it alone was measured."""
    permanent, primary = ROWS[0 if upper else 1], ROWS[2 if upper else 3]
    measured = {tooth for tooth, _, _ in values}
    first = (len(permanent) - len(primary)) // 2
    before = dict(zip(permanent[first:], primary, strict=False))
    taken = measured | missing
    return [before[one] if one not in taken and before.get(one) in measured else one for one in permanent]


def _tooth(number: str, x: int, values: Values, *, gone: bool) -> Iterator[Html]:
    """Yield the number of a tooth with its mobility, and a cross over its column where it is missing."""
    middle = x + _SITES[1]
    state = " missing" if gone else ""
    yield Html(
        f'<g class="tooth{state}"><text class="number" x="{middle}" y="{_BAND + 14}">{html_text(number)}</text>'
    )
    grade = max(values.get((number, PerioKind.MOBILITY, PerioSite.TOOTH), [0]))
    if grade > 0:
        yield Html(f'<text class="grade" x="{middle}" y="{_BAND + 26}">M\u00a0{_grade(grade)}</text>')
    if gone:
        top, bottom = _MARKS, _HEIGHT - _MARKS
        yield Html(
            f'<path class="gone" d="M{x} {top}L{x + _SITES[2] + 5} {bottom}M{x + _SITES[2] + 5} {top}L{x} {bottom}"/>'
        )
    yield Html("</g>\n")


def _band(
    teeth: Sequence[str], sites: tuple[PerioSite, ...], values: Values, missing: frozenset[str], *, up: bool
) -> Iterator[Html]:
    """Yield one side of an arch: its lines, and the marks of its sites."""
    ends = f"M{LEFT} {{0}}H{WIDTH - LEFT}"
    scale = "".join(ends.format(_y(height, up=up)) for height in range(2, APICAL + 1, 2))
    yield Html(f'<path class="scale" d="{scale}"/><path class="junction" d="{ends.format(_y(0, up=up))}"/>')
    for height in range(0, APICAL + 1, 4):
        yield Html(f'<text class="side" x="{LEFT - 8}" y="{_y(height, up=up) + 4}">{height}</text>')
    runs: list[list[_Site]] = [[]]
    for place, number in enumerate(teeth):
        ordered = sites if number[0] in RIGHT_QUADRANTS else tuple(reversed(sites))
        for offset, site in zip(_SITES, ordered, strict=True):
            x = column(place, len(teeth)) + offset
            found = _site(number, site, x, values) if number not in missing else None
            if found is None:
                runs.append([])
            else:
                runs[-1].append(found)
            yield from _marks(number, site, x, values, up=up)
    for run in runs:
        yield from _lines(run, up=up)


def _site(number: str, site: PerioSite, x: int, values: Values) -> _Site | None:
    """Return a site where its margin or its depth was measured; of several values the deepest."""
    margin = values.get((number, PerioKind.GINGIVAL_MARGIN, site))
    depth = values.get((number, PerioKind.PROBING, site))
    if not margin and not depth:
        return None
    return _Site(x=x, margin=max(margin) if margin else None, depth=max(depth) if depth else None)


def _lines(run: Sequence[_Site], *, up: bool) -> Iterator[Html]:
    """Yield sites beside each other: the depth of each, the bottom of the pockets, the margin."""
    for one in run:
        if one.depth is not None and one.bottom is not None and one.depth > 0:
            css = "very" if one.depth >= VERY_DEEP else "broad" if one.depth >= DEEP else "fine"
            start, end = _y(one.margin or 0, up=up), _y(one.bottom, up=up)
            yield Html(f'<path class="pocket {css}" d="M{one.x} {start}V{end}"/>')
    for css, heights in (("bottom", [one.bottom for one in run]), ("margin", [one.margin for one in run])):
        points = [
            (one.x, _y(height, up=up)) if height is not None else None
            for one, height in zip(run, heights, strict=True)
        ]
        parts = [f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in pairwise(points) if a and b]
        # a site alone is a short line
        alone = [
            f"M{a[0] - 3} {a[1]}h6"
            for at, a in enumerate(points)
            if a and not any(points[max(0, at - 1) : at] + points[at + 1 : at + 2])
        ]
        if parts or alone:
            yield Html(f'<path class="{css}" d="{"".join(parts + alone)}"/>')


def _marks(number: str, site: PerioSite, x: int, values: Values, *, up: bool) -> Iterator[Html]:
    for kind, (sign, row) in _FLAGS.items():
        if any(value > 0 for value in values.get((number, kind, site), ())):
            y = _BAND - 3 - 10 * row if up else _BAND + _NAMES + 10 + 10 * row
            yield Html(f'<text class="sign {kind}" x="{x}" y="{y}">{sign}</text>')
    grade = max(values.get((number, PerioKind.FURCATION, site), [0]))
    if grade > 0:
        yield Html(
            f'<text class="grade" x="{x}" y="{_y(APICAL - 1, up=up) + 4}">F\u00a0{_grade(grade)}</text>'
        )


def _grade(value: int) -> str:
    return _GRADES[value] if value < len(_GRADES) else str(value)


def _y(height: int, *, up: bool) -> int:
    """Return where ``height`` millimetres from the junction are drawn, towards the root."""
    distance = _MARKS + (CORONAL + max(-CORONAL, min(APICAL, height))) * _MILLIMETRE
    return _BAND - distance if up else _BAND + _NAMES + distance
