"""Check an OCFL storage root: its declaration and layout, and where every file lies; objects by ``check_object``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from formats.findings import Finding
from formats.ocfl.check_object import DECLARATION
from formats.ocfl.codes import broken_rule
from formats.ocfl.layout import EXTENSIONS, LAYOUT, ROOT_DECLARATION, ROOT_TEXT
from formats.ocfl.tree import FileTree, read_whole

MAX_LAYOUT_BYTES = 64 << 10
"""Bytes of the description of a layout."""
_DOCUMENT = re.compile(r"ocfl(_[\w.-]+)?\.(txt|md|html?)", re.IGNORECASE)
"""Text of the specification, which may lie in a storage root (OCFL 1.1, 4.1)."""


def check_root(tree: FileTree) -> Iterator[Finding | str]:
    """Yield what is wrong with the root and its hierarchy, and the place of every object in it, as they are met.

    Raises:
        Failure: when the storage does not answer; LimitExceeded.
    """
    declared: list[str] = []
    place, outside = "", ""
    for key in tree.keys(""):
        if "/" not in key:
            declared += [key] * key.startswith("0=")
            if not key.startswith("0=") and key != LAYOUT and not _DOCUMENT.fullmatch(key):
                yield broken_rule("E072", "", key)
        elif key.startswith(f"{EXTENSIONS}/"):
            if key.count("/") == 1 and not key.endswith("/"):
                yield broken_rule("E086", "", key)
        elif place and key.startswith(f"{place}/"):
            continue
        elif key.rpartition("/")[2].startswith(DECLARATION):
            place = key.rpartition("/")[0]
            yield place
        elif key.endswith("/"):
            yield broken_rule("E073", "", key)
        else:
            folder = unfinished_place(key)
            if folder != outside:
                yield broken_rule("E072", folder, key)
            outside = folder
    yield from _check_declaration(tree, declared)


def unfinished_place(key: str) -> str:
    """Return the folder of the object that a file of no object may belong to: above the folder of its version."""
    parts = key.split("/")
    versions = [number for number, one in enumerate(parts) if re.fullmatch(r"v[0-9]+", one)]
    return "/".join(parts[: versions[0]]) if versions else key.rpartition("/")[0]


def _check_declaration(tree: FileTree, declared: list[str]) -> Iterator[Finding]:
    if declared != [ROOT_DECLARATION] or read_whole(tree, ROOT_DECLARATION, MAX_LAYOUT_BYTES) != ROOT_TEXT:
        yield broken_rule("E069", "", ", ".join(declared))
    if LAYOUT not in set(tree.keys(LAYOUT)):
        return
    try:
        layout = json.loads(read_whole(tree, LAYOUT, MAX_LAYOUT_BYTES))
        broken = not {"extension", "description"} <= layout.keys()
    except (ValueError, AttributeError):
        broken = True
    if broken:
        yield broken_rule("E070", LAYOUT)
