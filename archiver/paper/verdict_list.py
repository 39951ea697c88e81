"""One report about several packages as a PDF: a list of what each came to, then each on sheets of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from archiver.paper.pen import INNER, LEFT, RIGHT, SMALL, TEXT, Pen, printable
from archiver.paper.sheet import GREY, Sheets
from archiver.paper.verdict_page import VerdictPage, draw_check, draw_verdict
from archiver.paper.verdict_text import ENGLISH, FRENCH
from archiver.verdict_words import answers_in_words
from formats.words import translate

ANSWERS = 62.0
"""Millimetres of the column that counts the answers."""


def print_verdicts(pages: Sequence[VerdictPage], target: BinaryIO) -> None:
    """Draw the report about ``pages`` into ``target``, the same bytes for the same pages."""
    first = pages[0]
    title = f"{FRENCH.title} / {ENGLISH.title}"
    pen = Pen(Sheets(target, title=title, author=printable(first.signer)[:200], at=first.made))
    pen.sheets.text(LEFT, 21, FRENCH.title, 20, face="bold")
    pen.sheets.text(LEFT, 27, ENGLISH.title, 12, ink=GREY)
    pen.sheets.rule(LEFT, 31.5, INNER, line=0.6)
    pen.y = 38.0
    pen.heading(f"{FRENCH.packages} ({len(pages)})", ENGLISH.packages)
    for page in pages:
        _row(pen, page)
    pen.y += 4
    draw_check(pen, first)
    for page in pages:
        pen.next_sheet()
        draw_verdict(pen, page)
    pen.number()
    pen.sheets.next_page()
    pen.sheets.close()


def _row(pen: Pen, page: VerdictPage) -> None:
    pen.room(10)
    top = pen.y
    pen.sheets.text(RIGHT, top, _code(page), SMALL, ink=GREY, align="right")
    said = answers_in_words(page.verdict, lambda text: translate(text, "fr", "archiver"))
    pen.sheets.text(RIGHT - ANSWERS, top, said, SMALL)
    pen.write(LEFT, INNER - ANSWERS - 4, page.file, TEXT, face="bold")


def _code(page: VerdictPage) -> str:
    """Return the code of what speaks against a package, if anything does."""
    return page.verdict.refusal.code if page.verdict.refusal else ""
