"""Storage root of OCFL 1.1: what declares it, and where it puts an object.

The layout is the registered extension 0003-hash-and-id-n-tuple-storage-layout, as its defaults are: three folders of
three digits each from the SHA-256 of the identifier, and a folder with the identifier itself, so that a person sees
what lies where and no folder has more than 4,096 others.
"""

from __future__ import annotations

import json
import re

from formats.digests import SHA256, Digest

ROOT_DECLARATION = "0=ocfl_1.1"
ROOT_TEXT = b"ocfl_1.1\n"
LAYOUT = "ocfl_layout.json"
EXTENSIONS = "extensions"
LAYOUT_EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
TUPLE_SIZE, TUPLES = 3, 3
MAX_ENCODED = 100
"""Characters of an encoded identifier; a longer one is cut there and followed by its digest."""
REGISTERED = frozenset(
    {
        "0001-digest-algorithms",
        "0002-flat-direct-storage-layout",
        LAYOUT_EXTENSION,
        "0004-hashed-n-tuple-storage-layout",
        "0005-mutable-head",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0008-schema-registry",
        "0009-digest-algorithms",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
        "initial",
    }
)
"""Extensions of https://ocfl.github.io/extensions/, 2026."""

_PLAIN = re.compile(rb"[A-Za-z0-9_-]")


def root_files() -> dict[str, bytes]:
    """Return the files of an empty storage root, by key; the one that declares it is the last."""
    layout: dict[str, object] = {
        "description": "Hashed truncated n-tuple trees with encoded object identifiers as the folders of objects",
        "extension": LAYOUT_EXTENSION,
    }
    config: dict[str, object] = {
        "digestAlgorithm": SHA256.name,
        "extensionName": LAYOUT_EXTENSION,
        "numberOfTuples": TUPLES,
        "tupleSize": TUPLE_SIZE,
    }
    return {
        f"{EXTENSIONS}/{LAYOUT_EXTENSION}/config.json": _json(config),
        LAYOUT: _json(layout),
        ROOT_DECLARATION: ROOT_TEXT,
    }


def object_place(identifier: str) -> str:
    """Return the key of the folder of the object ``identifier``, without a slash at its end."""
    digest = Digest.of(identifier.encode(), algorithm=SHA256).hex
    encoded = "".join(
        chr(one) if _PLAIN.match(bytes([one])) else f"%{one:02x}" for one in identifier.encode()
    )
    if len(encoded) > MAX_ENCODED:
        encoded = f"{encoded[:MAX_ENCODED]}-{digest}"
    tuples = [digest[start : start + TUPLE_SIZE] for start in range(0, TUPLES * TUPLE_SIZE, TUPLE_SIZE)]
    return "/".join((*tuples, encoded))


def _json(document: dict[str, object]) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()
