"""Reversal of an import: every row it changed is again as it was before.

1. What the import changed is listed, each row once, with its first former content.
2. What a later import shares with it (the practice, who works there, verbatim rows of the practice as a whole) stays,
   and is that import's from now on. What a collection changed of it since stays as well.
3. What came later is looked for: ``archiver.practice.imports.later_changes``.
4. Records that were new are deleted, those that were replaced get their former rows; then rows of other tables.
5. Practitioners, practices and files that were new go, unless something that stays names them.
6. References must lead somewhere again, and the persons are found anew from the merges.

SQLite would look through whole tables for each deleted row that others may refer to: enforcing references is off
meanwhile, and all of them are checked at the end.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from archiver.practice import people, schema
from archiver.practice.columns import StoreTable, table_of
from archiver.practice.imports.former_rows import UNRECORDED, key_cells, key_columns, row_of_image
from archiver.practice.imports.import_runs import ImportRun, later_runs
from archiver.practice.rows import statements
from archiver.practice.store import PracticeStore
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow

FILES = "files"
RECORDED = tuple(sorted(schema.OWN_TABLES.keys() - UNRECORDED - {FILES}))
"""The tables besides those of records that are put back row by row."""
_SHARED = (Practice.kind, Practitioner.kind)
"""Kinds of record that belong to no patient, and that others refer to."""
_SHARED_ROWS = (
    f"[table] IN ('settings', '{Practice.kind}', '{Practitioner.kind}') OR [table] = '{SourceRow.kind}' AND EXISTS"
    f" (SELECT 1 FROM [{SourceRow.kind}] AS one WHERE one.id = undone_rows.key AND one.patient IS NULL)"
)
_LISTS = f"""
CREATE TEMP TABLE undone_rows (
    [table] TEXT, key TEXT, first INTEGER, last INTEGER, new INTEGER, PRIMARY KEY ([table], key)
) WITHOUT ROWID;
INSERT INTO undone_rows SELECT [table], key, min(id), max(id), 0 FROM former_rows WHERE import = {{run}} GROUP BY 1, 2;
UPDATE undone_rows SET new = 1 WHERE (SELECT former FROM former_rows WHERE id = first) IS NULL;
CREATE TEMP TABLE later_rows AS SELECT DISTINCT later.import, later.[table], later.key FROM former_rows AS later
    CROSS JOIN undone_rows AS mine ON mine.[table] = later.[table] AND mine.key = later.key
    WHERE later.import > {{run}} OR later.import IS NULL AND later.id > mine.last;
CREATE TEMP TABLE brought_rows ([table] TEXT, key TEXT, run INTEGER, PRIMARY KEY ([table], key)) WITHOUT ROWID;
INSERT INTO brought_rows SELECT [table], key, max(import) FROM former_rows WHERE import > {{run}} GROUP BY 1, 2;
CREATE TEMP TABLE left_rows (first INTEGER, last INTEGER, heir INTEGER);
CREATE TEMP TABLE undone_patients (patient TEXT PRIMARY KEY, new INTEGER) WITHOUT ROWID;
INSERT INTO undone_patients SELECT key, new FROM undone_rows WHERE [table] = '{Patient.kind}';
"""
_LIST_NAMES = ("undone_rows", "later_rows", "brought_rows", "left_rows", "undone_patients")
_PATIENTS_OF = (
    "INSERT OR IGNORE INTO undone_patients SELECT DISTINCT one.patient, 0 FROM undone_rows AS mine"
    " CROSS JOIN [{kind}] AS one ON one.id = mine.key WHERE mine.[table] = '{kind}' AND one.patient IS NOT NULL"
)
_NEW_PATIENTS = (
    "SELECT mine.patient FROM undone_patients AS mine JOIN patients ON patients.id = mine.patient"
    " WHERE mine.new = 1 ORDER BY patients.rowid"
)
_FORMER = "SELECT key, (SELECT former FROM former_rows WHERE id = first) FROM undone_rows WHERE [table] = ?"
_MERGES = (
    "SELECT json_extract(image, '$[1]'), json_extract(image, '$[2]') FROM"
    " (SELECT coalesce(former, became) AS image FROM former_rows WHERE import = ? AND [table] = 'identity_merges')"
)


@contextmanager
def references_unenforced(store: PracticeStore) -> Iterator[None]:
    """Let the transactions of the block leave references open, until they check them."""
    store.db.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        store.db.execute("PRAGMA foreign_keys = ON")


@dataclass(slots=True)
class Reversal:
    """Reversal of ``run``: ``gone`` and ``restored`` count rows by table, ``files`` are digests nobody lists any more.

    ``files_left`` is how many files that came with the import stay, since something else names them.
    """

    store: PracticeStore
    run: ImportRun
    gone: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)
    file_bytes: int = 0
    files_left: int = 0
    _persons: set[str] = field(default_factory=set)

    @contextmanager
    def listed(self) -> Iterator[None]:
        """Follow steps 1 and 2, and hold the lists for the block."""
        for statement in filter(str.strip, _LISTS.format(run=self.run.id).split(";")):
            self.execute(statement)
        for kind in schema.KINDS:
            if "patient" in table_of(kind).names:
                self.execute(_PATIENTS_OF.format(kind=kind.kind))
        mine = self.run.practice_set
        heir = next((one.id for one in later_runs(self.store, self.run) if one.practice_set & mine), None)
        if heir is not None:
            self._leave(_SHARED_ROWS, heir)
        else:
            self._leave(f"({_SHARED_ROWS}) AND ([table], key) IN (SELECT [table], key FROM later_rows)")
        yield
        for name in _LIST_NAMES:  # a block that failed is undone, and they with it
            self.execute(f"DROP TABLE temp.{name}")

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Execute a statement (SQL) on the store and the lists."""
        return self.store.db.execute(statement, values)

    def new_patients(self) -> list[str]:
        """Return the patients who were new, in the order in which they came."""
        return [patient for (patient,) in self.execute(_NEW_PATIENTS)]

    def put_back(self) -> None:
        """Follow steps 4 and 5."""
        self._note_persons()
        for kind in schema.KINDS:
            if kind.kind not in _SHARED:
                self._put_records_back(table_of(kind))
        for name in RECORDED:
            self._put_rows_back(name)
        self._leave_named()
        for kind in (Practice, Practitioner):
            self._put_records_back(table_of(kind))
        self._drop_files()
        for column in ("patient", "person"):
            self.execute(
                f"DELETE FROM identity_links WHERE {column} IN (SELECT patient FROM undone_patients WHERE new = 1)"
            )

    def broken_references(self) -> list[tuple[str, int]]:
        """Return the table and the place of each row that refers to something that is gone."""
        return [(table, place) for table, place, *_ in self.execute("PRAGMA foreign_key_check")]

    def delete_entry(self, table: str, place: int) -> None:
        """Delete a row of a table of our own that came later."""
        self.gone[table] += self.execute(f"DELETE FROM [{table}] WHERE rowid = ?", (place,)).rowcount

    def finish(self) -> None:
        """Find the persons anew, and forget what the import changed: it is undone."""
        people.find_persons(
            self.store, [one for one in sorted(self._persons) if self.store.holds(Patient, one)]
        )
        for (heir,) in self.execute("SELECT DISTINCT heir FROM left_rows WHERE heir IS NOT NULL").fetchall():
            left = (
                "SELECT first FROM left_rows WHERE heir = ?1 UNION SELECT last FROM left_rows WHERE heir = ?1"
            )
            self.execute(f"UPDATE former_rows SET import = ?1 WHERE id IN ({left})", (heir,))
        self.execute("DELETE FROM former_rows WHERE import = ?", (self.run.id,))

    def _leave(self, where: str, heir: int | None = None) -> None:
        """Leave the rows of ``where`` as they are; the import ``heir`` has them, where there is one."""
        self.execute(f"INSERT INTO left_rows SELECT first, last, ? FROM undone_rows WHERE {where}", (heir,))
        self.execute(f"DELETE FROM undone_rows WHERE {where}")

    def _put_records_back(self, table: StoreTable) -> None:
        mine = f"SELECT key FROM undone_rows WHERE [table] = '{table.name}'"
        for member in reversed(table.family[1:]):
            self.execute(f"DELETE FROM [{member.name}] WHERE owner IN ({mine})")
        self.gone[table.name] += self.execute(
            f"DELETE FROM [{table.name}] WHERE id IN ({mine} AND new = 1)"
        ).rowcount
        members = {member.name: member for member in table.family}
        for _, former in self.execute(f"{_FORMER} AND new = 0", (table.name,)):
            self.restored[table.name] += 1
            for place, (name, row) in enumerate(json.loads(former)):
                statement = statements.insert(members[name]) if place else statements.update(table)
                self.execute(statement, tuple(row))

    def _put_rows_back(self, name: str) -> None:
        keys = " AND ".join(f"[{one}] IS ?" for one in key_columns(name))
        for key, former in self.execute(_FORMER, (name,)):
            deleted = self.execute(f"DELETE FROM [{name}] WHERE {keys}", key_cells(name, key))
            if former is None:
                self.gone[name] += deleted.rowcount
            else:
                self.restored[name] += 1
                self._insert(name, *row_of_image(name, former))

    def _insert(self, name: str, place: int, cells: list[Any]) -> None:
        """Insert a row where it was in its table, unless another one is there now."""
        names = [f"[{one}]" for one in schema.OWN_TABLES[name][0]]
        taken = self.execute(f"SELECT 1 FROM [{name}] WHERE rowid = ?", (place,)).fetchone()
        if not taken and key_columns(name) != ("id",):
            names, cells = ["rowid", *names], [place, *cells]
        marks = ", ".join("?" * len(cells))
        self.execute(f"INSERT INTO [{name}] ({', '.join(names)}) VALUES ({marks})", tuple(cells))

    def _leave_named(self) -> None:
        """Leave the practitioners, practices and files that something names which stays."""
        before = self._count_files()
        for digest, heir in self._heirs_of_files():
            self._leave(f"[table] = '{FILES}' AND key = '{digest}'", heir)
        self.files_left = before - self._count_files()
        for name in _SHARED:
            named = " UNION ".join(f"SELECT key FROM ({one})" for one in _naming(name))
            self._leave(f"[table] = '{name}' AND new = 1 AND key IN ({named})")

    def _heirs_of_files(self) -> list[tuple[str, int | None]]:
        """Return the files that something names which stays, with the import that brought it, where one did."""
        naming = " UNION ".join(_naming(FILES))
        brought = "former_rows AS other ON other.[table] = one.name AND other.key = one.record AND other.import <> ?"
        query = f"SELECT one.key, min(other.import) FROM ({naming}) AS one LEFT JOIN {brought} GROUP BY 1"
        return self.execute(query, (self.run.id,)).fetchall()

    def _count_files(self) -> int:
        query = f"SELECT count(*) FROM undone_rows WHERE [table] = '{FILES}'"
        return int(self.execute(query).fetchone()[0])

    def _drop_files(self) -> None:
        for digest, size in self.execute(
            f"SELECT sha256, size FROM undone_rows JOIN files ON sha256 = key WHERE [table] = '{FILES}'"
        ).fetchall():
            for name in ("file_remarks", "header_facts", FILES):
                self.execute(f"DELETE FROM {name} WHERE sha256 = ?", (digest,))
            self.files.append(digest)
            self.file_bytes += size

    def _note_persons(self) -> None:
        """Remember whose persons are to be found anew: all who are one with somebody concerned."""
        concerned = {patient for (patient,) in self.execute(_NEW_PATIENTS)}
        concerned.update(one for pair in self.execute(_MERGES, (self.run.id,)) for one in pair)
        persons = people.persons(self.store)
        records: dict[str, set[str]] = {}
        for patient, person in persons.items():
            records.setdefault(person, {person}).add(patient)
        for one in concerned:
            self._persons |= records.get(persons.get(one, one), {one})


def _naming(name: str) -> Iterator[str]:
    """Yield the queries for what names new rows of ``name``: the key of the row, the table and the record."""
    mine = f"SELECT key FROM undone_rows WHERE [table] = '{name}' AND new = 1"
    for kind in schema.KINDS:
        for table in table_of(kind).family:
            record = "owner" if table.owner else "id"
            for column in (one.name for one in table.stored if one.refers == name):
                yield (
                    f"SELECT [{column}] AS key, '{kind.kind}' AS name, [{record}] AS record"
                    f" FROM [{table.name}] WHERE [{column}] IN ({mine})"
                )
