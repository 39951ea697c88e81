"""A part of a dossier is a dossier: what it asks for, what that refers to, and never less than the medical history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st

from archiver.practice.imports.dossier_part import (
    WHOLE,
    DossierPart,
    ImportChoice,
    divide,
    part_json,
    part_of_dossier,
    part_of_json,
    parts_text,
)
from archiver.practice.registers.dossier_states import DossierState, StatedDossier
from formats.model.care import Act
from formats.model.dates import AnyMoment, PartialDate
from formats.model.dossier import PATIENT_KINDS
from formats.model.missing import whole_counts
from formats.model.provenance import SourceRow
from tests.full_dossier import full_dossier

DOSSIER = full_dossier()
PARIS = ZoneInfo("Europe/Paris")
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
PARTS = st.builds(
    DossierPart,
    since=DAYS,
    until=DAYS,
    kinds=st.lists(st.sampled_from([kind.kind for kind in PATIENT_KINDS]), unique=True, max_size=4).map(
        tuple
    ),
)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(PARTS, min_size=1, max_size=3).map(tuple))
def test_what_comes_in_and_what_is_left_aside_are_all_there_is(parts: tuple[DossierPart, ...]) -> None:
    counts = whole_counts(DOSSIER)
    taken, found, aside = divide(DOSSIER, counts, parts)
    assert found == whole_counts(taken)
    assert {kind: found.get(kind, 0) + aside.get(kind, 0) for kind in counts} == counts
    assert min(aside.values(), default=1) > 0
    assert taken.health_statements == DOSSIER.health_statements
    chosen = {one.id for one in taken.records()}
    asked = {
        one.id
        for one in DOSSIER.records()
        if not isinstance(one, SourceRow) and any(part.asks(one, PARIS) for part in parts)
    }
    assert asked <= chosen
    assert all(part_of_json(part_json(part)) == part for part in parts)


def test_nothing_asked_for_is_everything() -> None:
    assert WHOLE.whole and part_of_dossier(DOSSIER, [WHOLE]) == DOSSIER
    assert divide(DOSSIER, whole_counts(DOSSIER), ())[2] == {}


def act(day: date | PartialDate | None) -> Act:
    return replace(DOSSIER.acts[0], performed_on=day)


def test_a_period_has_both_its_days_and_what_may_lie_in_it() -> None:
    year = DossierPart(since=date(2024, 1, 1), until=date(2024, 12, 31))
    days = {
        date(2023, 12, 31): False, date(2024, 1, 1): True, date(2024, 12, 31): True, date(2025, 1, 1): False,
        PartialDate(2024): True, PartialDate(2024, 12): True, PartialDate(2023, 12): False, None: True,
    }  # fmt: skip
    assert {day: year.asks(act(day), PARIS) for day in days} == days


def test_a_moment_is_of_the_day_that_the_clock_of_the_practice_shows() -> None:
    year = DossierPart(since=date(2024, 1, 1), until=date(2024, 12, 31))
    moments: dict[AnyMoment, bool] = {
        datetime(2023, 12, 31, 22, 59, tzinfo=UTC): False,
        datetime(2023, 12, 31, 23, 0, tzinfo=UTC): True,
        datetime(2024, 12, 31, 22, 59, tzinfo=UTC): True,
        datetime(2024, 12, 31, 23, 0, tzinfo=UTC): False,
        datetime.min.replace(tzinfo=UTC): False,
        datetime.max.replace(tzinfo=UTC): False,
        date(2024, 12, 31): True,
        PartialDate(2024, 12): True,
        PartialDate(2025): False,
    }
    notes = {at: replace(DOSSIER.notes[0], written_at=at) for at in moments}
    assert {at: year.asks(one, PARIS) for at, one in notes.items()} == moments
    assert DOSSIER.practice.time_zone == PARIS.key
    late = replace(DOSSIER, notes=(notes[datetime(2023, 12, 31, 23, 0, tzinfo=UTC)],))
    assert part_of_dossier(late, [DossierPart(since=date(2024, 1, 1), kinds=("notes",))]).notes == late.notes


def test_a_verbatim_row_follows_what_was_read_from_it() -> None:
    row = DOSSIER.source_rows[0]
    acts = DossierPart(kinds=("acts",))
    of_both, of_none, of_patient = (
        replace(row, records=records) for records in (("act", "note"), (), (DOSSIER.patient.id,))
    )
    assert acts.asks_row(of_both, left_aside={"note"}) and not acts.asks_row(
        of_both, left_aside={"act", "note"}
    )
    assert acts.asks_row(of_patient, left_aside={"act"}) and not acts.asks_row(of_none, left_aside=())
    assert DossierPart(since=date(2024, 1, 1)).asks_row(of_none, left_aside=())
    assert DossierPart(kinds=("source_rows",)).asks_row(of_both, left_aside={"act", "note"})


def stated(state: DossierState, *parts: DossierPart) -> StatedDossier:
    return StatedDossier(package="urn:test:1", unit="u", patient="p", state=state, parts=parts_text(parts))


def test_a_choice_leaves_aside_nothing_that_is_here() -> None:
    acts, recent = DossierPart(kinds=("acts",)), DossierPart(since=date(2024, 1, 1))
    others, everybody = ImportChoice(patients={"q"}, part=acts), ImportChoice(part=acts)
    for before in (None, stated(DossierState.LEFT_ASIDE), stated(DossierState.REFUSED)):
        assert others.parts("p", before) is None
        assert everybody.parts("p", before) == others.parts("q", before) == (acts,)
        assert ImportChoice(patients={"p"}).parts("p", before) == ()
    whole, partial = stated(DossierState.DEGRADED), stated(DossierState.PARTIAL, recent)
    assert others.parts("p", whole) == everybody.parts("p", whole) == ()
    assert others.parts("p", partial) == (recent,) and everybody.parts("p", partial) == (recent, acts)
    assert everybody.parts("p", stated(DossierState.PARTIAL, acts)) == (acts,)
    assert ImportChoice().parts("p", partial) == ()
