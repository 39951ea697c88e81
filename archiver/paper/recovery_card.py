"""The printable recovery kit: one card a sheet, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from archiver.paper.card_text import BY_HAND, COMMANDS, ENGLISH, FRENCH, CardText
from archiver.paper.qr_code import qr_rows
from archiver.paper.sheet import GREY, PALE, WIDTH, Sheets
from archiver.sealing.recovery.recovery_set import RecoverySet
from archiver.sealing.recovery.share import Share

LEFT = 16.0
INNER = WIDTH - 2 * LEFT
"""Millimetres between the margins."""
QR_SIDE = 58.0
"""Millimetres of the code with its margin: its fields are about a millimetre, which a telephone reads."""
COLUMNS = 3
GAP = 8.0
"""Millimetres between the French and the English column."""
TEXT = 7.6
"""Points of running text."""
MAX_OWNER = 64
"""Characters of the owner's name that fit on a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryKit:
    """The cards to print, whose key they give, and when they were made."""

    cards: RecoverySet
    owner: str
    made: datetime


def print_kit(kit: RecoveryKit, target: BinaryIO) -> None:
    """Draw the kit into ``target``: one A4 sheet per card, the same bytes for the same kit."""
    title = f"Cartes de secours / Recovery cards {kit.cards.key_id}"
    sheets = Sheets(target, title=title, author=kit.owner[:MAX_OWNER], at=kit.made)
    for number, share in enumerate(kit.cards.cards, 1):
        _card(sheets, kit, share, number)
        sheets.next_page()
    sheets.close()


def _card(sheets: Sheets, kit: RecoveryKit, share: Share, number: int) -> None:
    facts: dict[str, object] = {
        "card": number,
        "cards": len(kit.cards.cards),
        "threshold": kit.cards.threshold,
        "count": len(share.words),
        "number": kit.cards.number,
        "begins": share.begins,
    }
    _title(sheets, facts)
    _facts(sheets, kit, facts)
    _code(sheets, share)
    _words(sheets, share, facts)
    y = max(_explanation(sheets, text, facts, side) for side, text in enumerate((FRENCH, ENGLISH)))
    y = _commands(sheets, y + 1.5)
    _entrusted(sheets, y)


def _title(sheets: Sheets, facts: dict[str, object]) -> None:
    sheets.text(LEFT, 19, FRENCH.title.format(**facts), 21, face="bold")
    sheets.text(LEFT, 25.5, ENGLISH.title.format(**facts), 12, ink=GREY)
    right = WIDTH - LEFT
    sheets.text(right, 18, "SECRET", 13, face="bold", align="right")
    sheets.text(right, 23, FRENCH.enough.format(**facts), 8.5, face="bold", align="right")
    sheets.text(right, 27, ENGLISH.enough.format(**facts), 8.5, ink=GREY, align="right")
    sheets.rule(LEFT, 30, INNER, line=0.6)


def _facts(sheets: Sheets, kit: RecoveryKit, facts: dict[str, object]) -> None:
    begins = FRENCH.set_begins.format(**facts)
    rows = (
        (FRENCH.owner, ENGLISH.owner, kit.owner[:MAX_OWNER] or "–", 12.0),
        (FRENCH.key_id, ENGLISH.key_id, kit.cards.key_id, 14.0),
        (FRENCH.check_value, ENGLISH.check_value, kit.cards.check_value, 14.0),
        (FRENCH.set_number, ENGLISH.set_number, begins, 10.0),
        (FRENCH.made, ENGLISH.made, f"{kit.made:%d/%m/%Y} ({kit.made:%Y-%m-%d})", 10.0),
    )
    y, reserve = 38.0, INNER - QR_SIDE - 2
    for french, english, value, largest in rows:
        sheets.text(LEFT, y, french, 7.5)
        sheets.text(LEFT + sheets.width(french + " ", 7.5), y, f"/ {english}", 7.5, ink=GREY)
        size = min(largest, largest * reserve / sheets.width(value, largest, face="bold"))
        sheets.text(LEFT, y + 5.4, value, size, face="bold")
        y += 12.0


def _code(sheets: Sheets, share: Share) -> None:
    x = WIDTH - LEFT - QR_SIDE
    sheets.squares(x + 2, 31.5, QR_SIDE, qr_rows(" ".join(share.words).upper()))
    middle = x + 2 + QR_SIDE / 2
    sheets.text(middle, 91.5, FRENCH.scan, 7.5, align="centre")
    sheets.text(middle, 95, ENGLISH.scan, 7.5, ink=GREY, align="centre")


def _words(sheets: Sheets, share: Share, facts: dict[str, object]) -> None:
    """Draw the words down each column, so that the eye follows a line and not a row."""
    top, row = 103.0, 6.4
    rows = -(-len(share.words) // COLUMNS)
    title = FRENCH.words.format(**facts)
    sheets.text(LEFT, top, title, 9, face="bold")
    aside = f"/ {ENGLISH.words.format(**facts)}"
    sheets.text(LEFT + sheets.width(title + " ", 9, face="bold"), top, aside, 9, ink=GREY)
    sheets.box(LEFT, top + 2, INNER, rows * row + 3, line=0.5)
    width = INNER / COLUMNS
    for at, word in enumerate(share.words):
        column, line = divmod(at, rows)
        x, y = LEFT + column * width, top + 2 + (line + 1) * row
        if line % 2 == 0:
            sheets.box(x + 1.5, y - 4.7, width - 3, row, line=0, fill=PALE, round_by=0.8)
        sheets.text(x + 10, y, f"{at + 1}", 9, ink=GREY, align="right")
        sheets.text(x + 14, y, word, 13, face="bold")


def _explanation(sheets: Sheets, text: CardText, facts: dict[str, object], side: int) -> float:
    """Write one language's column and return where it ends."""
    width = (INNER - GAP) / 2
    x, y = LEFT + side * (width + GAP), 187.5
    ink = GREY if side else 0.0
    parts = (
        (text.opens_title, (text.opens,)),
        (text.lost_title, text.steps),
        (text.know_title, tuple(f"• {line}" for line in text.know)),
    )
    for title, lines in parts:
        sheets.text(x, y, title, 8.6, face="bold", ink=ink)
        y += 3.9
        for line in lines:
            y = sheets.paragraph(x, y, width, line.format(**facts), TEXT, ink=ink)
        y += 1.4
    return y


def _commands(sheets: Sheets, top: float) -> float:
    """Write the commands in a frame and return its lower edge."""
    row = 4.6
    height = (len(COMMANDS) + 1) * row + 2.6
    sheets.box(LEFT, top, INNER, height, line=0.2, fill=PALE)
    y = top + row
    for french, english, command in zip(FRENCH.commands, ENGLISH.commands, COMMANDS, strict=True):
        caption = f"{french} / {english[3:]}"
        sheets.text(LEFT + 2.5, y, caption, 6.8)
        sheets.text(LEFT + 66, y, command, 7.2, face="bold")
        y += row
    sheets.text(LEFT + 2.5, y, f"{FRENCH.by_hand} / {ENGLISH.by_hand}", 6.8)
    sheets.text(LEFT + 66, y, BY_HAND, 7)
    return top + height


def _entrusted(sheets: Sheets, top: float) -> None:
    y = top + 9
    who = f"{FRENCH.entrusted} / {ENGLISH.entrusted}"
    sheets.text(LEFT, y, who, 8)
    start = LEFT + sheets.width(who, 8) + 2
    sheets.rule(start, y + 0.8, 138 - start)
    when = f"{FRENCH.on} / {ENGLISH.on}"
    sheets.text(141, y, when, 8)
    after = 141 + sheets.width(when, 8) + 2
    sheets.rule(after, y + 0.8, WIDTH - LEFT - after)
