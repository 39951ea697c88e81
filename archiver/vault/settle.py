"""Versions that an ended command wrote and did not finish: brought to every storage, recorded, and indexed.

1. Every storage is brought to the newest version that any of them has; one that an ended command retired is not.
2. The journal gets the entries that the command noted before it wrote a version, when that is there and it lacks them.
3. The catalogue is made anew from what lies there. A description of the vault that its folder lacks comes there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.storage.folder import PART_SUFFIX
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.description import (
    DESCRIPTION,
    MAX_DESCRIPTION_BYTES,
    NAME,
    description_of,
    read_description,
)
from archiver.vault.disposal.errors import DestructionUnfinished
from archiver.vault.found_object import bring_up_all, find_object, newest_inventory
from archiver.vault.index import index_object, stored_bytes
from archiver.vault.journal.entry import JournalEntry, read_noted_entries
from archiver.vault.journal.read import own_entries
from archiver.vault.journal.version_ledger import open_version_ledger
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault


def settle_additions(
    vault: Vault, catalogue: Catalogue, *, at: datetime, leave: Collection[str] = ()
) -> None:
    """Follow the steps for every object that an ended command left unfinished.

    What a destruction began is left to the destruction, and ``leave`` are the objects that the caller goes on with.

    Raises:
        Failure: what a storage answered.
    """
    settle_objects(vault, catalogue, sorted(set(catalogue.unfinished()).difference(leave)), at=at)


def settle_objects(vault: Vault, catalogue: Catalogue, names: Iterable[str], *, at: datetime) -> None:
    """Follow the steps for objects by their names; see ``settle_additions``."""
    each, noted = list(names), dict[tuple[str, str], list[JournalEntry]]()
    if vault.description.id in each:
        vault = _without_retired(vault)
    for name in each:
        found = find_object(vault, name)
        newest = newest_inventory(found)
        if newest is not None:
            with suppress(DestructionUnfinished):
                bring_up_all(vault, catalogue, found, newest, at=at)
            for version, text in catalogue.unrecorded(name):
                if version in newest.versions:
                    noted[name, version] = read_noted_entries(text)
    if noted:
        with open_version_ledger(vault.description.id) as ledger:
            for logged in own_entries(vault.folder):
                ledger.add(logged)
            lacking = [entries for place, entries in noted.items() if not ledger.has(*place)]
        record(vault, [one for entries in lacking for one in entries], at=at)
    for name in each:
        if name == vault.description.id:
            _settle_description(vault)
            with catalogue.transaction():
                catalogue.finish(name)
        else:
            index_object(vault, catalogue, name)


def _without_retired(vault: Vault) -> Vault:
    """Return ``vault`` without the storages that an ended command retired: they get nothing, not that they were."""
    for text in _later_descriptions(vault):
        after = {one.name for one in read_description(text.encode(), NAME).storages}
        vault = replace(vault, replicas=tuple(one for one in vault.replicas if one.name in after))
    return vault


def _settle_description(vault: Vault) -> None:
    """Write the newest description that the storages have into the folder of the vault, where it is not there."""
    for text in _later_descriptions(vault):
        disk.write_text(vault.folder / NAME, text, mode=disk.PRIVATE, replace=True)


def _later_descriptions(vault: Vault) -> Iterator[str]:
    """Yield the descriptions that the storages have and the folder of the vault lacks, in their order."""
    found = find_object(vault, vault.description.id)
    newest = newest_inventory(found)
    revision = description_of(vault.folder).revision + 1
    while newest is not None and (path := DESCRIPTION.format(revision=revision)) in newest.logical_paths():
        replica = next(one for one, inventory in found if inventory == newest)
        yield stored_bytes(replica, newest, path, MAX_DESCRIPTION_BYTES).decode()
        revision += 1


def settled_vault(vault: Vault, *, at: datetime) -> Vault:
    """Return ``vault`` with the description that a change of it begins from: what an ended one began is finished.

    Its storages are those of ``vault`` that are still in service.

    Raises:
        CatalogueUnreadable; Failure: what a storage answered.
    """
    _remove_parts(vault.folder)
    with open_catalogue(vault.folder) as catalogue:
        own = {vault.description.id}.intersection(catalogue.unfinished())
        settle_objects(vault, catalogue, own, at=at)
    _settle_description(vault)
    description = description_of(vault.folder)
    entries = {one.name: one for one in description.storages}
    replicas = tuple(replace(one, entry=entries[one.name]) for one in vault.replicas if one.name in entries)
    return replace(vault, description=description, replicas=replicas)


def _remove_parts(folder: Path) -> None:
    """Remove what ended commands wrote aside in the folder of a vault and did not name; the caller has its lock."""
    for name in (NAME, "storage"):
        for left in folder.glob(f".{name}*{PART_SUFFIX}"):
            disk.remove(left)
