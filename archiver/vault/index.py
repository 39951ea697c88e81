"""What the catalogue says of an object, read from the files of the storages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archiver.storage.errors import StorageObjectMissing
from archiver.vault.catalogue import Catalogue, IndexedObject
from archiver.vault.deposit_receipt import MAX_RECEIPT_BYTES, ReadReceipt, read_deposit_receipt
from archiver.vault.disposal.unit_tombstone import generation
from archiver.vault.objects import find_inventory, read_small, settle_head
from archiver.vault.open_vault import Replica, Vault
from formats.digests import Digest
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

_RECEIPT = re.compile(r"receipts/revision-[0-9]{3}\.json")
_STATEMENT = re.compile(r"(?:holds/[0-9]{3}|destruction/(?:[a-z]+|units-[0-9]{3}))\.json")
"""Logical paths of what the catalogue has word for word."""
Candidates = Iterable[tuple[Replica, Inventory]]


def index_object(vault: Vault, catalogue: Catalogue, object_id: str) -> None:
    """Read an object anew from every storage, and say in the catalogue what lies there.

    Raises:
        Failure: when a storage does not answer, or no storage has a receipt that can be read.
    """
    index_objects(vault, catalogue, [object_id])


def index_objects(vault: Vault, catalogue: Catalogue, object_ids: Iterable[str]) -> None:
    """Do what ``index_object`` does for some objects, in one transaction; what fails leaves the catalogue as it was."""
    with catalogue.transaction():
        for one in object_ids:
            catalogue.write(_read_object(vault, one))


def _read_object(vault: Vault, object_id: str) -> IndexedObject:
    heads: list[tuple[str, str]] = []
    newest: list[tuple[Replica, Inventory]] = []
    for replica in vault.replicas:
        inventory = find_inventory(replica.storage, object_id)
        if inventory is not None:
            settle_head(replica.storage, inventory)
            heads.append((replica.name, inventory.head))
            newest.append((replica, inventory))
    newest.sort(key=newest_first)
    return indexed_object(object_id, newest, heads)


def newest_first(one: tuple[Replica, Inventory]) -> tuple[bool, int, int]:
    """Return by what replicas of an object are sorted: what is destroyed furthest, then the most versions."""
    tombstone, reduced = generation(one[1])
    return not tombstone, -reduced, -len(one[1].versions)


def indexed_object(object_id: str, candidates: Candidates, heads: Sequence[tuple[str, str]]) -> IndexedObject:
    """Return what the catalogue takes of an object; see ``read_receipts``."""
    found = list(candidates)
    return IndexedObject(
        object_id=object_id,
        receipts=read_receipts(found),
        statements=[(path, data.decode("utf-8", "replace")) for path, data in read_statements(found)],
        heads=heads,
    )


def read_receipts(candidates: Candidates) -> list[ReadReceipt]:
    """Return the receipts of an object, from the first of ``candidates`` that gives all of them back.

    Raises:
        Failure: that of the last, when none does.
    """
    return [read_deposit_receipt(data, path) for path, data in _small_files(candidates, _RECEIPT)]


def read_statements(candidates: Candidates) -> list[tuple[str, bytes]]:
    """Return the statements in an object, holds and what concerns its destruction; see ``read_receipts``."""
    return _small_files(candidates, _STATEMENT)


def _small_files(candidates: Candidates, wanted: re.Pattern[str]) -> list[tuple[str, bytes]]:
    failed: Failure | None = None
    for replica, inventory in candidates:
        try:
            return [
                (path, stored_bytes(replica, inventory, path))
                for path in sorted(inventory.logical_paths())
                if wanted.fullmatch(path)
            ]
        except Failure as failure:
            failed = failure
    if failed is not None:
        raise failed
    return []


def stored_bytes(
    replica: Replica, inventory: Inventory, logical: str, limit: int = MAX_RECEIPT_BYTES
) -> bytes:
    """Return a small file of an object by its logical path, when it has the digest that the inventory lists.

    Raises:
        StorageObjectMissing: when it has not; LimitExceeded; what the storage answered.
    """
    digest = inventory.logical_paths()[logical]
    place = f"{object_place(inventory.id)}/{inventory.manifest[digest][0]}"
    data = read_small(replica.storage, place, limit)
    if Digest.of(data, algorithm=digest.algorithm) != digest:
        raise StorageObjectMissing(key=place, storage=replica.entry.address)
    return data
