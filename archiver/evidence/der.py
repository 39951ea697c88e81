"""The few rules of DER an evidence record needs, kept so that every byte stays where it was.

A library that decodes and encodes again may sort a set or shorten a length,
and every hash over the old bytes is broken. Here elements are slices of what
was read, and what is written is a header in front of bytes that stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from archiver.evidence.errors import EvidenceUnreadable
from archiver.signing.encoding import MAX_LENGTH_BYTES
from formats.words import mark

INTEGER = 0x02
OCTETS = 0x04
OBJECT = 0x06
SEQUENCE = 0x30
NULL = b"\x05\x00"


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceElement:
    """One element: its tag byte, its ``content``, and the ``whole`` with the header, as stored."""

    tag: int
    content: memoryview
    whole: memoryview

    def children(self) -> Iterator[EvidenceElement]:
        """Yield the elements inside, one after the other.

        Raises:
            EvidenceUnreadable: when they are not strict DER from end to end.
        """
        return elements(self.content)


def elements(data: memoryview) -> Iterator[EvidenceElement]:
    """Yield the elements ``data`` consists of, and nothing else.

    Raises:
        EvidenceUnreadable: at an indefinite, padded or too long length, a tag of several
            bytes, or an element that is cut short.
    """
    start = 0
    while start < len(data):
        element = _element(data[start:])
        start += len(element.whole)
        yield element


def only(data: memoryview, tag: int) -> EvidenceElement:
    """Return the one element ``data`` consists of, which has ``tag``.

    Raises:
        EvidenceUnreadable: when it is another one, cut short, or followed by something.
    """
    if not data:
        refuse(mark("it is empty"))
    element = _element(data)
    if element.tag != tag:
        refuse(mark("a part of it is of another kind than it should be"))
    if len(element.whole) != len(data):
        refuse(mark("something follows its end"))
    return element


def refuse(reason: str) -> NoReturn:
    """Raise the failure of bytes that are no evidence record."""
    raise EvidenceUnreadable(reason=reason)


def _element(data: memoryview) -> EvidenceElement:
    if len(data) < 2:
        refuse(mark("it is cut short"))
    tag, length, header = data[0], data[1], 2
    if tag & 0x1F == 0x1F:
        refuse(mark("a part of it is of another kind than it should be"))
    if length & 0x80:
        length, header = _long_length(data)
    end = header + length
    if end > len(data):
        refuse(mark("it is cut short"))
    return EvidenceElement(tag=tag, content=data[header:end], whole=data[:end])


def _long_length(data: memoryview) -> tuple[int, int]:
    """Return the length and where the content begins (X.690, 10.1: definite, as short as can be)."""
    count = data[1] & 0x7F
    if not 1 <= count <= MAX_LENGTH_BYTES or len(data) < 2 + count:
        refuse(mark("a length in it is not strict DER"))
    length = int.from_bytes(data[2 : 2 + count], "big")
    if length < 0x80 or data[2] == 0:
        refuse(mark("a length in it is not strict DER"))
    return length, 2 + count
