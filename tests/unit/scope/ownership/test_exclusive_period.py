"""Since when one practitioner alone has seen a patient: what ends it, and what leaves it in doubt."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.scope.ownership.evidence import (
    ACT,
    APPOINTMENT,
    BOOKING,
    Event,
    ExclusivePeriod,
    exclusive_period,
    person_evidence,
)
from archiver.scope.ownership.months import add_months, whole_months
from archiver.scope.ownership.practitioners import NOBODY, Claimant

CLAIMANTS = {
    name: Claimant(
        id=name, name=f"Dr {name}", number=name, claims=name != "locum", replacement=name == "locum"
    )
    for name in ("owner", "collaborator", "locum")
}


def act(practitioner: str, at: str) -> Event:
    return Event(ACT, practitioner, at, 1, 5000)


def period(*events: Event) -> ExclusivePeriod | None:
    return exclusive_period(events, CLAIMANTS)


def test_it_begins_after_the_last_visit_of_anybody_else() -> None:
    found = period(
        act("collaborator", "2020-01-10"),
        act("owner", "2021-03-01"),
        act("collaborator", "2022-05-02"),
        act("collaborator", "2024-06-03"),
    )
    assert found == ExclusivePeriod(
        practitioner="collaborator", first="2022-05-02", last="2024-06-03", unsure=0
    )


def test_two_on_the_last_day_leave_none() -> None:
    assert period(act("collaborator", "2024-06-03"), act("owner", "2024-06-03")) is None
    assert period() is None


def test_a_visit_of_nobody_known_inside_leaves_doubt_and_one_before_does_not() -> None:
    run = (act("collaborator", "2022-05-02"), act("collaborator", "2024-06-03"))
    for doubtful in (
        act(NOBODY, "2023-01-01"),
        act("locum", "2023-01-01"),
        act(NOBODY, "2023"),
        act("owner", ""),
    ):
        found = period(*run, doubtful)
        assert found and (found.practitioner, found.first, found.unsure) == ("collaborator", "2022-05-02", 1)
    found = period(*run, act(NOBODY, "2021-01-01"))
    assert found and found.unsure == 0


@pytest.mark.parametrize(
    ("others", "first"), [("2023", "2024-06-03"), ("2022-12", "2023-05-02"), ("2021-12", "2022-05-02")]
)
def test_a_partial_date_of_another_counts_to_its_last_day(others: str, first: str) -> None:
    run = [act("collaborator", day) for day in ("2022-05-02", "2023-05-02", "2024-06-03")]
    found = period(*run, act("owner", others))
    assert found and found.first == first


def test_what_is_dated_after_the_day_counts_for_nobody_but_is_counted() -> None:
    events = [act("collaborator", "2024-06-03"), act("owner", "2025-07-01"), act("owner", "2025-07-02")]
    found = person_evidence("p", ("p",), (), events, claimants=CLAIMANTS, on="2025-06-30")
    assert found.exclusive and found.exclusive.practitioner == "collaborator"
    assert found.of("owner").acts == 0 and found.later_acts == 2


def test_visits_bookings_and_fees_are_counted_each_in_their_sense() -> None:
    events = [
        Event(ACT, "owner", "2024-06-03", 3, 9000),
        Event(APPOINTMENT, "owner", "2024-06-03T09:00:00+02:00", 1, 0),
        Event(BOOKING, "owner", "2024-08-03T09:00:00+02:00", 1, 0),
        Event(BOOKING, "owner", "2025-08-03T09:00:00+02:00", 1, 0),
    ]
    care = person_evidence("p", ("p",), (), events, claimants=CLAIMANTS, on="2025-06-30").of("owner")
    assert (care.visits, care.acts, care.fees_cents, care.bookings, care.ahead) == (1, 3, 9000, 3, 1)
    assert (care.first_seen, care.last_seen) == ("2024-06-03", "2024-06-03")


def test_months_are_those_of_the_calendar() -> None:
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert whole_months(date(2023, 8, 31), date(2024, 2, 29)) == 6
    assert whole_months(date(2023, 8, 15), date(2024, 2, 14)) == 5
    assert whole_months(date(2024, 1, 1), date(2024, 1, 1)) == 0


@pytest.mark.parametrize(
    ("own", "other", "first"),
    [
        ("2024-03-05T09:00:00+01:00", "2024-03-05T11:00:00+01:00", ("owner",)),
        ("2024-03-05T09:00:00+01:00", "2024-03-05", ("owner", "collaborator")),
        ("2024-03-05T09:00:00+01:00", "2024-03", ("owner", "collaborator")),
        ("2024-03-05", "2024-03-06T08:00:00+01:00", ("owner",)),
        ("2024-03-06", "2024-03-05T23:59:00+01:00", ("collaborator",)),
        ("2024", "2024-03-05", ("owner", "collaborator")),
        ("2023", "2024-03-05", ("owner",)),
        ("2024-03-05", "2024-03-05", ("owner", "collaborator")),
        ("", "2024-03-05", ("collaborator",)),
    ],
)
def test_a_booking_without_a_time_may_be_the_first_of_its_day(
    own: str, other: str, first: tuple[str, ...]
) -> None:
    events = [Event(BOOKING, "owner", own, 1, 0), Event(BOOKING, "collaborator", other, 1, 0)]
    found = person_evidence("p", ("p",), (), events, claimants=CLAIMANTS, on="2026-01-01")
    assert found.first_booked == first
