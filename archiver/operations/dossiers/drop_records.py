"""Remove from a store what an earlier mapping made and the present one does not: nothing that the software lost.

1. Only records marked as not made any more are removed; whatever the source has lost stays.
2. A record that something else needs, which stays, stays as well. Other references to what is removed are emptied.
3. The journal says how many of each kind were removed. Their rows, word for word, are in the store as they were read
   last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.practice import schema
from archiver.practice.columns import StoreTable, table_of
from archiver.practice.registers.gone_records import MARKED, GoneReason
from archiver.practice.store import PracticeStore

_CHOSEN = "SELECT id FROM temp.dropped WHERE kind = '{kind}'"
_TABLES = tuple(table for kind in schema.KINDS for table in table_of(kind).family)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A column of ``table`` that refers to records of ``kind``.

    ``owner`` is the kind of record whose table it is, empty for a register; ``key`` the column of its identity.
    """

    table: str
    column: str
    kind: str
    owner: str
    key: str
    required: bool


def _references() -> Iterator[_Reference]:
    kinds = {kind.kind for kind in MARKED}
    for table in _TABLES:
        for column in table.stored:
            if column.refers in kinds:
                key = "owner" if table.owner else "id"
                owner = table.owner or table.name
                yield _Reference(table.name, column.name, column.refers, owner, key, column.required)
    for name, (_, _, foreign, _) in schema.OWN_TABLES.items():
        for named, target, _ in foreign:
            if target in kinds:
                yield _Reference(name, named, target, "", "", required=True)


def drop_not_made(store: PracticeStore, *, at: datetime) -> dict[str, int]:
    """Follow the steps, in a transaction that runs; return how many records of each kind were removed."""
    db = store.db
    db.execute("CREATE TEMP TABLE dropped (kind TEXT, id TEXT, PRIMARY KEY (kind, id))")
    db.execute(
        "INSERT INTO temp.dropped SELECT kind, id FROM gone_records WHERE reason = ?", (GoneReason.NOT_MADE,)
    )
    references = tuple(_references())
    while sum(_retain_needed(store, one) for one in references if one.required):
        pass
    for one in references:
        if not one.required:
            chosen = _CHOSEN.format(kind=one.kind)
            db.execute(f"UPDATE [{one.table}] SET [{one.column}] = NULL WHERE [{one.column}] IN ({chosen})")
    removed = {kind.kind: _removed(store, table_of(kind)) for kind in reversed(MARKED)}
    db.execute("DELETE FROM gone_records WHERE (kind, id) IN (SELECT kind, id FROM temp.dropped)")
    db.execute("DROP TABLE temp.dropped")
    counts = {kind: count for kind, count in reversed(removed.items()) if count}
    if counts:
        store.note(at.isoformat(), "gone-dropped", {"removed": counts})
    return counts


def _retain_needed(store: PracticeStore, one: _Reference) -> int:
    """Follow step 2 for one reference; return how many records stay that were to be removed."""
    stays = f"SELECT [{one.column}] FROM [{one.table}] WHERE [{one.column}] IS NOT NULL"
    if one.owner:
        stays += f" AND [{one.key}] NOT IN ({_CHOSEN.format(kind=one.owner)})"
    return store.db.execute(
        f"DELETE FROM temp.dropped WHERE kind = '{one.kind}' AND id IN ({stays})"
    ).rowcount


def _removed(store: PracticeStore, table: StoreTable) -> int:
    chosen = _CHOSEN.format(kind=table.name)
    for member in reversed(table.family[1:]):
        store.db.execute(f"DELETE FROM [{member.name}] WHERE owner IN ({chosen})")
    return store.db.execute(f"DELETE FROM [{table.name}] WHERE id IN ({chosen})").rowcount
