"""Entries of registers: frozen dataclasses whose fields are the columns of a table, with a number of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeVar

from archiver.practice.store import PracticeStore

Entry = TypeVar("Entry")


def select_entries(
    store: PracticeStore, kind: type[Entry], where: str = "TRUE", values: tuple[object, ...] = ()
) -> Iterator[Entry]:
    """Yield the entries of ``kind`` that ``where`` selects, in the order in which they were made."""
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]  # entries are dataclasses
    table: str = kind.table  # type: ignore[attr-defined]
    query = f"SELECT {', '.join(names)} FROM [{table}] WHERE {where} ORDER BY id"
    for row in store.db.execute(query, values).fetchall():
        yield kind(**dict(zip(names, row, strict=True)))


def select_entry(store: PracticeStore, kind: type[Entry], number: int) -> Entry | None:
    """Return the entry of ``kind`` with this number, or ``None``."""
    return next(select_entries(store, kind, "id = ?", (number,)), None)


def insert_entry(store: PracticeStore, kind: type[Entry], **cells: str | int) -> Entry:
    """Add an entry; a field that is not given is an empty text. Return it with its number."""
    names = [one.name for one in fields(kind) if one.name != "id"]  # type: ignore[arg-type]
    table: str = kind.table  # type: ignore[attr-defined]
    unknown = cells.keys() - set(names)
    if unknown:
        raise TypeError(f"{table} has no {', '.join(sorted(unknown))}")
    marks = ", ".join("?" * len(names))
    query = f"INSERT INTO [{table}] ({', '.join(names)}) VALUES ({marks})"
    done = store.db.execute(query, tuple(cells.get(name, "") for name in names))
    return next(select_entries(store, kind, "id = ?", (done.lastrowid,)))


def update_entry(store: PracticeStore, kind: type[Any], number: int, **cells: str | int) -> None:
    """Fill in cells of an entry."""
    changes = ", ".join(f"{name} = ?" for name in cells)
    store.db.execute(f"UPDATE [{kind.table}] SET {changes} WHERE id = ?", (*cells.values(), number))
