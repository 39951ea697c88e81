"""FHIR's ``decimal``: floats, exact numbers, counts and cents of the model."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from formats.fhir.exact import Primitive
from formats.mapping.absence import ABSENT, Absent

MAX_DIGITS = 18
"""Digits of a sum or a count; every receiver must keep as many (R4, datatypes)."""
MAX_DECIMAL = 1000
"""Digits, and size of the exponent, of a decimal we calculate with; a float needs 17 and 308."""


class Number(Primitive[float]):
    """A ``decimal`` that the model holds as a float; infinities and not-a-number are spelled out."""

    name = "decimal"

    def encode(self, value: float) -> tuple[Decimal | None, bool]:
        return (Decimal(repr(value)), True) if math.isfinite(value) else (None, False)

    def decode(self, raw: Any) -> float:
        value = float(_decimal(raw))
        if not math.isfinite(value):
            raise ValueError(raw)
        return value

    def spell(self, value: float) -> str:
        return repr(value)

    def unspell(self, text: str) -> float:
        return float(text)


class Exact(Primitive[Decimal]):
    """A ``decimal`` with the digits it was written with."""

    name = "decimal"

    def encode(self, value: Decimal) -> tuple[Decimal | None, bool]:
        return (value, True) if value.is_finite() and _is_small(value) else (None, False)

    def decode(self, raw: Any) -> Decimal:
        return _decimal(raw)

    def unspell(self, text: str) -> Decimal:
        return Decimal(text)


class Count(Primitive[int]):
    """A whole number in the ``decimal`` of a Quantity."""

    name = "decimal"

    def encode(self, value: int) -> tuple[int | None, bool]:
        return (value, True) if abs(value) < 10**MAX_DIGITS else (None, False)

    def decode(self, raw: Any) -> int | Absent:
        return _integral(_decimal(raw))

    def unspell(self, text: str) -> int:
        return int(text)


class Cents(Primitive[int]):
    """The ``decimal`` of a Money with two digits, held as integer cents."""

    name = "decimal"

    def encode(self, value: int) -> tuple[Decimal | None, bool]:
        fits = abs(value) < 10**MAX_DIGITS
        return (Decimal(f"{value}e-2"), True) if fits else (None, False)

    def decode(self, raw: Any) -> int | Absent:
        return _integral(_decimal(raw).scaleb(2))

    def unspell(self, text: str) -> int:
        return int(text)


def _decimal(raw: Any) -> Decimal:
    """Return ``raw`` as a decimal small enough to calculate with."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise TypeError(raw)
    value = Decimal(raw)
    if not _is_small(value):
        raise ValueError(raw)
    return value


def _is_small(value: Decimal) -> bool:
    return abs(value.adjusted()) <= MAX_DECIMAL and len(value.as_tuple().digits) <= MAX_DECIMAL


def _integral(value: Decimal) -> int | Absent:
    """Return ``value`` as an integer; absent when it has a fraction or too many digits to be exact."""
    if value.adjusted() > MAX_DIGITS or value != value.to_integral_value():
        return ABSENT
    return int(value)


NUMBER = Number()
EXACT = Exact()
COUNT = Count()
CENTS = Cents()
