"""Records that are newer here than in a package: an import replaces none of them.

1. A package that was made before the dossier was last collected here, or before the package that brought what is
   here, is older.
2. A verbatim row carries the moments at which its source changed it. One whose moments went back is of an earlier
   state, as a package made from a copy has it: it stays as it is here, with the records read from it. Where rows went
   back and none went on, the whole dossier is older.
3. What is not here yet comes in all the same. What stays is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.ingest.number_holders import NumberHolder
from archiver.ingest.read_units import ReadDossier
from archiver.ingest.reused_keys import went_on
from archiver.practice.columns import StoreTable, rows_of_value, table_of
from archiver.practice.record_rows import RecordRow
from archiver.practice.registers.source_states import dossier_state, practice_state
from archiver.practice.store import Change, PracticeStore
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import plural

NEWER_THAN_PACKAGE = plural(
    "{count} record of this dossier is newer here than in the package, which was made on {moment}: it stays as it is.",
    "{count} records of this dossier are newer here than in the package, which was made on {moment}: they stay as "
    "they are.",
)


@dataclass(slots=True)
class NewerRecords:
    """What of one unit stays as it is here: ``everything``, or some ``records``; ``count`` is how many differ."""

    everything: bool = False
    records: frozenset[str] = field(default_factory=frozenset)
    count: int = 0

    def stay(self, identity: str) -> bool:
        """Tell whether the record of ``identity`` stays where it is here already."""
        return self.everything or identity in self.records

    def put(self, store: PracticeStore, record: Record) -> Change:
        """Put ``record`` into ``store``, unless it stays as it is there."""
        table = table_of(type(record))
        return self.put_rows(store, table, record.id, rows_of_value(table, record))

    def put_rows(
        self, store: PracticeStore, table: StoreTable, identity: str, rows: list[RecordRow]
    ) -> Change:
        """Put the record of ``identity`` that ``rows`` are, likewise."""
        if self.stay(identity) and (stored := store.rows(table, identity)):
            self.count += stored != rows
            return Change.UNCHANGED
        return store.put_rows(table, identity, rows)

    def holder(self, holder: NumberHolder) -> NumberHolder:
        """Return ``holder``, whose patient record stays as it is here if it does."""
        if holder.before is None or not self.stay(holder.number) or holder.before == holder.patient:
            return holder
        self.count += 1
        return replace(holder, patient=holder.before)

    def findings(self, created: datetime) -> tuple[Finding, ...]:
        """Return what a person should know of it, of a package ``created`` then."""
        if not self.count:
            return ()
        facts: dict[str, Fact] = {"count": self.count, "moment": created.isoformat()}
        return (
            Finding(
                severity=Severity.WARNING,
                code="newer-here",
                where="",
                sentence=NEWER_THAN_PACKAGE,
                facts=facts,
            ),
        )


def newer_of_practice(store: PracticeStore, practice: str, created: datetime) -> NewerRecords:
    """Follow step 1 for what a package ``created`` then says of a practice as a whole."""
    known = practice_state(store, practice)
    return NewerRecords(everything=known is not None and created < known)


def newer_of_dossier(store: PracticeStore, read: ReadDossier, created: datetime) -> NewerRecords:
    """Follow steps 1 and 2 for a dossier of a package ``created`` then."""
    stored = store.get(Patient, read.patient.id)
    if stored is None:
        return NewerRecords()
    known = dossier_state(store, stored)
    if known is not None and created < known:
        return NewerRecords(everything=True)
    back, on = set[str](), False
    for here, comes in _changed_rows(store, read):
        earlier, later = _moments(comes, here), _moments(here, comes)
        if earlier and not later:
            back |= {here.id, *here.records, *comes.records}
        on = on or later
    return NewerRecords(everything=bool(back) and not on, records=frozenset(back))


def _changed_rows(store: PracticeStore, read: ReadDossier) -> Iterator[tuple[SourceRow, SourceRow]]:
    """Yield each verbatim row that is here with another content, with the one that comes."""
    for batch in read.records():
        if batch.kind != SourceRow.kind:
            continue
        for (identity, rows), comes in zip(batch.rows(), batch.records(), strict=True):
            if (stored := store.rows(batch.table, identity)) and stored != rows:
                here = store.get(SourceRow, identity)
                if here is not None and isinstance(comes, SourceRow):
                    yield here, comes


def _moments(before: SourceRow, now: SourceRow) -> bool:
    """Tell whether a moment in ``now`` is later than in ``before``."""
    return any(went_on(before.columns.get(name), cell) for name, cell in now.columns.items())
