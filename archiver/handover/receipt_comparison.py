"""A receipt compared with what was sent, line by line.

1. The receipt is of the package that was sent: its identifier, its revision, the digest of its signed list.
2. Every unit that was sent is on it once, and none that was not.
3. What came in of each dossier, and what was left aside of it on purpose, is what was sent, kind by kind, sums of
   money included.
4. What was announced in all is what was sent in all; so is what was found and left aside, where nothing was refused.
5. What did not come in, or waits for a person at the receiver's, is told: it is no difference, and not the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archiver.handover.arrivals import UnitOutcome
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import count_records, shown_count
from archiver.handover.receipt_reading import ReceiptLine, ReturnedReceipt
from archiver.practice.registers.dossier_states import DossierState
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.missing import SUMS
from formats.words import mark, plural

CAME = frozenset({UnitOutcome.CAME_IN, UnitOutcome.ALREADY_THERE})
"""Outcomes of a unit that is with the receiver, all of it or a part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentUnit:
    """A unit that was sent: whose (empty for the practice's part, or where no key told it), and what it held.

    ``counts`` is nothing where no key told it.
    """

    name: str = ""
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPackage:
    """What was sent, by whoever knows: the package, or the record that the sender's store keeps of it.

    Without a key (not ``opened``) nobody knows what each unit held, and no sum of money.
    """

    identifier: str
    revision: int
    signed_list: str
    units: Mapping[str, SentUnit]
    announced: Mapping[str, int]
    opened: bool = True


@dataclass(slots=True)
class ReceiptComparison:
    """What a comparison found; ``acknowledged`` counts the units that are with the receiver as they were sent.

    ``left_aside`` counts those that the receiver left aside on purpose, whole or in part.
    """

    differences: list[Finding] = field(default_factory=list)
    open_points: list[Finding] = field(default_factory=list)
    acknowledged: int = 0
    left_aside: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of it, differences first."""
        return (*self.differences, *self.open_points)


def compare_receipt(receipt: ReturnedReceipt, sent: SentPackage) -> ReceiptComparison:
    """Follow the steps above."""
    found = ReceiptComparison(differences=list(_package(receipt, sent)))
    seen: set[str] = set()
    for line in receipt.lines:
        unit = sent.units.get(line.unit)
        if unit is None or line.unit in seen:
            sentence = UNKNOWN if unit is None else TWICE
            found.differences.append(_differs("receipt-patient-unknown", line.name, sentence))
            continue
        seen.add(line.unit)
        differences = list(_line(line, unit))
        found.differences += differences
        aside = line.outcome is UnitOutcome.LEFT_ASIDE or bool(line.left_aside)
        found.left_aside += aside
        found.acknowledged += not differences and line.outcome in CAME and not aside
        found.open_points += _open(line)
    for identity, unit in sent.units.items():
        if identity not in seen:
            found.differences.append(_differs("receipt-patient-missing", unit.name or identity, MISSING))
    found.differences += _totals(receipt, sent)
    return found


PACKAGE = mark("The receipt is of package {found}; {sent} was sent.")
REVISION = mark("The receipt is of revision {found}; revision {sent} was sent.")
DIGEST = mark("The receipt is of another signed list: {found}; that of what was sent is {sent}.")
UNKNOWN = mark("On the receipt, and never sent.")
TWICE = mark("On the receipt twice.")
MISSING = mark("Sent, and not on the receipt.")
COUNT = mark("{kind}: sent {sent}, received {found}.")
TOTAL = mark("In all, {kind}: sent {sent}, announced by the receipt {found}.")
FOUND = mark("In all, {kind}: sent {sent}, found by the receiver {found}.")
REFUSED = mark("The receiver could not take it in ({why}).")
LEFT_ASIDE = mark("The receiver left it aside on purpose.")
IN_PART = plural(
    "The receiver took it in in part, and left {count} record or file aside on purpose.",
    "The receiver took it in in part, and left {count} records and files aside on purpose.",
)
WAITING = mark("A person at the receiver's must still say who it is.")
ALLERGY = mark("Nobody at the receiver's has looked at an allergy that could not be read.")


def _package(receipt: ReturnedReceipt, sent: SentPackage) -> Iterator[Finding]:
    facts = receipt.facts
    if receipt.package != sent.identifier:
        yield _differs("receipt-package-differs", "", PACKAGE, found=receipt.package, sent=sent.identifier)
    if facts["revision"] != sent.revision:
        yield _differs("receipt-revision-differs", "", REVISION, found=facts["revision"], sent=sent.revision)
    if facts["signed_list_sha256"] != sent.signed_list:
        digest = facts["signed_list_sha256"]
        yield _differs("receipt-digest-differs", "", DIGEST, found=digest, sent=sent.signed_list)


def _line(line: ReceiptLine, unit: SentUnit) -> Iterator[Finding]:
    if unit.counts is None or line.outcome is UnitOutcome.REFUSED:
        return
    found = dict(Counter(line.counts) + Counter(line.left_aside))
    yield from _counts("receipt-count-differs", line.name, COUNT, unit.counts, found)


def _totals(receipt: ReturnedReceipt, sent: SentPackage) -> Iterator[Finding]:
    counts = receipt.counts.items()
    sides = {TOTAL: {kind: compared["announced"] for kind, compared in counts}}
    if all(line.outcome is not UnitOutcome.REFUSED for line in receipt.lines):
        sides[FOUND] = {kind: compared["found"] + compared["left_aside"] for kind, compared in counts}
    for sentence, totals in sides.items():
        shown = {kind: count for kind, count in totals.items() if sent.opened or kind not in SUMS}
        yield from _counts("receipt-total-differs", "", sentence, sent.announced, shown)


def _counts(
    code: str, where: str, sentence: str, sent: Mapping[str, int], found: Mapping[str, int]
) -> Iterator[Finding]:
    for kind in sorted(sent.keys() | found.keys()):
        if sent.get(kind, 0) != found.get(kind, 0):
            yield _differs(
                code,
                where,
                sentence,
                kind=kind_words(kind),
                sent=shown_count(kind, sent),
                found=shown_count(kind, found),
            )


def _open(line: ReceiptLine) -> Iterator[Finding]:
    if line.outcome is UnitOutcome.REFUSED:
        yield _finding(Severity.WARNING, "receipt-refused", line.name, REFUSED, {"why": line.refusal_code})
    elif line.outcome not in CAME:
        yield _finding(Severity.WARNING, "receipt-left-aside", line.name, LEFT_ASIDE, {})
    elif line.left_aside:
        facts = {"count": count_records(line.left_aside)}
        yield _finding(Severity.WARNING, "receipt-in-part", line.name, IN_PART, facts)
    if line.state == DossierState.WAITING:
        yield _finding(Severity.WARNING, "receipt-waiting", line.name, WAITING, {})
    if line.unread_allergies:
        yield _finding(Severity.WARNING, "receipt-allergy-unread", line.name, ALLERGY, {})


def _differs(code: str, where: str, sentence: str, **facts: Fact) -> Finding:
    return _finding(Severity.ERROR, code, where, sentence, facts)


def _finding(severity: Severity, code: str, where: str, sentence: str, facts: Mapping[str, Fact]) -> Finding:
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)
