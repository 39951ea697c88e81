"""What ``handover proof`` does: write down that packages were handed over to people from whom no receipt comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.options.register_entries import day_of
from archiver.cli.terminal.console import alarm, say, show_findings, show_json
from archiver.cli.terminal.language import localize, localize_finding
from archiver.cli.terminal.usage_errors import SayHow
from archiver.compliance.request_words import Conveyance
from archiver.handover.errors import DeliveriesRefused
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.receipts.record_delivery import DeliveriesOutcome, record_claims, record_delivery
from archiver.practice.store import PracticeStore, open_store
from archiver.scope.claims_list import read_claims
from archiver.scope.practice_days import practice_day
from formats.findings import Finding
from formats.words import mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofOrder:
    """The command line, understood."""

    store: Path
    package: str
    claims: Path | None
    how: Conveyance
    recipient: str
    on: str
    by: str


def prove(order: ProofOrder, *, as_json: bool) -> None:
    """Write down that one package was handed over, or those of a list of claims.

    Raises:
        SayHow: when it is neither, or both.
        DeliveriesRefused: when something cannot be written down; each is named before.
    """
    findings: tuple[Finding, ...] = ()
    if order.claims is None:
        if not (order.package and order.recipient):
            raise SayHow(localize(mark("Name a package and to whom it went (--to), or a list (--claims)")))
        with open_store(order.store) as store:
            outcome = _one(store, order)
    else:
        if order.package or order.recipient or order.on:
            raise SayHow(
                localize(mark("The list says which packages, to whom and when: no package, --to or --on"))
            )
        lines, findings = read_claims(order.claims)
        with open_store(order.store) as store:
            try:
                outcome = record_claims(store, lines, how=order.how, by=order.by, at=now())
            except DeliveriesRefused as refusal:
                _alarm(f"{order.claims.name}:", refusal.findings)
                raise
    if as_json:
        show_json(_document(outcome, findings))
        return
    show_findings(findings)
    _show(outcome)


def _one(store: PracticeStore, order: ProofOrder) -> DeliveriesOutcome:
    day = day_of(order.on, "--on", past=True) if order.on else practice_day(store, now())
    try:
        return record_delivery(
            store, order.package, how=order.how, recipient=order.recipient, day=day, by=order.by, at=now()
        )
    except DeliveriesRefused as refusal:
        _alarm("", refusal.findings)
        raise


def _alarm(place: str, findings: Iterable[Finding]) -> None:
    for fault in findings:
        alarm(f"{place}{localize_finding(fault)}", fault.code)


def _show(outcome: DeliveriesOutcome) -> None:
    say(
        plural(
            "{count} package written down as handed over.", "{count} packages written down as handed over."
        ),
        count=len(outcome.recorded),
    )
    if outcome.already:
        say(mark("Written down before: {count}"), count=outcome.already)
    if outcome.empty:
        say(mark("Lines of packages that nobody has yet: {count}"), count=outcome.empty)


def _document(outcome: DeliveriesOutcome, findings: Iterable[Finding]) -> dict[str, object]:
    return {
        "handover_proven": 1,
        "recorded": [{"package": one.package, "file": one.file} for one in outcome.recorded],
        "already": outcome.already,
        "empty": outcome.empty,
        "findings": findings_json(findings),
    }
