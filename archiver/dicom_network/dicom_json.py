"""DICOM JSON (PS3.18, annex F): the entries of a list, and their values as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Entry = Mapping[str, Any]


def parse_list(data: bytes) -> list[Entry]:
    """Return the entries of a list.

    Raises:
        ValueError: when it is none.
    """
    try:
        found = json.loads(data)
    except RecursionError as fault:
        raise ValueError("nested too deep") from fault
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError("no list of objects")
    return found


def text_at(entry: Entry, tag: str) -> str:
    """Return the values at ``tag``, separated by spaces; of a name the alphabetic writing."""
    element = entry.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    texts = [_text(one) for one in values] if isinstance(values, list) else []
    return " ".join(filter(None, texts))


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("Alphabetic", "")
    return str(value) if isinstance(value, str | int | float) else ""


def count_at(entry: Entry, tag: str) -> int | None:
    """Return the number at ``tag``, if there is one."""
    text = text_at(entry, tag)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def date_at(entry: Entry, tag: str) -> date | None:
    """Return the date at ``tag``, if there is one."""
    try:
        return datetime.strptime(text_at(entry, tag), "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None
