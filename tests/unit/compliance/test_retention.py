"""How long a dossier is kept, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from archiver.compliance.plausibility import LifeDates
from archiver.compliance.retention import Retention, destroy_from, later, retention
from archiver.compliance.retention_rules import Rule
from formats.model.care import Act, ActStatus, Appointment, AppointmentStatus
from formats.model.dates import AnyDate, PartialDate, first_day
from formats.model.devices import MedicalDevice
from formats.model.dossier import Dossier
from formats.model.identity import Traits
from formats.model.observations import Observation, ObservationCategory, ObservationStatus
from formats.model.people import Patient, Practice

TODAY = date(2026, 3, 1)


def dossier(*care: AnyDate, born: AnyDate | None = None, died: AnyDate | None = None) -> Dossier:
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
        ((date(2020, 5, 4), date(2024, 2, 29)), date(1980, 1, 1), None, date(2044, 2, 29)),
        ((date(2020, 5, 4), date(2024, 2, 29)), None, None, date(2048, 5, 4)),
        ((date(2001, 5, 4), date(2001, 6, 4)), None, None, date(2049, 5, 4)),
        ((date(1970, 5, 4), date(2001, 6, 4)), None, None, date(2031, 6, 4)),
        ((date(2020, 5, 4),), date(2015, 6, 1), None, date(2043, 6, 1)),
        ((date(2020, 5, 4),), date(1940, 1, 1), date(2025, 1, 1), date(2035, 1, 1)),
        ((date(2020, 5, 4),), date(2015, 6, 1), date(2021, 1, 1), date(2031, 1, 1)),
        ((date(2005, 5, 4),), date(1940, 1, 1), date(2021, 1, 1), date(2025, 5, 4)),
        ((date(2001, 5, 4),), date(1960, 1, 1), None, date(2031, 5, 4)),
        ((date(2001, 5, 4),), date(1990, 1, 1), None, date(2038, 1, 1)),
        ((date(2001, 5, 4),), date(1983, 5, 5), None, date(2031, 5, 5)),
        ((date(2001, 5, 4), date(2015, 5, 4)), date(1960, 1, 1), None, date(2035, 5, 4)),
    ],
)
def test_the_latest_rule_wins(
    care: tuple[date, ...], born: date | None, died: date | None, until: date
) -> None:
    found = retention(dossier(*care, born=born, died=died), TODAY)
    assert found.until == until
    assert found.words
    assert found.source
    assert found.implausible == ()


@pytest.mark.parametrize(
    ("care", "born", "died", "until"),
    [
        ((PartialDate(2020),), date(1980, 1, 1), None, date(2040, 12, 31)),
        ((PartialDate(2020, 2),), date(1980, 1, 1), None, date(2040, 2, 29)),
        ((PartialDate(2020), date(2020, 5, 4)), date(1980, 1, 1), None, date(2040, 12, 31)),
        ((PartialDate(2020), date(2021, 5, 4)), date(1980, 1, 1), None, date(2041, 5, 4)),
        ((date(2020, 5, 4),), PartialDate(2015), None, date(2043, 12, 31)),
        ((date(2020, 5, 4),), PartialDate(2015, 6), None, date(2043, 6, 30)),
        ((PartialDate(2020),), None, None, date(2048, 12, 31)),
        ((date(2020, 5, 4),), date(1940, 1, 1), PartialDate(2025), date(2035, 12, 31)),
        # the death may, or may not, be within ten years of the last care
        ((date(2015, 5, 4),), date(1940, 1, 1), PartialDate(2025), date(2035, 12, 31)),
        ((date(2015, 5, 4),), PartialDate(2010), PartialDate(2025), date(2038, 12, 31)),
        ((date(2014, 5, 4),), date(1940, 1, 1), PartialDate(2025), date(2034, 5, 4)),
        # before and after the law of 2002
        ((PartialDate(2002),), date(1960, 1, 1), None, date(2032, 3, 4)),
        ((PartialDate(2002, 3),), date(1985, 1, 1), None, date(2033, 1, 1)),
        ((PartialDate(2002, 4),), date(1960, 1, 1), None, date(2022, 4, 30)),
        # what may be later than the law may be the last before it
        ((date(1990, 5, 4), PartialDate(2002)), date(1975, 1, 1), None, date(2032, 3, 4)),
        ((date(1970, 5, 4), PartialDate(2001)), date(1960, 1, 1), None, date(2031, 12, 31)),
        # of age or not
        ((date(2001, 5, 4),), PartialDate(1983), None, date(2031, 12, 31)),
        ((date(2001, 5, 4),), PartialDate(1982), None, date(2031, 5, 4)),
        ((PartialDate(1998),), PartialDate(1980), None, date(2028, 12, 31)),
        ((PartialDate(9998),), date(1980, 1, 1), None, date.max),
    ],
)
def test_of_a_partial_date_the_latest_day_counts(
    care: tuple[AnyDate, ...], born: AnyDate | None, died: AnyDate | None, until: date
) -> None:
    assert retention(dossier(*care, born=born, died=died), TODAY).until == until


@pytest.mark.parametrize(
    ("care", "born", "died", "codes"),
    [
        (PartialDate(2026), PartialDate(2026), PartialDate(2026), ""),
        (PartialDate(2026, 4), date(1980, 1, 1), None, "care-in-future"),
        (date(2020, 5, 4), PartialDate(2020), None, ""),
        (PartialDate(2020), date(2020, 5, 4), None, ""),
        (date(2020, 5, 4), PartialDate(2020, 6), None, "birth-after-care"),
        (PartialDate(2019), PartialDate(2020), None, "birth-after-care"),
        (date(2020, 5, 4), None, PartialDate(2020), ""),
        (date(2020, 5, 4), None, PartialDate(2020, 4), "death-before-care"),
        (date(2020, 5, 4), PartialDate(2020), PartialDate(2020), ""),
        (date(2020, 5, 4), date(1980, 2, 1), PartialDate(1980, 1), "death-before-birth death-before-care"),
        (
            date(2020, 5, 4),
            PartialDate(2027),
            PartialDate(2027),
            "birth-in-future birth-after-care death-in-future",
        ),
    ],
)
def test_partial_dates_contradict_only_where_no_day_is_right(
    care: AnyDate, born: AnyDate | None, died: AnyDate | None, codes: str
) -> None:
    found = retention(dossier(care, born=born, died=died), TODAY)
    assert " ".join(found.implausible) == codes


@pytest.mark.parametrize(
    "day",
    [
        *(PartialDate(1), PartialDate(1, 1), PartialDate(1899), PartialDate(1899, 12)),
        *(PartialDate(1900), PartialDate(1900, 1), PartialDate(9999), PartialDate(9999, 12)),
    ],
)
def test_a_year_or_month_of_a_placeholder_is_no_day_of_care_and_no_day_of_death(day: PartialDate) -> None:
    alone = retention(dossier(day, born=date(1980, 1, 1)), TODAY)
    assert (alone.until, alone.implausible) == (None, ("care-placeholder",))
    dead = retention(dossier(date(2020, 5, 4), born=date(1980, 1, 1), died=day), TODAY)
    assert (dead.until, dead.implausible) == (date(2040, 5, 4), ("death-placeholder",))
    child = retention(dossier(date(2020, 5, 4), born=day), TODAY)
    long_of_age = first_day(day).year in {1899, 1900}
    assert (child.until, child.implausible) == (
        date(2040, 5, 4) if long_of_age else date(2048, 5, 4),
        ("birth-placeholder",),
    )


def test_the_first_and_the_last_care_are_found_among_partial_dates() -> None:
    dates = LifeDates()
    for day in (
        PartialDate(2020),
        date(2020, 5, 4),
        PartialDate(2019, 3),
        PartialDate(2019),
        PartialDate(2020, 9),
    ):
        dates.add_care(day)
    assert (dates.first_care, dates.last_care) == (PartialDate(2019, 3), PartialDate(2020, 9))
    assert dates.facts()["last_care"] == "2020-09"


@pytest.mark.parametrize(
    ("born", "died", "care", "term", "codes"),
    [
        ("1980-07-28", "1990-01-01", "2025-03-01", date(2046, 1, 1), "death-before-care"),
        ("", "", "2024-05-05", date(2053, 1, 1), ""),
        ("1949-08-01", "", "2099-05-05", date(2120, 1, 1), "care-in-future"),
        ("2031-11-23", "", "2025-05-05", date(2060, 1, 1), "birth-in-future birth-after-care"),
        ("2025-11-23", "", "2025-05-05", date(2054, 1, 1), "birth-after-care"),
        ("1900-01-01", "", "2025-05-05", date(2046, 1, 1), "birth-placeholder"),
        ("1899-12-30", "", "2025-05-05", date(2046, 1, 1), "birth-placeholder"),
        ("0001-01-01", "", "2025-05-05", date(2054, 1, 1), "birth-placeholder"),
        ("9999-12-31", "", "2025-05-05", date(2054, 1, 1), "birth-placeholder"),
        ("2004-02-29", "", "2010-05-05", date(2033, 1, 1), ""),
        ("2005-02-28", "2024-02-29", "2024-02-29", date(2035, 1, 1), ""),
        ("1951-08-25", "", "1900-01-01", None, "care-placeholder"),
        ("1951-08-25", "1900-01-01", "2024-05-05", date(2045, 1, 1), "death-placeholder"),
        ("1990-01-01", "2040-01-01", "2024-05-05", date(2045, 1, 1), "death-in-future"),
        ("1990-01-01", "2030-01-01", "2024-05-05", date(2045, 1, 1), "death-in-future"),
        ("2010-01-01", "2009-01-01", "2024-05-05", date(2053, 1, 1), "death-before-birth death-before-care"),
        ("", "1990-01-01", "2024-05-05", date(2053, 1, 1), "death-before-care"),
    ],
)
def test_a_date_that_cannot_be_is_named_and_never_shortens(
    born: str, died: str, care: str, term: date | None, codes: str
) -> None:
    dates = [date.fromisoformat(one) if one else None for one in (born, died)]
    found = retention(dossier(date.fromisoformat(care), born=dates[0], died=dates[1]), TODAY)
    assert destroy_from(found) == term
    assert " ".join(found.implausible) == codes


def test_care_of_an_unknown_day_is_named() -> None:
    undated = Act(id="c", patient="a", status=ActStatus.DONE)
    whole = replace(dossier(date(2020, 5, 4), born=date(1980, 1, 1)), acts=(undated,))
    found = retention(whole, TODAY)
    assert (found.rule, found.until, found.implausible) == (Rule.UNKNOWN, None, ("care-undated",))


def test_without_a_date_of_care_nobody_can_tell() -> None:
    assert retention(dossier(born=date(1980, 1, 1)), TODAY).until is None


def test_planned_acts_and_missed_appointments_are_no_care() -> None:
    planned = Act(id="c", patient="a", status=ActStatus.PLANNED, performed_on=date(2030, 1, 1))
    at = datetime(2031, 1, 1, 9, tzinfo=UTC)
    missed = Appointment(id="r", patient="a", status=AppointmentStatus.BROKEN, starts_at=at)
    without_care = Dossier(
        practice=Practice(id="p", name="Cabinet"),
        patient=Patient(id="a", practice="p", traits=Traits()),
        acts=(planned,),
        appointments=(missed,),
    )
    assert retention(without_care, TODAY).until is None


def test_an_examination_and_the_placing_of_a_device_are_care_unless_cancelled() -> None:
    measured = Observation(
        id="o", patient="a", category=ObservationCategory.VITAL_SIGNS, observed_on=date(2021, 5, 4)
    )
    placed = MedicalDevice(id="d", patient="a", implanted_on=date(2022, 5, 4))
    cancelled = replace(measured, status=ObservationStatus.CANCELLED)
    whole, today = dossier(date(2020, 5, 4), born=date(1980, 1, 1)), date(2025, 1, 1)
    ends = [
        retention(replace(whole, observations=observations, devices=devices), today).until
        for observations, devices in (
            ((), ()),
            ((cancelled,), ()),
            ((measured,), ()),
            ((measured,), (placed,)),
        )
    ]
    assert ends == [date(2040, 5, 4), date(2040, 5, 4), date(2041, 5, 4), date(2042, 5, 4)]


def test_only_the_year_is_told() -> None:
    for day in (date(2020, 1, 1), date(2020, 5, 4), date(2020, 12, 31)):
        assert destroy_from(retention(dossier(day, born=date(1980, 1, 1)), TODAY)) == date(2041, 1, 1)
    assert destroy_from(Retention(until=None, rule=Rule.UNKNOWN)) is None


@pytest.mark.parametrize("year", [9970, 9978, 9979, 9999])
def test_a_mistyped_year_at_the_end_of_time_is_kept(year: int) -> None:
    term = destroy_from(retention(dossier(date(year, 6, 1), born=date(1980, 1, 1)), TODAY))
    assert term == (date(year + 21, 1, 1) if year < 9979 else None)


def test_leap_days() -> None:
    assert later(date(2024, 2, 29), 20) == date(2044, 2, 29)
    assert later(date(2024, 2, 29), 1) == date(2025, 3, 1)
