"""What the ``collect`` commands do; each loads the reader of its own source alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.leftovers import note_created, sweep
from archiver.cli.terminal.console import progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.json_documents import collected_json
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import ROWS, TABLES
from archiver.operations.attribute import Attributing, UnassignedItem, read_assignments
from archiver.operations.collect import CollectOutcome, collect
from archiver.practice.store import PracticeStore, open_store
from formats import registry
from formats.reading import Item
from formats.words import Counted, mark, plural

HEADING = (mark("kind"), mark("read"), mark("added"), mark("updated"), mark("unchanged"), mark("stored"))
REFUSED = mark("refused")


def opendental(
    source: str,
    into: Path,
    *,
    password: str,
    images: Path | None,
    practice: str | None,
    time_zone: str,
    output: OutputOptions,
) -> int:
    """Collect Open Dental, and return the exit status."""
    read = registry.reader_for("opendental")(
        source, password=password, images=images, practice_key=practice, time_zone=time_zone
    )
    with read as items, open_store(into, create=True) as store:
        outcome = _reported(store, items, [], system="opendental", report=output.report)
    _show(outcome, [], store, as_json=output.as_json)
    return _status(outcome)


def imaging(folder: Path, into: Path, *, assign: Path | None, output: OutputOptions) -> int:
    """Collect DICOM images, and return the exit status."""
    from archiver.operations.collect_imaging import SYSTEM, imaging_items

    assigned = read_assignments(assign) if assign else {}
    with open_store(into) as store:
        run, items = imaging_items(store, folder, assigned=assigned)
        return _attributed(store, run, items, system=SYSTEM, output=output)


def papers(
    folder: Path,
    into: Path,
    *,
    listing: Path | None,
    assign: Path | None,
    output: OutputOptions,
) -> int:
    """Collect a folder of documents, and return the exit status."""
    from archiver.operations.collect_papers import SYSTEM, paper_items

    assigned = read_assignments(assign) if assign else {}
    with open_store(into) as store:
        run, items = paper_items(store, folder, listing=listing, assigned=assigned)
        return _attributed(store, run, items, system=SYSTEM, output=output)


def _attributed(
    store: PracticeStore,
    run: Attributing,
    items: Iterator[Item],
    *,
    system: str,
    output: OutputOptions,
) -> int:
    outcome = _reported(store, items, run.unassigned, system=system, report=output.report)
    _show(outcome, run.unassigned, store, as_json=output.as_json)
    if run.unassigned and not output.as_json:
        say(
            plural(
                "{count} could not be given to a patient for sure; it waits.",
                "{count} could not be given to a patient for sure; they wait.",
            ),
            count=len(run.unassigned),
        )
    return _status(outcome)


def _status(outcome: CollectOutcome) -> int:
    return INCOMPLETE if outcome.not_taken else SUCCESS


def _reported(
    store: PracticeStore,
    items: Iterator[Item],
    unassigned: list[UnassignedItem],
    *,
    system: str,
    report: Path | None,
) -> CollectOutcome:
    """Collect, and keep nothing without its report."""
    with findings_report(report, unassigned=unassigned) as fill, store.changing():
        outcome = _collect(store, items, system=system)
        fill(outcome.findings)
    return outcome


def _collect(store: PracticeStore, items: Iterator[Item], *, system: str) -> CollectOutcome:
    with progress(mark("Collecting")) as step:
        sweep(store)
        return collect(store, items, system=system, clock=now, progress=step)


def _show(
    outcome: CollectOutcome, unassigned: list[UnassignedItem], store: PracticeStore, *, as_json: bool
) -> None:
    note_created(store)
    if as_json:
        show_json(collected_json(outcome, unassigned, store_created=store.created))
        return
    _show_kinds(outcome)
    show_findings(outcome.findings)
    for sentence, facts in content_sentences(outcome.content):
        say(sentence, **facts)
    _show_rows(outcome)
    if not outcome.changed:
        say(mark("Nothing changed."))


def _show_kinds(outcome: CollectOutcome) -> None:
    """Show what was read of each kind; of refusals, only where there are any."""
    refused = any(one.refused for one in outcome.kinds.values())
    rows: list[tuple[str | int, ...]] = []
    for kind, one in outcome.kinds.items():
        counts = (one.read, one.added, one.updated, one.unchanged, one.stored)
        rows.append((localize(kind_words(kind)), *counts, *([one.refused] if refused else [])))
    show_table(rows, heading=(*HEADING, REFUSED) if refused else HEADING)


def _show_rows(outcome: CollectOutcome) -> None:
    """Say how much was read, and that all of the source is stored only where it is."""
    if outcome.not_taken and not outcome.tables:
        say(mark("Nothing to collect was found there: see above."))
        return
    sentence = mark("Read {rows} of {tables}; all are stored.")
    if outcome.not_taken:
        sentence = plural(
            "Read {rows} of {tables}; these are stored, but {count} thing of the source was not taken: see above.",
            "Read {rows} of {tables}; these are stored, but {count} things of the source were not taken: see above.",
        )
    rows_read = sum(count.read - count.refused for count in outcome.tables.values())
    say(
        sentence,
        rows=Counted(rows_read, ROWS),
        tables=Counted(len(outcome.tables), TABLES),
        count=outcome.not_taken,
    )
