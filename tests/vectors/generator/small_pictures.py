"""Small JPEG files, put together segment by segment from ITU-T T.81, and what may be hidden in one."""

from __future__ import annotations

import base64


def segment(marker: int, content: bytes) -> bytes:
    """Return a marker segment (T.81 §B.1.1.4)."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def jpeg(*, side: int = 8, frame: int = 0xC0, more: bytes = b"", after: bytes = b"") -> bytes:
    """Return a grey picture of one colour, ``side`` pixels wide and high: a block is one code of no difference."""
    blocks = (-(-side // 8)) ** 2
    bits = "00" * blocks  # each block: difference of size 0, end of block; both codes are the bit 0
    bits += "1" * (-len(bits) % 8)
    return b"".join((
        b"\xff\xd8",
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        more,
        segment(0xDB, b"\0" + b"\x01" * 64),
        segment(frame, b"\x08" + side.to_bytes(2, "big") * 2 + b"\x01\x01\x11\0"),
        segment(0xC4, b"\0" + b"\x01" + bytes(15) + b"\0"),
        segment(0xC4, b"\x10" + b"\x01" + bytes(15) + b"\0"),
        segment(0xDA, b"\x01\x01\0\0\x3f\0"),
        int(bits, 2).to_bytes(len(bits) // 8, "big"),
        b"\xff\xd9",
        after,
    ))  # fmt: skip


def uri(data: bytes) -> str:
    """Return the URI of a picture inside a page."""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"


PLAIN = jpeg()
"""A picture that a page may have inside it."""
HIDING = {
    "a drawing that runs": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a page": ("text/html", b"<script>alert(1)</script>"),
    "a PNG": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "a JPEG with a comment": ("image/jpeg", jpeg(more=segment(0xFE, b"HELLO"))),
    "a JPEG with EXIF": ("image/jpeg", jpeg(more=segment(0xE1, b"Exif\0\0"))),
    "a JPEG with an archive behind it": ("image/jpeg", jpeg(after=b"PK\x05\x06" + bytes(18))),
    "a JPEG of several scans": ("image/jpeg", jpeg(frame=0xC2)),
    "a JPEG of 4,096 pixels": ("image/jpeg", jpeg(side=4096)),
    "no JPEG": ("image/jpeg", b"GIF89a"),
}
"""What no page may have inside it, with its media type."""
