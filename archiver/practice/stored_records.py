"""Records of a practice store, read as what they are: one by its identity, all of a kind, a whole dossier."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from archiver.practice import schema
from archiver.practice.columns import StoreTable, table_of, value_of_rows
from archiver.practice.errors import StoreUnreadable
from archiver.practice.rows import statements
from archiver.practice.rows.record_rows import RecordRow, RecordRows, child_rows
from formats.model.dossier import PATIENT_KINDS, Dossier, references
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import mark

BATCH = 200
"""Records fetched at a time, and their children with them; below the variables of any SQLite."""

_KINDS = {kind.kind: kind for kind in schema.KINDS}
AnyRecord = TypeVar("AnyRecord", bound=Record)


class StoredRecords:
    """The records behind a connection, those included that wait to be inserted."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows = RecordRows(db)

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, with everything that was put before this moment."""
        self._rows.insert()
        return self._db

    def rows(self, table: StoreTable, identity: str) -> list[RecordRow]:
        """Return the rows of the record with this ``id``, as ``put_rows`` takes them; none where it is not stored."""
        return self._rows.find(table, identity)

    def holds(self, kind: type[Record], identity: str) -> bool:
        """Tell whether a record of ``kind`` with this ``id`` is stored."""
        return bool(self._rows.find(table_of(kind), identity))

    def owner(self, kind: type[Record], identity: str) -> str | None:
        """Return the patient whose record of ``kind`` this is, "" for the practice as a whole, or ``None``."""
        table = table_of(kind)
        rows = self._rows.find(table, identity)
        if not rows or "patient" not in table.names:
            return "" if rows else None
        return rows[0][1][table.names.index("patient")] or ""

    def owner_of(self, kind: str, identity: str) -> str | None:
        """Return the patient whose record of the kind named ``kind`` this is, as ``owner`` does."""
        return self.owner(_KINDS[kind], identity)

    def get(self, kind: type[AnyRecord], identity: str) -> AnyRecord | None:
        """Return the record of ``kind`` with this ``id``, or ``None``."""
        if not self.holds(kind, identity):
            return None
        found: AnyRecord = next(self._read(kind, "id = ?", (identity,)))
        return found

    def practices(self) -> Iterator[Practice]:
        """Yield the practices known here; records of more than one live side by side after an import."""
        yield from self._read(Practice, "TRUE", ())

    def practitioners(self) -> Iterator[Practitioner]:
        """Yield everyone who treats or treated here."""
        yield from self._read(Practitioner, "TRUE", ())

    def patients(self) -> Iterator[Patient]:
        """Yield every patient record, in the order in which they came."""
        yield from self._read(Patient, "TRUE", ())

    def practice_rows(self, *, but_gone: bool = False) -> Iterator[SourceRow]:
        """Yield the verbatim rows of the practice as a whole, with ``but_gone`` those alone that its source has."""
        gone = f" AND id NOT IN (SELECT id FROM gone_records WHERE kind = '{SourceRow.kind}')"
        yield from self._read(SourceRow, f"patient IS NULL{gone if but_gone else ''}", ())

    def dossier(self, patient: str) -> Dossier:
        """Return everything held about one patient record.

        Raises:
            StoreUnreadable: when there is no such patient.
        """
        found = next(self._read(Patient, "id = ?", (patient,)), None)
        if found is None:
            raise StoreUnreadable(where=patient, reason=mark("it has no such patient"))
        there = self.db.execute(statements.KINDS_WITH_RECORDS, (patient,)).fetchone()
        by_kind = {
            kind.kind: self._of_patient(kind, patient)
            for kind, some in zip(PATIENT_KINDS, there, strict=True)
            if some
        }
        named = set(references(found, "practitioners"))
        for records in by_kind.values():
            named.update(name for record in records for name in references(record, "practitioners"))
        practice = next(self._read(Practice, "id = ?", (found.practice,)))
        staff = tuple(self._practitioners(named))
        return Dossier(practice=practice, practitioners=staff, patient=found, **by_kind)

    def file_bytes(self, patient: str) -> int:
        """Return how many bytes the files of one patient record have, each counted once."""
        found: int = self.db.execute(statements.file_bytes(), (patient,)).fetchone()[0]
        return found

    def _practitioners(self, named: set[str]) -> Iterator[Practitioner]:
        if named:
            where = f"id IN ({', '.join('?' * len(named))})"
            yield from self._read(Practitioner, where, tuple(named))

    def _read(self, kind: type[Any], where: str, parameters: tuple[Any, ...]) -> Iterator[Any]:
        """Yield the records of ``kind`` that ``where`` selects, holding ``BATCH`` of them at a time."""
        table = table_of(kind)
        place = table.names.index("id") + 1
        query = statements.select_after(table, where)
        last = 0
        while rows := self.db.execute(query, (*parameters, last, BATCH)).fetchall():
            owners = f"IN ({', '.join('?' * len(rows))})"
            below = child_rows(self._db, table, owners, tuple(row[place] for row in rows))
            for row in rows:
                yield value_of_rows(table, row[1:], below)
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    def _of_patient(self, kind: type[Any], patient: str) -> tuple[Any, ...]:
        """Return the records of one patient, fetching all their children at once."""
        table = table_of(kind)
        query = f"{statements.select(table)} WHERE patient = ? ORDER BY rowid"
        rows = self.db.execute(query, (patient,)).fetchall()
        owners = f"IN (SELECT id FROM [{table.name}] WHERE patient = ?)"
        below = child_rows(self._db, table, owners, (patient,))
        return tuple(value_of_rows(table, own, below) for own in rows)

    def counts(self) -> dict[str, int]:
        """Return how many records of each kind the store holds, with ``files``."""
        tables = ("files", *(kind.kind for kind in schema.KINDS))
        return {name: self.db.execute(f"SELECT count(*) FROM [{name}]").fetchone()[0] for name in tables}

    def source_row_counts(self, system: str) -> Counter[str]:
        """Return how many verbatim rows are held of each table of a source system; without one, of all of them.

        Then a table is called by its system: ``system/table``.
        """
        if not system:
            every = self.db.execute("SELECT system, [table] FROM source_rows")
            return Counter(f"{one}/{name}" for one, name in every)
        query = "SELECT [table] FROM source_rows WHERE system = ?"  # counted here: SQLite would sort them all
        return Counter(name for (name,) in self.db.execute(query, (system,)))

    def number_holders(self, number: str) -> list[str]:
        """Return the patient records that share the number whose own record is ``number``, the latest holder first."""
        query = "SELECT patient FROM number_holders WHERE number = ? ORDER BY since DESC, rowid DESC"
        found = [row[0] for row in self._db.execute(query, (number,)).fetchall()]
        return found or ([number] if self.holds(Patient, number) else [])
