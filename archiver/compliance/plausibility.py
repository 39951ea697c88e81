"""Plausibility of the dates a retention period rests on: birth, death and care.

A date that contradicts another, or that a program writes where nobody gave one, must never shorten a
retention period. Each such date is one ``Implausibility``; it is reported, and ``archiver.compliance.retention``
computes with and without it and keeps the later end. A partial date contradicts another one where none of its days
could be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from formats.findings import Finding, Severity
from formats.model.dates import AnyDate, PartialDate, first_day, last_day, surely_before
from formats.words import mark

PLACEHOLDERS = frozenset({date(1, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(9999, 12, 31)})
"""What programs write for “not filled in”: the first and last day of .NET and SQL, day zero of spreadsheets."""
CLOCKS_APART = timedelta(days=1)
"""How far the clocks of a source and of this machine may differ, time zones included."""


class Implausibility(StrEnum):
    """A date that cannot be, or is none; the value is its stable code in lists and findings."""

    BIRTH_PLACEHOLDER = "birth-placeholder"
    BIRTH_IN_FUTURE = "birth-in-future"
    BIRTH_AFTER_CARE = "birth-after-care"
    DEATH_PLACEHOLDER = "death-placeholder"
    DEATH_IN_FUTURE = "death-in-future"
    DEATH_BEFORE_BIRTH = "death-before-birth"
    DEATH_BEFORE_CARE = "death-before-care"
    CARE_PLACEHOLDER = "care-placeholder"
    CARE_IN_FUTURE = "care-in-future"
    CARE_UNDATED = "care-undated"


SENTENCES = {
    Implausibility.BIRTH_PLACEHOLDER: mark("The birth date {born} is one that programs write for “unknown”."),
    Implausibility.BIRTH_IN_FUTURE: mark("The birth date {born} lies in the future."),
    Implausibility.BIRTH_AFTER_CARE: mark("The birth date {born} is later than the care of {first_care}."),
    Implausibility.DEATH_PLACEHOLDER: mark(
        "The date of death {died} is one that programs write for “unknown”."
    ),
    Implausibility.DEATH_IN_FUTURE: mark("The date of death {died} lies in the future."),
    Implausibility.DEATH_BEFORE_BIRTH: mark(
        "The date of death {died} is earlier than the birth date {born}."
    ),
    Implausibility.DEATH_BEFORE_CARE: mark(
        "The date of death {died} is earlier than the care of {last_care}."
    ),
    Implausibility.CARE_PLACEHOLDER: mark(
        "Care is dated {placeholder}, which programs write for “unknown”; it does not count."
    ),
    Implausibility.CARE_IN_FUTURE: mark("Care is dated {last_care}, which lies in the future."),
    Implausibility.CARE_UNDATED: mark("An act that was done has no date; its day does not count."),
}
"""What each one says to a person."""

ABOUT_BIRTH = frozenset(
    {Implausibility.BIRTH_IN_FUTURE, Implausibility.BIRTH_AFTER_CARE, Implausibility.DEATH_BEFORE_BIRTH}
)
"""Those in which the birth date may be the one that is wrong."""
ABOUT_DEATH = frozenset(
    {Implausibility.DEATH_IN_FUTURE, Implausibility.DEATH_BEFORE_BIRTH, Implausibility.DEATH_BEFORE_CARE}
)
"""Those in which the date of death may be the one that is wrong."""


@dataclass(slots=True)
class LifeDates:
    """The dates of one dossier as they were recorded, in little room: of care the first and the last.

    ``first_care`` and ``last_care`` leave placeholders out; of partial dates the first is the one that is over
    first, and the last the one that begins last. ``placeholder`` is one that was met; ``undated`` says that some
    act was done nobody knows when.
    """

    born: AnyDate | None = None
    died: AnyDate | None = None
    first_care: AnyDate | None = None
    last_care: AnyDate | None = None
    placeholder: AnyDate | None = None
    undated: bool = False

    def add_care(self, day: AnyDate) -> None:
        """Count one more date of care."""
        if is_placeholder(day):
            self.placeholder = day
            return
        self.first_care = min(self.first_care or day, day, key=last_day)
        self.last_care = max(self.last_care or day, day, key=first_day)

    def facts(self) -> dict[str, str]:
        """Return every date by name as ISO 8601, empty where there is none."""
        return {name: day.isoformat() if day else "" for name, day in self._named()}

    def _named(self) -> Iterator[tuple[str, AnyDate | None]]:
        for name in ("born", "died", "first_care", "last_care", "placeholder"):
            yield name, getattr(self, name)


def is_placeholder(day: AnyDate | None) -> bool:
    """Tell whether ``day`` is a placeholder, or the year or month of one."""
    if isinstance(day, PartialDate):
        return any(first_day(day) <= one <= last_day(day) for one in PLACEHOLDERS)
    return day in PLACEHOLDERS


def without_placeholder(day: AnyDate | None) -> AnyDate | None:
    """Return ``day``, or nothing where it is a placeholder."""
    return None if is_placeholder(day) else day


def implausibilities(dates: LifeDates, today: date) -> tuple[Implausibility, ...]:
    """Return everything about ``dates`` that cannot be as it is recorded, on ``today``."""
    return tuple(_found(dates, today + CLOCKS_APART if today < date.max else today))


def _found(dates: LifeDates, latest: date) -> Iterator[Implausibility]:
    yield from _about_birth(dates, without_placeholder(dates.born), latest)
    yield from _about_death(dates, without_placeholder(dates.died), latest)
    if dates.placeholder:
        yield Implausibility.CARE_PLACEHOLDER
    if dates.last_care and surely_before(latest, dates.last_care):
        yield Implausibility.CARE_IN_FUTURE
    if dates.undated:
        yield Implausibility.CARE_UNDATED


def _about_birth(dates: LifeDates, born: AnyDate | None, latest: date) -> Iterator[Implausibility]:
    if is_placeholder(dates.born):
        yield Implausibility.BIRTH_PLACEHOLDER
    if born and surely_before(latest, born):
        yield Implausibility.BIRTH_IN_FUTURE
    if born and dates.first_care and surely_before(dates.first_care, born):
        yield Implausibility.BIRTH_AFTER_CARE


def _about_death(dates: LifeDates, died: AnyDate | None, latest: date) -> Iterator[Implausibility]:
    born = without_placeholder(dates.born)
    if is_placeholder(dates.died):
        yield Implausibility.DEATH_PLACEHOLDER
    if died and surely_before(latest, died):
        yield Implausibility.DEATH_IN_FUTURE
    if died and born and surely_before(died, born):
        yield Implausibility.DEATH_BEFORE_BIRTH
    if died and dates.last_care and surely_before(died, dates.last_care):
        yield Implausibility.DEATH_BEFORE_CARE


def date_findings(found: Iterable[Implausibility], dates: LifeDates, where: str) -> Iterator[Finding]:
    """Yield a warning for each of ``found``; ``where`` names the patient."""
    facts = dates.facts()
    for one in found:
        yield Finding(
            severity=Severity.WARNING,
            code=f"dates-{one.value}",
            where=where,
            sentence=SENTENCES[one],
            facts=facts,
        )
