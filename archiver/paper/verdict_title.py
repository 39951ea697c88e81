"""The title of a report about one package, and beside it how many answers are what."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.paper.page_writer import INNER, LEFT, RIGHT, PageWriter
from archiver.paper.sheet import BLACK, GREY
from archiver.paper.verdict_text import ENGLISH, FRENCH, VerdictText
from archiver.verdict import Verdict
from archiver.verdict_words import summary_in_words
from formats.words import translate


def draw_title(writer: PageWriter, verdict: Verdict) -> None:
    """Draw the title at the top of a sheet, and set the pen below it."""
    sheets = writer.sheets
    sheets.text(LEFT, 21, FRENCH.title, 20, face="bold")
    sheets.text(LEFT, 27, ENGLISH.title, 12, ink=GREY)
    lines = [*_lines(verdict)]
    width = max(sheets.width(words, size, face="bold") for words, size, _ in lines) + 8
    sheets.box(RIGHT - width, 13.5, width, 14.5, line=0.6)
    top, step = (18.2, 4.0) if verdict.refusal is not None else (20.0, 5.0)
    for words, size, ink in lines:
        face = "bold" if ink == BLACK else "plain"
        sheets.text(RIGHT - width / 2, top, words, size, face=face, ink=ink, align="centre")
        top += step
    sheets.rule(LEFT, 31.5, INNER, line=0.6)
    writer.y = 38.0


def _lines(verdict: Verdict) -> Iterator[tuple[str, float, float]]:
    """Yield the lines beside the title with size and ink: small enough to leave the title its room.

    They count the answers, and never say that all is well: nobody asked more than these questions.
    """
    large, small = 10.0, 8.0
    if verdict.refusal is not None:
        yield f"{FRENCH.refused} / {ENGLISH.refused}", large, BLACK
        large, small = 8.0, 7.0
    yield _counted(verdict, FRENCH, "fr"), large, BLACK
    yield _counted(verdict, ENGLISH, "en"), small, GREY


def _counted(verdict: Verdict, text: VerdictText, language: str) -> str:
    counted = summary_in_words(verdict, lambda one: translate(one, language, "archiver"))
    return text.answers.format(count=len(list(verdict.answers())), answers=counted)
