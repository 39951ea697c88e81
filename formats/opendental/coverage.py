"""Who insures whom: `inssub` (a subscriber and a plan) with `patplan` (the patients it covers)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.model.people import Coverage
from formats.opendental.joined import Joined, Yielded
from formats.opendental.known import Known, Plan
from formats.opendental.row import Row
from formats.words import mark


def coverage(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``inssub`` with its ``patplan`` rows: one coverage for every patient covered."""
    plan = known.plans.get(joined.row.number("PlanNum"))
    if plan is None:
        joined.row.notice(
            Severity.WARNING,
            "opendental-plan-unknown",
            mark("Insurance plan {number} is not in the database."),
            number=joined.row.number("PlanNum"),
        )
    for covered in joined.of("patplan"):
        yield from _covered(covered, joined.row, plan or Plan(), known)


def _covered(covered: Row, subscription: Row, plan: Plan, known: Known) -> Iterator[Yielded]:
    patient = covered.number("PatNum")
    if patient not in known.patients:
        return
    yield Coverage(
        id=known.id("patplan", covered.key),
        patient=known.patient(patient),
        insurer=plan.insurer,
        member=subscription.text("SubscriberID") or covered.text("PatID"),
        group=plan.group,
        subscriber=known.name(subscription.number("Subscriber")),
        start=subscription.day("DateEffective"),
        end=subscription.day("DateTerm"),
    )
    known.remember("patplan", covered.key, patient)
    known.covered[patient, int(subscription.key)] = int(covered.key)
