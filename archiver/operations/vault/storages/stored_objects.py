"""Objects of a vault by what its storages list, and by its catalogue: nothing that one of them knows is passed over."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.storage.tree import StorageTree
from archiver.vault.catalogue import Catalogue
from archiver.vault.objects import inventory_at
from archiver.vault.open_vault import Replica
from formats.errors import FormatFailure
from formats.ocfl.check_root import check_root
from formats.ocfl.layout import object_place


def find_stored_objects(replicas: Iterable[Replica], catalogue: Catalogue) -> dict[str, str]:
    """Return the identifier of every object on ``replicas`` or in the ``catalogue``, by its place in a storage root.

    An object whose inventory nobody can read, and that is in no catalogue, has its place for an identifier.

    Raises:
        StorageUnreachable, StorageRefused, DiskFault: what a storage answered.
    """
    found = {object_place(one): one for one in catalogue.object_ids()}
    for replica in replicas:
        for place in check_root(StorageTree(replica.storage)):
            if isinstance(place, str) and place not in found:
                found[place] = _identifier(replica, place)
    return found


def _identifier(replica: Replica, place: str) -> str:
    try:
        inventory = inventory_at(replica.storage, place)
    except FormatFailure:
        return place
    return inventory.id if inventory is not None else place
