"""Whom a reader expects to have signed: a name, an official number or a fingerprint, as people write them.

An authority that certifies thousands vouches for the name in a certificate, and not for its being the
name the reader has in mind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archiver.errors import KeyUnreadable
from archiver.signing.certificates.fingerprint import plain_fingerprint
from archiver.signing.trust.normal_name import normal, words_of

_NUMBER = re.compile(r"(?:rpps|adeli|finess|siret|siren)?\s*((?:\d\s?)+)")
"""A number of a register, under its name or not."""
RPPS_DIGITS = 11


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What a person said of whom they expect; ``text`` in its normal form is what is remembered."""

    text: str

    def is_met_by(self, *, subject: str, name: str, number: str, fingerprint: str) -> bool:
        """Say whether a certificate of this ``fingerprint``, made out to ``subject``, is of whom is expected."""
        try:
            return plain_fingerprint(self.text) == fingerprint
        except KeyUnreadable:
            pass
        if found := _NUMBER.fullmatch(self.text):
            return _digits(found[1]) == _digits(number)
        return self.text in map(normal, (name, subject, number)) or words_of(self.text) == words_of(name)


def expectation(text: str) -> Expectation:
    """Return whom ``text`` names.

    Raises:
        ValueError: when it names nobody.
    """
    normalised = normal(text)
    if not words_of(normalised):
        raise ValueError("it names nobody")
    return Expectation(text=normalised)


def _digits(text: str) -> str:
    digits = "".join(one for one in text if one.isdigit())
    # a health card puts the kind of number, 8, before the number
    return digits[1:] if len(digits) == RPPS_DIGITS + 1 and digits[0] == "8" else digits
