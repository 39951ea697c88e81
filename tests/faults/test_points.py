"""Faults at every point: nothing acknowledged is lost, nothing half done is believed, the next run finishes.

``make faults`` tries all of them and records it; every run of the tests tries a few.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.faults.injection.catalogue import EVERY, POINTS, SAMPLED_MEANS, Fault, Means, sampled
from tests.faults.injection.means import TRY
from tests.faults.injection.record import made_of, missing, note, recorded
from tests.faults.injection.workshop import Workshop, workshop
from tests.journeys.line import Line

LEAST = 500
ROOTS_ALONE = frozenset({Means.FULL_DISK, Means.POWER_CUT, Means.READ_ONLY})
"""Means that mount a disk."""
tried = POINTS if os.environ.get(EVERY) else sampled()


@pytest.fixture(scope="module")
def shop(small_line: Line) -> Iterator[Workshop]:
    with workshop(small_line) as made:
        yield made


@pytest.mark.skipif(sys.platform != "linux", reason="strace, tmpfs and loop devices are of Linux")
@pytest.mark.parametrize("fault", tried, ids=lambda fault: fault.name)
def test_what_is_acknowledged_is_safe_and_the_next_run_finishes(shop: Workshop, fault: Fault) -> None:
    if fault.means in ROOTS_ALONE and os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    note(fault, TRY[fault.means](shop, fault))


def test_the_record_has_every_point_of_the_catalogue_and_no_other() -> None:
    points = recorded()["points"]
    assert list(points) == [point.name for point in POINTS]
    assert len({point.name for point in POINTS}) == len(POINTS) >= LEAST
    assert {point.means for point in POINTS} == set(Means) == set(TRY)


def test_every_means_is_in_the_sample() -> None:
    assert {fault.means for fault in sampled()} == SAMPLED_MEANS
    assert set(sampled()) <= set(POINTS)


def test_a_run_that_is_not_complete_is_not_recorded() -> None:
    lines = [f'{{"point": "{point.name}", "outcome": "ended"}}' for point in POINTS]
    assert missing(made_of(lines)) == []
    assert missing(made_of(lines[1:])) == [POINTS[0].name]
