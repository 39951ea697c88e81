"""What people say of a retention period extends it, and an earlier day only stands beside it."""

from __future__ import annotations

from datetime import date

import pytest

from archiver.compliance.decided_terms import DecidedDates, decision_findings, with_decisions
from archiver.compliance.retention import Retention, destroy_from
from archiver.compliance.retention_rules import Rule

COMPUTED = Retention(until=date(2045, 3, 1), rule=Rule.AFTER_CARE)
STATED_ON = date(2032, 1, 1)
UNKNOWN = Retention(until=None, rule=Rule.UNKNOWN)


@pytest.mark.parametrize(
    ("decided", "until", "rule", "earlier"),
    [
        (DecidedDates(), date(2045, 3, 1), Rule.AFTER_CARE, None),
        (DecidedDates(consolidated_on=date(2034, 1, 1)), date(2045, 3, 1), Rule.AFTER_CARE, None),
        (DecidedDates(consolidated_on=date(2036, 2, 29)), date(2046, 3, 1), Rule.CONSOLIDATION, None),
        (DecidedDates(keep_until=date(2050, 1, 1)), date(2050, 1, 1), Rule.DECISION, None),
        (DecidedDates(keep_until=date(2030, 1, 1)), date(2045, 3, 1), Rule.AFTER_CARE, date(2030, 1, 1)),
        (
            DecidedDates(keep_until=date(2046, 1, 1), consolidated_on=date(2040, 1, 1)),
            date(2050, 1, 1),
            Rule.CONSOLIDATION,
            date(2046, 1, 1),
        ),
        (DecidedDates(stated=((date(2046, 1, 1), STATED_ON),)), date(2045, 3, 1), Rule.AFTER_CARE, None),
        (DecidedDates(stated=((date(2040, 1, 1), STATED_ON),)), date(2045, 3, 1), Rule.AFTER_CARE, None),
        (DecidedDates(stated=((date(2047, 1, 1), STATED_ON),)), date(2046, 12, 31), Rule.STATED, None),
    ],
)
def test_the_latest_day_counts(decided: DecidedDates, until: date, rule: Rule, earlier: date | None) -> None:
    end = with_decisions(COMPUTED, decided)
    assert (end.until, end.rule, end.earlier) == (until, rule, earlier)
    assert end.until and end.until >= date(2045, 3, 1)
    found = [one.code for one in decision_findings(end, "patients/1")]
    assert found == (["retention-earlier"] if earlier else [])


@pytest.mark.parametrize(
    ("suspensions", "until"),
    [
        ((), date(2045, 3, 1)),
        (((date(2030, 1, 1), date(2030, 1, 1)),), date(2045, 3, 1)),
        (((date(2030, 1, 1), date(2033, 1, 1)),), date(2048, 3, 1)),
        # two claims at once stop the term once
        (((date(2030, 1, 1), date(2033, 1, 1)), (date(2031, 1, 1), date(2032, 1, 1))), date(2048, 3, 1)),
        (((date(2030, 1, 1), date(2031, 1, 1)), (date(2030, 7, 1), date(2033, 1, 1))), date(2048, 3, 1)),
        # the second one comes while the term, later by the first, still runs
        (((date(2044, 1, 1), date(2046, 1, 1)), (date(2046, 6, 1), date(2047, 6, 1))), date(2048, 3, 1)),
        (((date(2045, 3, 2), date(2049, 1, 1)),), date(2045, 3, 1)),  # the term was over
        (((date(2030, 1, 1), date(9999, 1, 1)),), date.max),
    ],
)
def test_a_claim_stops_the_term_and_does_not_efface_it(
    suspensions: tuple[tuple[date, date], ...], until: date
) -> None:
    end = with_decisions(COMPUTED, DecidedDates(suspensions=suspensions))
    assert end.until and abs((end.until - until).days) <= 1, end.until  # a leap day more or less
    assert end.rule is (Rule.SUSPENSION if until > date(2045, 3, 1) else Rule.AFTER_CARE)
    assert with_decisions(UNKNOWN, DecidedDates(suspensions=suspensions)) == UNKNOWN


@pytest.mark.parametrize(
    ("first", "last", "until"),
    [
        (date(2028, 1, 1), date(2031, 1, 1), date(2048, 3, 1)),  # over when the sender counted
        (date(2028, 1, 1), date(2033, 1, 1), date(2050, 3, 1)),  # a year of it came after
        (date(2034, 1, 1), date(2036, 1, 1), date(2048, 12, 31)),
    ],
)
def test_a_stated_term_counts_what_had_suspended_it_when_it_was_stated(
    first: date, last: date, until: date
) -> None:
    decided = DecidedDates(stated=((date(2047, 1, 1), STATED_ON),), suspensions=((first, last),))
    end = with_decisions(COMPUTED, decided)
    assert end.until and abs((end.until - until).days) <= 1, end.until
    assert end.rule is Rule.SUSPENSION


def test_a_decision_does_not_shorten_what_is_known_where_the_rules_cannot_tell() -> None:
    decided = DecidedDates(keep_until=date(2030, 1, 1), consolidated_on=date(2024, 5, 1))
    end = with_decisions(UNKNOWN, decided)
    assert (end.until, end.rule, end.earlier) == (date(2034, 5, 1), Rule.CONSOLIDATION, date(2030, 1, 1))
    stated = DecidedDates(keep_until=date(2030, 1, 1), stated=((date(2047, 1, 1), STATED_ON),))
    assert with_decisions(UNKNOWN, stated).until == date(2046, 12, 31)


def test_a_stated_term_stays_the_same_term() -> None:
    end = with_decisions(COMPUTED, DecidedDates(stated=((date(2047, 1, 1), STATED_ON),)))
    assert destroy_from(end) == date(2047, 1, 1)


def test_where_the_rules_cannot_tell_only_the_practice_can() -> None:
    assert with_decisions(UNKNOWN, DecidedDates()) == UNKNOWN
    days = DecidedDates(consolidated_on=date(2020, 1, 1), stated=((date(2040, 1, 1), STATED_ON),))
    assert with_decisions(UNKNOWN, days).until is None
    end = with_decisions(UNKNOWN, DecidedDates(keep_until=date(2050, 1, 1)))
    assert (end.until, end.rule) == (date(2050, 1, 1), Rule.DECISION)
