"""What ``import`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.commands.import_ import ChoiceOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.register_entries import day_of, kinds_of, require_period
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.leftovers import note_created, sweep
from archiver.cli.run.rosters.check_roster import require_correct
from archiver.cli.terminal.console import note, print_line, progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.examination.examine import length_of, packed_sizes
from archiver.handover.missing_lines import content_sentences
from archiver.handover.opening import OpenedHandover, OpenRequest
from archiver.handover.receipt import Receipt, arrival_findings, arrival_remarks, owner_findings
from archiver.handover.receipt_text import (
    ACCEPTED_ALL_THE_SAME,
    QUESTION_TITLES,
    TOTALS,
    agreement_sentence,
    arrival_facts,
    arrival_sentence,
    choice_sentences,
    destroyed_sentences,
    page_sentences,
    receipt_text,
    retention_sentences,
    source_sentences,
    state_sentences,
)
from archiver.operations.documents.receipt_document import receipt_json
from archiver.operations.imports.choose import choose_dossiers
from archiver.operations.receive import receive
from archiver.practice.imports.dossier_part import DossierPart, ImportChoice
from archiver.practice.store import PracticeStore, open_store
from archiver.worker_pool import WorkerPool, processes_for
from formats.findings import Finding, finding_document
from formats.json_text import json_text
from formats.words import mark, plural

Chooser = Callable[[OpenedHandover], ImportChoice]
"""What says of a package that was opened whose dossiers come in, and what of each."""


def chooser(options: ChoiceOptions) -> Chooser:
    """Return what finds in a package whom ``options`` name.

    Raises:
        BadParameter: when a day is none, or there is no such kind of record; SayHow: when the period is none.
    """
    since, until = (
        day_of(text, option) if text else None
        for text, option in ((options.since, "--since"), (options.until, "--until"))
    )
    require_period(since, until)
    part = DossierPart(since=since, until=until, kinds=kinds_of(options.kind or (), "--kind"))
    only, today = options.only or [], now().date()
    return partial(choose_dossiers, only=only, part=part, today=today, require=require_correct)


def receive_into(
    into: Path,
    opening: OpenRequest,
    choose: Chooser,
    *,
    own: str,
    receipt_at: Path | None,
    output: OutputOptions,
) -> int:
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
            receipt = _received(store, opening, choose, pool, own=own)
            for sheet, text in zip(sheets, (_document, receipt_text), strict=False):
                sheet.writelines(piece.encode("utf-8") for piece in text(receipt))
                sheet.flush()
            fill(import_findings(receipt, opening))
    note_doubt(None, opening.trust)
    note_created(store)
    if output.as_json:
        findings = map(finding_document, import_findings(receipt, opening))
        show_json({**receipt_json(receipt), "store_created": store.created, "findings": findings})
    else:
        _show(receipt)
    return INCOMPLETE if receipt.refused or receipt.unread_allergies else SUCCESS


def _document(receipt: Receipt) -> Iterator[str]:
    yield from json_text(receipt_json(receipt))
    yield "\n"


def import_findings(receipt: Receipt, opening: OpenRequest) -> Iterator[Finding]:
    """Yield everything that a person should know of an import."""
    yield from arrival_findings(receipt)
    yield from opening.trust.supplied.ignored()


def _received(
    store: PracticeStore, opening: OpenRequest, choose: Chooser, pool: WorkerPool, *, own: str
) -> Receipt:
    with progresses(opening) as steps:
        return receive(store, opening, clock=now, choose=choose, own=own, pool=pool, **steps)


@contextmanager
def progresses(opening: OpenRequest) -> Iterator[dict[str, Callable[[int], None]]]:
    """Show how far an import is: in bytes checked, then in dossiers."""
    with (
        progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as checking,
        progress(mark("Importing"), unit="") as step,
    ):
        yield {"checking": checking, "progress": step}


def _show_volumes(receipt: Receipt) -> None:
    first = receipt.volumes[0]
    if len(receipt.volumes) > 1:
        say(plural("The {of} volume of the set.", "All {of} volumes of the set.", by="of"), of=first.of)
    elif first.set_id:
        say(mark("Volume {number} of {of}; the others are not looked for."), number=first.number, of=first.of)


def _show_signer(receipt: Receipt) -> None:
    if receipt.doubt and receipt.accepted_list:
        say(receipt.doubt.sentence, **receipt.doubt.facts)
        say(ACCEPTED_ALL_THE_SAME, list=receipt.accepted_list.hex)
    say(mark("Signed by {signer}"), signer=receipt.signer)
    say(mark("Fingerprint {fingerprint}"), fingerprint=receipt.fingerprint)
    if receipt.accepted:
        say(receipt.accepted.sentence, **receipt.accepted.facts)
    for sentence, facts in source_sentences(receipt):
        say(sentence, **facts)


def _show(receipt: Receipt) -> None:
    _show_volumes(receipt)
    _show_signer(receipt)
    for name, sentence in TOTALS:
        arrivals = getattr(receipt, name)
        say(sentence, count=len(arrivals))
        if name in {"recognised", "waiting", "refused"}:
            for one in arrivals:
                print_line(f"  - {localize(arrival_sentence(one), **arrival_facts(one))}")
    for sentence, facts in chain(
        choice_sentences(receipt, names=False), state_sentences(receipt, every=False)
    ):
        say(sentence, **facts)
    remarks = (remark for one in receipt.arrivals for remark in arrival_remarks(one))
    show_findings(chain(remarks, owner_findings(receipt)))
    say(QUESTION_TITLES, count=receipt.questions)
    sentences = (
        content_sentences(receipt.found),
        destroyed_sentences(receipt),
        retention_sentences(receipt),
        page_sentences(receipt),
    )
    for sentence, facts in chain.from_iterable(sentences):
        say(sentence, **facts)
    if not receipt.refused:
        sentence, facts = agreement_sentence(receipt)
        say(sentence, **facts)
    _note_next(receipt)


def _note_next(receipt: Receipt) -> None:
    """Say by which commands a person does what is left to them."""
    if receipt.questions:
        note(mark("archiver people list shows who waits; archiver people same / different decides."))
    if receipt.unread_allergies:
        note(mark("archiver dossier review shows what could not be read, and records who has looked at it."))
