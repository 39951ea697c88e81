"""Teeth and surfaces: every American name has one FDI number and back."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from formats.mapping.tooth_notations import (
    FDI,
    FRENCH_SURFACES,
    UNIVERSAL,
    Notation,
    displayed_teeth,
    fdi,
    is_area,
    parse_surfaces,
    parse_teeth,
    shown_tooth,
)
from formats.model.mouth import Surface, is_fdi

NAMES = [str(number) for number in (*range(1, 33), *range(51, 83))]
NAMES += [f"{letter}{ending}" for letter in "ABCDEFGHIJKLMNOPQRST" for ending in ("", "S")]


def test_there_are_104_teeth_with_supernumeraries() -> None:
    assert sorted(FDI) == sorted(NAMES)
    assert len(set(FDI.values())) == len(NAMES) == 104
    assert all(is_fdi(tooth) for tooth in FDI.values())


@pytest.mark.parametrize(
    ("american", "expected"),
    [
        ("1", "18"),
        ("8", "11"),
        ("9", "21"),
        ("16", "28"),
        ("17", "38"),
        ("24", "31"),
        ("25", "41"),
        ("32", "48"),
        ("A", "55"),
        ("E", "51"),
        ("F", "61"),
        ("J", "65"),
        ("K", "75"),
        ("O", "71"),
        ("P", "81"),
        ("T", "85"),
        ("51", "18S"),
        ("58", "11S"),
        ("82", "48S"),
        ("AS", "55S"),
        ("ES", "51S"),
        ("SS", "84S"),
        (" a ", "55"),
        ("0", ""),
        ("33", ""),
        ("50", ""),
        ("83", ""),
        ("99", ""),
        ("U", ""),
        ("", ""),
        ("1S", ""),
    ],
)
def test_american_numbers_are_read_as_fdi(american: str, expected: str) -> None:
    assert fdi(american) == expected


@given(st.sampled_from(NAMES))
def test_every_tooth_comes_back_from_fdi(name: str) -> None:
    assert UNIVERSAL[fdi(name)] == name


@given(st.text(max_size=4))
def test_any_text_gives_a_tooth_of_fdi_or_none(text: str) -> None:
    found = fdi(text)
    assert found == "" or is_fdi(found)


@given(st.lists(st.sampled_from(NAMES), max_size=10), st.lists(st.sampled_from(["0", "99", "x"]), max_size=3))
def test_a_list_keeps_every_tooth_and_names_every_other_word(context: list[str], strange: list[str]) -> None:
    found, unknown = parse_teeth(",".join(context + strange))
    assert list(found) == [FDI[name] for name in context]
    assert list(unknown) == strange


@pytest.mark.parametrize(
    ("written", "notation", "expected", "strange"),
    [
        ("7,8,9", Notation.UNIVERSAL, ("12", "11", "21"), ()),
        ("7-10", Notation.UNIVERSAL, ("12", "11", "21", "22"), ()),
        ("A-C", Notation.UNIVERSAL, ("55", "54", "53"), ()),
        ("36", Notation.UNIVERSAL, ("36",), ()),
        ("16", Notation.FDI, ("16",), ()),
        ("12-21,46", Notation.FDI, ("12", "11", "21", "46"), ()),
        ("16", Notation.UNIVERSAL, ("28",), ()),
        ("UR8", Notation.PALMER, ("18",), ()),
        ("LLE,LR1", Notation.PALMER, ("75", "41"), ()),
        ("6+,+6,-6,6-", Notation.HADERUP, ("16", "26", "36", "46"), ()),
        ("9", Notation.FDI, (), ("9",)),
        ("10-7", Notation.UNIVERSAL, (), ("10-7",)),
        ("12-13-14", Notation.UNIVERSAL, (), ("12-13-14",)),
        ("", Notation.FDI, (), ()),
    ],
)
def test_teeth_as_a_screen_showed_them(
    written: str, notation: Notation, expected: tuple[str, ...], strange: tuple[str, ...]
) -> None:
    assert displayed_teeth(written, notation) == (expected, strange)


def test_surfaces_are_read_in_the_order_written_each_once() -> None:
    assert parse_surfaces("MOD") == ((Surface.MESIAL, Surface.OCCLUSAL, Surface.DISTAL), "")
    assert parse_surfaces("bf v") == ((Surface.BUCCAL, Surface.CERVICAL), "")
    assert parse_surfaces("XMZ") == ((Surface.MESIAL,), "XZ")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("UR", True),
        ("l", True),
        ("4", True),
        ("06", True),
        ("M", False),
        ("9", False),
        ("", False),
        ("MOD", False),
    ],
)
def test_regions_larger_than_a_tooth(word: str, expected: bool) -> None:
    assert is_area(word) is expected


@pytest.mark.parametrize(
    ("written", "tooth"),
    [("6⏌", "16"), ("⎿6", "26"), ("⎾6", "36"), ("6⏋", "46"), ("UR6", "16"), ("E┘", "55"), ("└e", "65")],
)
def test_zsigmondy_writes_a_corner_beside_the_place(written: str, tooth: str) -> None:
    assert shown_tooth(written, Notation.PALMER) == tooth


@pytest.mark.parametrize("written", ["⏌6", "6⎿", "6", "9⏌", "66⏌"])
def test_a_corner_on_the_wrong_side_is_no_tooth(written: str) -> None:
    assert shown_tooth(written, Notation.PALMER) == ""


def test_french_letters_of_surfaces_are_not_the_american_ones() -> None:
    assert parse_surfaces("VPC", FRENCH_SURFACES) == (
        (Surface.BUCCAL, Surface.LINGUAL, Surface.CERVICAL),
        "",
    )
    assert parse_surfaces("B", FRENCH_SURFACES) == ((), "B")
