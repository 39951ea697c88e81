"""Texts in 7 bits: nothing vanishes, nothing fails."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from formats.pdlgc.readme.seven_bits import seven_bits


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Cabinet Müller–Œuvré", "Cabinet Muller-OEuvre"),
        ("“L’été”, n° 3 : 5 €…", '"L\'ete", no 3 : 5 EUR...'),
        ("E\u0301te\u0301", "Ete"),
        ("中 \ud800 \u0301", "{U+4E2D} {U+D800} {U+0301}"),
        ("ﬁ ½", "fi {U+00BD}"),
        ("plain", "plain"),
    ],
)
def test_a_text_is_written_in_letters_that_every_system_has(text: str, written: str) -> None:
    assert seven_bits(text) == written


@given(st.text(st.characters()))
def test_every_text_has_one_and_no_letter_vanishes(text: str) -> None:
    written = seven_bits(text)
    assert written.isascii()
    assert bool(written) == bool(text)
