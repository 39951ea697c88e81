"""Facts of a departure: from the store, from a person, and six months counted back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archiver.paperwork.situation import Situation
from archiver.paperwork.store_facts import StatedDeparture, departure_of, months_before
from formats.model.dates import PartialDate
from formats.model.identity import (
    RPPS_SYSTEM,
    Address,
    Contact,
    ContactKind,
    Identifier,
    IdentifierType,
)
from formats.model.people import Engagement, Practice, Practitioner, Role

MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ID = "00000000-0000-4000-8000-000000000001"
KERBRAT = Practitioner(
    id=ID,
    family_name="Kerbrat",
    given_name="Malo",
    identifiers=(Identifier(type=IdentifierType.RPPS, system=RPPS_SYSTEM, value="99900000029"),),
    engagements=(
        Engagement(role=Role.REPLACEMENT, end=PartialDate(2020)),
        Engagement(role=Role.COLLABORATOR, end=PartialDate(2026)),
    ),
)
PRACTICE = Practice(
    id=ID,
    name="Cabinet des Tilleuls",
    addresses=(Address(lines=("12 place des Tilleuls",), postal_code="99123", city="Val-d’Orvanne"),),
    contacts=(
        Contact(kind=ContactKind.EMAIL, value="accueil@tilleuls.example"),
        Contact(kind=ContactKind.MOBILE, value="0639980001"),
    ),
)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2027, 6, 30), date(2026, 12, 30)),
        (date(2027, 8, 31), date(2027, 2, 28)),
        (date(2028, 8, 29), date(2028, 2, 29)),
        (date(2027, 1, 15), date(2026, 7, 15)),
    ],
)
def test_six_months_before(day: date, before: date) -> None:
    assert months_before(day, 6) == before


def test_the_store_says_who_and_where() -> None:
    stated = StatedDeparture(situation=Situation.DEPARTURE, last_day=date(2026, 9, 1))
    found = departure_of(KERBRAT, PRACTICE, stated, MADE)
    assert (found.practitioner.name, found.practitioner.rpps) == ("Dr Malo Kerbrat", "99900000029")
    assert found.practitioner.role and found.practitioner.role.code == "collaborator"
    assert found.practice.address == ("12 place des Tilleuls", "99123 Val-d’Orvanne")
    assert (found.practice.telephone, found.practice.email) == ("0639980001", "accueil@tilleuls.example")
    assert found.notice_by == date(2026, 3, 1) and not found.late


def test_what_nobody_knows_is_empty_and_a_late_notice_is_said() -> None:
    nobody = Practitioner(id=ID, family_name="Kerbrat")
    stated = StatedDeparture(situation=Situation.CESSATION, last_day=date(2026, 8, 31))
    found = departure_of(nobody, None, stated, MADE)
    assert found.practitioner.role is None and found.practitioner.rpps == ""
    assert found.practice.name == "" and found.practice.address == ()
    assert found.notice_by == date(2026, 2, 28) and found.late
    assert departure_of(nobody, None, StatedDeparture(situation=Situation.CESSATION), MADE).late is False
