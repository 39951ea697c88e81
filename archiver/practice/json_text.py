"""JSON (RFC 8259) as the store has it: compact, and text as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from json import encoder
from json.encoder import encode_basestring
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _lasting_encoder() -> Callable[[Any], str]:
    """Return what ``_JSON.encode`` does, with the encoder of CPython in C made once and not for each value."""
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # another Python
        return _JSON.encode
    parts = make(None, _JSON.default, encode_basestring, None, ":", ",", False, False, True)
    return lambda value: "".join(parts(value, 0))


_encode = _lasting_encoder()


def json_of_mapping(value: Mapping[str, Any]) -> str:
    """Return ``value`` as an object."""
    return _encode(value if isinstance(value, dict) else dict(value)) if value else "{}"


def json_of_list(value: tuple[Any, ...]) -> str:
    """Return ``value`` as an array."""
    return _JSON.encode(value)


def json_of_texts(value: tuple[str, ...]) -> str:
    """Return ``value`` as an array; most records have several, and most of them one text or none."""
    return f"[{','.join(map(encode_basestring, value))}]" if value else "[]"
