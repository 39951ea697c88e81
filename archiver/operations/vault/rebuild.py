"""Make the catalogue of a vault again from the files alone, beside the one that is there, which it then replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archiver import disk
from archiver.storage.object_store import ObjectStore
from archiver.storage.tree import StorageTree
from archiver.vault import catalogue
from archiver.vault.catalogue import Catalogue, open_catalogue_at
from archiver.vault.index import read_receipts
from archiver.vault.objects import inventory_at, settle_head
from archiver.vault.open_vault import Replica, Vault
from archiver.verdict import fault_line
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.ocfl.check_root import check_root
from formats.ocfl.codes import broken_rule
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


def rebuild(vault: Vault, *, progress: Callable[[int], None] = lambda _: None) -> RebuiltCatalogue:
    """Make the catalogue of ``vault`` again.

    Raises:
        StorageUnreachable, StorageRefused: when a storage does not answer: a catalogue without it would be wrong.
        DiskFull, DiskFault: as the disk answers; the catalogue that was there stays.
    """
    aside = vault.folder / f"{catalogue.NAME}.new"
    disk.remove(aside)
    disk.make_private(aside)
    catalogue.create_catalogue(aside)
    findings: list[Finding] = []
    places: defaultdict[str, set[str]] = defaultdict(set)
    for replica in vault.replicas:
        for one in check_root(StorageTree(replica.storage)):
            if isinstance(one, Finding):
                findings.append(_placed(one, replica.name))
            else:
                places[one].add(replica.name)
        findings += _hidden(replica)
    with open_catalogue_at(aside) as made:
        deposits = _index(vault, made, places, findings, progress)
    disk.move_in_place(str(aside), str(vault.folder / catalogue.NAME), settled=True)
    objects = len(places) - (object_place(vault.description.id) in places)
    return RebuiltCatalogue(objects=objects, deposits=deposits, findings=tuple(findings))


def _index(
    vault: Vault,
    made: Catalogue,
    places: defaultdict[str, set[str]],
    findings: list[Finding],
    progress: Callable[[int], None],
) -> int:
    deposits = 0
    ordered = sorted(places)
    for start in range(0, len(ordered), TOGETHER):
        with made.transaction():
            for place in ordered[start : start + TOGETHER]:
                deposits += _index_object(vault, made, place, places[place], findings)
                progress(1)
    return deposits


def _index_object(
    vault: Vault, made: Catalogue, place: str, replicas: set[str], findings: list[Finding]
) -> int:
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
    if not found or found[0][1].id == vault.description.id:
        return 0
    found.sort(key=lambda one: -len(one[1].versions))
    try:
        receipts = read_receipts(found)
    except Failure as failure:
        findings.append(fault_line(failure))
        receipts = []
    made.write(found[0][1].id, receipts, [(one.name, inventory.head) for one, inventory in found])
    return len(receipts)


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
