"""Former rows: what an import changes of a practice store, written down while it changes it.

1. Of a record that is new its identity is written down, of one that is replaced its former rows, its children's too.
2. Of any other table but those that follow from it, every row that is added, changed or deleted, before and after.
3. Outside an import, the identity of each record that is replaced in a dossier that came in: what came later is
   never taken back in silence.

Rows of new records and of other tables are written down by triggers (SQL) that live as long as the import: whoever
writes, nothing can be forgotten, and what a savepoint undoes is undone here as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from archiver.practice import schema
from archiver.practice.columns import Row, StoreTable, table_of
from formats.model.people import Patient

UNRECORDED = frozenset(
    {
        "about_tables",
        "file_remarks",
        "former_rows",
        "gone_records",
        "header_facts",
        "identity_links",
        "import_runs",
        "journal",
    }
)
"""Tables that follow from others, or say what was done: they are never put back."""
_REPLACED = "INSERT INTO former_rows (import, [table], key, former) VALUES (?, ?, ?, ?)"
_TOUCHED = (
    "INSERT INTO former_rows ([table], key, journal)"
    " SELECT ?1, ?2, (SELECT coalesce(max(id), 0) FROM journal)"
    " WHERE ?3 = '' OR EXISTS (SELECT 1 FROM imports WHERE patient = ?3)"
)


class FormerRows:
    """The former rows of one open store; ``run`` is the number of the import at work, where there is one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.run: int | None = None
        self._some_imports: bool | None = None

    def note_replaced(self, table: StoreTable, identity: str, stored: list[tuple[StoreTable, Row]]) -> None:
        """Write down that the record of ``identity``, which has the rows ``stored``, is replaced."""
        if self.run is not None:
            former = json.dumps([(member.name, row) for member, row in stored], ensure_ascii=False)
            self._db.execute(_REPLACED, (self.run, table.name, identity, former))
        elif self._has_imports():
            self._db.execute(_TOUCHED, (table.name, identity, _owner(table, identity, stored[0][1])))

    def forget(self) -> None:
        """Forget what was looked up: somebody else may write."""
        self._some_imports = None

    def _has_imports(self) -> bool:
        if self._some_imports is None:
            query = "SELECT EXISTS (SELECT 1 FROM import_runs WHERE undone_at = '')"
            self._some_imports = bool(self._db.execute(query).fetchone()[0])
        return self._some_imports

    @contextmanager
    def recorded(self, run: int) -> Iterator[None]:
        """Write down what the block changes as of the import ``run``; a transaction must run."""
        names = []
        self._db.execute("PRAGMA recursive_triggers = ON")  # or REPLACE deletes a row in silence
        for name, statement in _triggers(run):
            self._db.execute(f"CREATE TEMP TRIGGER [{name}] {statement}")
            names.append(name)
        self.run = run
        try:
            yield
        finally:
            self.run = None
        for name in names:  # a block that failed is undone, and its triggers with it
            self._db.execute(f"DROP TRIGGER temp.[{name}]")
        self._db.execute("PRAGMA recursive_triggers = OFF")


def _owner(table: StoreTable, identity: str, row: Row) -> str:
    """Return the patient whose record it is; empty for one of the practice as a whole."""
    if table.name == Patient.kind:
        return identity
    return row[table.names.index("patient")] or "" if "patient" in table.names else ""


def _triggers(run: int) -> Iterator[tuple[str, str]]:
    """Yield the name of each trigger, and when it does what."""
    for kind in schema.KINDS:
        name = table_of(kind).name
        note = f"INSERT INTO former_rows (import, [table], key) VALUES ({run}, '{name}', NEW.id)"
        yield f"new_{name}", f"AFTER INSERT ON main.[{name}] BEGIN {note}; END"
    for name in sorted(schema.OWN_TABLES.keys() - UNRECORDED):
        for event, former, became in (("INSERT", "", "NEW"), ("UPDATE", "OLD", "NEW"), ("DELETE", "OLD", "")):
            images = ", ".join(
                image_expression(name, alias) if alias else "NULL" for alias in (former, became)
            )
            note = (
                f"INSERT INTO former_rows (import, [table], key, former, became)"
                f" VALUES ({run}, '{name}', {key_expression(name, former or became)}, {images})"
            )
            yield f"{event}_{name}", f"AFTER {event} ON main.[{name}] BEGIN {note}; END"


def key_columns(name: str) -> tuple[str, ...]:
    """Return the columns of the primary key of a table of our own."""
    key = schema.OWN_TABLES[name][1]
    return (key,) if isinstance(key, str) else key


def key_expression(name: str, alias: str) -> str:
    """Return the SQL for the key of a row of a table of our own: as it is, or as JSON where it has several cells."""
    cells = [f"{alias}.[{one}]" for one in key_columns(name)]
    return cells[0] if len(cells) == 1 else f"json_array({', '.join(cells)})"


def key_cells(name: str, key: str) -> tuple[str | int, ...]:
    """Return the cells of a ``key`` of a table of our own."""
    return tuple(json.loads(key)) if len(key_columns(name)) > 1 else (key,)


def cells_key(name: str, cells: Mapping[str, Any]) -> str:
    """Return the key of a row of a table of our own, as ``key_expression`` writes it."""
    found = [cells[one] for one in key_columns(name)]
    return str(found[0]) if len(found) == 1 else json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def image_expression(name: str, alias: str) -> str:
    """Return the SQL for a row of a table of our own, its place in the table before its cells, as JSON."""
    columns = schema.OWN_TABLES[name][0]
    cells = [
        f"hex({alias}.[{one}])" if kind is bytes else f"{alias}.[{one}]" for one, kind in columns.items()
    ]
    return f"json_array({alias}.rowid, {', '.join(cells)})"


def row_of_image(name: str, image: str) -> tuple[int, list[Any]]:
    """Return the place in its table and the cells of a row of a table of our own."""
    place, *cells = json.loads(image)
    kinds = schema.OWN_TABLES[name][0].values()
    return place, [
        bytes.fromhex(cell) if kind is bytes and cell is not None else cell
        for cell, kind in zip(cells, kinds, strict=True)
    ]
