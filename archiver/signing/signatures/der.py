"""DER (ITU-T X.690, clauses 10 and 11) of a CMS signature: one value has one encoding, and BER is refused.

What others signed stays as they encoded it: certificates, revocation lists, OCSP responses and the
time-stamp token are elements of definite length whose inside is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.signing.encoding import MAX_LENGTH_BYTES

MAX_DEPTH = 32
"""Elements within elements; a signature without what others signed has under ten."""

BOOLEAN, INTEGER, OCTET_STRING, SET, SEQUENCE = 0x01, 0x02, 0x04, 0x31, 0x30
EXPLICIT = 0xA0
"""What stands around an element under tag 0, as the content of a ContentInfo (RFC 5652, 3)."""
CERTIFICATES, LISTS = 0xA0, 0xA1
"""Implicit SET OFs of SignedData (RFC 5652, 5.1)."""
OTHER = 0xA1
"""Implicit OtherRevocationInfoFormat of a RevocationInfoChoice (RFC 5652, 10.2.1)."""
SIGNED, UNSIGNED = 0xA0, 0xA1
"""Implicit SET OFs of SignerInfo (RFC 5652, 5.3)."""
CONSTRUCTED = 0x20
UNIVERSAL_CONSTRUCTED = frozenset({SET, SEQUENCE})


class NotDer(ValueError):
    """Bytes in another encoding than DER."""


@dataclass(frozen=True, slots=True)
class DerElement:
    """One element: its tag byte, its content, and the whole as it is stored."""

    tag: int
    content: memoryview
    whole: memoryview


def require_der(signature: bytes) -> None:
    """Refuse a ContentInfo with SignedData (RFC 5652) that is not in DER.

    Raises:
        NotDer: at the first departure.
    """
    (info,) = _one(memoryview(signature), SEQUENCE)
    kind, *explicit = der_elements(info.content)
    _strict(kind)
    for content in explicit:
        (signed,) = _one(content.content, SEQUENCE)
        _signed_data(signed)


def der_elements(data: memoryview) -> Iterator[DerElement]:
    """Yield the elements that ``data`` consists of.

    Raises:
        NotDer: at a length that is not definite and as short as can be, a long tag, or a missing end.
    """
    start = 0
    while start < len(data):
        element = _element(data[start:])
        start += len(element.whole)
        yield element


def _signed_data(signed: DerElement) -> None:
    for part in der_elements(signed.content):
        if part.tag in {CERTIFICATES, LISTS}:
            _sorted(part)
        elif part.tag == SET:
            _sorted(part)
            for one in der_elements(part.content):
                _signer_info(one)
        else:
            _strict(part)


def _signer_info(info: DerElement) -> None:
    """Judge a SignerInfo, or the algorithm that stands in a SET as it does."""
    for part in der_elements(info.content):
        if part.tag == UNSIGNED:
            _sorted(part)
            for attribute in der_elements(part.content):
                for value in der_elements(attribute.content):
                    list(der_elements(value.content)) if value.tag == SET else _strict(value)
        elif part.tag == SIGNED and part.content[:1] == bytes((SEQUENCE,)):
            _sorted(part)
            for attribute in der_elements(part.content):
                _strict(attribute)
        else:
            _strict(part)


def _strict(element: DerElement, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise NotDer
    tag, content = element.tag, element.content
    if tag < 0x40 and bool(tag & CONSTRUCTED) is not (tag | CONSTRUCTED in UNIVERSAL_CONSTRUCTED):
        raise NotDer
    if tag == BOOLEAN and bytes(content) not in {b"\x00", b"\xff"}:
        raise NotDer
    if tag == INTEGER and _is_padded(content):
        raise NotDer
    if tag == SET:
        _sorted(element)
    if tag & CONSTRUCTED:
        for one in der_elements(content):
            _strict(one, depth + 1)


def _is_padded(content: memoryview) -> bool:
    """Say whether a whole number has more bytes than it needs."""
    if not content:
        return True
    return len(content) > 1 and (content[0], content[1] >> 7) in {(0x00, 0), (0xFF, 1)}


def _sorted(element: DerElement) -> None:
    """Refuse a SET OF whose elements do not ascend."""
    members = [bytes(one.whole) for one in der_elements(element.content)]
    if members != sorted(members):
        raise NotDer


def _one(data: memoryview, tag: int) -> list[DerElement]:
    found = list(der_elements(data))
    if len(found) != 1 or found[0].tag != tag:
        raise NotDer
    return found


def _element(data: memoryview) -> DerElement:
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise NotDer
    length, header = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= MAX_LENGTH_BYTES or len(data) < 2 + count:
            raise NotDer
        length, header = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
        if length < 0x80 or data[2] == 0:
            raise NotDer
    end = header + length
    if end > len(data):
        raise NotDer
    return DerElement(data[0], data[header:end], data[:end])
