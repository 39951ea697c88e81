"""Dates of which only the year or the month is known: their text, their days, and what they contradict."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from hypothesis import given, strategies as st

from formats.model.dates import (
    AnyDate,
    PartialDate,
    contradict,
    first_day,
    last_day,
    parse_date,
    surely_before,
)
from tests.dossiers import PARTIAL_DATES

DATES = st.dates() | PARTIAL_DATES


@given(DATES)
def test_the_text_of_a_date_is_read_as_that_date(value: AnyDate) -> None:
    assert parse_date(value.isoformat()) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
    assert hash(parse_date(value.isoformat())) == hash(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "83", "19830", "0000", "1983-00", "1983-13", "1983-5", "1983-02-30", "1983-W05-1", "19830512"),
        *("1983-05-12T10:00:00", " 1983", "1983-", "+1983", "१९८३", "1983-०५"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(text)


@pytest.mark.parametrize(("year", "month"), [(0, None), (10_000, None), (1983, 0), (1983, 13), (-1, 1)])
def test_no_date_outside_the_calendar_can_be_made(year: int, month: int | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate(year, month)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        (PartialDate(1983), date(1983, 1, 1), date(1983, 12, 31)),
        (PartialDate(1984, 2), date(1984, 2, 1), date(1984, 2, 29)),
        (PartialDate(9999), date(9999, 1, 1), date.max),
        (date(1983, 5, 12), date(1983, 5, 12), date(1983, 5, 12)),
    ],
)
def test_a_date_may_be_any_of_its_days(value: AnyDate, first: date, last: date) -> None:
    assert (first_day(value), last_day(value)) == (first, last)


def test_a_part_equals_no_day_and_has_no_order() -> None:
    year, month, day = PartialDate(1983), PartialDate(1983, 1), date(1983, 1, 1)
    assert len({year, month, day}) == 3
    assert repr(month) == "PartialDate(1983, 1)"
    for one, other in ((year, month), (year, day)):
        with pytest.raises(TypeError):
            sorted([one, other])


@pytest.mark.parametrize(
    ("one", "other", "before", "contradicts"),
    [
        (PartialDate(1983), PartialDate(1984), True, True),
        (PartialDate(1983), PartialDate(1983, 5), False, False),
        (PartialDate(1983, 4), PartialDate(1983, 5), True, True),
        (PartialDate(1983, 5), date(1983, 5, 12), False, False),
        (PartialDate(1983, 5), date(1983, 6, 1), True, True),
        (date(1983, 5, 12), date(1983, 5, 12), False, False),
        (date(1983, 5, 12), date(1983, 5, 13), True, True),
    ],
)
def test_two_dates_contradict_where_no_day_is_in_both(
    one: AnyDate, other: AnyDate, before: bool, contradicts: bool
) -> None:
    assert surely_before(one, other) is before
    assert not surely_before(other, one)
    assert contradict(one, other) is contradict(other, one) is contradicts
    assert not contradict(one, None)
    assert not contradict(None, other)
