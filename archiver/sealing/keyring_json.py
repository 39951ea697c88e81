"""A line of a keyring as canonical JSON: what it must be, whatever it says."""

from __future__ import annotations

import json
import re
from typing import Any

from archiver.errors import KeyUnreadable
from formats.errors import LimitExceeded
from formats.json_text import canonical_json
from formats.words import mark

MAX_LINE = 64 * 1024
"""Bytes of one line; a patient's traits and counts take under 1,000."""


def line_of(value: dict[str, Any]) -> bytes:
    """Return ``value`` as one line.

    Raises:
        KeyUnreadable: when a text holds half a character.
        LimitExceeded: when the line is longer than a reader takes.
    """
    try:
        line = canonical_json(value) + b"\n"
    except UnicodeEncodeError as fault:  # half a surrogate pair: no character
        raise KeyUnreadable(reason=mark("a text holds something that is no character")) from fault
    if len(line) > MAX_LINE:
        name = mark("the length of a line in bytes")
        raise LimitExceeded(name=name, found=len(line), limit=MAX_LINE)
    return line


def parse_line(line: bytes) -> dict[str, Any]:
    """Return the object that ``line`` is.

    Raises:
        KeyUnreadable: when it is none.
    """
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise KeyUnreadable(reason=mark("a line is not JSON")) from fault
    if not isinstance(value, dict):
        raise KeyUnreadable(reason=mark("a line is not a JSON object"))
    return value


def require(condition: bool, reason: str) -> None:
    """Refuse the keyring for ``reason`` unless ``condition`` holds."""
    if not condition:
        raise KeyUnreadable(reason=reason)


def matches(pattern: re.Pattern[str], value: object) -> bool:
    """Say whether ``value`` is a text of the form ``pattern``."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None
