"""What the records of a person tell of each practitioner: acts, bookings, when first and last seen, alone or not.

Dates are ISO texts, as the store holds them; a partial one counts by the day that claims less.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from archiver.scope.ownership.practitioners import NOBODY, Claimants
from formats.model.dates import first_day, last_day, parse_date

DAY_LENGTH = len("1983-05-12")


class Event(NamedTuple):
    """Something recorded on a day: ``at`` is a date or a time in ISO 8601, empty where none is known."""

    kind: str
    practitioner: str
    at: str
    number: int
    cents: int


ACT, APPOINTMENT, BOOKING, PRESCRIPTION = "act", "appointment", "booking", "prescription"
REFERRAL = "referral"
"""Kinds of event, as the queries name them: acts done, an appointment that took place, one that did not (yet) …"""
VISITS = frozenset({ACT, APPOINTMENT, PRESCRIPTION})
"""Kinds by which a practitioner has seen the patient."""
BOOKINGS = frozenset({APPOINTMENT, BOOKING})


@dataclass(frozen=True, kw_only=True, slots=True)
class PractitionerCare:
    """What one practitioner did: ``visits`` are days with acts, an appointment that took place, or a prescription.

    ``bookings`` are appointments that took place, were missed or lie ahead; ``ahead`` are the last of these.
    ``referrals`` are acts for which they referred the patient to somebody else, and which say nothing of a visit.
    """

    visits: int = 0
    acts: int = 0
    fees_cents: int = 0
    bookings: int = 0
    ahead: int = 0
    prescriptions: int = 0
    referrals: int = 0
    first_seen: str = ""
    last_seen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExclusivePeriod:
    """The visits since anybody else was seen: by whom, the first and the last.

    ``unsure`` counts visits of which no claimant or no day is known and which may lie between them.
    """

    practitioner: str
    first: str
    last: str
    unsure: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonEvidence:
    """What is known about one person, in all their ``records``.

    ``attending`` are the practitioners whom the records state, ``care`` is by practitioner (``NOBODY`` where a
    record names none), ``first_booked`` are those of the earliest booking, ``later_acts`` counts acts dated after
    the day that is asked about, which count as nothing else. ``former`` is the care by former authors, which is in
    none of the others.
    """

    person: str
    records: tuple[str, ...]
    attending: tuple[str, ...]
    care: Mapping[str, PractitionerCare]
    first_booked: tuple[str, ...]
    exclusive: ExclusivePeriod | None
    later_acts: int
    former: Mapping[str, PractitionerCare] = field(default_factory=dict)

    def of(self, practitioner: str) -> PractitionerCare:
        """Return the care by one practitioner, which may be none."""
        return self.care.get(practitioner, NO_CARE)


NO_CARE = PractitionerCare()


def person_evidence(
    person: str,
    records: tuple[str, ...],
    attending: tuple[str, ...],
    events: Sequence[Event],
    *,
    claimants: Claimants,
    on: str,
) -> PersonEvidence:
    """Return what ``events`` tell by the end of the day ``on``."""
    by_practitioner: dict[str, list[Event]] = {}
    authors: dict[str, list[Event]] = {}
    past: list[Event] = []
    for one in events:
        if one.kind not in BOOKINGS and _earliest(one.at) > on:
            continue
        if _is_former(one.practitioner, claimants):
            authors.setdefault(one.practitioner, []).append(one)
            continue
        past.append(one)
        by_practitioner.setdefault(one.practitioner, []).append(one)
    visits = [one for one in past if one.kind in VISITS and _earliest(one.at) <= on]
    return PersonEvidence(
        person=person,
        records=records,
        attending=tuple(one for one in attending if not _is_former(one, claimants)),
        care={name: _care(found, on) for name, found in by_practitioner.items()},
        first_booked=_first_booked(past),
        exclusive=exclusive_period(visits, claimants),
        later_acts=sum(one.number for one in events if one.kind == ACT and _earliest(one.at) > on),
        former={name: _care(found, on) for name, found in authors.items()},
    )


def _is_former(practitioner: str, claimants: Claimants) -> bool:
    return practitioner in claimants and claimants[practitioner].former


def _care(events: Iterable[Event], on: str) -> PractitionerCare:
    visits: set[str] = set()
    counts = dict.fromkeys((ACT, APPOINTMENT, BOOKING, PRESCRIPTION, REFERRAL), 0)
    fees = ahead = 0
    for kind, _, at, number, cents in events:
        day = at[:DAY_LENGTH]
        counts[kind] += number
        fees += cents
        if kind in BOOKINGS and day > on:
            ahead += number
        elif kind in VISITS:
            visits.add(day)
    dated = sorted(visits - {""})
    return PractitionerCare(
        visits=len(visits),
        acts=counts[ACT],
        fees_cents=fees,
        bookings=counts[APPOINTMENT] + counts[BOOKING],
        ahead=ahead,
        prescriptions=counts[PRESCRIPTION],
        referrals=counts[REFERRAL],
        first_seen=dated[0] if dated else "",
        last_seen=dated[-1] if dated else "",
    )


def _first_booked(events: Iterable[Event]) -> tuple[str, ...]:
    """Return with whom the earliest booking was; with several where nobody can tell which was first.

    One of which no time of day is known may have been at any of that day.
    """
    booked = [one for one in events if one.kind in BOOKINGS and one.at]
    first = min((one.at if _is_timed(one.at) else f"{_latest(one.at)}{_END}" for one in booked), default="")
    possible = (one for one in booked if (one.at if _is_timed(one.at) else _earliest(one.at)) <= first)
    return tuple(dict.fromkeys(one.practitioner for one in possible))


_END = "U"
"""Behind a day, what sorts after every time of it: these begin with ``T``."""


def _is_timed(at: str) -> bool:
    return len(at) > DAY_LENGTH


def exclusive_period(visits: Iterable[Event], claimants: Claimants) -> ExclusivePeriod | None:
    """Return since when one claimant alone has seen the patient, up to their last visit.

    ``None`` where nobody was, or the last day was with two of them. A visit of somebody who cannot have patients
    of their own, or of nobody known, ends no period and begins none: it leaves doubt.
    """
    sure: list[Event] = []
    unsure: list[Event] = []
    for one in visits:
        known = one.at and one.practitioner in claimants and claimants[one.practitioner].claims
        (sure if known else unsure).append(one)
    last = max((_latest(one.at) for one in sure), default="")
    seen_last = {one.practitioner for one in sure if _latest(one.at) == last}
    if len(seen_last) != 1:
        return None
    (practitioner,) = seen_last
    before = max((_latest(one.at) for one in sure if one.practitioner != practitioner), default="")
    mine = sorted(_earliest(one.at) for one in sure if one.practitioner == practitioner)
    alone = [day for day in mine if day > before]
    if not alone:
        return None
    doubts = [one for one in unsure if not one.at or _latest(one.at) >= alone[0]]
    return ExclusivePeriod(
        practitioner=practitioner, first=alone[0], last=alone[-1], unsure=_days(doubts, practitioner)
    )


def _days(visits: Collection[Event], practitioner: str) -> int:
    """Count the days of ``visits``; undated ones of the practitioner who is asked about prove nothing else."""
    return len({one.at[:DAY_LENGTH] for one in visits if one.at or one.practitioner != practitioner})


def _earliest(at: str) -> str:
    if len(at) >= DAY_LENGTH or not at:
        return at[:DAY_LENGTH]
    return first_day(parse_date(at)).isoformat()


def _latest(at: str) -> str:
    if len(at) >= DAY_LENGTH or not at:
        return at[:DAY_LENGTH]
    return last_day(parse_date(at)).isoformat()


def seen_by(evidence: PersonEvidence) -> tuple[str, ...]:
    """Return the practitioners whom any record names: who attends, treats, or is booked with."""
    named = (*evidence.attending, *evidence.care)
    return tuple(dict.fromkeys(one for one in named if one != NOBODY))
