"""Dates of which only the year or the month is known: their text, their days, and what they contradict."""

from __future__ import annotations

import itertools
import pickle
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from formats.model.dates import (
    AnyDate,
    AnyMoment,
    PartialDate,
    beginning,
    contradict,
    first_day,
    last_day,
    moment_order,
    parse_date,
    parse_moment,
    surely_before,
    without_time,
)
from tests.dossiers import MOMENTS, PARTIAL_DATES

DATES = st.dates() | PARTIAL_DATES
WHOLE_OFFSETS = MOMENTS.filter(lambda one: not (one.utcoffset() or timedelta()).microseconds)
"""Python 3.11 reads no fraction of a second in an offset (``datetime.fromisoformat``)."""
PARIS = ZoneInfo("Europe/Paris")


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


@given(DATES | WHOLE_OFFSETS)
def test_the_text_of_a_moment_is_read_as_precisely_as_it_was(value: AnyMoment) -> None:
    found = parse_moment(value.isoformat())
    assert (type(found), found) == (type(value), value)
    assert type(without_time(value)) is (date if isinstance(value, datetime) else type(value))
    assert first_day(value) <= last_day(value)
    assert not isinstance(first_day(value), datetime)
    assert not isinstance(last_day(value), datetime)


ORDERED: tuple[AnyMoment, ...] = (
    datetime(2023, 12, 31, 22, 59, tzinfo=UTC),
    PartialDate(2024),
    PartialDate(2024, 1),
    date(2024, 1, 1),
    datetime(2023, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=PARIS),
    datetime(2024, 1, 1, 23, 59, tzinfo=PARIS),
    date(2024, 1, 2),
    PartialDate(2024, 2),
    PartialDate(2025),
)
"""On the clock of Paris, where midnight of a winter's night is 23:00 in UTC."""


def test_a_day_comes_before_the_moments_of_that_day_where_the_practice_is() -> None:
    mixed = random.Random(1).sample(ORDERED, len(ORDERED))
    assert tuple(sorted(mixed, key=lambda one: moment_order(one, PARIS))) == ORDERED
    assert beginning(PartialDate(2024, 2), PARIS) == datetime(2024, 2, 1, tzinfo=PARIS)


@given(st.lists(DATES | WHOLE_OFFSETS))
def test_any_moments_and_dates_have_an_order(values: list[AnyMoment]) -> None:
    ordered = sorted(values, key=lambda one: moment_order(one, PARIS))
    assert all(moment_order(a, PARIS) <= moment_order(b, PARIS) for a, b in itertools.pairwise(ordered))
