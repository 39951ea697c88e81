"""Which runs a policy preserves: counted in days that have runs, and never from a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archiver.backup.policy import DEFAULT_POLICY, VersionPolicy

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
RUNS = [(1 + hour // 6, BEGAN + timedelta(hours=hour)) for hour in range(0, 24 * 800, 6)]
"""Four runs a day, for 800 days."""


def test_a_year_of_runs_is_thinned() -> None:
    preserved = DEFAULT_POLICY.preserved(RUNS)
    at = dict(RUNS)
    newest = max(at)
    assert newest in preserved
    assert sum(at[one] > at[newest] - timedelta(days=6, hours=20) for one in preserved) == 28
    days = {f"{at[one]:%Y-%m-%d}" for one in preserved}
    assert {f"{at[newest] - timedelta(days=day):%Y-%m-%d}" for day in range(30)} <= days
    assert {"2024-12-31", "2025-12-31"} <= days, "the last run of each year"
    months = {f"{at[one]:%Y-%m}" for one in preserved}
    assert len(months) == 13, "twelve months, and the December of a year before"
    # every run of seven days, the last of 23 more, of the ten months and the year that these do not have
    assert len(preserved) == 28 + 23 + 10 + 1


def test_a_clock_that_was_moved_ahead_makes_no_run_older() -> None:
    preserved = DEFAULT_POLICY.preserved(RUNS)
    moved = DEFAULT_POLICY.preserved([*RUNS, (len(RUNS) + 1, datetime(2099, 1, 1, tzinfo=UTC))])
    # the day, month and year of the moved clock each take one place: what goes is the oldest of each sequence
    assert len(preserved - moved) <= 4 + 1 + 1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_newest_run_always_stays(count: int) -> None:
    nothing = VersionPolicy(all_days=0, daily=0, monthly=0, yearly=0)
    runs = RUNS[:count]
    assert nothing.preserved(runs) == {number for number, _ in runs[-1:]}


def test_a_policy_is_read_as_it_is_written_and_nonsense_refused() -> None:
    assert VersionPolicy.of(DEFAULT_POLICY.document()) == DEFAULT_POLICY
    with pytest.raises(ValueError, match="-1"):
        VersionPolicy.of(DEFAULT_POLICY.document() | {"daily": -1})
