"""The one judge of file names that come from outside, and the maker of 8.3 names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from formats.errors import UnsafeName
from formats.words import mark

MAX_NAME_BYTES = 1024
"""UTF-8 bytes of a whole member name; ZIP allows 65,535, no person needs them."""
MAX_DEPTH = 16
"""Folders in a member name."""

MAX_CACHED = 4096
"""Names whose judgement is kept: archives call their parts alike, ``IHE_XDM/SUBSET01/DOC00001.PDF`` and so on."""

_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"}
    | {f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"}
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


@lru_cache(MAX_CACHED)
def safe_path(name: str) -> PurePosixPath:
    """Return ``name`` as a relative path that is safe on every system.

    Refused: absolute and drive names, ``..`` and ``.``, back-slashes, control
    characters, NTFS streams, names Windows reserves, parts ending in a dot or
    a space, names too long or too deep, and names that are not NFC.

    Raises:
        UnsafeName: with the reason.
    """
    reason = _fault(name)
    if reason:
        raise UnsafeName(name=name[:200], reason=reason)
    return PurePosixPath(name)


def _fault(name: str) -> str:
    parts = name.split("/")
    rules = (
        (not name, mark("it is empty")),
        (len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES, mark("it is too long")),
        (name.startswith("/"), mark("it is absolute")),
        (bool(_FORBIDDEN.search(name)), mark("it holds a character that some systems give a meaning to")),
        (bool(_SURROGATE.search(name)), mark("it is not Unicode text")),
        (unicodedata.normalize("NFC", name) != name, mark("it is not in normal form")),
        (len(parts) > MAX_DEPTH, mark("it is too deep")),
    )
    broken = (reason for breaks, reason in rules if breaks)
    return next(broken, "") or next((fault for fault in map(_part_fault, parts) if fault), "")


def _part_fault(part: str) -> str:
    if part in {"", ".", ".."}:
        return mark("it walks through folders")
    if part != part.rstrip(". "):
        return mark("a part ends in a dot or a space")
    if part.split(".", 1)[0].rstrip(" ").upper() in _RESERVED:
        return mark("Windows reserves it")
    return ""


def folded_name(name: str) -> str:
    """Return what a case-insensitive disk compares of ``name``."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name.casefold())


def clashes(names: Iterable[str]) -> list[str]:
    """Return the names that a case-insensitive disk would take for an earlier one."""
    seen: set[str] = set()
    clashing = []
    for name in names:
        folded = folded_name(name)
        if folded in seen:
            clashing.append(name)
        seen.add(folded)
    return clashing


def short_name(stem: str, number: int, extension: str) -> str:
    """Return an ISO 9660 level 1 name, e.g. ``DOC00001.PDF`` (8.3, A–Z 0–9 _).

    ``stem`` has at most three characters; ``number`` fills the rest of the eight.

    Raises:
        ValueError: when the number needs more digits than the name has.
    """
    stem = re.sub(r"[^A-Z0-9_]", "_", stem.upper())
    width = 8 - len(stem)
    digits = f"{number:0{width}d}"
    if len(digits) > width:
        raise ValueError(f"{number} does not fit in {width} digits")
    ending = re.sub(r"[^A-Z0-9_]", "", extension.upper().lstrip("."))[:3]
    return f"{stem}{digits}.{ending}" if ending else f"{stem}{digits}"
