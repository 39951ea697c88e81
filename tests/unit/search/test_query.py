"""What people type into a search, and what it is taken for."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.search.errors import NothingToFind
from archiver.search.query import MAX_CHARACTERS, query_of

TODAY = date(2026, 11, 29)
DAY = ("1985-03-12", "1985-03-12")


def spans(text: str) -> list[tuple[str, str]]:
    found = (term.birth for term in query_of([text], TODAY).terms)
    return [(one.first.isoformat(), one.last.isoformat()) for one in found if one]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("12/03/1985", DAY),
        ("12.3.85", DAY),
        ("12-03-1985", DAY),
        ("1985-03-12", DAY),
        ("12 mars 1985", DAY),
        ("12 March 1985", DAY),
        ("née le 12/03/1985", DAY),
        ("né(e) le 12/03/1985", DAY),
        ("1er août 1950", ("1950-08-01", "1950-08-01")),
        ("12/03/26", ("2026-03-12", "2026-03-12")),
        ("12/03/27", ("1927-03-12", "1927-03-12")),
        ("03-1985", ("1985-03-01", "1985-03-31")),
        ("03/1985", ("1985-03-01", "1985-03-31")),
        ("1985-03", ("1985-03-01", "1985-03-31")),
        ("mars 1985", ("1985-03-01", "1985-03-31")),
        ("1985", ("1985-01-01", "1985-12-31")),
        ("née en 1985", ("1985-01-01", "1985-12-31")),
        ("née vers 1970", ("1965-01-01", "1975-12-31")),
        ("about 1970", ("1965-01-01", "1975-12-31")),
        ("~1970", ("1965-01-01", "1975-12-31")),
        ("entre 1968 et 1972", ("1968-01-01", "1972-12-31")),
        ("1968-1972", ("1968-01-01", "1972-12-31")),
        ("années 70", ("1970-01-01", "1979-12-31")),
        ("1970s", ("1970-01-01", "1979-12-31")),
        ("55 ans", ("1970-01-01", "1971-12-31")),
        ("31/02/1985", ("1985-02-01", "1985-02-28")),
        ("31/13/1985", ("1985-01-01", "1985-12-31")),
    ],
)
def test_a_birth_date_is_known_however_it_is_written(text: str, span: tuple[str, str]) -> None:
    assert spans(text) == [span]
    assert spans(f"Lemoine {text}, Anne") == [span]


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "0612345678",
        "+33 6 12 34 56 78",
        "0033612345678",
        "+33 (0)6 12345678",
    ],
)
def test_a_telephone_number_is_its_national_digits(text: str) -> None:
    assert [term.telephone for term in query_of([text, "lemoine"], TODAY).terms] == ["612345678", ""]


@pytest.mark.parametrize("text", ["2 69 05 49 588 157 80", "269054958815780", "2 69 05 49 588 157"])
def test_an_ins_is_one_with_or_without_its_key(text: str) -> None:
    (term,) = query_of([text], TODAY).terms
    assert term.ins.startswith("2690549588157") and not term.telephone


@pytest.mark.parametrize(
    "words", [["Dupont", "née", "Lemoine"], ["dupont née lemoine"], ["DUPONT,", "lemoine"]]
)
def test_words_that_only_lead_to_the_next_say_nothing(words: list[str]) -> None:
    assert [term.name for term in query_of(words, TODAY).terms] == ["DUPONT", "LEMOINE"]


def test_a_double_name_is_one_name_and_its_words() -> None:
    (term,) = query_of(["Anne-Sophie"], TODAY).terms
    assert (term.name, term.parts) == ("ANNESOPHIE", ("ANNE", "SOPHIE"))


def test_a_year_may_be_a_number() -> None:
    (term,) = query_of(["1985"], TODAY).terms
    assert term.number == "1985" and term.birth


def test_a_word_that_only_leads_to_the_next_is_a_name_where_it_is_alone() -> None:
    assert [term.name for term in query_of(["Né"], TODAY).terms] == ["NE"]


@pytest.mark.parametrize("words", [["..."], ["-", "'"], ["x" * (MAX_CHARACTERS + 1)]])
def test_words_that_say_nothing_are_refused(words: list[str]) -> None:
    with pytest.raises(NothingToFind):
        query_of(words, TODAY)
