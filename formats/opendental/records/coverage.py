"""Who insures whom: `inssub` (a subscriber and a plan) with `patplan` (the patients it covers)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.model.people import Coverage
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext, Plan
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark


def coverage(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``inssub`` with its ``patplan`` rows: one coverage for every patient covered."""
    plan = context.plans.get(joined.row.number("PlanNum"))
    if plan is None:
        joined.row.notice(
            Severity.WARNING,
            "opendental-plan-unknown",
            mark("Insurance plan {number} is not in the database."),
            number=joined.row.number("PlanNum"),
        )
    for covered in joined.of("patplan"):
        yield from _covered(covered, joined.row, plan or Plan(), context)


def _covered(covered: Row, subscription: Row, plan: Plan, context: LookupContext) -> Iterator[Yielded]:
    patient = covered.number("PatNum")
    if patient not in context.patients:
        return
    yield Coverage(
        id=context.id("patplan", covered.key),
        patient=context.patient(patient),
        insurer=plan.insurer,
        member=subscription.text("SubscriberID") or covered.text("PatID"),
        group=plan.group,
        subscriber=context.name(subscription.number("Subscriber")),
        start=subscription.day("DateEffective"),
        end=subscription.day("DateTerm"),
    )
    context.remember("patplan", covered.key, patient)
    context.covered[patient, int(subscription.key)] = int(covered.key)
