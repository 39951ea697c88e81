"""Make the catalogue of a vault again from the files alone, beside the one that is there, which it then replaces.

Versions that no entry of the journal is about get one, and it says that they were found: what was noted of a command
that was ended before it wrote its entry is lost with the catalogue. A deposit gets none: it was never acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from archiver import disk
from archiver.operations.vault.storage_root import damaged_root_files
from archiver.spooled_list import SortedSpool
from archiver.storage.object_store import ObjectStore
from archiver.storage.tree import StorageTree
from archiver.vault import catalogue
from archiver.vault.catalogue import Catalogue, IndexedObject, open_catalogue, open_catalogue_at
from archiver.vault.errors import CatalogueUnreadable
from archiver.vault.index import indexed_object, newest_first
from archiver.vault.journal.acts import found_entry
from archiver.vault.journal.entry import JournalEntry
from archiver.vault.journal.errors import JournalMissing
from archiver.vault.journal.read import own_entries
from archiver.vault.journal.version_ledger import VersionLedger, open_version_ledger
from archiver.vault.journal.write import record
from archiver.vault.objects import inventory_at, settle_head
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.settle import settle_objects
from archiver.verdict import fault_line
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.ocfl.check_root import check_root
from formats.ocfl.codes import broken_rule
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place
from formats.words import mark

TOGETHER = 500
"""Objects of one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RebuiltCatalogue:
    """How many objects and deposits there are; ``findings`` are what does not belong there, or cannot be read."""

    objects: int
    deposits: int
    findings: tuple[Finding, ...]


def rebuild(
    vault: Vault, *, at: datetime | None = None, progress: Callable[[int], None] = lambda _: None
) -> RebuiltCatalogue:
    """Make the catalogue of ``vault`` again; the caller holds its lock.

    What is found without an entry is recorded ``at`` a moment; without one the vault is only read.

    Raises:
        StorageUnreachable, StorageRefused: when a storage does not answer: a catalogue without it would be wrong.
        DiskFull, DiskFault: as the disk answers; the catalogue that was there stays.
    """
    if at is not None:
        _settle(vault, at)
    aside = vault.folder / f"{catalogue.NAME}.new"
    disk.remove(aside)
    disk.make_private(aside)
    catalogue.create_catalogue(aside)
    findings: list[Finding] = []
    places = places_by_object(vault.replicas, findings)
    with open_catalogue_at(aside) as made, open_version_ledger(vault.description.id) as ledger:
        with suppress(JournalMissing):
            for logged in own_entries(vault.folder) if at is not None else ():
                ledger.add(logged)
        found = list[JournalEntry]()
        objects, deposits = _index(vault, made, places, findings, ledger, found, progress)
    if at is not None:
        record(vault, found, at=at)
    disk.move_in_place(str(aside), str(vault.folder / catalogue.NAME), settled=True)
    return RebuiltCatalogue(objects=objects, deposits=deposits, findings=tuple(findings))


def places_by_object(replicas: Iterable[Replica], findings: list[Finding]) -> Iterator[tuple[str, set[str]]]:
    """Yield the place of each object with the replicas that have it, in order; ``findings`` get what is wrong.

    Every replica is read to its end before the first is yielded; no list of the places is in memory.
    """
    found = SortedSpool[tuple[str, str]]()
    for replica in replicas:
        for one in check_root(StorageTree(replica.storage)):
            if isinstance(one, Finding):
                findings.append(_placed(one, replica.name))
            else:
                found.add(one, (one, replica.name))
        findings += _hidden(replica)
        findings += _unlike(replica)
    each = groupby(found, key=lambda one: one[0])
    return ((place, {name for _, name in names}) for place, names in each)


def _index(
    vault: Vault,
    made: Catalogue,
    places: Iterator[tuple[str, set[str]]],
    findings: list[Finding],
    ledger: VersionLedger,
    entries: list[JournalEntry],
    progress: Callable[[int], None],
) -> tuple[int, int]:
    """Write every object into the catalogue ``made``; return how many there are, and how many deposits.

    ``entries`` get those that versions without any are to have.
    """
    objects = deposits = 0
    own = vault.description.id
    while some := list(islice(places, TOGETHER)):
        with made.transaction():
            for place, replicas in some:
                objects += place != object_place(own)
                found = _found(vault, place, replicas, findings)
                for version in ledger.unrecorded(found[0][1]) if found else ():
                    entry = found_entry(found[0][1], version, own=own)
                    entries += [entry] if entry else []
                if found and found[0][1].id != own:
                    deposits += _index_object(made, found, findings)
                progress(1)
    return objects, deposits


def _settle(vault: Vault, at: datetime) -> None:
    """Finish what the catalogue that is there, if it can be read, says was left unfinished."""
    with suppress(CatalogueUnreadable), open_catalogue(vault.folder) as before:
        for name in before.unfinished():
            with suppress(Failure):
                settle_objects(vault, before, [name], at=at)


def _found(
    vault: Vault, place: str, replicas: set[str], findings: list[Finding]
) -> list[tuple[Replica, Inventory]]:
    """Return the replicas that have the object at ``place``, the newest first."""
    found = []
    for replica in vault.replicas:
        try:
            inventory = inventory_at(replica.storage, place) if replica.name in replicas else None
            if inventory is not None:
                settle_head(replica.storage, inventory)
                found.append((replica, inventory))
        except Failure as failure:
            findings.append(fault_line(failure))
    for replica, inventory in found:
        if object_place(inventory.id) != place:
            findings.append(_placed(broken_rule("E112", place, inventory.id), replica.name))
    found = [one for one in found if object_place(one[1].id) == place]
    return sorted(found, key=newest_first)


def _index_object(made: Catalogue, found: list[tuple[Replica, Inventory]], findings: list[Finding]) -> int:
    name, heads = found[0][1].id, [(one.name, inventory.head) for one, inventory in found]
    try:
        indexed = indexed_object(name, found, heads)
    except Failure as failure:
        findings.append(fault_line(failure))
        indexed = IndexedObject(object_id=name, receipts=(), statements=(), heads=heads)
    made.write(indexed)
    return len(indexed.receipts)


def _hidden(replica: Replica) -> Iterator[Finding]:
    """Yield what lies below a delete marker of a storage that locks: nothing lists it, and it stays."""
    if not (replica.entry.locks and isinstance(replica.storage, ObjectStore)):
        return
    for one in replica.storage.versions():
        if one.deletion and one.newest:
            yield Finding(
                severity=Severity.WARNING,
                code="vault-file-hidden",
                where=f"{replica.name}: {one.key}",
                sentence=mark(
                    "This is hidden below a delete marker, and stays until its lock ends: a deposit was ended and"
                    " another took its place, or somebody deleted it. If an audit misses it, run vault repair."
                ),
            )


def _unlike(replica: Replica) -> Iterator[Finding]:
    """Yield the files of a storage root that are not what they are in every vault."""
    for key in damaged_root_files(replica):
        yield Finding(
            severity=Severity.WARNING,
            code="storage-root-damaged",
            where=f"{replica.name}: {key}",
            sentence=mark(
                "This file, which tells other programs how the storage is laid out, is missing or damaged: run vault"
                " repair."
            ),
        )


def _placed(finding: Finding, replica: str) -> Finding:
    """Return ``finding`` with the storage that it is about; files that no inventory names are no error of a vault."""
    if finding.code == "E072":
        return Finding(
            severity=Severity.WARNING,
            code="deposit-unfinished",
            where=f"{replica}: {finding.where}",
            sentence=mark(
                "Files lie here that belong to no object: a deposit was ended. Deposit the package again."
            ),
        )
    return Finding(
        severity=finding.severity,
        code=finding.code,
        where=f"{replica}: {finding.where}",
        sentence=finding.sentence,
        facts=finding.facts,
    )
