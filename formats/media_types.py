"""What a file is, told by its first bytes and not by its name.

A name is asked only where bytes alone cannot tell: binary STL has no magic
number, and Word and Excel share one container.
"""

from __future__ import annotations

import math
import re
import struct

HEAD = 4096
"""Bytes of a file's beginning that are looked at."""

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (128, b"DICM", "application/dicom"),
    (0, b"ply\n", "model/ply"),
    (0, b"ply\r", "model/ply"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftyp", "video/mp4"),
)
"""Offset, bytes found there, media type; the first that fits decides."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OFFICE_NAMES = {
    "docx": _OFFICE[b"word/"],
    "xlsx": _OFFICE[b"xl/"],
    "pptx": _OFFICE[b"ppt/"],
}
_COMPOUND_NAMES = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
_VERTEX = re.compile(rb"^v(?:\s+-?\d[\d.eE+-]*){3}", re.MULTILINE)
_XML_TAG = re.compile(rb"<[A-Za-z_][\w:.-]*[\s>/]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

PDF_PREFIX = 1024
"""Readers accept a PDF header anywhere in the first 1,024 bytes (PDF 1.7, annex H.3.4.1)."""
FACET, STL_HEADER = 50, 84
"""Bytes of one triangle and of what stands before them in a binary STL."""
VERTICES = 3
"""Vertex lines that make a text an OBJ; prose does not repeat them."""


def media_type(head: bytes, name: str = "") -> str:
    """Return the media type of a file from its first ``HEAD`` bytes; ``name`` only settles a tie."""
    for offset, magic, kind in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return kind
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    contained = _container(head, ending)
    if contained:  # before what it holds: a stored PDF begins right behind the name of its member
        return contained
    if b"%PDF-" in head[:PDF_PREFIX]:
        return "application/pdf"
    return _bitmap(head) or _mesh(head, ending) or _text(head) or UNKNOWN


def _container(head: bytes, ending: str) -> str:
    if head.startswith(_COMPOUND):
        return _COMPOUND_NAMES.get(ending, "application/x-ole-storage")
    if not head.startswith(_ZIP):
        return ""
    if head[30:38] == b"mimetype":
        found = re.match(rb"application/vnd\.oasis\.opendocument\.[a-z-]+|application/epub\+zip", head[38:])
        return found.group().decode("ascii") if found else "application/zip"
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        office = next((kind for folder, kind in _OFFICE.items() if folder in head), "")
        return office or _OFFICE_NAMES.get(ending, "application/zip")
    return "application/zip"


def _bitmap(head: bytes) -> str:
    """A BMP has two reserved words of zero, which prose beginning with « BM » has not."""
    return "image/bmp" if head[:2] == b"BM" and len(head) > 14 and head[6:10] == b"\0\0\0\0" else ""


def _mesh(head: bytes, ending: str) -> str:
    if re.match(rb"\s*solid\b", head) and b"facet" in head:
        return "model/stl"
    if ending == "stl" and _is_binary_stl(head):
        return "model/stl"
    vertices = len(_VERTEX.findall(head))
    if vertices >= VERTICES and (ending == "obj" or not _CONTROL.search(head)):
        return "model/obj"
    return ""


def _is_binary_stl(head: bytes) -> bool:
    """Tell whether the count of triangles fits the length and the first triangle is made of numbers."""
    if len(head) < STL_HEADER + FACET:
        return False
    (triangles,) = struct.unpack_from("<I", head, STL_HEADER - 4)
    needed = STL_HEADER + FACET * triangles
    fits = needed == len(head) if len(head) < HEAD else needed >= len(head)
    return fits and all(math.isfinite(part) for part in struct.unpack_from("<12f", head, STL_HEADER))


def _text(head: bytes) -> str:
    plain = head
    for mark_bytes in _BOMS:
        if head.startswith(mark_bytes):
            plain = head[len(mark_bytes) :]
    if head.startswith(_BOMS[1:]):
        plain = plain.replace(b"\0", b"")
    if not plain or _CONTROL.search(plain):
        return ""
    start = plain.lstrip()
    lowered = start[:64].lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if lowered.startswith(b"<?xml") or _XML_TAG.match(start):
        return "application/xml"
    return TEXT
