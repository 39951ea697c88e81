"""Read a source by a mapping without storing anything: what would come of it, and what no rule asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archiver.operations.documents.outcomes import findings_json
from archiver.spooled_list import SortedSpool
from formats import registry
from formats.errors import InconsistentDossier
from formats.findings import Finding
from formats.folders import as_finding
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import Cell, SourceRow
from formats.model.record import PatientRecord, Record
from formats.names import comparable
from formats.reading import Tally
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.references import kinds_made, named_columns
from formats.sources.mapped.mapping_tests import run_tests

DOSSIERS = 10
"""Dossiers that are shown as they would come out: the first of the source."""
SAMPLES = 3
"""Values of a column that are shown."""
SAMPLE = 40
"""Characters of a value that are shown."""
_RECORDS = frozenset(kind.kind for kind in PATIENT_KINDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class PreviewRequest:
    """What is read: ``source`` by ``mapping``, with the documents in ``files``; ``practice`` is a lasting name."""

    source: str
    mapping: Path
    files: Path | None = None
    practice: str | None = None
    password: str = field(default="", repr=False)


@dataclass(slots=True)
class UnreadColumn:
    """A column that no rule asks for: in how many rows it holds something, and the first values."""

    table: str
    column: str
    filled: int = 0
    samples: list[str] = field(default_factory=list)

    def note(self, value: Cell) -> None:
        """Count a value."""
        text = "" if value is None else str(value).strip()
        if text:
            self.filled += 1
            if len(self.samples) < SAMPLES and text[:SAMPLE] not in self.samples:
                self.samples.append(text[:SAMPLE])


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePreview:
    """A table: its rows, how many of them become a record, and how many no condition (``when``) accepts."""

    rows: int
    read: int
    unselected: int = 0

    @property
    def verbatim(self) -> int:
        """Rows that became no record, and that no condition set aside."""
        return self.rows - self.read - self.unselected


@dataclass(frozen=True, kw_only=True, slots=True)
class MappingPreview:
    """The outcome: records by kind, rows by table, columns no rule asks for, findings, and the first dossiers."""

    mapping: MappingDeclaration
    kinds: Mapping[str, int]
    tables: Mapping[str, TablePreview]
    columns: tuple[UnreadColumn, ...]
    findings: tuple[Finding, ...]
    dossiers: tuple[Dossier, ...]


@dataclass(slots=True)
class _Seen:
    """What went by; ``asked`` are the columns that rules ask for, of tables described and of the others."""

    asked: Mapping[str, frozenset[str]]
    asked_elsewhere: frozenset[str]
    kinds: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    unselected: Counter[str] = field(default_factory=Counter)
    columns: dict[tuple[str, str], UnreadColumn] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    practices: list[Practice] = field(default_factory=list)
    practitioners: list[Practitioner] = field(default_factory=list)
    patients: dict[str, Patient] = field(default_factory=dict)
    records: dict[str, list[Record]] = field(default_factory=dict)

    def note(self, item: object) -> None:
        """Count an item, and hold it where it is of one of the dossiers that are shown."""
        if isinstance(item, Finding):
            self.findings.append(item)
        elif isinstance(item, Tally):
            self.unselected[item.table] = item.unselected
        elif isinstance(item, SourceRow):
            self._row(item)
        elif isinstance(item, Record):
            self.kinds[item.kind] += 1
        if isinstance(item, Practice):
            self.practices.append(item)
        elif isinstance(item, Practitioner):
            self.practitioners.append(item)
        elif isinstance(item, Patient) and len(self.patients) < DOSSIERS:
            self.patients[item.id] = item
        elif isinstance(item, PatientRecord | SourceRow) and item.patient in self.patients:
            self.records.setdefault(item.patient or "", []).append(item)

    def _row(self, row: SourceRow) -> None:
        self.rows[row.table] += 1
        self.read[row.table] += bool(row.records)
        asked = self.asked.get(row.table, self.asked_elsewhere)
        for column, value in row.columns.items():
            found = self.columns.get((row.table, column))
            if found is None:
                if comparable(column) in asked:
                    continue
                found = self.columns[row.table, column] = UnreadColumn(row.table, column)
            found.note(value)

    def dossiers(self) -> Iterable[Dossier]:
        """Yield the dossiers that hold together; of the others, the reason is a finding."""
        for patient in self.patients.values():
            records: dict[str, list[Record]] = {}
            for record in self.records.get(patient.id, ()):
                records.setdefault(record.kind, []).append(record)
            try:
                yield Dossier(
                    practice=self.practices[0],
                    practitioners=tuple(self.practitioners),
                    patient=patient,
                    **{kind: tuple(some) for kind, some in records.items() if kind in _RECORDS},  # type: ignore[arg-type]
                )
            except InconsistentDossier as fault:
                self.findings.append(as_finding(fault, fault.where))


def preview_mapping(
    request: PreviewRequest, *, progress: Callable[[int], None] = lambda _: None
) -> MappingPreview:
    """Read the source to its end, and return what would come of it; nothing is stored.

    Raises:
        MappingInvalid, MappingMisfit, PracticeKeyMissing, and what the source raises.
    """
    mapping = load_mapping(request.mapping)
    failures = [one for test in run_tests(mapping) for one in test.failures]
    named = named_columns(mapping)
    seen = _Seen(
        {table: frozenset(map(comparable, columns)) for table, columns in named.items()},
        frozenset(map(comparable, mapping.patient_columns)),
    )
    read = registry.reader_for("mapped")(
        request.source,
        mapping=request.mapping,
        files=request.files,
        practice_key=request.practice,
        password=request.password,
        sorter=SortedSpool,
        tested=False,
    )
    with read as items:
        for item in items:
            seen.note(item)
            progress(1)
    dossiers = tuple(seen.dossiers())
    return MappingPreview(
        mapping=mapping,
        kinds={kind: seen.kinds[kind] for kind in dict.fromkeys((*kinds_made(mapping), *seen.kinds))},
        tables={
            name: TablePreview(rows=rows, read=seen.read[name], unselected=seen.unselected[name])
            for name, rows in seen.rows.items()
        },
        columns=tuple(one for one in seen.columns.values() if one.filled),
        findings=(*failures, *seen.findings),
        dossiers=dossiers,
    )


def preview_json(preview: MappingPreview) -> Mapping[str, Any]:
    """Return the outcome as a JSON document; the dossiers are in the page alone."""
    return {
        "mapping_previewed": 1,
        "name": preview.mapping.name,
        "version": preview.mapping.version,
        "kinds": dict(preview.kinds),
        "tables": {name: _table_json(one) for name, one in preview.tables.items()},
        "unread_columns": [
            {"table": one.table, "column": one.column, "filled": one.filled, "samples": one.samples}
            for one in preview.columns
        ],
        "findings": findings_json(preview.findings),
    }


def _table_json(table: TablePreview) -> Mapping[str, int]:
    return {
        "rows": table.rows,
        "read": table.read,
        "unselected": table.unselected,
        "verbatim": table.verbatim,
    }
