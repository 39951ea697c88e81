"""One object on every storage of a vault: what each has of it, and all brought to the newest version that any has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from archiver.vault.catalogue import Catalogue
from archiver.vault.description import VaultDescription
from archiver.vault.disposal.errors import DestructionUnfinished
from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.disposal.unit_tombstone import generation
from archiver.vault.errors import VaultInventoryDamaged
from archiver.vault.objects import bring_up, settle_head, sound_inventory
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.retention import extend_locks, retaining, term_of_object
from formats.ocfl.inventory import Inventory, VersionAuthor
from formats.ocfl.read import OcflInvalid

SHORTEST_LOCK = timedelta(days=1)
"""How long a file is locked at least that is added to an object whose term has ended."""


FoundObject = Sequence[tuple[Replica, Inventory | None]]
"""An object on every storage of a vault; nothing where a storage lacks it."""


def vault_author(description: VaultDescription) -> VersionAuthor:
    """Return the vault as the author of versions."""
    return VersionAuthor(name=description.name, address=description.id)


def find_object(vault: Vault, object_id: str) -> FoundObject:
    """Return what each storage of ``vault`` has of an object: sound inventories, from which a version may be made.

    Raises:
        VaultInventoryDamaged: when that of a storage is not sound.
        LimitExceeded, StorageUnreachable, StorageRefused, DiskFault: what a storage answered.
    """
    return [(one, _found(one, object_id)) for one in vault.replicas]


def _found(replica: Replica, object_id: str) -> Inventory | None:
    try:
        return sound_inventory(replica.storage, object_id)
    except OcflInvalid as failure:
        raise VaultInventoryDamaged(storage=replica.name, object=object_id, detail=failure) from failure


def newest_inventory(found: FoundObject) -> Inventory | None:
    """Return the inventory with the most versions, or nothing where no storage has the object.

    What is destroyed furthest comes before all: no storage takes back what another has destroyed.
    """
    return max(
        (one for _, one in found if one),
        key=lambda one: (generation(one), len(one.versions)),
        default=None,
    )


def bring_up_all(
    vault: Vault, catalogue: Catalogue, found: FoundObject, newest: Inventory, *, at: datetime
) -> bool:
    """Bring every storage to the ``newest`` version, and lengthen its locks; tell whether one lacked anything.

    Raises:
        DestructionUnfinished: when a storage has what another destroyed; Failure: what a storage answered.
    """
    source = next(one for one, inventory in found if inventory == newest)
    lagging = [(one, inventory) for one, inventory in found if inventory != newest]
    whole = [one for _, one in lagging if one and generation(one) < generation(newest)]
    if whole or (lagging and is_tombstone(newest)):
        raise DestructionUnfinished(package=newest.id)
    if lagging and newest.id != vault.description.id:
        catalogue.begin(newest.id)
    settle_head(source.storage, newest)
    until = lasting(term_of_object(vault.description, [(source, newest)], at=at), at) if lagging else at
    for one, inventory in lagging:
        bring_up(source.storage, retaining(one, until), newest, inventory)
        extend_locks(one, newest.id, until)
    return bool(lagging)


def lasting(until: datetime, at: datetime) -> datetime:
    """Return ``until``, or the shortest lock from ``at`` where it has ended: storages lock nothing until the past."""
    return max(until, at + SHORTEST_LOCK)
