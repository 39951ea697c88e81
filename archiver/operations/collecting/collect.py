"""Take everything a reader yields into the practice store, and prove that nothing was lost.

1. Every record and file is put; what is stored already is left alone. What a patient number gives goes to
   the person it was made for (``archiver.ingest.reused_numbers``). What no store can hold is refused alone
   (``archiver.ingest.refusals``). What has the key of another patient's record is another one
   (``archiver.ingest.reused_keys``).
2. For every table, the rows the source itself counts must equal the rows read, those refused included.
3. For every kind, what is stored afterwards must equal what was stored before plus what was added.
4. What a whole source gave once and does not any more is marked (``mark_gone``).
5. Only then is anything kept; else the store stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.handover.errors import CountsDiffer
from archiver.ingest.counts import CollectedContent, Counts, table_named
from archiver.ingest.dates import CollectedDates
from archiver.ingest.newer_records import StatedMoments
from archiver.ingest.outside_patients import OutsidePatients
from archiver.ingest.refusals import CollectedRefusals
from archiver.ingest.reused_keys import KeyReuse
from archiver.ingest.reused_numbers import Rerouting
from archiver.operations.collecting.mark_gone import GoneMarks, gone_findings, mark_gone
from archiver.operations.collecting.merged_patients import MergedPatients
from archiver.operations.collecting.outcome import CollectOutcome
from archiver.operations.collecting.read_tables import ReadTables, missing_tables
from archiver.practice.errors import RecordUnstorable
from archiver.practice.practitioners import OWN_PRACTICE, is_known_by_source, with_stated_finess
from archiver.practice.registers.file_remarks import note_file_remark
from archiver.practice.registers.gone_records import gone_counts, gone_rows
from archiver.practice.registers.source_states import note_collection
from archiver.practice.rows.given_records import GivenRecords
from archiver.practice.rows.record_rows import indexes_last
from archiver.practice.store import Change, PracticeStore
from archiver.spooled_list import SpooledList
from formats.contents.remarks import content_remarks
from formats.findings import Finding, Severity
from formats.model.documents import Document
from formats.model.imaging import ImageFile
from formats.model.money import Payment
from formats.model.people import Patient, Practice, RelatedPerson
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item, SourceItems, StateMoment, Tally
from formats.words import mark

EARLY = (Patient, RelatedPerson, Payment)
"""Kinds that are looked at before they are put: somebody may have to know or wait for whose number they have."""


@dataclass(slots=True)
class _Running:
    """Counts while a collection runs."""

    refusals: CollectedRefusals
    reuse: KeyReuse
    kinds: Counts
    tables: Counts
    stated: StatedMoments
    merged: MergedPatients
    system: str
    read: ReadTables
    findings: SpooledList[Finding] = field(default_factory=SpooledList)
    dates: CollectedDates = field(default_factory=CollectedDates)
    content: CollectedContent = field(default_factory=CollectedContent)
    practices: set[str] = field(default_factory=set)
    outside: OutsidePatients | None = None


def collect(
    store: PracticeStore,
    items: Iterable[Item],
    *,
    system: str,
    outside: bool = False,
    rows_of_others: bool = False,
    reading: str | None = None,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> CollectOutcome:
    """Put everything ``items`` yields into ``store``; ``system`` names the source of its rows.

    What is from ``outside`` is of other organisations than the practice whose store it is: none of them becomes
    its own practice, and who their patients are is settled or asked. With ``rows_of_others`` the rows are of the
    systems they name, and their tables are called by these. With ``reading``, which tells what reads it (its mapping),
    the source is all there is of ``system`` and its practices: what was collected of it before and is not in it any
    more is gone.

    Raises:
        CountsDiffer: when anything was read and not stored; the store then stays as it was.
        DiskFull, DiskFault, and whatever the reader raises: likewise.
    """
    expected: tuple[str, ...] = ()
    if isinstance(items, SourceItems):
        expected, items.earlier.owner = items.kinds, store.owner_of
    kinds, tables = Counts(expected=expected), Counts()
    named, at = "" if rows_of_others else system, clock()
    refusals = CollectedRefusals(store, kinds, tables, system=named)
    running = _Running(
        refusals,
        KeyReuse(store),
        kinds,
        tables,
        StatedMoments(store, now=at),
        MergedPatients(store),
        named,
        ReadTables(system, tables, reading),
    )
    rerouting = Rerouting(store, at=at)
    empty = next(store.patients(), None) is None
    noting = store.noting_given() if reading is not None and not empty else nullcontext()
    with (
        store.changing(savepoint=False),
        indexes_last(store.db) if empty else nullcontext(),
        noting as given,
    ):
        running.outside = OutsidePatients(store) if outside else None
        outcome, marks = _counted(store, items, running, rerouting, progress, given, at=at)
        _note(store, outcome, marks, running, at=at, system=system)
    return outcome


def _counted(
    store: PracticeStore,
    items: Iterable[Item],
    running: _Running,
    rerouting: Rerouting,
    progress: Callable[[int], None],
    given: GivenRecords | None,
    *,
    at: datetime,
) -> tuple[CollectOutcome, GoneMarks]:
    """Follow steps 1 to 4."""
    kinds, tables, system = running.kinds, running.tables, running.read.system
    before, rows_before = store.counts(), store.source_row_counts(running.system)
    _take_everything(store, items, running, rerouting, progress)
    of_kinds = kinds.reconciled(before, store.counts())
    of_tables = tables.reconciled(rows_before, store.source_row_counts(running.system))
    _match_source(running.read.rows, tables)
    marks = mark_gone(store, given, running.read, running.practices, at=at)
    if not any(one.read for one in of_kinds.values()):
        running.findings.append(_nothing(system))
    outcome = CollectOutcome(
        kinds=of_kinds,
        tables=of_tables,
        findings=SpooledList(_findings(running, store, at)),
        content=dict(running.content.counts),
        gone=gone_counts(store, system),
        gone_rows=gone_rows(store, system),
        remarked=marks.changed,
    )
    return outcome, marks


def _note(
    store: PracticeStore,
    outcome: CollectOutcome,
    marks: GoneMarks,
    running: _Running,
    *,
    at: datetime,
    system: str,
) -> None:
    """Write into the journal what a collection of ``system`` changed."""
    if outcome.changed or marks.changed:
        counts = {kind: count.added + count.updated for kind, count in outcome.kinds.items()}
        marked = {"gone": marks.marked, "back": marks.back} if marks.changed else {}
        store.note(at.isoformat(), "collect", {"system": system, "changed": counts, **marked})
    if outcome.changed:
        for practice in running.practices - running.stated.practices:
            note_collection(store, practice, at=at)


def _take_everything(
    store: PracticeStore,
    items: Iterable[Item],
    running: _Running,
    rerouting: Rerouting,
    progress: Callable[[int], None],
) -> None:
    """Follow step 1."""
    for item in items:
        if not isinstance(item, EARLY) or running.refusals.takes(item):
            for one in rerouting.items(item):
                _take(store, one, running)
        progress(1)
    for one in rerouting.rest():
        _take(store, one, running)


def _findings(running: _Running, store: PracticeStore, at: datetime) -> Iterator[Finding]:
    """Yield what a person should know, once everything was read; who outside patients are is settled here."""
    yield from running.findings
    yield from running.outside.settle(at) if running.outside else running.merged.settle(at)
    yield from running.refusals.findings()
    yield from running.reuse.findings()
    yield from running.stated.findings()
    yield from running.dates.findings(store, at.date())
    yield from missing_tables(running.read)
    if running.read.reading is not None:
        yield from gone_findings(store, running.read.system)


def _nothing(system: str) -> Finding:
    """Return the finding about a source in which there was nothing: it may be another folder, or a disk not there."""
    return Finding(
        severity=Severity.ERROR,
        code="source-empty",
        where=system,
        sentence=mark("Nothing was found there: is it the right place, and is its disk connected?"),
    )


def _take(store: PracticeStore, item: Item, running: _Running) -> None:
    if isinstance(item, Record):
        remaining = running.refusals.remaining(item)
        if remaining is not None:
            settled = running.reuse.settled(remaining)
            _put(store, _with_its_file(store, settled, running), running)
    elif isinstance(item, FileBody):
        running.kinds.count("files", store.keep_file(item))
    elif isinstance(item, Tally):
        running.read.count(item)
    elif isinstance(item, StateMoment):
        running.stated.begin(item)
    else:
        running.read.note(item)
        running.findings.append(item)


def _put(store: PracticeStore, record: Record, running: _Running) -> None:
    if isinstance(record, Patient) and running.outside is not None:
        running.outside.note(record)
    elif isinstance(record, Patient) and record.linked:
        running.merged.note(record)
        record = replace(record, linked=())  # asked about: what is one person here, a person says
    if isinstance(record, Practice):
        record = with_stated_finess(store, record)
    try:
        change = running.stated.put(record)
    except RecordUnstorable as fault:
        running.refusals.refuse(record, fault.facts["reason"])
        return
    running.kinds.count(record.kind, change)
    running.dates.note(record)
    running.content.note(record)
    if change is not Change.UNCHANGED:
        for found in _content_remarks(store, record):
            running.findings.append(found)
    if isinstance(record, SourceRow):
        running.tables.count(table_named(record, running.system), change)
    if isinstance(record, Practice):
        running.practices.add(record.id)
    if isinstance(record, Practice) and running.outside is None and not is_known_by_source(store):
        store.set_setting(OWN_PRACTICE, record.id)


def _content_remarks(store: PracticeStore, record: Record) -> Iterator[Finding]:
    """Yield what is worth a person's eye in the file of ``record``, which is new or changed."""
    if isinstance(record, (Document, ImageFile)) and record.attachment is not None:
        name, where = record.original_name or record.title, f"{record.kind}/{record.id}"
        with store.attachments.open(record.attachment.sha256) as stream:
            for found in content_remarks(record.attachment, stream, where=where, name=name):
                note_file_remark(store, record.attachment, found.code)
                yield found


def _with_its_file(store: PracticeStore, record: Record, running: _Running) -> Record:
    """Return ``record`` with the file it had when it was collected before, if the source has lost it since.

    A folder that is not there today (a forgotten option, a disk that is not
    plugged in) must never take a letter or a radiograph out of a dossier.
    """
    if not isinstance(record, (Document, ImageFile)) or record.attachment is not None:
        return record
    stored = store.get(type(record), record.id)
    if stored is None or stored.attachment is None:
        return record
    sentence = mark("The file “{name}” is not in the source any more; the one collected before is kept.")
    facts = {"name": record.original_name or record.title}
    running.findings.append(
        Finding(
            severity=Severity.WARNING,
            code="file-kept",
            where=f"{record.kind}/{record.id}",
            sentence=sentence,
            facts=facts,
        )
    )
    return replace(record, attachment=stored.attachment)


def _match_source(tallies: Mapping[str, int], tables: Counts) -> None:
    for table, rows in tallies.items():
        if tables.read(table) != rows:
            raise CountsDiffer(kind=table, expected=rows, found=tables.read(table))
