"""Base 64 without padding, in its one canonical spelling (age, "Conventions"; RFC 4648 §3.5, §4)."""

from __future__ import annotations

import base64
import binascii

from archiver.sealing.age.parts import AgePart, age_failure
from formats.words import mark


def encode_unpadded(data: bytes) -> str:
    """Return ``data`` in standard Base 64 without ``=``."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def decode_unpadded(text: str) -> bytes:
    """Return the bytes ``text`` spells.

    Raises:
        SealBroken: padding, foreign characters, or a spelling an encoder would not produce.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise age_failure(AgePart.HEADER, mark("a value is not Base 64")) from fault
    if encode_unpadded(data) != text:
        raise age_failure(AgePart.HEADER, mark("a Base 64 value is not in its canonical form"))
    return data
