"""What ``inspect`` and ``import`` do."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import typer

from archiver import disk
from archiver.cli.acceptance import Accepted, accepted, note_opened
from archiver.cli.clock import now
from archiver.cli.console import note, progress, say, show_json, show_table
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.key_reading import keys_of
from archiver.cli.key_sources import KeySources
from archiver.cli.language import tell
from archiver.cli.leftovers import sweep
from archiver.cli.trust_options import OpeningOptions
from archiver.operations.examine import length_of
from archiver.operations.handed_over import OpenRequest, open_everything
from archiver.operations.receive import receive
from archiver.practice.store import PracticeStore, opened
from archiver.transfer.missing_lines import count_records, told_of_content
from archiver.transfer.receipt import (
    ACCEPTED_ALL_THE_SAME,
    QUESTIONS,
    TOTALS,
    Receipt,
    arrival_facts,
    arrival_sentence,
    receipt_json,
    receipt_text,
    told_of_terms,
)
from formats.names import comparable
from formats.words import mark, plural


def opening_of(package: Path, keys: KeySources, trust: OpeningOptions) -> OpenRequest:
    """Return what to read, with the keys from where they are, and whom to accept."""
    whom = accepted(trust)
    if keys.cards:
        refuse_unaccepted(package, whom)
    return OpenRequest(package=package, identities=keys_of(keys), trust=whom.trust, first_use=whom.first_use)


def refuse_unaccepted(package: Path, whom: Accepted) -> None:
    """Refuse what would be refused anyway for want of anybody accepted, before somebody types a hundred words.

    Raises:
        Failure: as ``open_everything``, SignerUntrusted at the latest.
    """
    if not (whom.trust.stated or whom.first_use.accepts):
        open_everything(OpenRequest(package=package, identities=(), trust=whom.trust))


def inspect(opening: OpenRequest, *, as_json: bool) -> None:
    """List who is in a package."""
    with progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step:
        handed = open_everything(opening, progress=step)
    note_opened(handed.doubt, opening.trust, handed.verdict.trusted)
    entries = [entry for _, entry in handed.entries()]
    if as_json:
        listed = [
            {"unit": one.unit, "patient": dict(one.patient or {}) or None, "counts": dict(one.counts)}
            for one in entries
        ]
        show_json({"inspected": 1, "package": handed.identifier, "read": False, "units": listed})
        return
    rows = [
        (
            one.patient.get("number", ""),
            one.patient.get("family", ""),
            one.patient.get("given", ""),
            one.patient.get("birth_date", ""),
            one.counts.get("acts", 0),
            one.counts.get("documents", 0),
            one.counts.get("image_files", 0) + one.counts.get("image_studies", 0),
            one.unit,
        )
        for one in entries
        if one.patient
    ]
    heading = (mark("family name"), mark("given name"), mark("born"))
    rows.sort(key=lambda row: (*map(comparable, row[1:3]), row[3]))
    show_table(
        rows,
        heading=(mark("number"), *heading, mark("acts"), mark("documents"), mark("images"), mark("unit")),
    )
    say(plural("{count} patient.", "{count} patients."), count=len(rows))
    note(mark("This is the sender's list, as the keyring holds it: no dossier was opened."))


def receive_into(into: Path, opening: OpenRequest, *, receipt_at: Path | None, as_json: bool) -> int:
    """Import, write the receipt, and return the exit status.

    The receipt is written before anything is kept: no dossier comes in without one.

    Raises:
        AlreadyExists: when a receipt lies there, which proves an earlier handover.
    """
    places = [receipt_at.with_suffix(ending) for ending in (".json", ".txt")] if receipt_at else []
    with ExitStack() as results:
        sheets = [results.enter_context(disk.written_aside(place, mode=disk.PRIVATE)) for place in places]
        with opened(into, create=True) as store, store.changing():
            sweep(store)
            receipt = _received(store, opening)
            document = receipt_json(receipt)
            texts = (json.dumps(document, ensure_ascii=False, indent=2) + "\n", receipt_text(receipt))
            for sheet, text in zip(sheets, texts, strict=False):
                sheet.write(text.encode("utf-8"))
                sheet.flush()
    note_opened(None, opening.trust)
    show_json(document) if as_json else _show(receipt)
    return INCOMPLETE if receipt.refused else SUCCESS


def _received(store: PracticeStore, opening: OpenRequest) -> Receipt:
    with (
        progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as checking,
        progress(mark("Importing"), unit="") as step,
    ):
        return receive(store, opening, clock=now, checking=checking, progress=step)


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
                typer.echo(f"  - {tell(arrival_sentence(one), **arrival_facts(one))}")
    say(QUESTIONS, count=receipt.questions)
    for sentence, facts in (*told_of_content(receipt.found), *told_of_terms(receipt)):
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
