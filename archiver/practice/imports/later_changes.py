"""What came after an import and builds on it: later imports, collections, answers, decisions.

1. A later import that changed the same record, or that has the dossier of a patient whose dossier this import changed.
2. A record that a collection changed since, or added to a dossier that would be gone.
3. An entry of another table that is no longer as the import left it, or that was added since about somebody who would
   go: an answer, a merge, a hold, a request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archiver.practice import schema
from archiver.practice.columns import table_of
from archiver.practice.imports.former_rows import (
    cells_key,
    image_expression,
    key_cells,
    key_columns,
    row_of_image,
)
from archiver.practice.imports.reversal import RECORDED, Reversal
from formats.model.people import Patient

_TABLES = {table.name: table for kind in schema.KINDS for table in table_of(kind).family}
_OF_PATIENTS = {name for name, (columns, *_) in schema.OWN_TABLES.items() if "patient" in columns}
_LATER = "SELECT later.import, later.[table], later.key FROM later_rows AS later JOIN undone_rows USING ([table], key)"
_PATIENT_OF_UNIT = f"'$[{1 + tuple(schema.OWN_TABLES['imports'][0]).index('patient')}]'"
_SAME_DOSSIERS = (
    f"SELECT later.import, json_extract(later.became, {_PATIENT_OF_UNIT}) AS whose FROM former_rows AS later"
    " JOIN undone_patients ON patient = whose WHERE later.import > ? AND later.[table] = 'imports'"
)
_LEFT = (
    "SELECT key, (SELECT became FROM former_rows WHERE id = last) FROM undone_rows AS mine WHERE [table] = ?"
    " AND NOT EXISTS (SELECT 1 FROM brought_rows AS later WHERE later.[table] = mine.[table] AND later.key = mine.key)"
)
"""Entries as the import left them, but for those that a later import changed: it is told by itself."""
_BROUGHT = "SELECT run FROM brought_rows WHERE [table] = ? AND key = ?"


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterChange:
    """Something that came later: of the import ``run``, or to ``count`` records of ``patient``, or an entry.

    ``cells`` are those of an entry of ``table``, which lies at ``place`` in it; ``count`` of an import is of patients.
    """

    run: int = 0
    patient: str = ""
    count: int = 1
    table: str = ""
    place: int = 0
    cells: Mapping[str, Any] = field(default_factory=dict)


def changes_since(reversal: Reversal) -> Iterator[LaterChange]:
    """Yield what was changed since, before anything is put back."""
    dossiers: dict[int, set[str]] = {}
    records: Counter[str] = Counter()
    for run, table, key in reversal.execute(_LATER).fetchall():
        patient = _patient_of_record(reversal, table, key)
        if run is None:
            records[patient] += 1
        else:
            dossiers.setdefault(run, set()).add(patient)
    for run, patient in reversal.execute(_SAME_DOSSIERS, (reversal.run.id,)):
        dossiers.setdefault(run, set()).add(patient)
    for run in sorted(dossiers):
        yield LaterChange(run=run, count=len(dossiers[run] - {""}))
    yield from _changed_records(records)
    for name in RECORDED:
        yield from _changed_entries(reversal, name)


def changes_left(reversal: Reversal) -> Iterator[LaterChange]:
    """Yield what refers to something that is gone, after everything was put back."""
    records: Counter[str] = Counter()
    for table, place in reversal.broken_references():
        if table not in _TABLES:
            names = tuple(schema.OWN_TABLES[table][0])
            columns = ", ".join(f"[{one}]" for one in names)
            cells = reversal.execute(f"SELECT {columns} FROM [{table}] WHERE rowid = ?", (place,)).fetchone()
            entry = _entry(table, place, cells)
            run = _run_of(reversal, table, cells_key(table, entry.cells))
            yield LaterChange(run=run) if run else entry
            continue
        member = _TABLES[table]
        column = "owner" if member.owner else "id"
        (key,) = reversal.execute(f"SELECT {column} FROM [{table}] WHERE rowid = ?", (place,)).fetchone()
        run = _run_of(reversal, member.owner or table, key)
        if run:
            yield LaterChange(run=run)
        else:
            records[_patient_of_record(reversal, member.owner or table, key)] += 1
    yield from _changed_records(records)


def _run_of(reversal: Reversal, table: str, key: str) -> int:
    """Return the later import that brought or changed a row last; 0 where none did."""
    found = reversal.execute(_BROUGHT, (table, key)).fetchone()
    return found[0] if found else 0


def _changed_records(records: Mapping[str, int]) -> Iterator[LaterChange]:
    for patient, count in records.items():
        yield LaterChange(patient=patient, count=count)


def _changed_entries(reversal: Reversal, name: str) -> Iterator[LaterChange]:
    keys = " AND ".join(f"one.[{column}] IS ?" for column in key_columns(name))
    query = f"SELECT {image_expression(name, 'one')} FROM [{name}] AS one WHERE {keys}"
    for key, left in reversal.execute(_LEFT, (name,)):
        found = reversal.execute(query, key_cells(name, key)).fetchone()
        now = found[0] if found else None
        if now != left:
            yield _entry(name, *row_of_image(name, now or left))


def _entry(name: str, place: int, cells: list[Any]) -> LaterChange:
    row = dict(zip(schema.OWN_TABLES[name][0], cells, strict=True))
    return LaterChange(table=name, place=place, cells=row, patient=row.get("patient") or "")


def _patient_of_record(reversal: Reversal, table: str, key: str) -> str:
    """Return whose record or entry it is; empty for one of the practice as a whole."""
    if table == Patient.kind:
        return key
    if table in _OF_PATIENTS:
        keys = " AND ".join(f"[{one}] IS ?" for one in key_columns(table))
        found = reversal.execute(
            f"SELECT patient FROM [{table}] WHERE {keys}", key_cells(table, key)
        ).fetchone()
    elif table in _TABLES and "patient" in _TABLES[table].names:
        found = reversal.execute(f"SELECT patient FROM [{table}] WHERE id = ?", (key,)).fetchone()
    else:
        return ""
    return (found[0] or "") if found else ""
