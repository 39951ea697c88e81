"""The seventy-two hours of a personal data breach, and what it asks for next."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archiver.compliance.breach_clock import BreachStep, breach_clock, notify_by
from archiver.practice.registers.breaches import Breach

PARIS = ZoneInfo("Europe/Paris")
NOTHING = Breach(
    **{one.name: "" for one in fields(Breach)} | {"id": 1, "known_at": "2026-11-24T18:30:00+01:00"}
)
AT = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
"""Seventy-two hours after it was known."""


@pytest.mark.parametrize(
    ("known", "until"),
    [
        ("2026-11-24T18:30:00+01:00", "2026-11-27T18:30:00+01:00"),
        ("2026-11-24", "2026-11-27T00:00:00+01:00"),  # only the day is known: from its beginning
        ("2026-11-27T23:00:00+01:00", "2026-11-30T23:00:00+01:00"),  # a weekend is no pause
        ("2026-10-24T12:00:00+02:00", "2026-10-27T11:00:00+01:00"),  # the night of twenty-five hours
        ("2026-03-28T12:00:00+01:00", "2026-03-31T13:00:00+02:00"),
    ],
)
def test_seventy_two_hours_are_hours_of_the_clock(known: str, until: str) -> None:
    assert notify_by(known, PARIS).isoformat() == until


@pytest.mark.parametrize(
    ("filled", "step"),
    [
        ({}, BreachStep.ASSESS),
        ({"risk": "none"}, BreachStep.CLOSE),
        ({"risk": "risk"}, BreachStep.NOTIFY),
        ({"risk": "high"}, BreachStep.NOTIFY),
        ({"risk": "risk", "notified_at": "2026-11-25T10:00:00+01:00"}, BreachStep.CLOSE),
        ({"risk": "high", "notified_at": "2026-11-25T10:00:00+01:00"}, BreachStep.INFORM),
        (
            {
                "risk": "high",
                "notified_at": "2026-11-25T10:00:00+01:00",
                "informed_at": "2026-11-26T10:00:00+01:00",
            },
            BreachStep.CLOSE,
        ),
        (
            {"risk": "high", "notified_at": "2026-11-25T10:00:00+01:00", "uninformed_reason": "encrypted"},
            BreachStep.CLOSE,
        ),
        ({"risk": "risk", "closed_at": "2026-11-28T10:00:00+01:00"}, BreachStep.NOTHING),
    ],
)
def test_each_step_leads_to_the_next(filled: dict[str, str], step: BreachStep) -> None:
    assert breach_clock(replace(NOTHING, **filled), AT, PARIS).step is step


def test_a_breach_is_late_when_the_hours_are_over_and_nobody_has_notified_or_did_after_them() -> None:
    after = AT + timedelta(seconds=1)
    assert not breach_clock(NOTHING, AT, PARIS).late and breach_clock(NOTHING, after, PARIS).late
    unlikely = replace(NOTHING, risk="none")
    assert not breach_clock(unlikely, after, PARIS).late
    in_time = replace(NOTHING, risk="high", notified_at=AT.isoformat())
    assert not breach_clock(in_time, after, PARIS).late
    assert breach_clock(replace(in_time, notified_at=after.isoformat()), after, PARIS).late
