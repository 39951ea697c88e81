"""What people say of a retention period, beside the rules: consolidation, a decision, the term a sender stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from archiver.compliance.retention import Retention, destroy_from, later
from archiver.compliance.retention_rules import Rule
from formats.findings import Finding, Severity
from formats.words import mark

YEARS_AFTER_CONSOLIDATION = 10
"""Limitation of liability for care (CSP L1142-28)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedDates:
    """What people said of a person's dossiers: the latest day of each kind, where there is one.

    ``stated`` are the days from which whoever handed a dossier over would let it be destroyed, and when each said so.
    ``suspensions`` are the first and the last day of each claim or appeal, which is today where it goes on.
    """

    consolidated_on: date | None = None
    keep_until: date | None = None
    stated: tuple[tuple[date, date], ...] = ()
    suspensions: tuple[tuple[date, date], ...] = ()


def with_decisions(end: Retention, decided: DecidedDates) -> Retention:
    """Return ``end`` as far as what people said extends it; a day that is earlier only stands beside it.

    Where the rules cannot tell the end, the practice can.
    """
    if end.until is None and decided.keep_until is None:
        return end
    ends = [*_terms(end, decided)]
    if decided.consolidated_on:
        ends.append((later(decided.consolidated_on, YEARS_AFTER_CONSOLIDATION), Rule.CONSOLIDATION))
    if decided.keep_until:
        ends.append((decided.keep_until, Rule.DECISION))
    until, rule = max(ends, key=lambda one: one[0])
    earlier = decided.keep_until if decided.keep_until and decided.keep_until < until else None
    return replace(end, until=until, rule=rule, earlier=earlier)


def _terms(end: Retention, decided: DecidedDates) -> Iterator[tuple[date, Rule]]:
    """Yield the ends that claims and appeals suspend; a stated one counts what had suspended it until then."""
    if end.until:
        yield end.until, end.rule
        yield suspended_term(end.until, decided.suspensions), Rule.SUSPENSION
    computed = destroy_from(end)
    for day, stated_on in decided.stated:
        if computed is None or day > computed:
            term = day - timedelta(days=1)
            since = [(max(first, stated_on), last) for first, last in decided.suspensions]
            yield term, Rule.STATED
            yield suspended_term(term, since), Rule.SUSPENSION


def suspended_term(term: date, suspensions: Sequence[tuple[date, date]]) -> date:
    """Return ``term`` later by the days on which it did not run; a claim that came after it suspends nothing.

    A suspension stops a period without effacing what has run of it (Code civil 2230).
    """
    counted = date.min
    for first, last in sorted(suspensions):
        if first > term:
            break
        days = max(timedelta(0), last - max(first, counted))
        term = term + days if date.max - term > days else date.max
        counted = max(counted, last)
    return term


def decision_findings(end: Retention, where: str) -> Iterator[Finding]:
    """Yield a warning where the practice would keep a dossier for less long than the rules say."""
    if end.earlier and end.until:
        yield Finding(
            severity=Severity.WARNING,
            code="retention-earlier",
            where=where,
            sentence=mark(
                "The practice decided to keep it until {earlier}; the rules say {until}, which counts."
            ),
            facts={"earlier": end.earlier.isoformat(), "until": end.until.isoformat()},
        )
