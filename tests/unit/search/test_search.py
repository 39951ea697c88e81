"""Who is found, in which order, and who is offered where nobody fits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from archiver.search.persons import Fit, Trait
from archiver.search.query import query_of
from archiver.search.records import SearchNames, SearchRecord, records_of_keyring
from archiver.search.search import SearchResult, persons_of, search

TODAY = date(2026, 11, 29)


def record(
    number: str,
    birth: str,
    used: str,
    given: str,
    born: str,
    *,
    person: str = "",
    earlier: str = "",
    **known: str,
) -> SearchRecord:
    names = SearchNames(birth, (given,), used, given, born)
    return SearchRecord(
        f"id-{number}",
        person or f"id-{number}",
        "practice",
        "active",
        names,
        earlier=(SearchNames("", (), earlier, "", ""),) if earlier else (),
        numbers=(number,),
        ins=tuple(filter(None, [known.get("ins", "")])),
        telephones=tuple(filter(None, [known.get("telephone", "")])),
    )


PEOPLE = [
    record("1", "Garnier", "Lemoine-Garnier", "Anne-Sophie", "1979-03-14", telephone="+33 6 12 34 56 78"),
    record("2", "Lemoine", "Lemoine", "Étienne", "1976-11-02", ins="1761149588157"),
    record("3", "Legall", "Legall", "Yann", "1970-05-01"),
    record("4", "D'Alméida", "D'Alméida", "Rosa", "1985"),
    record("5", "Martin", "Martin", "Paul", "1985-07-01", earlier="Dupont"),
    record("1985", "Petit", "Petit", "Paul", "1900-01-01"),
    record("7", "Durand", "Durand", "Léa", "1990-12-03"),
    record("8", "Morvan", "Durand", "Léa", "1990-12-03", person="id-7"),
    record("9", "Jean", "Jean", "Martin", "1950-01-02"),
]


def found(text: str, people: Iterable[SearchRecord] = PEOPLE) -> SearchResult:
    return search(persons_of(people), query_of([text], TODAY), limit=20)


def numbers(text: str) -> list[str]:
    return [one.records[0].number for one in found(text).found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lemoine", ["2", "1"]),
        ("LEMOI", ["2", "1"]),
        ("etienne lemoine", ["2"]),
        ("garnier", ["1"]),
        ("Anne Sophie", ["1"]),
        ("garnier-lemoine", ["1"]),
        ("sophie 1979 garnier", ["1"]),
        ("lemoine née vers 1978", ["1", "2"]),
        ("le gall", ["3"]),
        ("dalmeida", ["4"]),
        ("almeida 03/1985", ["4"]),
        ("de almeida", ["4"]),
        ("dupont", ["5"]),
        ("martin", ["9", "5"]),
        ("martin paul", ["5"]),
        ("0612345678", ["1"]),
        ("06 12 34", ["1"]),
        ("5678", ["1"]),
        ("1 76 11 49 588 157 41", ["2"]),
        ("1985", ["4", "5", "1985"]),
        ("id-3", ["3"]),
        ("morvan léa durand", ["7"]),
        ("8", ["7"]),
    ],
)
def test_a_person_is_found_by_what_is_known(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


def test_the_records_of_one_person_are_one_result() -> None:
    (one,) = found("durand").found
    assert [record.number for record in one.records] == ["7", "8"]


def test_what_a_word_fits_is_said() -> None:
    (one,) = found("dupont 1985").found
    assert {(fit.fit, fit.trait, fit.value) for fit in one.fits} == {
        (Fit.EQUAL, Trait.EARLIER, "Dupont"),
        (Fit.EQUAL, Trait.BIRTH, "1985-07-01"),
    }


def test_a_date_that_a_program_writes_in_place_of_none_is_no_birth_date() -> None:
    assert "1985" not in numbers("petit 1900")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Lemoyne Etienne", "2"),
        ("Lemoine 11/02/1976", "2"),
        ("Lemoine 02/11/1977", "2"),
        ("legale yan 1970", "3"),
        ("Lemoine Anne-Sophie née vers 1970", "1"),
    ],
)
def test_the_nearest_is_offered_where_nobody_fits(text: str, first: str) -> None:
    result = found(text)
    assert (result.count, result.found) == (0, ())
    assert result.nearest[0].records[0].number == first


def test_nobody_is_offered_who_fits_less_than_half() -> None:
    assert found("xyzzyk qwrtp 1812").nearest == ()


def test_a_line_of_a_keyring_is_found_with_the_records_it_is_linked_to() -> None:
    lines = [
        {
            "id": "a",
            "number": "1",
            "family": "Morvan",
            "used_family": "Durand",
            "given": "Léa",
            "linked": "b",
        },
        {"id": "b", "family": "Durand", "given": "Léa", "birth_date": "1990-12-03", "linked": "a"},
    ]
    (one,) = found("morvan 1990", records_of_keyring(lines)).found
    assert [record.id for record in one.records] == ["a", "b"]
