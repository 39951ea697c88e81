"""The ending of an original file in the archive: what its bytes are, and never one that a double click would run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

ENDINGS: Mapping[str, str] = {
    "application/dicom": "DCM",
    "application/json": "JSO",
    "application/msword": "DOC",
    "application/pdf": "PDF",
    "application/rtf": "RTF",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.ms-outlook": "MSG",
    "application/vnd.ms-powerpoint": "PPT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPT",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLS",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOC",
    "application/xhtml+xml": "TXT",
    "application/xml": "TXT",
    "application/zip": "ZIP",
    "audio/mpeg": "MP3",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/heic": "HEI",
    "image/jp2": "JP2",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/svg+xml": "TXT",
    "image/tiff": "TIF",
    "image/webp": "WEB",
    "model/obj": "OBJ",
    "model/ply": "PLY",
    "model/stl": "STL",
    "text/csv": "CSV",
    "text/html": "TXT",
    "text/plain": "TXT",
    "text/xml": "TXT",
    "video/mp4": "MP4",
}
"""Ending by media type, so that a double click opens the right program; endings of four letters are cut.

What a browser would run (HTML, SVG, XML) opens as text.
"""

_RUN = """
ADE ADP APP ASP BAS BAT CHM CMD COM CPL CRX CSH DLL DMG EXE FXP HLP HPJ HTA HTC HTM HTT
INF INS IQY ISP ITS JAR JS JSE KSH LNK MDA MDB MDE MDW MDZ MHT MML MSC MSH MSI MSP MST
OCX OPS PCD PIF PKG PL PRF PRG PS1 PS2 PY PYC PYW PYZ RB RDF RDP REG RSS RUN
SCF SCR SCT SH SHB SHS SHT SLK SVG SWF SYS URL VB VBE VBP VBS
WS WSC WSF WSH XBL XHT XLA XLL XLM XML XNK XPI XSD XSL XUL
"""
RUNNING = frozenset(_RUN.split())
"""Endings that some system runs on a double click, or a browser as a page with scripts; such a file is ``.BIN``.

They have three letters at most here. Longer ones (HTML, XHTML, MHTML, SVGZ, DESKTOP) are never kept.
"""


def ending(media_type: str, original_name: str) -> str:
    """Return the ending for what the bytes are; where that says nothing, the short ending the file had."""
    known = ENDINGS.get(media_type.partition(";")[0].strip().lower())
    if known:
        return known
    had = PurePosixPath(original_name.replace("\\", "/")).suffix.removeprefix(".").upper()
    usable = had.isascii() and had.isalnum() and len(had) <= 3 and had not in RUNNING
    return had if usable else "BIN"
