"""Just enough DER (ITU-T X.690) to write a signature field by field."""

from __future__ import annotations

from datetime import datetime


def tlv(tag: int, body: bytes) -> bytes:
    """Return one element."""
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def deep(depth: int, *, tag: int = 0x30) -> bytes:
    """Return ``depth`` elements inside each other."""
    heads, length = [], 0
    for _ in range(depth):
        heads.append(tlv(tag, bytes(length))[: -length or None])
        length += len(heads[-1])
    return b"".join(reversed(heads))


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF, sorted as DER wants it."""
    return tlv(0x31, b"".join(sorted(parts)))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    body = b""
    for arc in (first * 40 + second, *rest):
        piece = [arc & 0x7F]
        while arc := arc >> 7:
            piece.insert(0, arc & 0x7F | 0x80)
        body += bytes(piece)
    return tlv(6, body)


def integer(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(body: bytes) -> bytes:
    return tlv(4, body)


def explicit(number: int, body: bytes) -> bytes:
    return tlv(0xA0 | number, body)


def utc_time(moment: datetime) -> bytes:
    return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def general_time(moment: datetime) -> bytes:
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())
