"""The fingerprint of a certificate: its SHA-256, by which two people compare it, over the telephone as well."""

from __future__ import annotations

from archiver.errors import KeyUnreadable
from formats.words import mark

DIGITS = 64
"""Hexadecimal digits of a SHA-256."""
GROUP = 4
"""Digits people read aloud in one go."""
_SEPARATORS = " :-"


class Fingerprint(str):
    """SHA-256 of a certificate in DER: 64 lower-case hexadecimal digits, for programs.

    Formatted into a sentence it stands in sixteen groups of four, for people: whatever prints a
    sentence prints it so, and a JSON document has the plain digits.
    """

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return format(" ".join(self[place : place + GROUP] for place in range(0, len(self), GROUP)), spec)


def plain_fingerprint(text: str) -> Fingerprint:
    """Return a fingerprint as people write it (capitals, colons, hyphens, spaces) in its plain form.

    Raises:
        KeyUnreadable: when it is not 64 hexadecimal digits.
    """
    plain = "".join(one for one in "".join(text.split()) if one not in _SEPARATORS).lower()
    if len(plain) != DIGITS or set(plain) - set("0123456789abcdef"):
        raise KeyUnreadable(reason=mark("a SHA-256 fingerprint has 64 hexadecimal digits"))
    return Fingerprint(plain)
