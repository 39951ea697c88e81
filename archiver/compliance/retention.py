"""The retention period of a dossier.

No text binds a liberal dentist to a length; the profession follows what binds
hospitals. Each rule names its source, and the latest end wins:

1. Twenty years from the last care (CSP R1112-7).
2. At least until the 28th birthday (CSP R1112-7). Of a patient whose birth date is not known only this is
   sure: that they were born when they were first cared for.
3. Death within ten years of the last care: ten years from death, instead of 1 and 2 (CSP R1112-7).
4. Care given before 5 March 2002: thirty years from it, and until the 48th birthday if the patient was, or may have
   been, then a minor: the limitation that applied before the law 2002-303 took thirty years, and for a minor it ran
   from the age of eighteen (former articles 2252 and 2262 of the civil code).

A date that contradicts another one never shortens the period: the rules are applied with it and without it,
and the later end wins. A placeholder is no day of care and no day of death. As a birth date, one of 1900 or
before was typed for somebody who was long of age, and extends nothing; any other leaves the birth unknown.

Of a partial date every day is possible: a rule applies where it may apply, and counts from the latest day.

5. Ten years from the consolidation of a damage, where a person said when that was (CSP L1142-28).

What a person decides, and what whoever handed a dossier over stated, extends a period. An earlier day shortens
none that these rules give: it is shown, and no more.

A claim or an appeal suspends the term (CSP R1112-7): that is a hold, and a person's decision. When it is lifted, the
term runs on, and ends later by as long as the hold was in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from itertools import product

from archiver.compliance.plausibility import (
    ABOUT_BIRTH,
    ABOUT_DEATH,
    Implausibility,
    LifeDates,
    implausibilities,
    is_placeholder,
    without_placeholder,
)
from archiver.compliance.retention_rules import RULES, Rule
from formats.model.care import Act, ActStatus, AppointmentStatus
from formats.model.dates import AnyDate, first_day, last_day, surely_before, without_time
from formats.model.dossier import Dossier
from formats.model.observations import ObservationStatus
from formats.model.record import Record

YEARS_AFTER_CARE = 20
YEARS_OF_AGE = 28
YEARS_AFTER_DEATH = 10
MAJORITY = 18
OLD_LAW_ENDED = date(2002, 3, 5)
YEARS_OLD_LAW = 30
YEARS_OF_AGE_OLD_LAW = MAJORITY + YEARS_OLD_LAW
LONG_OF_AGE = date(1900, 1, 1)
"""The latest placeholder that, taken for a birth date, tells of no child."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """The first day on which a dossier may lawfully be destroyed, the rule that sets it, what contradicts.

    Without ``until`` nobody can tell: no date of care is known, and the dossier is kept. ``earlier`` is the day
    until which the practice would keep it, where that is earlier.
    """

    until: date | None
    rule: Rule
    dates: LifeDates = field(default_factory=LifeDates)
    implausible: tuple[Implausibility, ...] = ()
    earlier: date | None = None

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
    return retention_by_dates(*life_dates(dossier), today)


def retention_by_dates(dates: LifeDates, care: set[AnyDate], today: date) -> Retention:
    """Return how long a dossier with these ``dates`` must be kept; ``care`` are all dates of care but placeholders."""
    found = implausibilities(dates, today)
    if not care:
        return Retention(until=None, rule=Rule.UNKNOWN, dates=dates, implausible=found)
    ends = [
        end for born, died, days in _readings(dates, care, found, today) for end in _ends(born, died, days)
    ]
    until, rule = max(ends, key=lambda end: end[0])
    return Retention(until=until, rule=rule, dates=dates, implausible=found)


def retention_of_person(own: Retention, known: Iterable[Retention], *, undatable: bool) -> Retention:
    """Return the period of a person with several records, the latest, with what is implausible in ``own`` alone.

    ``known`` are the periods of all of them. A record of care of which no day is known (``undatable``) may be later
    than all others, so that nobody can tell the end; one without any care adds nothing to those that have some.
    """
    ends = [end for end in known if end.until]
    if undatable or not ends:
        return replace(own, until=None, rule=Rule.UNKNOWN)
    latest = max(ends, key=lambda end: end.until or date.max)
    return replace(latest, dates=own.dates, implausible=own.implausible)


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
    found = getattr(record, CARE[record.kind].field) if _is_care(record) else None
    return None if found is None else without_time(found)


def is_undated(record: Record) -> bool:
    """Tell whether ``record`` is an act that was done nobody knows when."""
    return isinstance(record, Act) and record.status is ActStatus.DONE and record.performed_on is None


def undatable(dossier: Dossier) -> bool:
    """Tell whether ``dossier`` records care, and nothing in it says when any of it was given."""
    _, care = life_dates(dossier)
    return not care and any(map(_is_care, (one for kind in CARE for one in getattr(dossier, kind))))


def _is_care(record: Record) -> bool:
    source = CARE.get(record.kind)
    if source is None:
        return False
    return not source.statuses or getattr(record, "status", None) in source.statuses


@dataclass(frozen=True, kw_only=True, slots=True)
class CareSource:
    """Where a kind of record says that its patient was cared for: the field of the day, and in which statuses.

    Without ``statuses`` every record is one of care.
    """

    field: str
    statuses: frozenset[StrEnum] = frozenset()


CARE: Mapping[str, CareSource] = {
    "acts": CareSource(field="performed_on", statuses=frozenset({ActStatus.DONE})),
    "perio_exams": CareSource(field="examined_on"),
    "prescriptions": CareSource(field="prescribed_on"),
    "image_studies": CareSource(field="studied_at"),
    "image_files": CareSource(field="taken_at"),
    "appointments": CareSource(field="starts_at", statuses=frozenset({AppointmentStatus.COMPLETED})),
    "observations": CareSource(
        field="observed_on", statuses=frozenset(ObservationStatus) - {ObservationStatus.CANCELLED}
    ),
    "devices": CareSource(field="implanted_on"),
}
"""By kind of record."""


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
    """Yield the ends for each care that may have been the last one before the law of 2002."""
    old = [day for day in care if first_day(day) < OLD_LAW_ENDED]
    earliest = max((first_day(day) for day in old if last_day(day) < OLD_LAW_ENDED), default=date.min)
    of_age = later(latest_birth, MAJORITY)
    for day in old:
        latest = min(last_day(day), OLD_LAW_ENDED - timedelta(days=1))
        if latest >= earliest:
            yield later(latest, YEARS_OLD_LAW), Rule.BEFORE_2002
            if max(first_day(day), earliest) < of_age:
                yield later(latest_birth, YEARS_OF_AGE_OLD_LAW), Rule.BEFORE_2002
