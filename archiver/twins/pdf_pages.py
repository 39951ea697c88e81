"""Pages of a PDF file as pictures, drawn by PDFium; nothing in the file runs or is fetched.

PDF/A-1 takes no foreign pages as they are, and whether a file is PDF/A-1 already no maintained library here can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2

from archiver.twins.errors import CopyRefused
from archiver.twins.request import StandIn
from formats.contents.picture import DecodedPicture, encoded_page
from formats.errors import FormatFailure, LimitExceeded
from formats.words import mark

MAX_PAGES = 300
"""Pages of a file that are drawn: one is about 0.1 s and 200 kB."""
DOTS_AN_INCH = 150
MAX_SIDE = 2400
"""Dots of the longer side of a page: a plan in A0 becomes smaller."""
MAX_PAGE_LETTERS = 20_000
"""Letters of a page that can be searched; a page of a newspaper has 15,000."""
POINTS = 72
"""Points of an inch, in which pages are measured (ISO 32000-1, 8.3.2.3)."""
PASSWORD_ERROR = 4
"""FPDF_ERR_PASSWORD."""


def draw_pages(stream: BinaryIO) -> Iterator[tuple[DecodedPicture, str]]:
    """Yield every page of the file in ``stream``, and its text.

    Raises:
        FormatFailure: when it is no PDF file, or a damaged one.
        LimitExceeded: when it has too many pages.
        CopyRefused: when it asks for a password.
    """
    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as fault:
        if getattr(fault, "err_code", None) == PASSWORD_ERROR or "password" in str(fault).lower():
            raise CopyRefused(StandIn.ENCRYPTED) from fault
        raise FormatFailure(format="PDF") from fault
    with document:
        count = len(document)
        if count > MAX_PAGES:
            raise LimitExceeded(name=mark("the number of pages"), found=count, limit=MAX_PAGES)
        if count == 0:
            raise FormatFailure(format="PDF")
        try:
            for number in range(count):
                yield _drawn(document[number])
        except pypdfium2.PdfiumError as fault:
            raise FormatFailure(format="PDF") from fault


def _drawn(page: pypdfium2.PdfPage) -> tuple[DecodedPicture, str]:
    width, height = page.get_size()
    scale = min(DOTS_AN_INCH / POINTS, MAX_SIDE / max(width, height, 1))
    bitmap = page.render(scale=scale, may_draw_forms=False)
    text = page.get_textpage()
    letters = text.get_text_range(0, min(text.count_chars(), MAX_PAGE_LETTERS)) if text.count_chars() else ""
    page.close()
    return encoded_page(bitmap.to_pil()), " ".join(letters.split())
