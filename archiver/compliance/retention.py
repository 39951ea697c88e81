"""How long a dossier must be kept.

No text binds a liberal dentist to a length; the profession follows what binds
hospitals. Each rule names its source, and the latest end wins:

1. Twenty years from the last care (CSP R1112-7).
2. At least until the 28th birthday (CSP R1112-7).
3. Death within ten years of the last care: ten years from death, instead of 1 and 2 (CSP R1112-7).
4. Care given before 5 March 2002: thirty years from it, forty-eight if the patient was then a minor
   (the limitation that applied before the law 2002-303).

A claim or an appeal suspends all of them: that is a hold, and a person's decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime

from formats.model.care import ActStatus, AppointmentStatus
from formats.model.dossier import Dossier
from formats.words import mark

YEARS_AFTER_CARE = 20
YEARS_OF_AGE = 28
YEARS_AFTER_DEATH = 10
MAJORITY = 18
OLD_LAW_ENDED = date(2002, 3, 5)
YEARS_OLD_LAW = 30
YEARS_OLD_LAW_MINOR = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """The first day on which a dossier may lawfully be destroyed, and the rule that sets it.

    Without ``until`` nobody can tell: no date of care is known, and the dossier is kept.
    """

    until: date | None
    rule: str
    source: str = ""


UNKNOWN = Retention(until=None, rule=mark("no date of care is known"))


def retention(dossier: Dossier) -> Retention:
    """Return how long ``dossier`` must be kept."""
    care = sorted(days_of_care(dossier))
    if not care:
        return UNKNOWN
    died = dossier.patient.deceased_on
    if died is not None and died <= later(care[-1], YEARS_AFTER_DEATH):
        ends = [_after_death(died)]
    else:
        ends = [_after_care(care[-1]), *_until_grown_up(dossier)]
    ends += _old_law(dossier, care)
    return max(ends, key=lambda one: one.until or date.min)


def destroy_from(end: Retention) -> date | None:
    """Return the 1 January after the day on which retention ends, which tells the year and no more."""
    if end.until is None or end.until.year >= MAXYEAR:
        return None
    return date(end.until.year + 1, 1, 1)


def days_of_care(dossier: Dossier) -> Iterator[date]:
    """Yield every day on which the patient was, as far as the dossier tells, cared for."""
    yield from (act.performed_on for act in dossier.acts if act.status is ActStatus.DONE and act.performed_on)
    yield from (exam.examined_on for exam in dossier.perio_exams if exam.examined_on)
    yield from (one.prescribed_on for one in dossier.prescriptions if one.prescribed_on)
    yield from (study.studied_on for study in dossier.image_studies if study.studied_on)
    moments: list[datetime | None] = [image.taken_at for image in dossier.image_files]
    moments += [one.starts_at for one in dossier.appointments if one.status is AppointmentStatus.COMPLETED]
    yield from (moment.date() for moment in moments if moment)


def later(day: date, years: int) -> date:
    """Return the same day ``years`` later; 29 February becomes 1 March, and time ends with the year 9999."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _after_care(last: date) -> Retention:
    rule = mark("twenty years from the last care")
    return Retention(until=later(last, YEARS_AFTER_CARE), rule=rule, source="CSP R1112-7")


def _until_grown_up(dossier: Dossier) -> list[Retention]:
    born = dossier.patient.traits.birth_date
    if born is None:
        return []
    return [
        Retention(until=later(born, YEARS_OF_AGE), rule=mark("until the 28th birthday"), source="CSP R1112-7")
    ]


def _after_death(died: date) -> Retention:
    rule = mark("ten years from the death")
    return Retention(until=later(died, YEARS_AFTER_DEATH), rule=rule, source="CSP R1112-7")


def _old_law(dossier: Dossier, care: list[date]) -> list[Retention]:
    old = [day for day in care if day < OLD_LAW_ENDED]
    if not old:
        return []
    born = dossier.patient.traits.birth_date
    minor = born is not None and old[-1] < later(born, MAJORITY)
    years = YEARS_OLD_LAW_MINOR if minor else YEARS_OLD_LAW
    rule = mark("care given before 5 March 2002")
    return [Retention(until=later(old[-1], years), rule=rule, source="loi 2002-303, art. 101")]
