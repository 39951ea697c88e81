"""Claims, payments and adjustments; every amount in cents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from formats.findings import Severity
from formats.model.money import Adjustment, Invoice, InvoiceLine, InvoiceStatus, Payment
from formats.opendental import codes
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext, Plan
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import Counted, mark, plural

CENTS = plural("{count} cent", "{count} cents")


def claim(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``claim`` with its ``claimproc`` lines; a question to the insurer (PreAuth) bills nothing."""
    row = joined.row
    if row.text("ClaimType") == codes.PREAUTHORISATION:
        return
    status = codes.CLAIM_STATUS.get(row.text("ClaimStatus"), InvoiceStatus.OTHER)
    notes = (row.text("ClaimNote"), row.text("ReasonUnderPaid"))
    yield Invoice(
        id=context.id("claim", row.key),
        patient=context.patient(joined.patient),
        number=row.text("ClaimIdentifier") or row.key,
        status=status,
        issued_on=row.day("DateSent") or row.day("DateService"),
        practitioner=context.practitioner(row, "ProvTreat", expected=True),
        coverage=_coverage(row, context, joined.patient),
        payer=context.plans.get(row.number("PlanNum"), Plan()).insurer,
        total_cents=row.cents("ClaimFee"),
        insurer_cents=row.cents("InsPayAmt" if status is InvoiceStatus.SETTLED else "InsPayEst"),
        note="\n".join(note for note in notes if note),
        lines=tuple(_line(line, context, joined.patient) for line in joined.of("claimproc")),
    )


def _coverage(row: Row, context: LookupContext, patient: int) -> str | None:
    """A subscription that was ended since has no coverage any more; the claim keeps the insurer's name."""
    number = context.covered.get((patient, row.number("InsSubNum")))
    return context.id("patplan", number) if number else None


def _line(line: Row, context: LookupContext, patient: int) -> InvoiceLine:
    """One billed act; what the insurer paid where that is known, else what it is expected to pay."""
    status = line.number("Status")
    code = line.text("CodeSent")
    return InvoiceLine(
        act=context.reference(line, "ProcNum", "procedurelog", patient),
        label=" ".join(part for part in (code, context.act_labels.get(code, "")) if part),
        fee_cents=line.cents("FeeBilled"),
        insurer_cents=line.cents("InsPayAmt" if status in codes.RECEIVED else "InsPayEst"),
        written_off_cents=line.cents("WriteOff"),
        status=codes.CLAIM_LINE_STATUS[status] if 0 <= status < len(codes.CLAIM_LINE_STATUS) else str(status),
    )


def payment(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``payment`` with its ``paysplit`` rows: one payment for every patient's part of it."""
    row = joined.row
    splits = joined.of("paysplit")
    parts = sum(split.cents("SplitAmt") for split in splits)
    if splits and parts != row.cents("PayAmt"):
        row.notice(
            Severity.WARNING,
            "opendental-payment-parts-differ",
            mark("The parts of this payment add up to {parts}, the payment is {whole}."),
            parts=Counted(parts, CENTS),
            whole=Counted(row.cents("PayAmt"), CENTS),
        )
    for split in splits:
        yield from _split(split, joined, context)
    if not splits:
        row.notice(
            Severity.WARNING,
            "opendental-payment-undivided",
            mark("This payment is divided among no accounts; it stays with the patient it was entered for."),
        )
        yield _payment(row, row, joined, context, amount=row.cents("PayAmt"), patient=joined.patient)


def _split(split: Row, joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    patient = split.number("PatNum")
    if patient not in context.patients:
        return
    yield _payment(split, joined.row, joined, context, amount=split.cents("SplitAmt"), patient=patient)


def part_alone(part: Row, patient: int, row: Row | None, context: LookupContext) -> Iterator[Payment]:
    """Read a ``paysplit`` whose payment, or whose payer, is not in the database: the amount stays, without a payer."""
    part.notice(
        Severity.WARNING,
        "opendental-payer-lost",
        mark("Who paid this part of a payment is not in the database: the amount is kept without a payer."),
    )
    made = _payment(part, row or part, None, context, amount=part.cents("SplitAmt"), patient=patient)
    yield replace(made, receipt=context.id("payment", str(part.number("PayNum"))))


def _payment(
    part: Row, row: Row, joined: JoinedRow | None, context: LookupContext, *, amount: int, patient: int
) -> Payment:
    notes = (row.text("PayNote"), row.text("CheckNum"), row.text("BankBranch"))
    return Payment(
        id=context.id(part.table, part.key),
        patient=context.patient(patient),
        paid_on=part.day("DatePay") or row.day("PayDate"),
        amount_cents=amount,
        method=context.definition(row, "PayType"),
        receipt=context.id("payment", row.key),
        payer=context.name(joined.patient) if joined else "",
        payer_patient=context.patient(joined.patient) if joined else None,
        practitioner=context.practitioner(part, "ProvNum"),
        act=context.reference(part, "ProcNum", "procedurelog", patient),
        note="\n".join(note for note in notes if note),
    )


def adjustment(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``adjustment``: positive adds to the debt, negative takes away, in the software as here."""
    row = joined.row
    yield Adjustment(
        id=context.id("adjustment", row.key),
        patient=context.patient(joined.patient),
        made_on=row.day("AdjDate"),
        amount_cents=row.cents("AdjAmt"),
        reason=context.definition(row, "AdjType"),
        practitioner=context.practitioner(row, "ProvNum"),
        act=context.reference(row, "ProcNum", "procedurelog", joined.patient),
        note=row.text("AdjNote"),
    )
