"""Records that are newer here than in a package or in what is collected: what comes in replaces none of them.

1. A package that was made before the dossier was last collected here, or before the package that brought what is
   here, is older.
2. A verbatim row carries the moments at which its source changed it. One whose moments went back is of an earlier
   state, as a package made from a copy has it: it stays as it is here, with the records read from it. Where rows went
   back and none went on, the whole dossier is older.
3. What is not here yet comes in all the same. What stays is counted.
4. Where only a part of the newer package was imported, nobody can tell what else of the dossier is newer here: it
   stays as well, and a person is told to import the rest of that package.
5. Of what is collected and states of which moment it is (a plain archive, a clinical document, a FHIR export), step 1
   alone is followed, by that moment; it is remembered. Where it does not state one, what is stored of a known moment
   stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archiver.ingest.number_holders import NumberHolder
from archiver.ingest.reused_keys import went_on
from archiver.practice.columns import StoreTable, rows_of_value, table_of
from archiver.practice.practitioners import as_received, is_practised_here
from archiver.practice.registers.source_states import (
    dossier_state,
    newer_part,
    note_received,
    note_source,
    note_stated,
    practice_state,
)
from archiver.practice.rows.record_rows import RecordRow
from archiver.practice.store import Change, PracticeStore
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import StateMoment
from formats.words import mark, plural

if TYPE_CHECKING:  # whoever collects reads no unit of a package
    from archiver.ingest.read_units import ReadDossier

NEWER_HERE = plural(
    "{count} record of this dossier is newer here than in what came in, which is of {moment}: it stays as it is.",
    "{count} records of this dossier are newer here than in what came in, which is of {moment}: they stay as "
    "they are.",
)
NEWER_PERHAPS = plural(
    "{count} record of this dossier stays as it is: what came in does not say of which moment it is, and another "
    "source did.",
    "{count} records of this dossier stay as they are: what came in does not say of which moment it is, and another "
    "source did.",
)
NEWER_PART = plural(
    "{count} record of this dossier is not as in the package and stays as it is: of a newer package, made on {newer}, "
    "only a part was imported. Import that one without a choice, and the dossier is as its sender knew it last.",
    "{count} records of this dossier are not as in the package and stay as they are: of a newer package, made on "
    "{newer}, only a part was imported. Import that one without a choice, and the dossier is as its sender knew it "
    "last.",
)
MISSING_PART = mark(
    "Of a newer package, made on {newer}, only a part of this dossier was imported; what else comes in is older. "
    "Import that one without a choice, and the dossier is as its sender knew it last."
)


@dataclass(slots=True)
class NewerRecords:
    """What of one unit stays as it is here: ``everything``, or some ``records``; ``count`` is how many differ.

    ``part`` is when the newer package was made of which only a part came in, where that is why.
    """

    everything: bool = False
    records: frozenset[str] = field(default_factory=frozenset)
    count: int = 0
    part: datetime | None = None

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

    def findings(self, created: datetime | None, *, changed: bool = False) -> tuple[Finding, ...]:
        """Return what a person should know of it, of a package ``created`` then that ``changed`` something here.

        ``created`` is ``None`` where nothing says of which moment it is.
        """
        sentence: str = NEWER_HERE
        code, facts = "newer-here", {"moment": created.isoformat() if created else ""}
        if created is None:
            sentence, code, facts = NEWER_PERHAPS, "newer-perhaps", {}
        if self.part is not None and (self.count or changed):
            sentence = NEWER_PART if self.count else MISSING_PART
            code, facts = "newer-in-part", {"newer": self.part.isoformat()}
        elif not self.count:
            return ()
        counted: dict[str, Fact] = {**facts, **({"count": self.count} if self.count else {})}
        finding = Finding(severity=Severity.WARNING, code=code, where="", sentence=sentence, facts=counted)
        return (finding,)


def newer_of_practice(store: PracticeStore, practice: str, created: datetime | None) -> NewerRecords:
    """Follow step 1 for what a package ``created`` then says of a practice as a whole."""
    return NewerRecords(everything=_is_older(created, practice_state(store, practice)))


def _is_older(created: datetime | None, known: datetime | None) -> bool:
    """Tell whether what is ``created`` then, if anybody knows, may not replace what is of the moment ``known``."""
    return known is not None and (created is None or created < known)


def newer_of_dossier(store: PracticeStore, read: ReadDossier, created: datetime) -> NewerRecords:
    """Follow steps 1 and 2 for a dossier of a package ``created`` then."""
    stored = store.get(Patient, read.patient.id)
    if stored is None:
        return NewerRecords()
    known = dossier_state(store, stored)
    if known is not None and created < known:
        return NewerRecords(everything=True, part=newer_part(store, stored, created))
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


class StatedMoments:
    """The moments that one source states, while it is collected into ``store``; one after ``now`` is a fault of it."""

    def __init__(self, store: PracticeStore, *, now: datetime) -> None:
        self._store = store
        self._now = now
        self._dossiers: dict[str, NewerRecords] = {}
        self._practice = NewerRecords()
        self._practices: dict[str, NewerRecords] = {}
        self._former = False
        self._begun: list[tuple[NewerRecords, datetime | None]] = []
        self.practices: set[str] = set()

    def begin(self, stated: StateMoment) -> None:
        """Take what follows for a state of that moment."""
        store = self._store
        at = min(stated.at, self._now) if stated.at is not None else None
        if stated.collected:
            note_source(store, stated.practice)
        self._former = not is_practised_here(store, stated.practice)
        self._practice = newer_of_practice(store, stated.practice, at)
        self._practices[stated.practice] = self._practice
        there = store.get(Patient, stated.patient) if stated.patient else None
        known = dossier_state(store, there) if there else None
        dossier = NewerRecords(everything=_is_older(at, known))
        if stated.patient is None:
            dossier = self._practice  # rows of the practice as a whole
        self._dossiers[stated.patient or ""] = dossier
        self._begun.append((self._practice, at))
        if dossier is not self._practice:
            self._begun.append((dossier, at))
        self.practices.add(stated.practice)
        if at is None:
            return
        if stated.patient is None:
            note_received(store, stated.practice, created=at)
        elif known is None or known < at:
            note_stated(store, stated.patient, created=at)

    def put(self, record: Record) -> Change:
        """Put ``record`` into the store, unless what is there is newer; practitioners are of the last practice."""
        if not self.practices:
            return self._store.put(record)
        if isinstance(record, Practice):
            newer = self._practices.get(record.id, self._practice)
        elif isinstance(record, Practitioner):
            newer = self._practice
        else:
            owner = record.id if isinstance(record, Patient) else getattr(record, "patient", None)
            newer = self._dossiers.get(owner or "", NewerRecords())
        return newer.put(self._store, as_received(record, former=self._former))

    def findings(self) -> Iterator[Finding]:
        """Yield what stays as it is, state by state."""
        for newer, at in self._begun:
            yield from newer.findings(at)
