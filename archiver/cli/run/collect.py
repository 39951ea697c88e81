"""What the ``collect`` commands do; each loads the reader of its own source alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.output import AttributionOutput, OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.leftovers import note_created, sweep
from archiver.cli.run.sources.collected_places import require_report_outside, require_store_outside
from archiver.cli.terminal.console import progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.handover.missing_lines import content_sentences
from archiver.ingest.attribution import AttributionState
from archiver.nouns import ROWS, TABLES
from archiver.operations.collecting.attribute import AttributedItem, Attributing, read_assignments
from archiver.operations.collecting.collect import collect
from archiver.operations.collecting.collect_software import collect_software
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.documents.outcomes import collected_json, previewed_json, received_json
from archiver.practice.store import PracticeStore, open_store
from archiver.spooled_list import SortedSpool
from formats import registry
from formats.reading import Item
from formats.words import Counted, mark, plural

if TYPE_CHECKING:
    from archiver.cli.commands.collect import PathOptions
    from archiver.operations.collecting.received_images import ReceivedImages

HEADING = (mark("kind"), mark("read"), mark("added"), mark("updated"), mark("unchanged"), mark("stored"))
REFUSED = mark("refused")
RECEIVED_WORDS = {
    "announced": mark("announced"),
    "present": mark("there before"),
    "received": mark("received now"),
    "same": mark("received again, the same"),
    "different": mark("received again, different"),
    "refused": mark("refused"),
    "missing": mark("missing"),
}
STATE_WORDS = {
    AttributionState.ASSIGNED: mark("a person said so"),
    AttributionState.MATCHED_BY_NUMBER: mark("known by the number"),
    AttributionState.MATCHED_BY_NAME: mark("known by name and birth date"),
    AttributionState.AMBIGUOUS: mark("several are possible, or nothing decides"),
    AttributionState.UNMATCHED: mark("nobody is known"),
}


def opendental(
    source: str,
    into: Path,
    *,
    password: str,
    images: Path | None,
    practice: str | None,
    time_zone: str,
    again: bool,
    part: bool,
    output: OutputOptions,
) -> int:
    """Collect Open Dental, and return the exit status."""
    read = registry.reader_for("opendental")(
        source, password=password, images=images, practice_key=practice, time_zone=time_zone
    )
    return _of_software(read, into, system="opendental", again=again, part=part, output=output)


def tables(
    source: str,
    into: Path,
    *,
    mapping: Path,
    files: Path | None,
    practice: str | None,
    again: bool,
    part: bool,
    password: str,
    output: OutputOptions,
) -> int:
    """Collect the tables that a mapping describes, and return the exit status."""
    from formats.sources.mapped.language.parse import load_mapping

    read = registry.reader_for("mapped")(
        source, mapping=mapping, files=files, practice_key=practice, password=password, sorter=SortedSpool
    )
    return _of_software(read, into, system=load_mapping(mapping).name, again=again, part=part, output=output)


def _of_software(
    read: AbstractContextManager[Any],
    into: Path,
    *,
    system: str,
    again: bool,
    part: bool,
    output: OutputOptions,
) -> int:
    """Collect what a software holds, whose rows are of ``system``."""
    with read as items, open_store(into, create=True) as store:
        run = partial(collect_software, store, items, system=system, again=again, whole=not part)
        outcome = _reported(store, run, [], report=output.report)
    _show(outcome, [], store, as_json=output.as_json)
    return _status(outcome)


def imaging(
    folder: Path,
    into: Path,
    output: AttributionOutput,
    *,
    source: str = "dicom",
    received: ReceivedImages | None = None,
) -> int:
    """Collect images by the reader ``source``, some ``received`` just now, and return the exit status."""
    from archiver.operations.collecting.collect_imaging import SYSTEM, imaging_items

    require_store_outside(into, folder)
    require_report_outside(output.report, folder)
    read = partial(imaging_items, folder=folder, source=source)
    return _found(into, read, system=SYSTEM, output=output, received=received)


def papers(folder: Path, into: Path, paths: PathOptions, output: AttributionOutput) -> int:
    """Collect a folder of documents, and return the exit status."""
    from archiver.operations.collecting.collect_papers import SYSTEM, paper_items

    require_store_outside(into, folder)
    require_report_outside(output.report, folder)
    read = partial(paper_items, folder=folder, listing=paths.listing, patterns=paths.patterns())
    return _found(into, read, system=SYSTEM, output=output)


def _found(
    into: Path,
    read: Callable[..., tuple[Attributing, Iterator[Item]]],
    *,
    system: str,
    output: AttributionOutput,
    received: ReceivedImages | None = None,
) -> int:
    """Give what was found to patients, or only say to whom."""
    assigned, noticed = read_assignments(output.assign) if output.assign else ({}, ())
    with open_store(into, reading=output.preview) as store:
        run, items = read(store, assigned=assigned)
        items = chain(noticed, received.findings if received else (), items)
        if output.preview:
            return _previewed(run, items, output)
        return _attributed(store, run, items, system=system, output=output, received=received)


def _previewed(run: Attributing, items: Iterator[Item], output: OutputOptions) -> int:
    """Say whose everything would be; nothing is written but the report."""
    from archiver.operations.collecting.preview_attribution import preview_attribution

    with progress(mark("Collecting")):
        preview = preview_attribution(run, items)
    with findings_report(output.report, attributed=preview.attributed) as fill:
        fill(preview.findings)
    if output.as_json:
        show_json(previewed_json(preview))
    else:
        rows = [(localize(STATE_WORDS[state]), count) for state, count in preview.counts.items()]
        show_table(rows, heading=(mark("whose it is"), mark("found")))
        show_findings(preview.findings)
        say(mark("Nothing was written into the store."))
    return SUCCESS


def outside(name: str, place: Path, into: Path, *, output: OutputOptions, practice: str | None = None) -> int:
    """Collect documents of other organisations by the reader ``name``, and return the exit status.

    ``practice`` is a lasting number of the practice that keeps the dossiers, for a source that may not say it.
    """
    source = registry.source_named(name)
    options = {"practice": practice} if practice else {}
    with source.open(str(place), **options) as items, open_store(into, create=True) as store:
        run = partial(
            collect, store, items, system=name, outside=source.outside, rows_of_others=source.rows_of_others
        )
        outcome = _reported(store, run, [], report=output.report)
    _show(outcome, [], store, as_json=output.as_json)
    return _status(outcome)


def _attributed(
    store: PracticeStore,
    run: Attributing,
    items: Iterator[Item],
    *,
    system: str,
    output: OutputOptions,
    received: ReceivedImages | None,
) -> int:
    taking = partial(collect, store, items, system=system)
    outcome = _reported(store, taking, run.unassigned, report=output.report)
    _show(outcome, run.unassigned, store, as_json=output.as_json, received=received)
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
    run: Callable[..., CollectOutcome],
    unassigned: list[AttributedItem],
    *,
    report: Path | None,
) -> CollectOutcome:
    """Collect, and keep nothing without its report."""
    with findings_report(report, attributed=unassigned) as fill, store.changing():
        with progress(mark("Collecting")) as step:
            sweep(store)
            outcome = run(clock=now, progress=step)
        fill(outcome.findings)
    return outcome


def _show(
    outcome: CollectOutcome,
    unassigned: list[AttributedItem],
    store: PracticeStore,
    *,
    as_json: bool,
    received: ReceivedImages | None = None,
) -> None:
    note_created(store)
    if as_json:
        show_json(collected_json(outcome, unassigned, store_created=store.created, received=received))
        return
    if received is not None:
        show_table(
            [
                (localize(RECEIVED_WORDS[title]), count)
                for title, count in received_json(received).items()
                if title in RECEIVED_WORDS
            ],
            heading=(mark("over the network"), mark("images")),
        )
    _show_kinds(outcome)
    show_findings(outcome.findings)
    for sentence, facts in content_sentences(outcome.content):
        say(sentence, **facts)
    if outcome.unchanged_since is not None:
        say(
            mark(
                "The source is as it was on {moment}, when it was read: nothing was read again (--again reads it)."
            ),
            moment=f"{outcome.unchanged_since.astimezone():%Y-%m-%d %H:%M}",
        )
        return
    _show_rows(outcome)
    if not outcome.changed and not outcome.remarked:
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
