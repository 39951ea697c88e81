"""Two spellings of a name compare equal when only case, accents, hyphens, apostrophes and spaces differ."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from, text

from formats.names import beginnings, comparable

LETTERS = text(alphabet="abcdefghijklmnopqrstuvwxyzéèêëàâçîïôöùûüœæñ", min_size=1, max_size=12)


@given(text())
def test_comparing_twice_changes_nothing(name: str) -> None:
    assert comparable(comparable(name)) == comparable(name)


@given(text())
def test_only_letters_and_digits_count(name: str) -> None:
    assert all(unicodedata.category(letter)[0] in "LN" for letter in comparable(name))


@given(
    lists(LETTERS, min_size=1, max_size=4), sampled_from(["-", " ", "'", "’", "ʼ", "", "‐", " - ", "\u00a0"])
)
def test_what_joins_the_words_does_not_count(words: list[str], separator: str) -> None:
    assert comparable(separator.join(words)) == comparable("".join(words))


@given(LETTERS)
def test_case_and_normal_form_do_not_count(name: str) -> None:
    spellings = {name, name.upper(), name.title(), unicodedata.normalize("NFD", name)}
    assert len({comparable(each) for each in spellings}) == 1


@given(LETTERS, LETTERS)
def test_different_letters_stay_different(one: str, other: str) -> None:
    def plain(name: str) -> str:
        spread = unicodedata.normalize("NFD", name.replace("œ", "oe").replace("æ", "ae"))
        return "".join(letter for letter in spread if not unicodedata.combining(letter))

    assert (comparable(one) == comparable(other)) is (plain(one) == plain(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D’Alméida", "DALMEIDA"),
        ("LE GALL", "Legall"),
        ("Lemoine-Garnier", "LEMOINE GARNIER"),
        ("Œuvrard", "oeuvrard"),
        ("Straße", "STRASSE"),
        ("Łukasz", "lukasz"),
        ("ʼnaise", "NAISE"),
    ],
)
def test_spellings_met_in_practices(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_other_scripts_are_kept() -> None:
    assert comparable("山田") == "山田"
    assert comparable("Дмитрий") != ""


def test_given_names_may_be_one_or_several() -> None:
    assert beginnings("Jean Pierre Marie") == ("JEAN", "JEANPIERRE", "JEANPIERREMARIE")
    assert beginnings("Jean-Pierre, Marie") == ("JEANPIERRE", "JEANPIERREMARIE")
    assert beginnings(" - ") == beginnings("") == ()
