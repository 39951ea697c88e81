"""Facts of a departure, as the practice store holds them and a person stated them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from archiver.paperwork.departure import DepartureData, PlaceData, PractitionerData
from archiver.paperwork.situation import SITUATION_WORDS, Situation
from archiver.paperwork.transfer import CodeData, NumberData
from formats.model.dictionary.people import CODES
from formats.model.identity import Address, Contact, ContactKind, IdentifierType
from formats.model.people import Engagement, Practice, Practitioner, Role
from formats.words import BilingualText

NOTICE_MONTHS = 6
"""Months before the last day by which Order and agency must know (article L4113-15 CSP)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedDeparture:
    """What a person states of a departure; anything but the situation may be empty."""

    situation: Situation
    last_day: date | None = None
    successor: str = ""
    new_practice: str = ""
    keeper: str = ""


def departure_of(
    practitioner: Practitioner, practice: Practice | None, stated: StatedDeparture, made: datetime
) -> DepartureData:
    """Return the facts of the departure of ``practitioner`` from ``practice``, which may be unknown."""
    by = months_before(stated.last_day, NOTICE_MONTHS) if stated.last_day else None
    return DepartureData(
        made=made,
        situation=CodeData(code=stated.situation.value, words=SITUATION_WORDS[stated.situation]),
        practitioner=practitioner_data(practitioner, made.date()),
        practice=place_data(practice),
        last_day=stated.last_day,
        notice_by=by,
        late=by is not None and made.date() > by,
        successor=stated.successor,
        new_practice=stated.new_practice,
        keeper=stated.keeper,
    )


def months_before(day: date, months: int) -> date:
    """Return ``day`` so many ``months`` earlier; in a shorter month, its last day."""
    month = day.year * 12 + day.month - 1 - months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def practitioner_data(one: Practitioner, day: date) -> PractitionerData:
    """Return the facts of a practitioner as they are on ``day``."""
    rpps = (number.value for number in one.identifiers if number.type is IdentifierType.RPPS)
    name = " ".join(filter(None, ("Dr", one.given_name, one.family_name)))
    return PractitionerData(
        name=name, rpps=next(rpps, ""), specialty=one.specialty, role=_role(one.engagements, day)
    )


def _role(engagements: Sequence[Engagement], day: date) -> CodeData | None:
    """Return the role of the engagement that goes on, where there is one and its role is known."""
    roles = {one.role for one in engagements if not _ended(one, day)} - {Role.UNKNOWN}
    if len(roles) != 1:
        return None
    (role,) = roles
    return CodeData(code=role.value, words=BilingualText(CODES[Role][role]))


def _ended(engagement: Engagement, day: date) -> bool:
    """Say whether an engagement ended before ``day``; in its very year or month, where no more is known, it did not."""
    end = engagement.end.isoformat() if engagement.end else ""
    return bool(end) and end < day.isoformat()[: len(end)]


def place_data(practice: Practice | None) -> PlaceData:
    """Return the facts of a practice, which may be unknown."""
    if practice is None:
        return PlaceData(name="", address=(), telephone="", email="", numbers=())
    return PlaceData(
        name=practice.name,
        address=_lines(practice.addresses),
        telephone=_contact(practice.contacts, ContactKind.PHONE, ContactKind.MOBILE),
        email=_contact(practice.contacts, ContactKind.EMAIL),
        numbers=tuple(NumberData(system=one.type.value, value=one.value) for one in practice.identifiers),
    )


def _lines(addresses: Sequence[Address]) -> tuple[str, ...]:
    if not addresses:
        return ()
    first = addresses[0]
    town = " ".join(filter(None, (first.postal_code, first.city)))
    return tuple(filter(None, (*first.lines, town)))


def _contact(contacts: Iterable[Contact], *kinds: ContactKind) -> str:
    return next((one.value for kind in kinds for one in contacts if one.kind is kind), "")
