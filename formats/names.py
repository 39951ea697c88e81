"""How two spellings of a person's name are compared, wherever the toolkit compares names."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "Æ": "AE",
        "Œ": "OE",
        "Ø": "O",
        "Ł": "L",
        "Đ": "D",
        "Ð": "D",
        "Þ": "TH",
        "Ħ": "H",
        "İ": "I",
        "ı": "I",
    }
)
"""Letters that Unicode does not decompose but that keyboards and registers replace."""

_ASCII_ASIDE = re.compile("[^A-Z0-9]")


def comparable(text: str) -> str:
    """Return ``text`` without case, accents, hyphens, apostrophes and spaces.

    ``D'Alméida``, ``DALMEIDA`` and ``d almeida`` are one name, as are ``LE GALL``
    and ``Legall``. Letters of other scripts stay. The result is for comparing,
    never for showing or storing.
    """
    if text.isascii():
        return _ASCII_ASIDE.sub("", text.upper())
    while (folded := _fold(text)) != text:
        text = folded
    return text


def _fold(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold().upper().translate(_LETTERS))
    return "".join(letter for letter in spread if _counts(unicodedata.category(letter)))


def _counts(category: str) -> bool:
    """Tell letters and digits from marks, and from the apostrophes Unicode files under letters (Lm)."""
    return category[0] in "LN" and category != "Lm"


def beginnings(given: str) -> tuple[str, ...]:
    """Return the comparable forms a list of given names may stand for, shortest first.

    ``Jean Pierre Marie`` may be Jean, Jean-Pierre or all three; ``Jean-Pierre``
    is only itself.
    """
    words = given.replace(",", " ").split()
    forms = (comparable("".join(words[: count + 1])) for count in range(len(words)))
    return tuple(dict.fromkeys(form for form in forms if form))
