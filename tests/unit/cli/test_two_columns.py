"""Two things side by side: within the width of the terminal, whatever that is, and with nothing left out."""

from __future__ import annotations

import pytest

from archiver.cli.terminal.two_columns import NARROW, two_columns

ROWS = (
    ("=", "Name in use", ("Kervella",), ("KERVELLA",)),
    ("≠", "Address", ("16 chemin des Alouettes, 99130 Orvanne",), ("3 allée du Verger",)),
    ("", "Telephone", ("0261910016", "0639980016"), ()),
)


@pytest.mark.parametrize("width", [30, NARROW - 1, NARROW, 80, 200])
def test_everything_stands_within_the_width(width: int) -> None:
    lines = list(two_columns(ROWS, heading=("Who came", "Who was here"), width=width))
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    for _, label, *sides in ROWS:
        for text in (label, *(text for side in sides for text in side)):
            assert all(word.strip(",") in [one.strip(",") for one in words] for word in text.split()), text


def test_both_sides_stand_on_one_line() -> None:
    heading, name, *_ = two_columns(ROWS, heading=("Who came", "Who was here"), width=80)
    assert name.startswith("  = Name in use") and name.index("KERVELLA") == heading.index("Who was here")


def test_nothing_in_a_value_acts_on_the_terminal() -> None:
    rows = (("", "Name", ("\x1b[2J",), ("\u202e",)),)
    text = "\n".join(two_columns(rows, heading=("a", "b"), width=80))
    assert "\\x1b[2J" in text and "\\u202e" in text and "\x1b" not in text
