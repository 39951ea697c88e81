"""JSON texts: canonical, and for people.

Canonical JSON is the one spelling of a value, so that a digest over it covers exactly one text: UTF-8, the keys of
every object in code-point order, no spaces, no line end; in texts only ``"``, ``\\`` and the controls U+0000 to
U+001F are escaped; numbers are whole.

JSON for people is two spaces deep, and written piece by piece: a list may have more elements than memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode
"""Made once: a package may have 200,000 lines, each written again to see that it has its one spelling."""


def canonical_json(value: Any) -> bytes:
    """Return ``value`` in its one spelling.

    Raises:
        UnicodeEncodeError: for a text with half a surrogate pair, which is no character.
    """
    return _encode(value).encode("utf-8")


def json_text(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield ``document`` as ``json.dumps`` with ``indent=2`` writes it; a value that is an iterator is a list."""
    separator = "{"
    for key, value in document.items():
        yield f"{separator}\n  {_text(key, 2)}: "
        if isinstance(value, Iterator):
            yield from _list(value)
        else:
            yield _text(value, 2)
        separator = ","
    yield "\n}" if document else "{}"


def _list(elements: Iterator[Any]) -> Iterator[str]:
    separator = "["
    for one in elements:
        yield f"{separator}\n    {_text(one, 4)}"
        separator = ","
    yield "\n  ]" if separator == "," else "[]"


def _text(value: Any, depth: int) -> str:
    """Return ``value`` as it stands ``depth`` spaces deep; no line break is in a text, JSON escapes it."""
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + " " * depth)
