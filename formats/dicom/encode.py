"""Data elements as Explicit VR Little Endian bytes (PS3.5 §7.1.2), for the directory of a file-set."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pydicom.datadict import dictionary_VR
from pydicom.tag import Tag

LATIN, UNICODE = "ISO_IR 100", "ISO_IR 192"
_LONG = frozenset({"OB", "SQ", "UC", "UN", "UR", "UT"})
"""Value representations with a length of four bytes behind two reserved ones."""
IN_CHARACTER_SET = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Value representations whose bytes depend on the character set (PS3.5 §6.1.2.3)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a sequence: its elements."""

    elements: tuple[EncodedElement, ...]


@dataclass(frozen=True, slots=True)
class EncodedElement:
    """An attribute by its keyword, and its value; several values are joined with a back-slash."""

    keyword: str
    value: str | int | bytes | Sequence[Item]


def character_set(elements: Iterable[EncodedElement]) -> str:
    """Return the simplest character set that holds all texts; empty where ASCII does."""
    texts = "".join(_texts(elements))
    if texts.isascii():
        return ""
    try:
        texts.encode("latin-1")
    except UnicodeEncodeError:
        return UNICODE
    return LATIN


def _texts(elements: Iterable[EncodedElement]) -> Iterable[str]:
    for element in elements:
        if isinstance(element.value, str):
            yield element.value
        elif not isinstance(element.value, int | bytes):
            for item in element.value:
                yield from _texts(item.elements)


def encode_elements(elements: Iterable[EncodedElement], charset: str = "") -> bytes:
    """Return ``elements`` in the order of their tags, texts in ``charset``."""
    return b"".join(
        _encoded(each, charset) for each in sorted(elements, key=lambda each: _form(each.keyword))
    )


def item(body: bytes) -> bytes:
    """Return ``body`` as an item of explicit length."""
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(body)) + body


@cache
def _form(keyword: str) -> tuple[int, int, str]:
    """Return group and number of an attribute, and its value representation."""
    tag = Tag(keyword)
    return tag.group, tag.element, dictionary_VR(tag)


def _encoded(element: EncodedElement, charset: str) -> bytes:
    group, number, vr = _form(element.keyword)
    body = _body(element.value, vr, charset)
    if vr in _LONG:
        return struct.pack("<HH2sHL", group, number, vr.encode(), 0, len(body)) + body
    return struct.pack("<HH2sH", group, number, vr.encode(), len(body)) + body


def _body(value: str | int | bytes | Sequence[Item], vr: str, charset: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int):
        return struct.pack("<H" if vr == "US" else "<L", value)
    if not isinstance(value, str):
        return b"".join(item(encode_elements(each.elements, charset)) for each in value)
    codec = "utf-8" if charset == UNICODE else "latin-1"
    text = value.encode(codec if vr in IN_CHARACTER_SET else "ascii", "replace")
    pad = b"\0" if vr == "UI" else b" "
    return text + pad * (len(text) % 2)
