"""Canonical JSON: the one spelling of a value, so that a digest over it covers exactly one text.

UTF-8, the keys of every object in code-point order, no spaces, no line end; in texts only ``"``, ``\\``
and the controls U+0000 to U+001F are escaped. Numbers are whole.
"""

from __future__ import annotations

import json
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
