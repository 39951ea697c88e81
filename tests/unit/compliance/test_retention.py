"""How long a dossier is kept, rule by rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archiver.compliance.retention import UNKNOWN, destroy_from, later, retention
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus
from formats.model.dossier import Dossier
from formats.model.identity import Traits
from formats.model.people import Patient, Practice


def dossier(*care: date, born: date | None = None, died: date | None = None) -> Dossier:
    return Dossier(
        practice=Practice(id="p", name="Cabinet"),
        patient=Patient(id="a", practice="p", traits=Traits(birth_date=born), deceased_on=died),
        acts=tuple(
            Act(id=f"c{n}", patient="a", status=ActStatus.DONE, performed_on=day)
            for n, day in enumerate(care)
        ),
    )


@pytest.mark.parametrize(
    ("care", "born", "died", "until"),
    [
        ((date(2020, 5, 4),), date(1980, 1, 1), None, date(2040, 5, 4)),
        ((date(2020, 5, 4), date(2024, 2, 29)), None, None, date(2044, 2, 29)),
        ((date(2020, 5, 4),), date(2015, 6, 1), None, date(2043, 6, 1)),
        ((date(2020, 5, 4),), date(1940, 1, 1), date(2025, 1, 1), date(2035, 1, 1)),
        ((date(2020, 5, 4),), date(2015, 6, 1), date(2021, 1, 1), date(2031, 1, 1)),
        ((date(2005, 5, 4),), date(1940, 1, 1), date(2021, 1, 1), date(2025, 5, 4)),
        ((date(2001, 5, 4),), date(1960, 1, 1), None, date(2031, 5, 4)),
        ((date(2001, 5, 4),), date(1990, 1, 1), None, date(2049, 5, 4)),
        ((date(2001, 5, 4), date(2015, 5, 4)), date(1960, 1, 1), None, date(2035, 5, 4)),
    ],
)
def test_the_latest_rule_wins(
    care: tuple[date, ...], born: date | None, died: date | None, until: date
) -> None:
    found = retention(dossier(*care, born=born, died=died))
    assert found.until == until
    assert found.rule
    assert found.source


def test_without_a_date_of_care_nobody_can_tell() -> None:
    assert retention(dossier(born=date(1980, 1, 1))).until is None


def test_planned_acts_and_missed_appointments_are_no_care() -> None:
    planned = Act(id="c", patient="a", status=ActStatus.PLANNED, performed_on=date(2030, 1, 1))
    at = datetime(2031, 1, 1, 9, tzinfo=UTC)
    missed = Appointment(id="r", patient="a", status=AppointmentStatus.BROKEN, starts_at=at)
    kept = Dossier(
        practice=Practice(id="p", name="Cabinet"),
        patient=Patient(id="a", practice="p", traits=Traits()),
        acts=(planned,),
        appointments=(missed,),
    )
    assert retention(kept).until is None


def test_only_the_year_is_told() -> None:
    for day in (date(2020, 1, 1), date(2020, 5, 4), date(2020, 12, 31)):
        assert destroy_from(retention(dossier(day))) == date(2041, 1, 1)
    assert destroy_from(UNKNOWN) is None


@pytest.mark.parametrize("year", [9970, 9978, 9979, 9999])
def test_a_mistyped_year_at_the_end_of_time_is_kept(year: int) -> None:
    term = destroy_from(retention(dossier(date(year, 6, 1))))
    assert term == (date(year + 21, 1, 1) if year < 9979 else None)


def test_leap_days() -> None:
    assert later(date(2024, 2, 29), 20) == date(2044, 2, 29)
    assert later(date(2024, 2, 29), 1) == date(2025, 3, 1)
