"""A4 sheets as a PDF whose fonts are inside: text, boxes and QR codes, measured from the top left.

The only module that knows the PDF library. The same calls with the same
moment give the same bytes. The fonts are Bitstream Vera, which the library
brings along; they hold every letter of French and English.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH = 210.0
HEIGHT = 297.0
"""Millimetres of an A4 sheet."""
LINE = 1.32
"""Height of a line, in heights of its letters."""
BLACK = 0.0
GREY = 0.38
"""Ink of what is less important; still dark enough for a bad copy."""
PALE = 0.94
"""Ink behind something that stands out."""

_POINT: float = 1 / mm
"""Millimetres of a typographic point."""
_FACES = {"plain": "Vera.ttf", "bold": "VeraBd.ttf", "italic": "VeraIt.ttf"}


class Sheets:
    """A PDF being drawn into ``target``; it is whole only after :meth:`close`.

    All places and lengths are millimetres, all letter sizes points; a text
    stands on the line ``y`` millimetres below the upper edge.
    """

    def __init__(self, target: BinaryIO, *, title: str, author: str, at: datetime) -> None:
        folder = Path(reportlab.__file__).parent / "fonts"
        for face, file in _FACES.items():
            pdfmetrics.registerFont(TTFont(face, str(folder / file)))
        self._canvas = Canvas(target, pagesize=A4, invariant=1, lang="fr", initialFontName="plain")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("archiver")
        self._canvas.setDateFormatter(lambda *_: f"{at:D:%Y%m%d%H%M%S}")

    def text(
        self, x: float, y: float, text: str, size: float, *, face: str = "plain", ink: float = BLACK,
        align: str = "left",
    ) -> None:  # fmt: skip
        """Write one line; ``align`` says what of it lies at ``x``: ``left``, ``centre`` or ``right``."""
        self._canvas.setFont(face, size)
        self._canvas.setFillGray(ink)
        draw = {
            "left": self._canvas.drawString,
            "centre": self._canvas.drawCentredString,
            "right": self._canvas.drawRightString,
        }[align]
        draw(x * mm, (HEIGHT - y) * mm, text)

    def paragraph(
        self, x: float, y: float, width: float, text: str, size: float, *, face: str = "plain",
        ink: float = BLACK,
    ) -> float:  # fmt: skip
        """Write ``text`` in lines of at most ``width``, and return where the next line would stand."""
        for line in simpleSplit(text, face, size, width * mm):
            self.text(x, y, line, size, face=face, ink=ink)
            y += size * LINE * _POINT
        return y

    def width(self, text: str, size: float, *, face: str = "plain") -> float:
        """Return how wide ``text`` is."""
        points: float = pdfmetrics.stringWidth(text, face, size)
        return points * _POINT

    def box(
        self, x: float, y: float, width: float, height: float, *, line: float = 0.3,
        fill: float | None = None, round_by: float = 1.5,
    ) -> None:  # fmt: skip
        """Draw a frame whose upper left corner is there; ``line`` 0 draws none, ``fill`` is its ink."""
        self._canvas.setLineWidth(line * mm)
        self._canvas.setStrokeGray(BLACK)
        if fill is not None:
            self._canvas.setFillGray(fill)
        bottom = (HEIGHT - y - height) * mm
        stroke, filled = int(line > 0), int(fill is not None)
        self._canvas.roundRect(x * mm, bottom, width * mm, height * mm, round_by * mm, stroke, filled)

    def rule(self, x: float, y: float, width: float, *, line: float = 0.2, ink: float = BLACK) -> None:
        """Draw a horizontal line."""
        self._canvas.setLineWidth(line * mm)
        self._canvas.setStrokeGray(ink)
        self._canvas.line(x * mm, (HEIGHT - y) * mm, (x + width) * mm, (HEIGHT - y) * mm)

    def squares(self, x: float, y: float, side: float, rows: Sequence[Sequence[bool]]) -> None:
        """Draw a square of ``rows`` of dark and light fields, ``side`` wide: a QR code with its margin."""
        one = side / len(rows)
        self._canvas.setFillGray(BLACK)
        path = self._canvas.beginPath()
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    corner = (HEIGHT - y - (down + 1) * one) * mm
                    path.rect((x + across * one) * mm, corner, one * mm, one * mm)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def next_page(self) -> None:
        """Finish this sheet and begin another."""
        self._canvas.showPage()

    def close(self) -> None:
        """Write the PDF."""
        self._canvas.save()
