"""What the ``receipt`` and ``handover`` commands do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, UNDECIDED, status_of
from archiver.cli.options.accepted_signers import read_accepted
from archiver.cli.options.keys import PackageKeys
from archiver.cli.options.signers import signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import OpeningOptions, TrustOptions
from archiver.cli.run.inspect import opening_of
from archiver.cli.terminal.console import note, print_line, progress, say, show_json
from archiver.cli.terminal.language import localize, localize_finding
from archiver.cli.terminal.usage_errors import SayHow
from archiver.examination.examine import examine_whole, length_of
from archiver.handover.errors import ReceiptDiffers
from archiver.handover.opening import open_handover
from archiver.handover.receipt_reading import ReturnedReceipt, read_receipt
from archiver.handover.sent_package import KnownPackage, sent_of
from archiver.nouns import SEALED_UNITS
from archiver.operations.receipts.check_receipt import CheckedReceipt, check_receipt
from archiver.operations.receipts.receipt_documents import checked_document
from archiver.operations.receipts.record_package import RecordedPackage, record_package, recorded_document
from archiver.operations.receipts.record_receipt import record_receipt
from archiver.operations.receipts.sign_receipt import SignReceiptRequest, sign_receipt
from archiver.practice.store import open_store
from archiver.verdict import State
from archiver.verdict_words import STATES
from formats.words import Counted, mark, plural

SHOWN = 100
"""Lines about differences that are shown on a terminal; the JSON has all."""
UNSIGNED = mark("Nobody has signed this receipt: it proves nothing of who received.")
DAY = len("2026-11-29")
"""Characters of the day in a moment."""


def sign(receipt: Path, options: SigningOptions, authorities: TrustOptions, *, as_json: bool) -> None:
    """Sign a receipt, and say what lies beside it now."""
    signatures = signatures_of(options, read_accepted(authorities).trust)
    request = SignReceiptRequest(
        receipt=receipt,
        signers=tuple(filter(None, (signatures.signer, signatures.co_signer))),
        stamp=signatures.stamp,
        sources=signatures.sources,
    )
    outcome = sign_receipt(request, clock=now)
    if as_json:
        written = [str(one) for one in outcome.signatures]
        show_json({"receipt_signed": 1, "path": str(receipt), "signatures": written})
        return
    say_receipt(receipt, outcome.receipt)
    for path in outcome.signatures:
        say(mark("Signed: {path}"), path=str(path))
    note(mark("The sender needs the receipt and its signature; archiver receipt check compares them."))


def check(receipt: Path, package: Path, keys: PackageKeys, trust: OpeningOptions, *, as_json: bool) -> int:
    """Say whether a receipt is of the package that was sent, and return the exit status.

    Raises:
        ReceiptDiffers: once everything was shown; Failure: as ``read_receipt``, of the package as ``open_handover``.
    """
    if keys.identity_passphrase_file:  # of a key that has to be named
        keys.require()
    returned = read_receipt(receipt)  # before hours of work on the package, not after
    accepted = read_accepted(trust).trust
    sent = sent_of(_package(package, keys, trust))
    if not sent.opened:
        note(
            mark(
                "Without a key the package tells no patient: counts and sums of each dossier are not compared."
            )
        )
    checked = check_receipt(returned, sent, accepted)
    show_json(checked_document(checked, receipt)) if as_json else show_checked(checked, receipt)
    return status_of_checked(checked)


def _package(package: Path, keys: PackageKeys, trust: OpeningOptions) -> KnownPackage:
    if keys.named:
        opening = opening_of(package, keys, trust)
        with progress(mark("Verifying"), total=length_of(package, opening.trust), unit="B") as step:
            return open_handover(opening, progress=step)
    whom = read_accepted(trust)
    with progress(mark("Verifying"), total=length_of(package, whom.trust), unit="B") as step:
        examined = examine_whole(package, whom.trust, progress=step)
    if examined.verdict.refusal is not None:
        raise examined.verdict.refusal
    return examined


def say_receipt(path: Path, receipt: ReturnedReceipt) -> None:
    """Say whose receipt it is, of what."""
    facts = receipt.facts
    say(
        mark(
            "{receipt}: package {package}, revision {revision}, from {sender}, received by {receiver} on {moment}."
        ),
        receipt=path.name,
        package=receipt.package,
        revision=facts["revision"],
        sender=facts["sender"] or "?",
        receiver=facts["receiver"] or "?",
        moment=facts["received_at"],
    )


def show_checked(checked: CheckedReceipt, path: Path) -> None:
    """Show who signed a receipt, and everything that differs or is open."""
    say_receipt(path, checked.receipt)
    for one in checked.signatures:
        say(mark("{path}:"), path=one.path.name)
        for title, answer in (
            (mark("Signed by"), one.answers.signed_by),
            (mark("Trusted"), one.answers.trusted),
        ):
            text = localize(answer.sentence, **answer.facts)
            code = f" [{answer.code}]" if answer.state is not State.PROVEN else ""
            state = localize(STATES[answer.state])
            say(mark("{question}: {state}. {text}"), question=localize(title), state=state, text=text + code)
    if not checked.signatures:
        say(UNSIGNED)
    findings = checked.comparison.findings
    for found in findings[:SHOWN]:
        print_line(f"  {localize_finding(found)} [{found.code}]")
    if len(findings) > SHOWN:
        say(mark("… and {count} more: --json has all."), count=len(findings) - SHOWN)
    say(
        plural(
            "{of} unit sent, {count} received as it was sent.",
            "{of} units sent, {count} received as they were sent.",
            by="of",
        ),
        of=len(checked.sent.units),
        count=checked.comparison.acknowledged,
    )
    if checked.comparison.left_aside:
        say(
            mark("Left aside by the receiver, whole or in part: {count}"), count=checked.comparison.left_aside
        )
    if checked.whole:
        say(mark("Everything that was sent was received; nothing is left to a person at the receiver's."))


def status_of_checked(checked: CheckedReceipt) -> int:
    """Return the exit status of a check: of what is false, of what differs, then of what is open.

    Raises:
        ReceiptDiffers: when the receipt is not of what was sent.
    """
    for one in checked.signatures:
        for answer in (one.answers.signed_by, one.answers.trusted):
            if answer.failure is not None:
                return status_of(answer.failure)
    if checked.comparison.differences:
        raise ReceiptDiffers(count=len(checked.comparison.differences))
    if not checked.accepted:
        return UNDECIDED
    return SUCCESS if checked.whole else INCOMPLETE


def record(
    path: Path,
    receipt: Path | None,
    package: Path | None,
    keys: PackageKeys,
    trust: OpeningOptions,
    *,
    as_json: bool,
) -> int:
    """Enter a package into the record of exports, check a receipt against the record, and return the exit status.

    Raises:
        SayHow: when neither is named; ReceiptDiffers: once it is written down and everything was shown.
    """
    if package is None and (receipt is None or keys.named):
        raise SayHow(localize(mark("Name a receipt, or with --package what was sent")))
    content = _package(package, keys, trust) if package else None
    with open_store(path) as store:
        if package and content:
            recorded = record_package(store, package, content, at=now())
            if receipt is None and as_json:
                show_json(recorded_document(recorded))
            else:
                _show_recorded(recorded, note if as_json else say)
        if receipt is None:
            return SUCCESS
        checked = record_receipt(store, receipt, read_accepted(trust).trust, at=now())
    show_json(checked_document(checked, receipt)) if as_json else show_checked(checked, receipt)
    return status_of_checked(checked)


def _show_recorded(recorded: RecordedPackage, tell: Callable[..., None]) -> None:
    one = recorded.handover
    entered = mark("Entered into the record of exports: {package}, sent on {day} to {receiver}, {units}.")
    known = mark("In the record of exports already: {package}, sent on {day} to {receiver}, {units}.")
    tell(
        entered if recorded.entered else known,
        package=one.package,
        day=one.created.isoformat()[:DAY],
        receiver=one.receiver or "?",
        units=Counted(recorded.units, SEALED_UNITS),
    )
    if recorded.entered and not recorded.opened:
        note(
            mark(
                "Without a key the package tells no patient: the record has no counts and sums of each dossier."
            )
        )
    if recorded.destroyed:
        gone = plural(
            "{count} unit of it was lawfully destroyed before, and does not count as sent.",
            "{count} units of it were lawfully destroyed before, and do not count as sent.",
        )
        tell(gone, count=recorded.destroyed)
    if recorded.unknown:
        unknown = plural(
            "{count} dossier in it is of a patient whom this store does not know.",
            "{count} dossiers in it are of patients whom this store does not know.",
        )
        tell(unknown, count=recorded.unknown)
