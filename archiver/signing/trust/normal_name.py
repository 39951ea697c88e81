"""Normal form of a name, by which a sender is known again, and which names are so alike that a person must look.

Two spellings have one normal form when they differ in case, white space, compatibility characters
(UAX #15, NFKC) or characters nobody sees. Names are alike when what is left without accents, marks,
titles and the order of their words is the same to the eye (UTS #39), or differs in a letter or two.
"""

from __future__ import annotations

import unicodedata

from formats.names import comparable

TITLES = frozenset({"dr", "docteur", "pr", "prof", "professeur", "m", "mme"})
"""Words before a practitioner's name that name nobody."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters without ink that Unicode does not file under formatting."""
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ015|",
    "ABESIJKMHOPCTYXWABEZHIKMNOPTYXOISI",
)
"""Capitals of other alphabets, and digits, that look like Latin ones (the commonest of UTS #39)."""
_LONG, _SHORT = 8, 4
"""Letters from which on two, or one, may differ."""


def normal(text: str) -> str:
    """Return the normal form of a name of any length."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(one for one in folded if _is_seen(one) or one.isspace()).split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name in the order of their letters, without titles."""
    words = (one.strip(".,;") for one in normal(text).split())
    return tuple(sorted(one for one in words if one and one not in TITLES))


def is_alike(one: str, other: str) -> bool:
    """Say whether two names could be taken for each other."""
    first, second = _skeleton(one), _skeleton(other)
    shorter = min(len(first), len(second))
    allowed = 2 if shorter >= _LONG else 1 if shorter >= _SHORT else 0
    return first == second or (allowed > 0 and _differ(first, second, allowed))


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] != "C" and letter not in _FILLERS and not _is_selector(letter)


def _is_selector(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _skeleton(text: str) -> str:
    return "".join(sorted(comparable(word).translate(_ALIKE) for word in words_of(text)))


def _differ(one: str, other: str, most: int) -> bool:
    """Say whether at most so many letters are added, left out or exchanged (Levenshtein, within a band)."""
    if abs(len(one) - len(other)) > most:
        return False
    far = most + 1
    row = {column: column for column in range(most + 1)}
    for line, letter in enumerate(one, 1):
        columns = range(max(0, line - most), min(len(other), line + most) + 1)
        fresh: dict[int, int] = {}
        for column in columns:
            changed = row.get(column - 1, far) + (column > 0 and letter != other[column - 1])
            fresh[column] = min(
                changed if column else far, row.get(column, far) + 1, fresh.get(column - 1, far) + 1
            )
        row = fresh
    return row.get(len(other), far) <= most
