"""Tooth notations and letters of surfaces, read into FDI numbers (ISO 3950) and surfaces of the model.

American universal numbers as Open Dental has them, whatever its screen shows: permanent 1–32, primary A–T,
a supernumerary beside a permanent tooth 51–82 (its neighbour plus 50), beside a primary one AS–TS. Palmer's
notation, which is Zsigmondy's, writes the corner as letters (``UR6``) or as its sign (``6⏌``), Haderup's a sign on
the side of the midline (``6+``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from formats.model.mouth import Surface, is_fdi

SUPERNUMERARY = 50
"""What a permanent number is raised by for the supernumerary tooth beside it."""

_PERMANENT = tuple(
    f"{quadrant}{position}"
    for quadrant, positions in (
        (1, range(8, 0, -1)),
        (2, range(1, 9)),
        (3, range(8, 0, -1)),
        (4, range(1, 9)),
    )
    for position in positions
)
_PRIMARY = tuple(
    f"{quadrant}{position}"
    for quadrant, positions in (
        (5, range(5, 0, -1)),
        (6, range(1, 6)),
        (7, range(5, 0, -1)),
        (8, range(1, 6)),
    )
    for position in positions
)


def _universal() -> dict[str, str]:
    plain = {str(number): tooth for number, tooth in enumerate(_PERMANENT, start=1)}
    plain |= {chr(ord("A") + place): tooth for place, tooth in enumerate(_PRIMARY)}
    beside = {
        str(int(name) + SUPERNUMERARY) if name.isdigit() else f"{name}S": f"{tooth}S"
        for name, tooth in plain.items()
    }
    return plain | beside


FDI = _universal()
"""American universal name → FDI, supernumeraries included (104 names)."""
UNIVERSAL = {tooth: name for name, tooth in FDI.items()}
"""FDI → American universal name."""


class Notation(IntEnum):
    """Notations, by the numbers of Open Dental's preference ``UseInternationalToothNumbers``."""

    UNIVERSAL = 0
    FDI = 1
    HADERUP = 2
    PALMER = 3


def fdi(tooth: str) -> str:
    """Return the FDI number of an American one, or an empty text when there is no such tooth."""
    return FDI.get(tooth.strip().upper(), "")


def parse_teeth(names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the FDI numbers of a list such as « 1,2,3 », and the words in it that are no tooth."""
    words = [word.strip() for word in names.split(",") if word.strip()]
    return tuple(found for word in words if (found := fdi(word))), tuple(
        word for word in words if not fdi(word)
    )


def displayed_teeth(names: str, notation: Notation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the FDI numbers of a list as a screen showed it (« 1-4,7 »), and the words that are no tooth.

    Lists hold ranges with a hyphen in the order of the American numbers. A word
    that is impossible in ``notation`` and is an FDI number is taken as one: the
    preference may have changed since the quote was saved.
    """
    found: list[str] = []
    unknown: list[str] = []
    for word in (part.strip() for part in names.split(",") if part.strip()):
        one = shown_tooth(word, notation)
        run = [one] if one else _range(word, notation)
        found += run
        unknown += [] if run else [word]
    return tuple(found), tuple(unknown)


def shown_tooth(word: str, notation: Notation) -> str:
    """Return the FDI number of one tooth written in ``notation``, or an empty text when it is none."""
    if notation is Notation.FDI:
        return word if is_fdi(word) else ""
    if notation is Notation.PALMER:
        return _palmer(word)
    if notation is Notation.HADERUP:
        return _haderup(word)
    return fdi(word) or (word if is_fdi(word) else "")


_CORNERS = {"UR": 1, "UL": 2, "LL": 3, "LR": 4}
_SIGNS = {"⏌": "UR", "┘": "UR", "⎿": "UL", "└": "UL", "⎾": "LL", "┌": "LL", "⏋": "LR", "┐": "LR"}
"""Zsigmondy's corner as seen from in front of the patient, whose right is on the left."""
_PALMER = re.compile(r"(?P<corner>U[RL]|L[RL])(?P<place>[1-8]|[A-E])")


def _palmer(word: str) -> str:
    written = word.upper()
    sign = next((one for one in _SIGNS if one in written), "")
    if sign:  # right of the place on the right side, left of it on the left
        on_the_right = _SIGNS[sign].endswith("R")
        place = written.removesuffix(sign) if on_the_right else written.removeprefix(sign)
        written = _SIGNS[sign] + place
    match = _PALMER.fullmatch(written)
    if not match:
        return ""
    quadrant, place = _CORNERS[match["corner"]], match["place"]
    return f"{quadrant}{place}" if place.isdigit() else f"{quadrant + 4}{ord(place) - ord('A') + 1}"


def _haderup(word: str) -> str:
    """Permanent teeth carry a sign on the side of the midline; primary ones keep the American letter."""
    if re.fullmatch(r"[A-T]", word.upper()):
        return fdi(word)
    match = re.fullmatch(r"([+-]?)([1-8])([+-]?)", word)
    if not match or bool(match[1]) == bool(match[3]):
        return ""
    upper = "+" in word
    quadrant = (1 if upper else 4) if match[3] else (2 if upper else 3)
    return f"{quadrant}{match[2]}"


def _range(word: str, notation: Notation) -> list[str]:
    ends = [shown_tooth(end.strip(), notation) for end in word.split("-")]
    if len(ends) != 2 or not all(ends):
        return []
    for row in (_PERMANENT, _PRIMARY):
        if ends[0] in row and ends[1] in row and row.index(ends[0]) < row.index(ends[1]):
            return list(row[row.index(ends[0]) : row.index(ends[1]) + 1])
    return []


_SURFACES = {
    "M": Surface.MESIAL,
    "O": Surface.OCCLUSAL,
    "I": Surface.INCISAL,
    "D": Surface.DISTAL,
    "B": Surface.BUCCAL,
    "F": Surface.BUCCAL,
    "L": Surface.LINGUAL,
    "V": Surface.CERVICAL,
}
"""In the database F (facial) is B on a front tooth, and V is class V, at the neck of the tooth."""


FRENCH_SURFACES = {
    "M": Surface.MESIAL,
    "O": Surface.OCCLUSAL,
    "I": Surface.INCISAL,
    "D": Surface.DISTAL,
    "V": Surface.BUCCAL,
    "L": Surface.LINGUAL,
    "P": Surface.LINGUAL,
    "C": Surface.CERVICAL,
}
"""In French V is *vestibulaire*, P *palatine*, C *cervicale*."""


def parse_surfaces(
    letters: str, meanings: Mapping[str, Surface] = _SURFACES
) -> tuple[tuple[Surface, ...], str]:
    """Return the surfaces of « MOD », each once in the order written, and the letters that are none."""
    written = re.sub(r"[\s,/]", "", letters.upper())
    found = dict.fromkeys(meanings[letter] for letter in written if letter in meanings)
    return tuple(found), "".join(letter for letter in written if letter not in meanings)


_AREA = re.compile(r"U|L|U[RL]|L[RL]|0?[1-8]")


def is_area(word: str) -> bool:
    """Tell whether ``word`` names an arch (U, L), a quadrant (UR …) or a sextant (1–6, in Canada 03–08)."""
    return bool(_AREA.fullmatch(word.strip().upper()))
