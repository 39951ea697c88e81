"""One report about several packages as a PDF: a list of what each came to, then each on sheets of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from archiver.paper.page_writer import INNER, LEFT, RIGHT, SMALL, TEXT, PageWriter, paper_text
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
    writer = PageWriter(Sheets(target, title=title, author=paper_text(first.signer)[:200], at=first.made))
    writer.sheets.text(LEFT, 21, FRENCH.title, 20, face="bold")
    writer.sheets.text(LEFT, 27, ENGLISH.title, 12, ink=GREY)
    writer.sheets.rule(LEFT, 31.5, INNER, line=0.6)
    writer.y = 38.0
    writer.heading(f"{FRENCH.packages} ({len(pages)})", ENGLISH.packages)
    for page in pages:
        _row(writer, page)
    writer.y += 4
    draw_check(writer, first)
    for page in pages:
        writer.next_sheet()
        draw_verdict(writer, page)
    writer.number()
    writer.sheets.next_page()
    writer.sheets.close()


def _row(writer: PageWriter, page: VerdictPage) -> None:
    writer.reserve(10)
    top = writer.y
    writer.sheets.text(RIGHT, top, _code(page), SMALL, ink=GREY, align="right")
    counted = answers_in_words(page.verdict, lambda text: translate(text, "fr", "archiver"))
    writer.sheets.text(RIGHT - ANSWERS, top, counted, SMALL)
    writer.write(LEFT, INNER - ANSWERS - 4, page.file, TEXT, face="bold")


def _code(page: VerdictPage) -> str:
    """Return the code of what speaks against a package, if anything does."""
    return page.verdict.refusal.code if page.verdict.refusal else ""
