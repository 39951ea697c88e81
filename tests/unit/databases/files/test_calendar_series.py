"""Appointments that repeat: a row for each time, without those taken out or moved, and within limits."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings, strategies as st

from formats.databases.files.calendar import recurrence, series
from formats.databases.files.calendar.recurrence import DayBudget, read_rule
from tests.unit.databases.files.opened import notices, rows
from tests.unit.databases.files.test_calendar import calendar, event, findings_of

MONDAY = "DTSTART;TZID=Europe/Paris:20250310T090000"


def times(folder: Path, *parts: str) -> list[str]:
    return [one["DTSTART"] for one in rows(folder, "T.ics", calendar(*parts))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;COUNT=3"], ["2025-03-10 09:00", "2025-03-17 09:00", "2025-03-24 09:00"]),
        (
            ["RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20250407T070000Z"],
            ["2025-03-10 09:00", "2025-03-24 09:00", "2025-04-07 09:00"],
        ),
        (["RRULE:FREQ=WEEKLY;UNTIL=20250317"], ["2025-03-10 09:00", "2025-03-17 09:00"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Paris:20250317T090000"],
            ["2025-03-10 09:00", "2025-03-24 09:00"],
        ),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20250317T080000Z"], ["2025-03-10 09:00", "2025-03-24 09:00"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20250310,20250324"],
            ["2025-03-17 09:00"],
        ),
        (
            ["RRULE:FREQ=MONTHLY;BYDAY=2MO;COUNT=2", "RDATE;TZID=Europe/Paris:20250312T110000"],
            ["2025-03-10 09:00", "2025-03-12 11:00", "2025-04-14 09:00"],
        ),
        (
            ["RDATE:20250312T110000Z,20250313T110000Z"],
            ["2025-03-10 09:00", "2025-03-12 12:00", "2025-03-13 12:00"],
        ),
        (["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2"], ["2025-03-10 09:00", "2025-03-31 09:00"]),
    ],
)
def test_the_times_of_a_series(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    assert times(tmp_path, event(MONDAY, *lines)) == expected
    assert findings_of(tmp_path, calendar(event(MONDAY, *lines)))["calendar-series"].facts == {
        "count": 1,
        "rows": len(expected),
    }


def test_every_row_of_a_series_is_told_from_the_others(tmp_path: Path) -> None:
    content = calendar(event(MONDAY, "DTEND;TZID=Europe/Paris:20250310T100000", "RRULE:FREQ=WEEKLY;COUNT=4"))
    found = rows(tmp_path, "T.ics", content)
    assert [(one["DTSTART"], one["DTEND"], one["MINUTES"], one["INSTANCE"]) for one in found] == [
        (f"{day} 09:00", f"{day} 10:00", 60, f"1/{day} 09:00")
        for day in ("2025-03-10", "2025-03-17", "2025-03-24", "2025-03-31")
    ]


def test_a_series_in_utc_follows_the_clocks(tmp_path: Path) -> None:
    found = times(tmp_path, event("DTSTART:20250323T080000Z", "RRULE:FREQ=WEEKLY;COUNT=2"))
    assert found == ["2025-03-23 09:00", "2025-03-30 10:00"]


def test_a_day_that_repeats_stays_a_day(tmp_path: Path) -> None:
    content = (
        "DTSTART;VALUE=DATE:20250310",
        "DTEND;VALUE=DATE:20250311",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE;VALUE=DATE:20250311",
    )
    assert times(tmp_path, event(*content)) == ["2025-03-10", "2025-03-12"]


@pytest.mark.parametrize("first", [False, True])
def test_a_time_that_was_moved_is_there_once(tmp_path: Path, *, first: bool) -> None:
    moved = event("RECURRENCE-ID:20250317T080000Z", "DTSTART:20250318T130000Z", "SUMMARY:déplacé")
    parts = [event(MONDAY, "SUMMARY:contrôle", "RRULE:FREQ=WEEKLY;COUNT=3"), moved]
    found = rows(tmp_path, "T.ics", calendar(*(reversed(parts) if first else parts)))
    assert sorted((one["DTSTART"], one["SUMMARY"]) for one in found) == [
        ("2025-03-10 09:00", "contrôle"),
        ("2025-03-18 14:00", "déplacé"),
        ("2025-03-24 09:00", "contrôle"),
    ]
    assert {one["INSTANCE"] for one in found} == {f"1/2025-03-{day} 09:00" for day in ("10", "17", "24")}


def test_a_change_from_one_time_on_is_said(tmp_path: Path) -> None:
    moved = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20250317T080000Z", "DTSTART:20250318T130000Z")
    content = calendar(event(MONDAY, "RRULE:FREQ=WEEKLY;COUNT=3"), moved)
    assert "calendar-series-changed" in findings_of(tmp_path, content)


@pytest.mark.parametrize(
    "rule",
    [
        *("RRULE:FREQ=SECONDLY", "RRULE:FREQ=HOURLY;COUNT=3", "RRULE:FREQ=DAILY;BYHOUR=9,14"),
        *(
            "RRULE:FREQ=YEARLY;BYWEEKNO=20",
            "RRULE:FREQ=WEEKLY\nRRULE:FREQ=DAILY",
            "RRULE:FREQ=DAILY;INTERVAL=0",
        ),
        "RRULE:FREQ=WEEKLY\nEXRULE:FREQ=MONTHLY",
    ],
)
def test_a_rule_that_is_not_followed_is_said(tmp_path: Path, rule: str) -> None:
    assert times(tmp_path, event(MONDAY, rule)) == ["2025-03-10 09:00"]
    assert {"calendar-event-repeats"} <= findings_of(tmp_path, calendar(event(MONDAY, rule))).keys()


@pytest.mark.parametrize(
    ("rule", "count", "last"),
    [
        ("FREQ=WEEKLY", 1044, "2045-03-06 09:00"),
        ("FREQ=DAILY", recurrence.MAX_OCCURRENCES, "2036-02-20 09:00"),
        ("FREQ=DAILY;COUNT=99999999", recurrence.MAX_OCCURRENCES, "2036-02-20 09:00"),
        ("FREQ=DAILY;UNTIL=99991231", recurrence.MAX_OCCURRENCES, "2036-02-20 09:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", 1, "2025-03-10 09:00"),
    ],
)
def test_a_series_without_end_is_read_up_to_a_limit(tmp_path: Path, rule: str, count: int, last: str) -> None:
    found = times(tmp_path, event(MONDAY, f"RRULE:{rule}"))
    assert (len(found), found[-1]) == (count, last)
    assert "calendar-series-cut" in findings_of(tmp_path, calendar(event(MONDAY, f"RRULE:{rule}")))


def test_many_series_are_followed_within_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MAX_ROWS", 5000)
    endless = event(MONDAY, "RRULE:FREQ=DAILY")
    began = time.monotonic()
    content = calendar(*[endless] * 50)
    assert len(rows(tmp_path, "T.ics", content)) == 2 * recurrence.MAX_OCCURRENCES + 48
    assert findings_of(tmp_path, content)["calendar-event-repeats"].facts["count"] == 48
    assert time.monotonic() - began < 20


def test_a_budget_of_days_bounds_what_never_comes() -> None:
    rule = read_rule({"FREQ": ["DAILY"], "BYMONTH": [2], "BYMONTHDAY": [30]})
    assert rule is not None
    budget = DayBudget(left=1000)
    start = recurrence.date(2025, 3, 10)
    assert list(rule.days(start, budget)) == [start]
    assert budget.left < 0


WEEKDAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "SA", "SU"]), min_size=1, max_size=3, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule that is followed, as lists of values by the names of its parts.

    Weekdays all have a number, or none: of both together dateutil takes only the days that are both.
    """
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    found: dict[str, Any] = {"FREQ": [frequency], "INTERVAL": [draw(st.integers(1, 4))]}
    if draw(st.booleans()):
        found["BYMONTH"] = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        ordinals = st.sampled_from(["", "1", "2", "-1", "5"] if frequency in {"MONTHLY", "YEARLY"} else [""])
        chosen = draw(WEEKDAYS)
        found["BYDAY"] = [draw(ordinals.filter(bool)) + one for one in chosen] if draw(ordinals) else chosen
    if frequency != "WEEKLY" and draw(st.booleans()):
        days = st.sampled_from([1, 2, 15, 28, 31, -1, -3])
        found["BYMONTHDAY"] = draw(st.lists(days, min_size=1, max_size=3, unique=True))
    if frequency == "YEARLY" and draw(st.booleans()):
        found["BYYEARDAY"] = draw(st.lists(st.sampled_from([1, 60, 200, -1, -100]), min_size=1, unique=True))
    if draw(st.booleans()) and found.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} and frequency != "DAILY":
        found["BYSETPOS"] = draw(
            st.lists(st.sampled_from([1, 2, -1, -2]), min_size=1, max_size=2, unique=True)
        )
    found["WKST"] = [draw(st.sampled_from(["MO", "SU", "WE"]))]
    return found


@settings(max_examples=150, deadline=None)
@given(parts=rules(), start=st.datetimes(recurrence.datetime(2000, 1, 1), recurrence.datetime(2030, 1, 1)))
def test_days_are_those_of_another_implementation(parts: dict[str, Any], start: Any) -> None:
    start = start.replace(hour=9, minute=0, second=0, microsecond=0)
    rule = read_rule(parts)
    assert rule is not None
    ours = set(islice(rule.days(start.date(), DayBudget()), 60))
    assume(len(ours) > 5)  # else dateutil looks for the next one up to the year 9999
    text = ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())
    end = f"{start.year + 15}0101T000000"
    theirs = {one.date() for one in islice(rrulestr(f"{text};UNTIL={end}", dtstart=start), 60)}
    both = (
        min(max(ours), max(theirs)) if theirs and len(ours) >= 60 else recurrence.date(start.year + 15, 1, 1)
    )
    # of positions in a week dateutil counts those of the first week from its start on, RFC 5545 those of all of it
    after = start.date() + timedelta(days=7 if parts["FREQ"] == ["WEEKLY"] and "BYSETPOS" in parts else 0)
    assert {one for one in ours if after < one < both} == {one for one in theirs if after < one < both}


def test_what_is_said_names_the_table(tmp_path: Path) -> None:
    assert {one.where for one in notices(tmp_path, "T.ics", calendar(event(MONDAY, "RRULE:FREQ=DAILY")))} == {
        "T"
    }
