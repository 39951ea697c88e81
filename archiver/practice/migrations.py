"""Migrations of a practice store: numbered steps, forward only, from one version of its tables to the next.

1. ``PRAGMA user_version`` tells the version of a store. One of a newer version is refused, never guessed at.
2. The steps from its version to ours run in one transaction. SQLite undoes it as a whole where anything fails
   or the program is killed: a store is of its old version or of ours, so no copy is put aside, which would be
   a second file full of patients.
3. References must still lead somewhere, and the description of every table is written anew; then the version is.

A step says what it does in SQL of its own and asks nothing of the model: that goes on changing, and a step never
does. Columns may lie in another order than in a new store, since every statement names them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from archiver.practice import schema
from archiver.practice.errors import StoreNewer, StoreUnreadable
from archiver.practice.transactions import transaction
from formats.words import mark

Step = Callable[[sqlite3.Connection], None]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""By version of a store, what brings it to the next one; none yet, as version 1 is the first."""


def migrate(
    db: sqlite3.Connection,
    path: Path,
    steps: Mapping[int, Step] = STEPS,
    version: int = schema.SCHEMA_VERSION,
) -> None:
    """Bring the store at ``path``, opened as ``db`` and not in a transaction, to ``version``.

    Raises:
        StoreNewer: when it is of a newer one.
        StoreUnreadable: when it is of none, or a reference in it leads nowhere.
    """
    if _version(db, path, version) == version:
        return
    db.execute("PRAGMA foreign_keys = OFF")  # a step may make a table anew, under the name of the old one
    with transaction(db, immediate=True):
        found = _version(db, path, version)  # asked again: somebody may have been quicker
        for number in range(found, version):
            steps[number](db)
        if db.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreUnreadable(where=str(path), reason=mark("it is damaged"))
        schema.describe(db)
        db.execute(f"PRAGMA user_version = {version}")


def _version(db: sqlite3.Connection, path: Path, ours: int) -> int:
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    if found > ours:
        raise StoreNewer(where=str(path), found=found, known=ours)
    if found < 1:
        raise StoreUnreadable(where=str(path), reason=mark("it has no version"))
    return found
