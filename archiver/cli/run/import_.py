"""What ``import`` does."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.leftovers import note_created, sweep
from archiver.cli.terminal.console import note, print_line, progress, say, show_findings, show_json
from archiver.cli.terminal.json_documents import findings_json
from archiver.cli.terminal.language import localize
from archiver.examination.examine import length_of, packed_sizes
from archiver.handover.missing_lines import content_sentences, count_records
from archiver.handover.opening import OpenRequest
from archiver.handover.receipt import Receipt, arrival_findings, arrival_remarks, receipt_json, receipt_lines
from archiver.handover.receipt_text import (
    ACCEPTED_ALL_THE_SAME,
    QUESTION_TITLES,
    TOTALS,
    arrival_facts,
    arrival_sentence,
    page_sentences,
    receipt_text,
    retention_sentences,
)
from archiver.operations.receive import receive
from archiver.practice.store import PracticeStore, open_store
from archiver.worker_pool import WorkerPool, processes_for
from formats.words import mark, plural


def receive_into(into: Path, opening: OpenRequest, *, receipt_at: Path | None, output: OutputOptions) -> int:
    """Import, write the receipt, and return the exit status.

    The receipt is written before anything is kept: no dossier comes in without one.

    Raises:
        AlreadyExists: when a receipt lies there, which proves an earlier handover.
    """
    places = [receipt_at.with_suffix(ending) for ending in (".json", ".txt")] if receipt_at else []
    with ExitStack() as results:
        fill = results.enter_context(findings_report(output.report))
        sheets = [results.enter_context(disk.write_aside(place, mode=disk.PRIVATE)) for place in places]
        pool = results.enter_context(WorkerPool(processes_for(packed_sizes(opening.package))))
        with open_store(into, create=True) as store, store.changing():
            sweep(store)
            receipt = _received(store, opening, pool)
            for sheet, text in zip(sheets, (receipt_lines, _receipt_text), strict=False):
                sheet.writelines(piece.encode("utf-8") for piece in text(receipt))
                sheet.flush()
            findings = (*arrival_findings(receipt), *opening.trust.supplied.ignored())
            fill(findings)
    note_doubt(None, opening.trust)
    note_created(store)
    if output.as_json:
        show_json(
            {**receipt_json(receipt), "store_created": store.created, "findings": findings_json(findings)}
        )
    else:
        _show(receipt)
    return INCOMPLETE if receipt.refused else SUCCESS


def _receipt_text(receipt: Receipt) -> tuple[str]:
    return (receipt_text(receipt),)


def _received(store: PracticeStore, opening: OpenRequest, pool: WorkerPool) -> Receipt:
    with (
        progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as checking,
        progress(mark("Importing"), unit="") as step,
    ):
        return receive(store, opening, clock=now, pool=pool, checking=checking, progress=step)


def _show_signer(receipt: Receipt) -> None:
    if receipt.doubt:
        say(receipt.doubt.sentence, **receipt.doubt.facts)
        say(ACCEPTED_ALL_THE_SAME, list=receipt.accepted_list)
    say(mark("Signed by {signer}"), signer=receipt.signer)
    say(mark("Fingerprint {fingerprint}"), fingerprint=receipt.fingerprint)
    if receipt.accepted:
        say(receipt.accepted.sentence, **receipt.accepted.facts)


def _show(receipt: Receipt) -> None:
    first = receipt.volumes[0]
    if len(receipt.volumes) > 1:
        say(plural("The {of} volume of the set.", "All {of} volumes of the set.", by="of"), of=first.of)
    elif first.set_id:
        say(mark("Volume {number} of {of}; the others are not looked for."), number=first.number, of=first.of)
    _show_signer(receipt)
    for name, sentence in TOTALS:
        arrivals = getattr(receipt, name)
        say(sentence, count=len(arrivals))
        if name in {"recognised", "waiting", "refused"}:
            for one in arrivals:
                print_line(f"  - {localize(arrival_sentence(one), **arrival_facts(one))}")
    show_findings([remark for one in receipt.arrivals for remark in arrival_remarks(one)])
    say(QUESTION_TITLES, count=receipt.questions)
    for sentence, facts in (
        *content_sentences(receipt.found),
        *retention_sentences(receipt),
        *page_sentences(receipt),
    ):
        say(sentence, **facts)
    if not receipt.refused:
        say(
            plural(
                "Counts agree with the package: {count} record or file.",
                "Counts agree with the package: {count} records and files.",
            ),
            count=count_records(receipt.found),
        )
    if receipt.questions:
        note(mark("archiver people list shows who waits; archiver people same / different decides."))
