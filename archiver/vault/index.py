"""What the catalogue says of an object, read from the files of the storages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archiver.storage.errors import StorageObjectMissing
from archiver.vault.catalogue import Catalogue
from archiver.vault.deposit_receipt import MAX_RECEIPT_BYTES, ReadReceipt, read_deposit_receipt
from archiver.vault.objects import find_inventory, read_small, settle_head
from archiver.vault.open_vault import Replica, Vault
from formats.digests import Digest
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

_RECEIPT = re.compile(r"receipts/revision-[0-9]{3}\.json")


def index_object(vault: Vault, catalogue: Catalogue, object_id: str) -> None:
    """Read an object anew from every storage, and say in the catalogue what lies there.

    Raises:
        Failure: when a storage does not answer, or no storage has a receipt that can be read.
    """
    heads: list[tuple[str, str]] = []
    newest: list[tuple[Replica, Inventory]] = []
    for replica in vault.replicas:
        inventory = find_inventory(replica.storage, object_id)
        if inventory is not None:
            settle_head(replica.storage, inventory)
            heads.append((replica.name, inventory.head))
            newest.append((replica, inventory))
    newest.sort(key=lambda one: -len(one[1].versions))
    catalogue.put(object_id, read_receipts(newest), heads)


def read_receipts(candidates: Iterable[tuple[Replica, Inventory]]) -> list[ReadReceipt]:
    """Return the receipts of an object, from the first of ``candidates`` that gives all of them back.

    Raises:
        Failure: that of the last, when none does.
    """
    failed: Failure | None = None
    for replica, inventory in candidates:
        try:
            return [
                read_deposit_receipt(stored_bytes(replica, inventory, path), path)
                for path in sorted(inventory.logical_paths())
                if _RECEIPT.fullmatch(path)
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
