"""A retention period is never shortened by a date that cannot be, whatever the dates are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings, strategies as st

from archiver.compliance.plausibility import ABOUT_BIRTH, ABOUT_DEATH, PLACEHOLDERS
from archiver.compliance.retention import OLD_LAW_ENDED, Retention, later, retention
from formats.model.dates import AnyDate, PartialDate, first_day, last_day
from formats.model.dossier import Dossier
from tests.unit.compliance.test_retention import dossier

TODAY = date(2026, 3, 1)
DAYS = st.dates(date(1925, 1, 1), date(2060, 12, 31)) | st.sampled_from(sorted(PLACEHOLDERS))
DOSSIERS = st.builds(
    lambda care, born, died: dossier(*care, born=born, died=died),
    st.lists(DAYS, max_size=4),
    st.none() | DAYS,
    st.none() | DAYS,
)


def end_of(end: Retention) -> date:
    """Return the last day of the period; what nobody can tell the end of is kept for ever."""
    return end.until or date.max


def without_birth(one: Dossier) -> Dossier:
    traits = replace(one.patient.traits, birth_date=None)
    return replace(one, patient=replace(one.patient, traits=traits))


def without_death(one: Dossier) -> Dossier:
    return replace(one, patient=replace(one.patient, deceased_on=None))


@settings(max_examples=300)
@given(DOSSIERS)
def test_no_contradiction_shortens(one: Dossier) -> None:
    end = retention(one, TODAY)
    wrong = frozenset(end.implausible)
    if wrong & ABOUT_DEATH:
        assert end_of(end) >= end_of(retention(without_death(one), TODAY))
    if wrong & ABOUT_BIRTH:
        assert end_of(end) >= end_of(retention(without_birth(one), TODAY))
    past = tuple(act for act in one.acts if act.performed_on and last_day(act.performed_on) <= TODAY)
    without_future = retention(replace(one, acts=past), TODAY)
    assert without_future.until is None or end_of(end) >= end_of(without_future)


@settings(max_examples=300)
@given(DOSSIERS)
def test_what_holds_together_ends_as_the_law_says(one: Dossier) -> None:
    """The law, written a second time and only for dates without a contradiction."""
    end = retention(one, TODAY)
    care = sorted(first_day(act.performed_on) for act in one.acts if act.performed_on)
    born, died = one.patient.traits.birth_date, one.patient.deceased_on
    assert not isinstance(born, PartialDate) and not isinstance(died, PartialDate)
    if end.implausible or not care or born is None:
        return
    dead = died is not None and died <= later(care[-1], 10)
    law = [later(died, 10)] if died and dead else [later(care[-1], 20), later(born, 28)]
    if old := [day for day in care if day < OLD_LAW_ENDED]:
        law.append(later(born, 48) if old[-1] < later(born, 18) else later(old[-1], 30))
    assert end.until == max(law)


YEARS = st.integers(1925, 2060)
ANY_DATES = DAYS | st.builds(PartialDate, YEARS, st.none() | st.integers(1, 12))


@settings(max_examples=400)
@given(st.lists(ANY_DATES, min_size=1, max_size=3), st.none() | ANY_DATES, st.none() | ANY_DATES, st.data())
def test_no_day_that_a_partial_date_may_be_is_kept_longer(
    care: list[AnyDate], born: AnyDate | None, died: AnyDate | None, data: st.DataObject
) -> None:
    """Whatever the days were that nobody wrote down, the period covers what the law says of them."""
    assert_every_day_is_covered(care, born, died, data)


ABOUT_2002 = st.dates(date(1985, 1, 1), date(2004, 12, 31)) | st.builds(
    PartialDate, st.integers(2001, 2003), st.none() | st.integers(1, 12)
)
BIRTHS = st.dates(date(1965, 1, 1), date(1990, 12, 31)) | st.builds(PartialDate, st.integers(1965, 1990))


@settings(max_examples=400)
@given(st.lists(ABOUT_2002, min_size=1, max_size=3), BIRTHS, st.data())
def test_nor_is_one_about_the_law_of_2002(care: list[AnyDate], born: AnyDate, data: st.DataObject) -> None:
    assert_every_day_is_covered(care, born, None, data)


def assert_every_day_is_covered(
    care: list[AnyDate], born: AnyDate | None, died: AnyDate | None, data: st.DataObject
) -> None:
    def day(value: AnyDate) -> date:
        return data.draw(st.dates(first_day(value), last_day(value)))

    partial = retention(dossier(*care, born=born, died=died), TODAY)
    known = dossier(*map(day, care), born=born and day(born), died=died and day(died))
    exact = retention(known, TODAY)
    if not exact.implausible:
        assert end_of(partial) >= end_of(exact)


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_an_unknown_birth_date_excludes_no_child(care: list[date]) -> None:
    end = retention(dossier(*care), TODAY)
    days = [day for day in care if day not in PLACEHOLDERS]
    assert end.until is None if not days else end_of(end) >= later(min(days), 28)
