"""The retention period of a dossier.

No text binds a liberal dentist to a length; the profession follows what binds
hospitals. Each rule names its source, and the latest end wins:

1. Twenty years from the last care (CSP R1112-7).
2. At least until the 28th birthday (CSP R1112-7). Of a patient whose birth date is not known only this is
   sure: that they were born when they were first cared for.
3. Death within ten years of the last care: ten years from death, instead of 1 and 2 (CSP R1112-7).
4. Care given before 5 March 2002: thirty years from it, forty-eight if the patient was, or may have been,
   then a minor (the limitation that applied before the law 2002-303).

A date that contradicts another one never shortens the period: the rules are applied with it and without it,
and the later end wins. A placeholder is no day of care and no day of death. As a birth date, one of 1900 or
before was typed for somebody who was long of age, and extends nothing; any other leaves the birth unknown.

Of a partial date every day is possible: a rule applies where it may apply, and counts from the latest day.

A claim or an appeal suspends all of them: that is a hold, and a person's decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime, timedelta
from enum import StrEnum
from itertools import product
from operator import attrgetter
from typing import Any

from archiver.compliance.plausibility import (
    ABOUT_BIRTH,
    ABOUT_DEATH,
    Implausibility,
    LifeDates,
    implausibilities,
    is_placeholder,
    without_placeholder,
)
from formats.model.care import Act, ActStatus, AppointmentStatus
from formats.model.dates import AnyDate, first_day, last_day, surely_before
from formats.model.dossier import Dossier
from formats.model.observations import ObservationStatus
from formats.model.record import Record
from formats.words import mark

YEARS_AFTER_CARE = 20
YEARS_OF_AGE = 28
YEARS_AFTER_DEATH = 10
MAJORITY = 18
OLD_LAW_ENDED = date(2002, 3, 5)
YEARS_OLD_LAW = 30
YEARS_OLD_LAW_MINOR = 48
LONG_OF_AGE = date(1900, 1, 1)
"""The latest placeholder that, taken for a birth date, tells of no child."""


class Rule(StrEnum):
    """What set the end of a retention period; the value is its stable code in the list of the practice's unit."""

    AFTER_CARE = "after-care"
    UNTIL_28 = "until-28"
    UNTIL_28_BIRTH_UNKNOWN = "until-28-birth-unknown"
    AFTER_DEATH = "after-death"
    BEFORE_2002 = "before-2002"
    UNKNOWN = "unknown"


RULES = {
    Rule.AFTER_CARE: (mark("twenty years from the last care"), "CSP R1112-7"),
    Rule.UNTIL_28: (mark("until the 28th birthday"), "CSP R1112-7"),
    Rule.UNTIL_28_BIRTH_UNKNOWN: (
        mark("28 years from the first care, as the birth date is not known for sure"),
        "CSP R1112-7",
    ),
    Rule.AFTER_DEATH: (mark("ten years from the death"), "CSP R1112-7"),
    Rule.BEFORE_2002: (mark("care given before 5 March 2002"), "loi 2002-303, art. 101"),
    Rule.UNKNOWN: (mark("no date of care is known"), ""),
}
"""What each rule is called, and where it stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """The first day on which a dossier may lawfully be destroyed, the rule that sets it, what contradicts.

    Without ``until`` nobody can tell: no date of care is known, and the dossier is kept.
    """

    until: date | None
    rule: Rule
    dates: LifeDates = field(default_factory=LifeDates)
    implausible: tuple[Implausibility, ...] = ()

    @property
    def words(self) -> str:
        """The rule as a gettext sentence."""
        return RULES[self.rule][0]

    @property
    def source(self) -> str:
        """Where the rule stands; empty when none applies."""
        return RULES[self.rule][1]


def retention(dossier: Dossier, today: date) -> Retention:
    """Return how long ``dossier`` must be kept, by what is known ``today``."""
    dates, care = life_dates(dossier)
    found = implausibilities(dates, today)
    if not care:
        return Retention(until=None, rule=Rule.UNKNOWN, dates=dates, implausible=found)
    ends = [
        end for born, died, days in _readings(dates, care, found, today) for end in _ends(born, died, days)
    ]
    until, rule = max(ends, key=lambda end: end[0])
    return Retention(until=until, rule=rule, dates=dates, implausible=found)


def destroy_from(end: Retention) -> date | None:
    """Return the 1 January after the day on which retention ends, which tells the year and no more."""
    if end.until is None or end.until.year >= MAXYEAR:
        return None
    return date(end.until.year + 1, 1, 1)


def life_dates(dossier: Dossier) -> tuple[LifeDates, set[AnyDate]]:
    """Return the dates of ``dossier`` that its retention rests on, and every date of care but placeholders."""
    dates = LifeDates(born=dossier.patient.traits.birth_date, died=dossier.patient.deceased_on)
    days = {day for kind in CARE for record in getattr(dossier, kind) if (day := day_of_care(record))}
    for day in days:
        dates.add_care(day)
    dates.undated = any(map(is_undated, dossier.acts))
    return dates, {day for day in days if not is_placeholder(day)}


def day_of_care(record: Record) -> AnyDate | None:
    """Return when, as far as ``record`` tells, its patient was cared for."""
    telling = CARE.get(record.kind)
    found = telling(record) if telling else None
    return found.date() if isinstance(found, datetime) else found


def is_undated(record: Record) -> bool:
    """Tell whether ``record`` is an act that was done nobody knows when."""
    return isinstance(record, Act) and record.status is ActStatus.DONE and record.performed_on is None


def undatable(dossier: Dossier) -> bool:
    """Tell whether ``dossier`` records care, and nothing in it says when any of it was given."""
    _, care = life_dates(dossier)
    return not care and any(map(_is_care, (one for kind in CARE for one in getattr(dossier, kind))))


_CARED_FOR = frozenset({None, ActStatus.DONE, AppointmentStatus.COMPLETED, *ObservationStatus}) - {
    ObservationStatus.CANCELLED
}


def _is_care(record: Any) -> bool:
    return getattr(record, "status", None) in _CARED_FOR


def _act(record: Any) -> AnyDate | None:
    return record.performed_on if record.status is ActStatus.DONE else None


def _appointment(record: Any) -> datetime | None:
    return record.starts_at if record.status is AppointmentStatus.COMPLETED else None


def _observation(record: Any) -> AnyDate | None:
    return None if record.status is ObservationStatus.CANCELLED else record.observed_on


CARE: Mapping[str, Callable[[Any], AnyDate | datetime | None]] = {
    "acts": _act,
    "perio_exams": attrgetter("examined_on"),
    "prescriptions": attrgetter("prescribed_on"),
    "image_studies": attrgetter("studied_on"),
    "image_files": attrgetter("taken_at"),
    "appointments": _appointment,
    "observations": _observation,
    "devices": attrgetter("implanted_on"),
}
"""By kind of record, when it says that its patient was cared for."""


def later(day: date, years: int) -> date:
    """Return ``day`` so many ``years`` later; 29 February becomes 1 March, and time ends with the year 9999."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


_Reading = tuple[AnyDate | None, AnyDate | None, set[AnyDate]]
"""Birth, death and the dates of care, as they may have been."""
_End = tuple[date, Rule]


def _readings(
    dates: LifeDates, care: set[AnyDate], found: tuple[Implausibility, ...], today: date
) -> Iterator[_Reading]:
    """Yield what is recorded, and the same without each date that cannot be believed."""
    wrong = frozenset(found)
    births = [_birth(dates.born), *([None] if wrong & ABOUT_BIRTH else [])]
    deaths = [without_placeholder(dates.died), *([None] if wrong & ABOUT_DEATH else [])]
    believed = {day for day in care if not surely_before(today, day) and not _before_birth(day, dates.born)}
    days = [care, *([believed] if believed and believed != care else [])]
    yield from product(births, deaths, days)


def _before_birth(day: AnyDate, born: AnyDate | None) -> bool:
    return born is not None and surely_before(day, born)


def _birth(born: AnyDate | None) -> AnyDate | None:
    long_of_age = born is not None and date.min < first_day(born) <= LONG_OF_AGE
    return born if is_placeholder(born) and long_of_age else without_placeholder(born)


def _ends(born: AnyDate | None, died: AnyDate | None, care: set[AnyDate]) -> Iterator[_End]:
    last_care = max(map(last_day, care))
    latest_birth = last_day(born) if born else min(map(last_day, care))
    if died is not None and first_day(died) <= later(last_care, YEARS_AFTER_DEATH):
        yield later(last_day(died), YEARS_AFTER_DEATH), Rule.AFTER_DEATH
    if died is None or last_day(died) > later(max(map(first_day, care)), YEARS_AFTER_DEATH):
        yield later(last_care, YEARS_AFTER_CARE), Rule.AFTER_CARE
        yield later(latest_birth, YEARS_OF_AGE), Rule.UNTIL_28 if born else Rule.UNTIL_28_BIRTH_UNKNOWN
    yield from _before_2002(latest_birth, care)


def _before_2002(latest_birth: date, care: set[AnyDate]) -> Iterator[_End]:
    """Yield an end for each care that may have been the last one before the law of 2002."""
    old = [day for day in care if first_day(day) < OLD_LAW_ENDED]
    earliest = max((first_day(day) for day in old if last_day(day) < OLD_LAW_ENDED), default=date.min)
    of_age = later(latest_birth, MAJORITY)
    for day in old:
        latest = min(last_day(day), OLD_LAW_ENDED - timedelta(days=1))
        if latest >= earliest:
            minor = max(first_day(day), earliest) < of_age
            yield later(latest, YEARS_OLD_LAW_MINOR if minor else YEARS_OLD_LAW), Rule.BEFORE_2002
