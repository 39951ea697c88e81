"""Whether the disk in the place of a retired storage is the one that was retired, and not one in service.

Two disks that were exchanged, a link, or a second name of a bucket: the object of the vault lies on either. But the
version of it whose description has the storage among those of before, and all that came later, went to the storages in
service alone. A disk that has any of them is not the one that was retired.
"""

from __future__ import annotations

import re

from archiver.storage.storage import Storage
from archiver.vault.description import (
    DESCRIPTION,
    MAX_DESCRIPTION_BYTES,
    FormerStorage,
    VaultDescription,
    read_description,
)
from archiver.vault.errors import StorageNotRetired
from archiver.vault.found_object import find_object
from archiver.vault.index import newest_first, stored_bytes
from archiver.vault.open_vault import Replica, Vault
from formats.errors import Failure
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

_VERSION = re.compile(r"v(\d+)/")


def refuse_another_disk(vault: Vault, former: FormerStorage, storage: Storage) -> None:
    """Refuse what lies at the address of a ``former`` storage of a vault, where it is not the disk that was retired.

    Raises:
        StorageNotRetired: when it has a version of the vault's object that came after, or when no storage in service
            has one, so that another disk is in the place of those. What a storage answered.
    """
    after, place = _version_after(vault, former.entry.name), f"{object_place(vault.description.id)}/"
    there = (_VERSION.match(one.key.removeprefix(place)) for one in storage.list(place))
    if not after or any(one and int(one[1]) >= after for one in there):
        raise StorageNotRetired(storage=former.entry.address, name=former.entry.name)


def _version_after(vault: Vault, name: str) -> int:
    """Return the number of the first version whose description has a storage among those of before; 0: there is none.

    A storage that was retired is in no later description again among those in service.
    """
    stored = sorted(
        ((one, known) for one, known in find_object(vault, vault.description.id) if known), key=newest_first
    )
    number = 0
    for revision in range(vault.description.revision, 0, -1):
        path = DESCRIPTION.format(revision=revision)
        having = [(one, known) for one, known in stored if path in known.logical_paths()]
        if having:
            if all(one.entry.name != name for one in _description(having, path).former):
                break
            number = _added_by(having[0][1], path)
    return number


def _description(having: list[tuple[Replica, Inventory]], path: str) -> VaultDescription:
    """Return a description from the first storage that gives it back.

    Raises:
        VaultInvalid; what the last storage answered.
    """
    for replica, inventory in having[:-1]:
        try:
            return read_description(stored_bytes(replica, inventory, path, MAX_DESCRIPTION_BYTES), path)
        except Failure:
            continue
    return read_description(stored_bytes(*having[-1], path, MAX_DESCRIPTION_BYTES), path)


def _added_by(inventory: Inventory, path: str) -> int:
    """Return the number of the version that added a logical path."""
    return 1 + next(
        number
        for number, version in enumerate(inventory.versions)
        if path in inventory.logical_paths(version)
    )
