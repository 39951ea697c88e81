"""Refusal of a package that was destroyed: it is neither given back nor taken again."""

from __future__ import annotations

from collections.abc import Sequence

from archiver.vault.disposal.errors import PackageDestroyed
from archiver.vault.disposal.tombstone import TOMBSTONE, destroyed_at, is_tombstone
from archiver.vault.disposal.unit_tombstone import UnitTombstone, read_unit_tombstone, unit_tombstones
from archiver.vault.index import stored_bytes
from archiver.vault.open_vault import Replica
from formats.errors import Failure
from formats.ocfl.inventory import Inventory


def refuse_destroyed(replica: Replica, inventory: Inventory, package: str, where: str = "") -> None:
    """Refuse a package of which a storage has the tombstone.

    Raises:
        PackageDestroyed: when it was destroyed, and on which day; VaultStatementInvalid; what the storage answered.
    """
    if is_tombstone(inventory):
        text = stored_bytes(replica, inventory, TOMBSTONE).decode("utf-8", "replace")
        day = destroyed_at(text, TOMBSTONE)[: len("2026-11-29")]
        raise PackageDestroyed(where=where, package=package, day=day)


def stored_unit_tombstones(found: Sequence[tuple[Replica, Inventory]]) -> list[UnitTombstone]:
    """Return the tombstones of units of an object, from the first of its replicas that gives all of them back.

    Raises:
        VaultStatementInvalid: when one is none; Failure: that of the last storage, when none gives them back.
    """
    failed: Failure | None = None
    for one in found:
        try:
            return [
                read_unit_tombstone(stored_bytes(*one, path), path) for path in unit_tombstones(found[0][1])
            ]
        except (Failure, KeyError) as fault:
            failed = fault if isinstance(fault, Failure) else failed
    if failed is not None:
        raise failed
    return []
