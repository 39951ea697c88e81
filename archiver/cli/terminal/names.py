"""Names that a person gives: on one line, and of letters that everybody sees."""

from __future__ import annotations

import unicodedata

import typer

from archiver.cli.terminal.language import localize
from formats.words import mark

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of Unicode that break a line, move the cursor, turn the direction of reading, or are no letter."""


def visible_name(text: str) -> str:
    """Return ``text``, which will be signed, printed or written into a key file, when it has nothing unseen.

    Raises:
        BadParameter: when it has.
    """
    if any(unicodedata.category(one) in UNSEEN for one in text or ""):
        raise typer.BadParameter(localize(mark("it holds a line break or another control character")))
    return text
