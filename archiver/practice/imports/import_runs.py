"""Register of imports: each that changed something, and who took it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from archiver.practice.registers.rows import insert_entry, select_entries, select_entry, update_entry
from archiver.practice.store import PracticeStore

_LAST_ENTRY = "SELECT coalesce(max(id), 0) FROM former_rows"
_DOSSIERS = "SELECT count(*) FROM imports WHERE imported_at = ?"
_EARLIER = (
    "SELECT package, imported_at, count(*) FROM imports"
    " WHERE imported_at NOT IN (SELECT imported_at FROM import_runs) GROUP BY 1, 2 ORDER BY 2"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRun:
    """An import: ``package`` is the identifier of the package or the set, ``created`` when it was made.

    ``practices`` is JSON: whose records came. ``dossiers`` is how many are new here or brought something new.
    """

    table: ClassVar[str] = "import_runs"
    id: int
    package: str
    created: str
    sender: str
    practices: str
    imported_at: str
    dossiers: int
    undone_by: str
    undone_at: str

    @property
    def practice_set(self) -> frozenset[str]:
        """The identities of the practices whose records came."""
        return frozenset(json.loads(self.practices))


@dataclass(slots=True)
class RunningImport:
    """What is known of an import while it runs: whose records it brings, and how many dossiers changed."""

    practices: set[str] = field(default_factory=set)
    dossiers: int = 0


@contextmanager
def recorded_import(
    store: PracticeStore, *, package: str, created: datetime, sender: str, at: datetime
) -> Iterator[RunningImport]:
    """Write down what the block changes, so that it can be taken back; the store must be changing.

    An import that changes nothing leaves no trace.
    """
    number = 1 + max((one.id for one in import_runs(store)), default=0)
    (before,) = store.db.execute(_LAST_ENTRY).fetchone()
    running = RunningImport()
    with store.former_rows.recorded(number):
        yield running
        (after,) = store.db.execute(_LAST_ENTRY).fetchone()
    if after > before:
        insert_entry(
            store,
            ImportRun,
            package=package,
            created=created.isoformat(),
            sender=sender,
            practices=json.dumps(sorted(running.practices)),
            imported_at=at.isoformat(),
            dossiers=running.dossiers,
        )


def import_runs(store: PracticeStore) -> Iterator[ImportRun]:
    """Yield every import that was written down, in their order."""
    return select_entries(store, ImportRun)


def import_run(store: PracticeStore, number: int) -> ImportRun | None:
    """Return the import of this number, or ``None``."""
    return select_entry(store, ImportRun, number)


def later_runs(store: PracticeStore, run: ImportRun) -> list[ImportRun]:
    """Return the imports after ``run`` that nobody took back."""
    return list(select_entries(store, ImportRun, "id > ? AND undone_at = ''", (run.id,)))


def earlier_imports(store: PracticeStore) -> list[tuple[str, str, int]]:
    """Return the imports that an earlier version of this program made, which wrote no former rows down.

    Package, moment and number of units of each.
    """
    return store.db.execute(_EARLIER).fetchall()


def note_undone(store: PracticeStore, run: ImportRun, *, by: str, at: datetime) -> None:
    """Write down that ``run`` was taken back."""
    update_entry(store, ImportRun, run.id, undone_by=by, undone_at=at.isoformat())
