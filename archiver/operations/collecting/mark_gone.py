"""Mark what a source gave once and does not give any more, after a complete collection of it.

1. A record that is marked and was given again is marked no more.
2. Rows of the source's own patients, and of its practice as a whole, that were stored before and not given are gone:
   of a table that was read to its end, or that what reads it now leaves in the source. What an import brought from
   elsewhere is of no source here.
3. Where no row of a table was given that was there before, its rows have other keys now. If what reads the source (a
   mapping) is not what read it before, a row whose content came under another key is there, and only named otherwise.
4. A record that only such rows gave is gone with them. So is one that its row gave before and gives no more: the row
   or one beside it was changed; or, where it is as before and what reads it is not, the record is not made any more,
   unless another row of a table that is looked at beside it is other than before.
   Where its rows tell different things, it is not made any more only if all of them say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from archiver.handover.kinds import kind_words
from archiver.operations.collecting.read_tables import ReadTables
from archiver.practice.columns import table_of
from archiver.practice.registers.gone_records import (
    MARKED,
    OF_PRACTICE,
    GoneReason,
    GoneRecord,
    gone_of_system,
    gone_patients,
    mark_records,
    marked_places,
    note_reading,
    unmark_records,
)
from archiver.practice.registers.source_states import collected_practices
from archiver.practice.rows import statements
from archiver.practice.rows.given_records import GivenRecords
from archiver.practice.store import PracticeStore
from formats.findings import Finding, Severity
from formats.model.people import Patient, own_number
from formats.model.provenance import SourceRow
from formats.words import mark, plural

TOGETHER = 500
"""Rows or records looked up at a time; below the variables of any SQLite."""
_ROWS = (
    "SELECT one.id, one.[table], one.patient, one.records, one.columns, patients.practice FROM source_rows AS one"
    " LEFT JOIN patients ON patients.id = one.patient WHERE one.system = ? AND one.rowid IN ({marks})"
)
_IMPORTED = (
    "SELECT source_rows.id FROM former_rows JOIN source_rows ON source_rows.id = former_rows.key"
    " WHERE import IS NOT NULL AND former_rows.[table] = 'source_rows' AND source_rows.patient IS NULL"
)
"""Rows of a practice as a whole that an import brought."""
SENTENCES = {
    GoneReason.ROW_GONE: plural(
        "{count} record ({kind}) stays here and is marked: since {moment} the source does not have its row any more. "
        "That may be a deletion, a merge or a mistake; an export asks about it.",
        "{count} records ({kind}) stay here and are marked: since {moment} the source does not have their rows any "
        "more. That may be deletions, merges or mistakes; an export asks about them.",
    ),
    GoneReason.ROW_CHANGED: plural(
        "{count} record ({kind}) stays here and is marked: since {moment} its row in the source is another and does "
        "not give it any more. An export asks about it.",
        "{count} records ({kind}) stay here and are marked: since {moment} their rows in the source are others and do "
        "not give them any more. An export asks about them.",
    ),
    GoneReason.NOT_MADE: plural(
        "{count} record ({kind}) stays here and is marked: its row is in the source as before, and since {moment} the "
        "mapping does not make it any more. archiver dossier gone --drop removes it; an export asks about it.",
        "{count} records ({kind}) stay here and are marked: their rows are in the source as before, and since {moment} "
        "the mapping does not make them any more. archiver dossier gone --drop removes them; an export asks about "
        "them.",
    ),
    GoneReason.UNCLEAR: plural(
        "{count} record ({kind}) stays here and is marked: since {moment} the rows of its table have other keys, and "
        "none has its content. An export asks about it.",
        "{count} records ({kind}) stay here and are marked: since {moment} the rows of their tables have other keys, "
        "and none has their content. An export asks about them.",
    ),
}

_SURE = (GoneReason.NOT_MADE, GoneReason.ROW_CHANGED, GoneReason.UNCLEAR, GoneReason.ROW_GONE)
"""The reasons: the last that a row of a record gives counts, since only what is not made may be removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GoneMarks:
    """How many records were marked, and how many are marked no more."""

    marked: int = 0
    back: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything is marked otherwise than before."""
        return bool(self.marked or self.back)


def mark_gone(
    store: PracticeStore,
    given: GivenRecords | None,
    read: ReadTables,
    practices: Collection[str],
    *,
    at: datetime,
) -> GoneMarks:
    """Follow the steps, for what was ``given`` of ``practices``: ``None`` where nothing was stored before."""
    if given is None:
        if read.reading is not None:
            note_reading(store, read.system, read.reading)
        return GoneMarks()
    back = _unmark(store, given, read.system)
    if read.reading is None:
        return GoneMarks(back=back)
    other = note_reading(store, read.system, read.reading)
    marks = _marks(store, given, read, practices, other_reading=other, since=at.isoformat())
    return GoneMarks(marked=mark_records(store, marks), back=back)


def _unmark(store: PracticeStore, given: GivenRecords, system: str) -> int:
    """Follow step 1."""
    count = 0
    for kind in (one.kind for one in MARKED):
        places = marked_places(store, system, kind)
        back = [one for one, place in places if place is None or not given.lacks(kind, place)]
        count += unmark_records(store, kind, back)
    return count


@dataclass(frozen=True, slots=True)
class _GoneRow:
    """A row that was not given."""

    id: str
    table: str
    patient: str
    records: tuple[str, ...]
    content: bytes


def _marks(
    store: PracticeStore,
    given: GivenRecords,
    read: ReadTables,
    practices: Collection[str],
    *,
    other_reading: bool,
    since: str,
) -> Iterator[GoneRecord]:
    """Follow steps 2 to 4."""
    of_records: dict[str, GoneReason] = {}
    changed = given.changed_tables | read.tables.with_added()
    contents: dict[str, set[bytes]] = {}
    for row in _rows_not_given(store, given, read.system, practices):
        reason = _reason(store, given, read, row, contents)
        if reason is None:
            read.missing[row.table] += 1
        if reason is GoneReason.NOT_MADE and not other_reading:
            reason = GoneReason.UNCLEAR
        if reason is not None:
            if reason is not GoneReason.NOT_MADE:
                changed.add(row.table)
            yield GoneRecord(SourceRow.kind, row.id, read.system, row.patient, reason, since)
            for one in row.records:
                of_records[one] = max(reason, of_records.get(one, reason), key=_SURE.index)
    for one, tables in given.no_longer_made.items():
        same = other_reading and tables is not None and not read.beside(tables) & changed
        reason = GoneReason.NOT_MADE if same else GoneReason.ROW_CHANGED
        of_records[one] = max(reason, of_records.get(one, reason), key=_SURE.index)
    for kind, identity, patient in _records_not_given(store, given, of_records):
        yield GoneRecord(kind, identity, read.system, patient, of_records[identity], since)


def _rows_not_given(
    store: PracticeStore, given: GivenRecords, system: str, practices: Collection[str]
) -> Iterator[_GoneRow]:
    """Follow step 2 but for the tables."""
    own: Callable[[str], bool] | None = None
    for places in _together(given.not_given(SourceRow.kind)):
        query = _ROWS.format(marks=", ".join("?" * len(places)))
        rows = store.db.execute(query, (system, *places)).fetchall()
        for identity, table, patient, records, columns, practice in rows:
            if patient is None:
                own = own or _of_own_practice(store, practices)
                wanted = own(identity)
            else:
                wanted = practice in practices
            if wanted:
                made = tuple(json.loads(records))
                yield _GoneRow(identity, table, patient or OF_PRACTICE, made, _fingerprint(columns))


def _of_own_practice(store: PracticeStore, practices: Collection[str]) -> Callable[[str], bool]:
    """Return what tells whether a row of a practice as a whole is of ``practices``.

    Where the sources of others were collected as well, nobody can tell.
    """
    if collected_practices(store) - set(practices):
        return lambda _: False
    imported = {identity for (identity,) in store.db.execute(_IMPORTED)}
    return lambda identity: identity not in imported


def _reason(
    store: PracticeStore,
    given: GivenRecords,
    read: ReadTables,
    row: _GoneRow,
    contents: dict[str, set[bytes]],
) -> GoneReason | None:
    """Follow steps 2 and 3 for the table of ``row``; ``contents`` are those of tables whose keys are others now."""
    table = row.table
    if table not in read.rows:
        return GoneReason.NOT_MADE if table in read.left else None
    if not read.rows[table] or read.tables.known(table):
        return GoneReason.ROW_GONE
    if table not in contents:
        query = "SELECT columns FROM source_rows WHERE rowid > ? AND system = ? AND [table] = ?"
        values = (given.last(SourceRow.kind), read.system, table)
        contents[table] = {_fingerprint(columns) for (columns,) in store.db.execute(query, values)}
    return GoneReason.NOT_MADE if row.content in contents[table] else GoneReason.UNCLEAR


def _records_not_given(
    store: PracticeStore, given: GivenRecords, identities: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, identity and patient of those of the records that are stored and were not given."""
    for some in _together(iter(identities)):
        for kind in MARKED:
            whose = "id" if kind is Patient else "patient"
            query = statements.select_places(table_of(kind), whose, len(some))
            for identity, place, patient in store.db.execute(query, some).fetchall():
                if given.lacks(kind.kind, place):
                    yield kind.kind, identity, patient or OF_PRACTICE


def _together(all_of_them: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    while some := tuple(islice(all_of_them, TOGETHER)):
        yield some


def _fingerprint(columns: str) -> bytes:
    return blake2b(columns.encode(), digest_size=8).digest()


def gone_findings(store: PracticeStore, system: str) -> Iterator[Finding]:
    """Yield what of the source of ``system`` is gone: a line for each kind and reason, and one for each patient."""
    for (kind, reason), (count, since) in gone_of_system(store, system).items():
        yield Finding(
            severity=Severity.NOTE if kind == SourceRow.kind else Severity.WARNING,
            code="gone-from-source",
            where=system,
            sentence=SENTENCES[reason],
            facts={"count": count, "kind": kind_words(kind), "moment": f"{since:%Y-%m-%d}"},
        )
    for identity in sorted(gone_patients(store, system)):
        patient = store.get(Patient, identity)
        number = own_number(patient) if patient else ""
        yield Finding(
            severity=Severity.WARNING,
            code="patient-gone",
            where=f"patients/{number or identity}",
            sentence=mark(
                "The source does not have this patient any more: merged with another, or deleted. The dossier stays "
                "here, to be kept as long as any other."
            ),
        )
