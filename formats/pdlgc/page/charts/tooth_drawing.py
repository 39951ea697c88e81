"""The odontogram as SVG: each tooth is a square of five surfaces, seen from in front of the patient.

Upper teeth show the vestibular surface on top, lower teeth at the bottom; mesial
always points to the middle line. Colour never stands alone: every meaning also
has a sign above or below the tooth, so the chart survives a grey printer. A medical
device in place stands where the tooth has its root; a row without one has no room for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache

from formats.model.care import ActStatus
from formats.model.dictionary.entries import code_words
from formats.model.mouth import ChartKind, Surface
from formats.pdlgc.page.charts.tooth_devices import ROOT_HEIGHT, DeviceSign, device_drawing, device_legend
from formats.pdlgc.page.markup import NOTHING, Html, both, flat, html_text, join
from formats.words import Words

_CELL, _BOX, _RIM = 42, 32, 9
_MIDDLE, _ROW = 14, 80
LEFT = 34
"""Room beside the teeth."""
WIDTH = 2 * LEFT + 16 * _CELL + _MIDDLE

DRAWN = frozenset({ChartKind.MISSING, ChartKind.HIDDEN})
"""Marks with a drawing of their own."""


class Meaning(IntEnum):
    """What a coloured surface says, the most urgent first."""

    PLANNED = 1
    CONDITION = 2
    DONE = 3
    EXISTING = 4
    OTHER = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Tooth:
    """What is drawn of one tooth; ``whole`` are meanings without a surface, ``title`` shows on hover.

    ``devices`` counts the medical devices in place by their sign.
    """

    missing: bool = False
    hidden: bool = False
    whole: frozenset[Meaning] = frozenset()
    surfaces: Mapping[Surface, Meaning] = field(default_factory=dict)
    devices: Mapping[DeviceSign, int] = field(default_factory=dict)
    title: Html = Html("")  # noqa: RUF009  a string

    def meanings(self) -> list[Meaning]:
        return sorted({*self.whole, *self.surfaces.values()})


_SIGNS: Mapping[Meaning, str] = {
    Meaning.PLANNED: "○",
    Meaning.CONDITION: "▲",
    Meaning.DONE: "●",
    Meaning.EXISTING: "■",
    Meaning.OTHER: "◆",
}
_WORDS: Mapping[Meaning, Words] = {
    Meaning.PLANNED: code_words(ActStatus.PLANNED),
    Meaning.CONDITION: code_words(ActStatus.CONDITION),
    Meaning.DONE: code_words(ActStatus.DONE),
    Meaning.EXISTING: code_words(ActStatus.EXISTING),
    Meaning.OTHER: Words("autre marque", "other mark"),
}

_PERMANENT_UPPER = [f"1{n}" for n in range(8, 0, -1)] + [f"2{n}" for n in range(1, 9)]
_PERMANENT_LOWER = [f"4{n}" for n in range(8, 0, -1)] + [f"3{n}" for n in range(1, 9)]
_PRIMARY_UPPER = [f"5{n}" for n in range(5, 0, -1)] + [f"6{n}" for n in range(1, 6)]
_PRIMARY_LOWER = [f"8{n}" for n in range(5, 0, -1)] + [f"7{n}" for n in range(1, 6)]
ROWS = (_PERMANENT_UPPER, _PERMANENT_LOWER, _PRIMARY_UPPER, _PRIMARY_LOWER)
"""The teeth from the patient's right to left: permanent, then primary ones, upper before lower."""

PLACES = frozenset(name for row in ROWS for number in row for name in (number, f"{number}S"))
"""The numbers of teeth that are drawn; those of supernumerary ones beside them end with S."""


def drawing(teeth: Mapping[str, Tooth]) -> Iterator[Html]:
    """Yield the chart of ``teeth`` of ``PLACES``; the primary rows only where a primary tooth has something to say."""
    rows = [_PERMANENT_UPPER, _PERMANENT_LOWER]
    if any(tooth[0] in "5678" for tooth in teeth):
        rows[1:1] = [_PRIMARY_UPPER, _PRIMARY_LOWER]
    roots = [_roots(row, teeth) for row in rows]
    tops = [sum(_ROW + one for one in roots[:index]) for index in range(len(rows) + 1)]
    height, centre = tops[-1] + 20, tops[len(rows) // 2] + 10
    label = flat(
        Words(
            "Schéma dentaire ; le tableau qui suit dit la même chose", "Dental chart; also in the table below"
        )
    )
    yield Html(f'<div class="scroll"><svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" ')
    yield Html(f'aria-label="{label}" xmlns="http://www.w3.org/2000/svg">\n')
    middle = WIDTH // 2
    yield Html(f'<path class="axis" d="M{middle} 6V{height - 6}M{LEFT} {centre}H{WIDTH - LEFT}"/>')
    yield _side(14, centre, Words("D", "R"))
    yield _side(WIDTH - 14, centre, Words("G", "L"))
    for index, row in enumerate(rows):
        top = tops[index] + (0 if index < len(rows) / 2 else 20)
        for place, number in enumerate(row):
            x, upper = column(place, len(row)), number[0] in "1256"
            if number in teeth or f"{number}S" in teeth:
                yield from _draw(number, teeth, x, top, roots=roots[index], upper=upper)
            else:
                yield _unmarked(number, x, top, roots=roots[index], upper=upper)
    yield Html("</svg></div>\n")


def _roots(row: Sequence[str], teeth: Mapping[str, Tooth]) -> int:
    """Return the height of the band of a row in which devices are drawn: none where no tooth of it has any."""
    found = (teeth.get(name) for number in row for name in (number, f"{number}S"))
    return ROOT_HEIGHT if any(one and one.devices for one in found) else 0


def _side(x: int, y: int, words: Words) -> Html:
    return Html(f'<text class="side" x="{x}" y="{y + 4}">{flat(words).replace(" ", "")}</text>')


def column(place: int, count: int) -> int:
    """Return where the box of the tooth at ``place`` of ``count`` begins; short rows stand around the middle line."""
    half = count // 2
    first = LEFT + (8 - half) * _CELL
    return first + place * _CELL + (_MIDDLE if place >= half else 0) + (_CELL - _BOX) // 2


@cache
def _unmarked(number: str, x: int, top: int, *, roots: int, upper: bool) -> Html:
    """Return a tooth of which nothing is known; most teeth of most mouths."""
    return join(_draw(number, {}, x, top, roots=roots, upper=upper), "")


def _draw(
    number: str, teeth: Mapping[str, Tooth], x: int, top: int, *, roots: int, upper: bool
) -> Iterator[Html]:
    """Yield one tooth: number, signs, the devices at its root, and the square of its surfaces."""
    tooth = teeth.get(number, Tooth())
    extra = teeth.get(f"{number}S")
    box = top + (36 + roots if upper else 6)
    below = box + _BOX + roots
    number_y, sign_y = (top + 16, top + 31) if upper else (below + 28, below + 13)
    state = " missing" if tooth.missing else " hidden" if tooth.hidden else ""
    title = join([tooth.title or html_text(number), extra.title if extra else NOTHING], " · ")
    yield Html(f'<g class="tooth{state}"><title>{title}</title>')
    shown = f"{number}+S" if extra else number
    yield Html(f'<text class="number" x="{x + _BOX // 2}" y="{number_y}">{shown}</text>')
    yield _signs(tooth.meanings() or (extra.meanings() if extra else []), x + _BOX // 2, sign_y)
    yield from _square(tooth, x, box, upper=upper, mesial_right=number[0] in "1458")
    if tooth.missing:
        yield Html(f'<path class="cross" d="M{x} {box}l{_BOX} {_BOX}m0 -{_BOX}l-{_BOX} {_BOX}"/>')
    others, crown = extra.devices if extra else {}, box if upper else box + _BOX
    yield from device_drawing(tooth.devices, others, x + _BOX / 2, crown, upper=upper)
    yield Html("</g>\n")


def _signs(meanings: list[Meaning], x: int, y: int) -> Html:
    spans = "".join(f'<tspan class="m{meaning.value}">{_SIGNS[meaning]}</tspan>' for meaning in meanings)
    return Html(f'<text class="signs" x="{x}" y="{y}">{spans}</text>' if spans else "")


def _square(tooth: Tooth, x: int, y: int, *, upper: bool, mesial_right: bool) -> Iterator[Html]:
    """Yield the five surfaces and, where it is marked, the cervical rim."""
    whole = f" w{min(tooth.whole).value}" if tooth.whole else ""
    inner, far = _BOX - 2 * _RIM, _BOX
    outside, inside = (Surface.BUCCAL, Surface.LINGUAL) if upper else (Surface.LINGUAL, Surface.BUCCAL)
    left, right = (Surface.DISTAL, Surface.MESIAL) if mesial_right else (Surface.MESIAL, Surface.DISTAL)
    outlines = {
        outside: f"M{x} {y}h{far}l-{_RIM} {_RIM}h-{inner}z",
        inside: f"M{x} {y + far}h{far}l-{_RIM} -{_RIM}h-{inner}z",
        left: f"M{x} {y}v{far}l{_RIM} -{_RIM}v-{inner}z",
        right: f"M{x + far} {y}v{far}l-{_RIM} -{_RIM}v-{inner}z",
    }
    for surface, outline in outlines.items():
        yield _surface(tooth, outline, surface, whole)
    centre = f"M{x + _RIM} {y + _RIM}h{inner}v{inner}h-{inner}z"
    chewing = Surface.INCISAL if Surface.INCISAL in tooth.surfaces else Surface.OCCLUSAL
    yield _surface(tooth, centre, chewing, whole)
    if Surface.CERVICAL in tooth.surfaces:
        edge = y if upper else y + far
        yield Html(f'<path class="rim r{tooth.surfaces[Surface.CERVICAL].value}" d="M{x} {edge}h{far}"/>')


def _surface(tooth: Tooth, outline: str, surface: Surface, whole: str) -> Html:
    painted = tooth.surfaces.get(surface)
    css = f"f{painted.value}" if painted else f"plain{whole}"
    return Html(f'<path class="{css}" d="{outline}"/>')


def legend(*, supernumerary: bool, devices: Iterable[DeviceSign] = ()) -> Html:
    """Return what colours and signs mean; ``devices`` are the signs of devices that are drawn."""
    parts = [f'<span><i class="m{one.value}">{_SIGNS[one]}</i> {both(_WORDS[one])}</span>' for one in Meaning]
    parts.append(f'<span><i class="gone">✕</i> {both(code_words(ChartKind.MISSING))}</span>')
    parts.append(device_legend(devices))
    if supernumerary:
        words = Words("+S : surnuméraire près de cette dent", "+S: supernumerary beside this tooth")
        parts.append(f"<span>{both(words)}</span>")
    return Html(f'<p class="legend">{"".join(parts)}</p>\n')
