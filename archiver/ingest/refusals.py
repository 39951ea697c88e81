"""Records of a source that no store can hold: each is refused alone, with what cannot be without it.

1. A record that cannot be stored is refused. Of the practice there is only one: without it nothing is collected.
2. With a patient, the records of that patient are refused, for nobody knows whose they are; their verbatim
   rows are kept with the practice's own, unless they are stored already.
3. Any other reference to a refused record is left out, unless an earlier collection stored that record.
4. What was refused is named by the row of the source it was read from, and counted. What is stored stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from archiver.handover.kinds import kind_words
from archiver.ingest.counts import Counts, table_named
from archiver.ingest.number_holders import identity_under
from archiver.practice.rows.storable import refusal, unstorable
from archiver.practice.store import PracticeStore
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.people import Practice
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.model.references import with_references
from formats.words import mark, plural

REFUSED = mark("This cannot be stored ({kind}): {reason}.")
WITH_PATIENT = plural(
    "{count} record of this patient, who cannot be stored, is refused as well; "
    "its row is kept with the practice's own rows.",
    "{count} records of this patient, who cannot be stored, are refused as well; "
    "their rows are kept with the practice's own rows.",
)
WITHOUT_REFERENCE = plural(
    "{count} reference to this is left out, as it cannot be stored.",
    "{count} references to this are left out, as it cannot be stored.",
)


@dataclass(slots=True)
class _Refused:
    """One refused record: where it was read, why it is refused, and what was refused or left out with it."""

    kind: type[Record]
    reason: Fact
    where: str
    records: int = 0
    references: int = 0


@dataclass(slots=True)
class CollectedRefusals:
    """What one collection into ``store`` refuses, counted in ``kinds`` and, of source rows, in ``tables``.

    ``system`` is what ``table_named`` takes.
    """

    store: PracticeStore
    kinds: Counts
    tables: Counts
    system: str
    _refused: dict[str, _Refused] = field(default_factory=dict)

    def takes(self, record: Record) -> bool:
        """Follow step 1 for ``record`` before it is put; tell whether it can be stored."""
        reason = unstorable(record)
        if reason:
            self.refuse(record, reason)
        return not reason

    def refuse(self, record: Record, reason: Fact) -> None:
        """Follow step 1 for ``record``.

        Raises:
            RecordUnstorable: for a practice that is not stored yet.
        """
        if isinstance(record, Practice) and not self.store.holds(Practice, record.id):
            raise refusal(record.kind, record.id, reason)
        self._count(record)
        self._refused[record.id] = _Refused(type(record), reason, f"{record.kind}/{record.id}")
        if isinstance(record, SourceRow):
            self._place(record, record.id)

    def remaining(self, record: Record) -> Record | None:
        """Follow steps 2 and 3: return what of ``record`` is to be stored, if anything is."""
        if not self._refused:
            return record
        if isinstance(record, SourceRow):
            self._place(record, *record.records)
        owner = self._refused.get(getattr(record, "patient", None) or "")
        if owner is not None:
            if not isinstance(record, SourceRow) or self._stored(record):
                owner.records += 1
                self._count(record)
                return None
            record = replace(record, patient=None, records=())
        return self._parted(record)

    def findings(self) -> Iterator[Finding]:
        """Yield what was refused, and what was refused or left out with it."""
        for one in self._refused.values():
            yield _finding(one, Severity.ERROR, "record-unstorable", REFUSED, kind=kind_words(one.kind.kind))
            if one.records:
                yield _finding(one, Severity.ERROR, "patient-unstorable", WITH_PATIENT, count=one.records)
            if one.references:
                yield _finding(
                    one, Severity.WARNING, "reference-unstorable", WITHOUT_REFERENCE, count=one.references
                )

    def _place(self, row: SourceRow, *records: str) -> None:
        for identity in records:
            if identity in self._refused:
                self._refused[identity].where = f"{row.table}/{row.key}"

    def _stored(self, row: SourceRow) -> bool:
        """Tell whether ``row`` of a refused patient is stored, with whoever had the number."""
        number = row.patient or ""
        known = {number, *self.store.number_holders(number)}
        return any(
            self.store.holds(SourceRow, identity_under(one, number, row.kind, row.id)) for one in known
        )

    def _parted(self, record: Record) -> Record:
        """Return ``record`` without its references to records that are refused and were never stored."""

        def change(_: str, identity: str) -> str | None:
            if not self._lost(identity):
                return identity
            self._refused[identity].references += 1
            return None

        made = with_references(record, change)
        if isinstance(made, SourceRow):
            made = replace(made, records=tuple(one for one in made.records if not self._lost(one)))
        return made

    def _lost(self, identity: str) -> bool:
        found = self._refused.get(identity)
        return found is not None and not self.store.holds(found.kind, identity)

    def _count(self, record: Record) -> None:
        there = self.store.holds(type(record), record.id)
        self.store.note_given(type(record), record.id)
        self.kinds.refuse(record.kind, there=there)
        if isinstance(record, SourceRow):
            self.tables.refuse(table_named(record, self.system), there=there)


def _finding(one: _Refused, severity: Severity, code: str, sentence: str, **facts: Fact) -> Finding:
    facts = {**facts, "reason": one.reason} if "{reason}" in sentence else facts
    return Finding(severity=severity, code=code, where=one.where, sentence=sentence, facts=facts)
