"""Small files with bytes that never vary: PNG, JPEG with EXIF, PDF, STL."""

from __future__ import annotations

import io
import math
import struct
import zlib
from collections.abc import Callable

from PIL import ExifTags, Image

Shade = Callable[[int, int], int]
"""Grey of a pixel, 0–255, from column and row."""


def png(width: int, height: int, shade: Shade) -> bytes:
    """Return a grey PNG, stored without compression so that no zlib version changes it."""
    lines = b"".join(b"\0" + bytes(shade(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def jpeg(width: int, height: int, taken: str, title: str) -> bytes:
    """Return a small colour photograph with EXIF ``taken`` (« YYYY:MM:DD hh:mm:ss ») and ``title``."""
    image = Image.new("RGB", (width, height))
    image.putdata([_skin(x, y, width, height) for y in range(height) for x in range(width)])
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = title
    exif[ExifTags.Base.Make] = "Appareil Fictif"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = taken
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=70, exif=exif, subsampling=0)
    return stream.getvalue()


def _skin(x: int, y: int, width: int, height: int) -> tuple[int, int, int]:
    inside = ((x - width / 2) / (width / 2.2)) ** 2 + ((y - height / 2) / (height / 4)) ** 2 < 1
    if not inside:
        return (214, 160, 140)
    return (240, 238, 226) if (x // 6) % 2 or abs(y - height // 2) > 1 else (120, 40, 40)


def arch(width: int, height: int) -> Shade:
    """Return the shades of something like a panoramic radiograph: a bright curve of teeth on grey."""

    def shade(x: int, y: int) -> int:
        curve = height * (0.45 + 0.25 * ((2 * x / width - 1) ** 2))
        bright = max(0.0, 1 - abs(y - curve) / (height * 0.22))
        return min(
            255, int(40 + 150 * bright * (0.75 + 0.25 * math.copysign(1, (x * 16 // width) % 2 - 0.5)))
        )

    return shade


def tooth(width: int, height: int) -> Shade:
    """Return the shades of something like one intraoral radiograph."""

    def shade(x: int, y: int) -> int:
        crown = abs(x - width / 2) < width * (0.34 - 0.2 * y / height)
        canal = abs(x - width / 2) < width * 0.05 and y > height * 0.3
        return 70 if canal else (190 if crown else 30 + (x + y) % 12)

    return shade


def pdf(title: str, *lines: str) -> bytes:
    """Return a one-page PDF 1.4 with ``title`` and text, dates and identifier fixed."""
    text = "".join(f"({_pdf_text(line)}) Tj T*\n" for line in (title, "", *lines))
    content = f"BT /F1 11 Tf 60 780 Td 16 TL\n{text}ET".encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
        b"<< /Title (%b) /CreationDate (D:20240101120000Z) >>" % _pdf_text(title).encode("cp1252", "replace"),
    )
    return _pdf_file(objects)


def _pdf_text(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: tuple[bytes, ...]) -> bytes:
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(objects), len(body))
    )


def stl(title: str, facets: int = 24) -> bytes:
    """Return a binary STL: a small dome of triangles standing for an intraoral scan."""
    ring = [
        (math.cos(2 * math.pi * turn / facets), math.sin(2 * math.pi * turn / facets), 0.0)
        for turn in range(facets)
    ]
    ring = [(round(x, 6), round(y, 6), z) for x, y, z in ring]
    triangles = b"".join(
        struct.pack("<12fH", 0.0, 0.0, 1.0, *ring[turn], *ring[(turn + 1) % facets], 0.0, 0.0, 0.5, 0)
        for turn in range(facets)
    )
    return title.encode("ascii").ljust(80, b" ") + struct.pack("<I", facets) + triangles
