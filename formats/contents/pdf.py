"""Structure of a PDF file, as far as its end tells: cut or not, encrypted or not (ISO 32000-1 §7.5.4, §7.5.5, §7.6)."""

from __future__ import annotations

import os
import re
from enum import Enum, auto
from typing import BinaryIO

HEAD, TAIL = 1024, 2048
"""Bytes in which readers look for the header and for the end (Annex H.3)."""
MAX_TRAILER = 4 << 20
"""Bytes of a cross-reference table with its trailer that are read; 20 bytes an object."""
_END = re.compile(rb"startxref\s+(\d{1,10})\s")


class PdfState(Enum):
    """What the end of a file tells."""

    WHOLE = auto()
    CUT = auto()
    ENCRYPTED = auto()


def pdf_state(stream: BinaryIO) -> PdfState:
    """Return what the end of the PDF file in ``stream`` tells: nothing of it is followed further than one place."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    begin = stream.read(HEAD).find(b"%PDF-")
    stream.seek(max(size - TAIL, 0))
    ends = _END.findall(stream.read(TAIL))
    place = int(ends[-1]) + max(begin, 0) if ends else size
    if begin < 0 or place >= size:
        return PdfState.CUT
    stream.seek(place)
    return PdfState.ENCRYPTED if b"/Encrypt" in _trailer(stream) else PdfState.WHOLE


def _trailer(stream: BinaryIO) -> bytes:
    """Return the trailer dictionary of the table, or the dictionary of the cross-reference stream, that begins here."""
    text = stream.read(TAIL)
    if not text.lstrip().startswith(b"xref"):
        return text.partition(b"stream")[0]
    text += stream.read(MAX_TRAILER - TAIL)
    return text.partition(b"trailer")[2].partition(b"startxref")[0]
