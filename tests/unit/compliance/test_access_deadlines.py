"""Deadlines of an access request, with their right answers: no weekend, holiday or clock change stretches them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from archiver.compliance.access_deadlines import (
    DATED_BY,
    Received,
    ages_of_information,
    deadlines,
    months_later,
)
from archiver.compliance.request_words import Requester
from formats.model.care import Act, ActStatus, Note, NoteKind
from formats.model.dates import AnyDate, PartialDate
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.identity import Traits
from formats.model.people import Patient, Practice
from tests.full_dossier import full_dossier

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("received", "recent", "old"),
    [
        (date(2026, 11, 29), date(2026, 12, 7), date(2027, 1, 29)),
        (date(2026, 12, 24), date(2027, 1, 1), date(2027, 2, 24)),  # a holiday is the last day all the same
        (date(2026, 11, 28), date(2026, 12, 6), date(2027, 1, 28)),  # and so is a Sunday
        (date(2026, 12, 31), date(2027, 1, 8), date(2027, 2, 28)),
        (date(2027, 12, 30), date(2028, 1, 7), date(2028, 2, 29)),
        (date(2026, 10, 20), date(2026, 10, 28), date(2026, 12, 20)),  # the clock is put back in between
    ],
)
def test_eight_days_and_two_months(received: date, recent: date, old: date) -> None:
    both = deadlines(Received(day=received), Requester.PATIENT, has_recent=True, has_old=True, zone=PARIS)
    assert (both.recent, both.old, both.first) == (recent, old, recent)
    older = deadlines(Received(day=received), Requester.HEIR, has_recent=False, has_old=True, zone=PARIS)
    assert (older.recent, older.old, older.first) == (None, old, old)
    empty = deadlines(Received(day=received), Requester.HEIR, has_recent=False, has_old=False, zone=PARIS)
    assert (empty.recent, empty.old) == (recent, None)


@pytest.mark.parametrize(
    ("received", "not_before"),
    [
        (
            Received(day=date(2026, 11, 27), at=datetime(2026, 11, 27, 16, 30, tzinfo=PARIS)),
            datetime(2026, 11, 29, 16, 30, tzinfo=PARIS),
        ),
        # only the day is known: it may have come at its very end
        (Received(day=date(2026, 11, 27)), datetime(2026, 11, 30, 0, 0, tzinfo=PARIS)),
        # forty-eight hours, not two days: the clock is put forward on 29 March, back on 25 October
        (
            Received(day=date(2026, 3, 28), at=datetime(2026, 3, 28, 10, tzinfo=PARIS)),
            datetime(2026, 3, 30, 11, tzinfo=PARIS),
        ),
        (
            Received(day=date(2026, 10, 24), at=datetime(2026, 10, 24, 10, tzinfo=PARIS)),
            datetime(2026, 10, 26, 9, tzinfo=PARIS),
        ),
    ],
)
def test_forty_eight_hours_of_reflection(received: Received, not_before: datetime) -> None:
    end = deadlines(received, Requester.PATIENT, has_recent=True, has_old=False, zone=PARIS)
    assert end.not_before is not None
    assert end.not_before.astimezone(UTC) == not_before.astimezone(UTC)
    assert end.not_before.utcoffset() == not_before.utcoffset()
    none = deadlines(received, Requester.COLLEAGUE, has_recent=True, has_old=False, zone=PARIS)
    assert none.not_before is None


def dossier(*days: AnyDate | None) -> Dossier:
    acts = tuple(
        Act(id=f"c{n}", patient="a", status=ActStatus.DONE, performed_on=day) for n, day in enumerate(days)
    )
    patient = Patient(id="a", practice="p", traits=Traits(birth_family_name="A"))
    return Dossier(practice=Practice(id="p", name="Cabinet"), patient=patient, acts=acts)


@pytest.mark.parametrize(
    ("days", "ages"),
    [
        ((), (False, False)),
        ((date(2021, 11, 29),), (True, False)),
        ((date(2021, 11, 28),), (False, True)),
        ((date(2021, 11, 28), date(2026, 1, 1)), (True, True)),
        ((None,), (True, False)),
        ((PartialDate(2021),), (True, False)),
        ((PartialDate(2020), date(2019, 1, 1)), (False, True)),
    ],
)
def test_what_is_older_than_five_years(days: tuple[AnyDate | None, ...], ages: tuple[bool, bool]) -> None:
    assert ages_of_information([dossier(*days)], date(2026, 11, 29)) == ages


def test_a_time_counts_by_its_day_and_every_dossier_of_a_person_counts() -> None:
    note = Note(
        id="n", patient="a", note=NoteKind.CLINICAL, text="x", written_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    old = Dossier(
        practice=Practice(id="p", name="Cabinet"),
        patient=Patient(id="a", practice="p", traits=Traits(birth_family_name="A")),
        notes=(note,),
    )
    assert ages_of_information([old, dossier(date(2026, 1, 1))], date(2026, 11, 29)) == (True, True)


def test_every_kind_that_informs_about_health_is_dated_by_a_field_it_has() -> None:
    whole = full_dossier()
    for kind, name in DATED_BY.items():
        assert all(hasattr(record, name) for record in getattr(whole, kind)), kind
    administrative = {"related_persons", "coverages", "recalls", "invoices", "payments", "adjustments"}
    traces = {"access_events", "source_rows"}
    assert DATED_BY.keys() == {kind.kind for kind in PATIENT_KINDS} - administrative - traces


def test_months_end_where_the_month_ends() -> None:
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2026, 10, 31), 14) == date(2027, 12, 31)
