"""What is intended and its cost: `treatplan` with `treatplanattach` (live) and `proctp` (frozen)."""

from __future__ import annotations

from collections.abc import Iterator

from formats.mapping import tooth_notations as teeth
from formats.model.care import PlanItem, PlanStatus, Quote, TreatmentPlan
from formats.model.mouth import Surface
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.opendental.records.acts import read_surfaces
from formats.opendental.records.mouth import unknown_tooth

SAVED, ACTIVE, INACTIVE = 0, 1, 2
"""treatplan.TPStatus; a saved plan is frozen, its lines are copies with prices."""


def plan(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``treatplan``: a live plan, and a quote where it was saved with its prices or signed."""
    row = joined.row
    live = row.number("TPStatus") in {ACTIVE, INACTIVE}
    attached = tuple(_attached(line, context, joined.patient) for line in joined.of("treatplanattach"))
    priced = tuple(_priced(line, context, joined.patient) for line in _ordered(joined.of("proctp")))
    if live:
        yield TreatmentPlan(
            id=context.id("treatplan", row.key),
            patient=context.patient(joined.patient),
            title=row.text("Heading"),
            status=PlanStatus.ACTIVE if row.number("TPStatus") == ACTIVE else PlanStatus.INACTIVE,
            created_on=row.day("DateTP"),
            practitioner=_presenter(joined, context),
            note=row.text("Note"),
            items=attached,
        )
    if not live or row.text("Signature"):
        yield _quote(joined, context, f"{row.key}/quote" if live else row.key, priced or attached)


def _quote(joined: JoinedRow, context: LookupContext, key: str, items: tuple[PlanItem, ...]) -> Quote:
    row = joined.row
    signature = row.text("Signature")
    return Quote(
        id=context.id("treatplan", key),
        patient=context.patient(joined.patient),
        title=row.text("Heading"),
        issued_on=row.day("DateTP"),
        signed_at=row.moment("DateTSigned") if signature else None,
        signed_by=row.text("SignatureText") if signature else "",
        signature=signature,
        practitioner=_presenter(joined, context),
        document=context.reference(row, "DocNum", "document", joined.patient),
        note=row.text("Note"),
        items=items,
    )


def _presenter(joined: JoinedRow, context: LookupContext) -> str | None:
    """Return who presents the plan; failing that, the practitioner all its lines agree on."""
    presenter, _ = context.author(joined.row, "UserNumPresenter")
    lines = {line.number("ProvNum") for line in joined.of("proctp")} - {0}
    agreed = lines.pop() if len(lines) == 1 else 0
    return presenter or (context.id("provider", agreed) if context.practises(agreed) else None)


def _ordered(lines: tuple[Row, ...]) -> list[Row]:
    return sorted(lines, key=lambda line: line.number("ItemOrder"))


def _attached(line: Row, context: LookupContext, patient: int) -> PlanItem:
    return PlanItem(
        act=context.reference(line, "ProcNum", "procedurelog", patient),
        priority=context.definition(line, "Priority"),
    )


def _priced(line: Row, context: LookupContext, patient: int) -> PlanItem:
    """A frozen line: teeth and surfaces as the screen showed them that day; the act is often gone since."""
    found, unknown = teeth.displayed_teeth(line.text("ToothNumTP"), context.notation)
    if unknown:
        unknown_tooth(line, "ToothNumTP", ", ".join(unknown))
    return PlanItem(
        act=context.reference(line, "ProcNumOrig", "procedurelog", patient, quiet=True),
        code=line.text("ProcCode"),
        label=line.text("Descript"),
        teeth=found,
        surfaces=_surfaces(line, bool(found)),
        priority=context.definition(line, "Priority"),
        fee_cents=line.cents("FeeAmt"),
        insurer_cents=line.cents("PriInsAmt") + line.cents("SecInsAmt"),
        patient_cents=line.cents("PatAmt"),
    )


def _surfaces(line: Row, on_tooth: bool) -> tuple[Surface, ...]:
    written = line.text("Surf")
    return () if teeth.is_area(written) and not on_tooth else read_surfaces(line, written)
