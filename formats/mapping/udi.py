"""Unique device identification (UDI; Regulation (EU) 2017/745, annex VI C) of GS1: what it says of a device itself."""

from __future__ import annotations

import re

_READABLE = re.compile(r"\(([0-9]{2})\)([^(]*)")
_ENCODED = re.compile(r"01[0-9]{14}(?:[0-9]{2}.*)?", re.ASCII)
_GTIN, _LOT, _SERIAL = "01", "10", "21"
"""GS1 application identifiers in readable form: device identifier, lot, serial number."""
_GTIN_DIGITS = 14


def udi_fields(udi: str) -> dict[str, str]:
    """Return the device identifier, the lot and the serial number that ``udi`` has; only the first of a bar code."""
    parts = {identifier: value.strip() for identifier, value in _READABLE.findall(udi)}
    if not parts and is_gs1(udi):
        parts = {_GTIN: udi[len(_GTIN) :][:_GTIN_DIGITS]}
    found = {"udi_di": parts.get(_GTIN), "lot": parts.get(_LOT), "serial": parts.get(_SERIAL)}
    return {name: value for name, value in found.items() if value}


def is_gs1(text: str) -> bool:
    """Tell whether ``text`` begins as a UDI of GS1 does, with a device identifier whose check digit is right."""
    number = next((value.strip() for name, value in _READABLE.findall(text) if name == _GTIN), "")
    if not number and _ENCODED.fullmatch(text):
        number = text[len(_GTIN) :][:_GTIN_DIGITS]
    if len(number) != _GTIN_DIGITS or not number.isascii() or not number.isdigit():
        return False
    return sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(number)) % 10 == 0
