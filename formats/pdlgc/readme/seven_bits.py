"""Text in 7 bits (ISO/IEC 646), which every system shows alike: letters without accents, the others as numbers."""

from __future__ import annotations

import unicodedata

_LETTERS = dict(
    one.split("=")
    for one in (
        *(
            "œ=oe",
            "Œ=OE",
            "æ=ae",
            "Æ=AE",
            "ß=ss",
            "ẞ=SS",
            "ø=o",
            "Ø=O",
            "ł=l",
            "Ł=L",
            "đ=d",
            "Đ=D",
            "ð=d",
            "Ð=D",
        ),
        *(
            "þ=th",
            "Þ=TH",
            "ħ=h",
            "Ħ=H",
            "ı=i",
            "’='",
            "‘='",
            "‚=,",
            '“="',
            '”="',
            '„="',
            '«="',
            '»="',
            "‹='",
            "›='",
        ),
        *(
            "–=-",
            "—=-",
            "‐=-",
            "‑=-",
            "−=-",
            "…=...",
            "·=.",
            "°=o",
            "€=EUR",
            "\u00a0= ",
            "\u202f= ",
            "\u2009= ",
        ),
    )
)
"""What stands for a letter or sign that Unicode does not decompose into such."""


def seven_bits(text: str) -> str:
    """Return ``text`` in ASCII; a letter that nothing stands for is ``{U+4E2D}``, its number in Unicode."""
    if text.isascii():
        return text
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(one: str) -> str:
    if one.isascii():
        return one
    if one in _LETTERS:
        return _LETTERS[one]
    plain = "".join(part for part in unicodedata.normalize("NFKD", one) if not unicodedata.combining(part))
    plain = "".join(_LETTERS.get(part, part) for part in plain)
    return plain if plain and plain.isascii() else f"{{U+{ord(one):04X}}}"
