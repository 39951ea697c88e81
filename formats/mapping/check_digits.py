"""National numbers of organisations and professionals whose last digit is a key (Luhn, ISO/IEC 7812-1, annex B).

FINESS (organisations; nine characters, the first two a department) and RPPS (professionals, eleven digits). Source:
ANS, annexes of the CI-SIS, *Structures* and *Professionnels*.
"""

from __future__ import annotations

import re

_FINESS = re.compile(r"\d{9}|2[AB]\d{7}", re.ASCII)
_RPPS = re.compile(r"\d{11}", re.ASCII)
_CORSICA = re.compile(r"2[AB]", re.ASCII)


def is_finess(number: str) -> bool:
    """Tell whether ``number`` is a FINESS number; the key of one from Corsica (2A, 2B) is not computed."""
    if not _FINESS.fullmatch(number):
        return False
    return bool(_CORSICA.match(number)) or is_luhn(number)


def is_rpps(number: str) -> bool:
    """Tell whether ``number`` is an RPPS number."""
    return bool(_RPPS.fullmatch(number)) and is_luhn(number)


def is_luhn(number: str) -> bool:
    """Tell whether the last of the digits of ``number`` is their key."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0
