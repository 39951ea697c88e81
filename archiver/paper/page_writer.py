"""A pen that goes down a report and on to the next sheet: its margins, its letters, what it can write."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.paper.sheet import GREY, HEIGHT, WIDTH, Sheets
from archiver.paper.verdict_text import FRENCH

LEFT = 16.0
INNER = WIDTH - 2 * LEFT
RIGHT = WIDTH - LEFT
"""Millimetres between the margins, and to the right one."""
BOTTOM = HEIGHT - 16
"""Millimetres down to which a sheet is written; the number of the page stands below."""
TEXT = 8.2
SMALL = 6.7
TINY = 5.9
"""Points of the answers, of what explains them, and of commands and digests."""
MAX_WORD = 72
"""Characters after which a word is broken: a digest is one word."""


@dataclass(slots=True)
class PageWriter:
    """Where the writing stands on which sheet."""

    sheets: Sheets
    y: float = 0.0
    page: int = 1

    def reserve(self, height: float) -> None:
        """Go on with the next sheet when ``height`` is not left on this one."""
        if self.y + height > BOTTOM:
            self.next_sheet()

    def next_sheet(self) -> None:
        """Number this sheet and go on with the next one."""
        self.number()
        self.sheets.next_page()
        self.page += 1
        self.y = 22.0

    def number(self) -> None:
        """Write the number of this sheet below it."""
        text = FRENCH.page.format(page=self.page)
        self.sheets.text(RIGHT, HEIGHT - 10, text, SMALL, ink=GREY, align="right")

    def write(
        self, x: float, width: float, text: str, size: float, *, ink: float = 0.0, face: str = "plain"
    ) -> None:
        """Write ``text`` into a column ``width`` millimetres wide, and go on below it."""
        self.y = self.sheets.paragraph(x, self.y, width, _breakable(text), size, ink=ink, face=face)

    def heading(self, french: str, english: str) -> None:
        """Write a heading in both languages."""
        self.y += 1.5
        self.sheets.text(LEFT, self.y, french, 10, face="bold")
        aside = LEFT + self.sheets.width(french + "  ", 10, face="bold")
        self.sheets.text(aside, self.y, f"/ {english}", 8, ink=GREY)
        self.y += 5


def paper_text(text: str) -> str:
    """Return ``text`` without what no paper shows: a name from outside may hold anything."""
    known = text.replace("\u202f", "\u00a0")  # the font has the wider of the two spaces that hold together
    return "".join(one if one.isprintable() or one == "\u00a0" else "?" for one in known)


def _breakable(text: str) -> str:
    """Return ``text`` with its endless words cut, so that every line has an end."""
    words = paper_text(text).split(" ")
    pieces = (word[at : at + MAX_WORD] for word in words for at in range(0, max(len(word), 1), MAX_WORD))
    return " ".join(pieces)
