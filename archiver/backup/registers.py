"""Registers of a store: what it holds besides dossiers and practice, for which no package has a place.

Settings, links and questions of identity, holds, decisions, requests for access, breaches, hosts, what was imported,
exported and acknowledged, and the journal: a restored practice goes on with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archiver.practice.schema import OWN_TABLES
from archiver.practice.store import PracticeStore

_ELSEWHERE = frozenset({"files", "header_facts", "file_remarks", "about_tables"})
"""Tables of the store's own that come with the files, or with the store itself."""
REGISTERS = tuple(sorted(OWN_TABLES.keys() - _ELSEWHERE))
"""Tables of the store that are registers."""
SETTINGS = "settings"

RegisterRow = tuple[str, list[Any]]
"""A table, and one row of it in the order of its columns."""


def register_rows(store: PracticeStore) -> Iterator[RegisterRow]:
    """Yield every row of every register."""
    for table in REGISTERS:
        for row in store.db.execute(f"SELECT {_columns(table)} FROM [{table}] ORDER BY rowid"):
            yield table, list(row)


def replace_registers(store: PracticeStore, rows: Iterable[RegisterRow], tables: Iterable[str]) -> int:
    """Put ``rows`` of ``tables`` in the place of what these have; return how many. Only while changing.

    Raises:
        ReferenceMissing: at the end of the changes, when a row names a patient who is not there.
        ValueError: when a row is of no register, or has other cells than its table.
    """
    wanted, count = frozenset(tables), 0
    for table in wanted:
        store.db.execute(f"DELETE FROM [{table}]")
    for table, row in rows:
        if table not in REGISTERS or len(row) != len(OWN_TABLES[table][0]):
            raise ValueError(table)
        if table in wanted:
            marks = ", ".join("?" * len(row))
            store.db.execute(f"INSERT INTO [{table}] ({_columns(table)}) VALUES ({marks})", row)
            count += 1
    return count


def _columns(table: str) -> str:
    return ", ".join(f"[{one}]" for one in OWN_TABLES[table][0])
