"""Times that the clocks show twice, or never, are known as such; all others are not looked at."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from formats.databases.clock_changes import ClockChange, clock_change
from formats.findings import Finding
from formats.model.care import Appointment
from tests.unit.sources.described import given
from tests.unit.sources.test_read import ONE

PARIS = ZoneInfo("Europe/Paris")
MEETINGS = """
[tables.RDV]
key = "NUM"
owner = "PATIENT"
[[tables.RDV.records]]
kind = "appointments"
fields = { starts_at = "QUAND", status = "=planned" }
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-25T01:59", None),
        ("2026-10-25T02:00", ClockChange.TWICE),
        ("2026-10-25T02:59:59", ClockChange.TWICE),
        ("2026-10-25T03:00", None),
        ("2026-03-29T01:59", None),
        ("2026-03-29T02:30", ClockChange.NEVER),
        ("2026-03-29T03:00", None),
        ("2026-07-01T02:30", None),
        ("2026-07-01T14:30", None),
    ],
)
def test_what_the_clocks_of_paris_make_of_a_time(text: str, expected: ClockChange | None) -> None:
    assert clock_change(datetime.fromisoformat(text).replace(tzinfo=PARIS)) is expected


def test_a_time_without_a_zone_or_none_at_all_is_not_odd() -> None:
    assert clock_change(None) is None
    assert clock_change(datetime(2026, 10, 25, 2, 30)) is None  # noqa: DTZ001 - that is what it is about


def test_every_such_row_is_named_and_the_first_of_both_is_taken() -> None:
    times = ("2026-10-25 02:30", "2026-03-29 02:30", "2026-10-25 14:30", "2026-10-25 02:10")
    rows = [{"NUM": number, "PATIENT": 1, "QUAND": one} for number, one in enumerate(times, 1)]
    found = given(MEETINGS, {"PATIENTS": [ONE], "RDV": rows})
    remarks = [one for one in found.items if isinstance(one, Finding)]
    assert [(one.where, one.code) for one in remarks] == [
        ("RDV/1", "mapped-clock-change"),
        ("RDV/2", "mapped-clock-change"),
        ("RDV/4", "mapped-clock-change"),
    ]
    assert (
        "2026-10-25 02:30" in remarks[0].text and "twice" in remarks[0].text and "skipped" in remarks[1].text
    )
    first = found.records(Appointment)[0].starts_at
    assert first is not None and first.isoformat() == "2026-10-25T02:30:00+02:00"
