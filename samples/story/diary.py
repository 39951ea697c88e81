"""When patients came: the visits drawn from the seed, and the appointments and recalls they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from samples.story.book import Book
from samples.story.master_data import definition
from samples.story.people import (
    COLLABORATOR,
    DECEASED,
    FORMER,
    OWNER,
    PATIENT,
    PROSPECTIVE,
    REPLACEMENT,
    TODAY,
    Person,
)

PERIODS = {
    OWNER: (date(2013, 1, 7), date(2025, 6, 26)),
    COLLABORATOR: (date(2020, 1, 6), date(2025, 6, 27)),
    FORMER: (date(2008, 1, 7), date(2019, 12, 20)),
    REPLACEMENT: (date(2023, 7, 3), date(2023, 8, 18)),
}
"""First and last working day of each practitioner in the records."""

OWN_PERIODS = {
    "inactive": (date(2002, 3, 4), date(2004, 6, 18)),
    "archived": (date(2001, 9, 3), date(2009, 5, 29)),
    "deceased": (date(2016, 1, 4), date(2023, 6, 30)),
    "centenarian": (date(1998, 2, 2), date(2018, 11, 30)),
}
"""Patients whose story needs other years."""

SCHEDULED, COMPLETE, UNSCHEDULED, BROKEN, PLANNED = 1, 2, 3, 5, 6
"""AptStatus as Open Dental numbers it."""

MOST_VISITS = 3
FIRST_HOUR, HOURS = 8, 10
NEVER = datetime.combine(date.min, time())
"""How Open Dental writes a moment that is not known."""

ENTERED = "2025-01-06 08:00:00"
"""When appointments without a date were written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One completed visit; ``appointment`` is the number of its row."""

    person: Person
    provider: int
    start: datetime
    appointment: int = 0


def visits(random: Random, people: tuple[Person, ...]) -> list[Visit]:
    """Draw the visits of everyone, in the order of time."""
    drawn = [
        Visit(person=person, provider=provider, start=_moment(random, person, provider))
        for person in people
        for provider in person.seen
        for _ in range(_how_many(random, person, provider))
    ]
    return sorted(drawn, key=lambda visit: (visit.start, visit.person.number))


def _how_many(random: Random, person: Person, provider: int) -> int:
    drawn = random.randint(1, MOST_VISITS)
    return 1 if person.key == "shared" and provider == OWNER else drawn


def _moment(random: Random, person: Person, provider: int) -> datetime:
    first, last = OWN_PERIODS.get(person.key, PERIODS[provider])
    if person.birth is not None:
        first = max(first, person.birth + timedelta(days=3 * 365))
    day = first + timedelta(days=random.randrange(max((last - first).days, 1)))
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return datetime.combine(day, time(FIRST_HOUR + random.randrange(HOURS), random.choice((0, 15, 30, 45))))


def first_visits(seen: list[Visit]) -> dict[int, str]:
    """Return the day of the first visit by patient number."""
    return {visit.person.number: visit.start.date().isoformat() for visit in reversed(seen)}


def write_visits(book: Book, seen: list[Visit]) -> list[Visit]:
    """Add one completed appointment for every visit and return the visits with their row numbers."""
    written = []
    for visit in seen:
        number = _appointment(book, visit.person, visit.provider, visit.start, COMPLETE)
        written.append(
            Visit(person=visit.person, provider=visit.provider, start=visit.start, appointment=number)
        )
    return written


def _appointment(
    book: Book, person: Person, provider: int, start: datetime, status: int, note: str = ""
) -> int:
    return book.add(
        "appointment",
        PatNum=person.number,
        AptStatus=status,
        Pattern="//XXXX//",
        Confirmed=definition("confirmed" if status == COMPLETE else "unconfirmed"),
        Op=1 if provider == OWNER else 2,
        Note=note,
        ProvNum=provider,
        AptDateTime=start.isoformat(sep=" "),
        DateTimeArrived=(start - timedelta(minutes=5)).isoformat(sep=" ")
        if status == COMPLETE
        else "0001-01-01 00:00:00",
        SecDateTEntry=ENTERED if start.year == 1 else (start - timedelta(days=20)).isoformat(sep=" "),
    )


def plan_ahead(book: Book, people: tuple[Person, ...]) -> None:
    """Add what is still open: coming, broken, unscheduled and planned appointments, and the recalls."""
    for person in people:
        coming = datetime.combine(TODAY + timedelta(days=10 + person.number), time(9, 30))
        if person.status == PROSPECTIVE or person.number in {3, 26, 43, 45}:
            _appointment(book, person, person.principal, coming, SCHEDULED, "Prévoir 30 minutes")
        if person.number in {13, 28}:
            _appointment(
                book,
                person,
                person.principal,
                datetime.combine(date(2025, 2, 14), time(11)),
                BROKEN,
                "Non venu, non excusé",
            )
        if person.number in {12, 49}:
            _appointment(book, person, person.principal, NEVER, UNSCHEDULED, "À rappeler")
        if person.number == 45:
            _appointment(book, person, COLLABORATOR, NEVER, PLANNED, "Pose de la couronne sur implant")
        if person.seen and person.status in {PATIENT, DECEASED}:
            _recall(book, person)


def _recall(book: Book, person: Person) -> None:
    due = (TODAY + timedelta(days=person.number * 5)).isoformat()
    book.add(
        "recall",
        PatNum=person.number,
        DateDueCalc=due,
        DateDue=due,
        RecallInterval=1 << 24,
        RecallStatus=definition("recall_letter") if person.number % 7 == 0 else 0,
        Note="Ne plus relancer : décédé" if person.status == DECEASED else "",
        IsDisabled=int(person.status == DECEASED),
        RecallTypeNum=2 if person.number in {12, 45} else 1,
    )
