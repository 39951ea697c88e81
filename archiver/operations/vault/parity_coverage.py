"""What has parity in a vault, and what has none, by the inventories in its storages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.operations.vault.fetch import find_stored
from archiver.vault.catalogue import Catalogue
from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.open_vault import Vault
from archiver.vault.stored_parity import deposited_files, protected_files
from formats.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class ParityCoverage:
    """How many deposited files of an object have parity, by its newest inventory, and how many have none."""

    object_id: str
    protected: int
    lacking: int


def parity_coverage(vault: Vault, catalogue: Catalogue, findings: list[Finding]) -> Iterator[ParityCoverage]:
    """Yield what has parity; ``findings`` gets the storages that did not answer. What was destroyed is passed over."""
    for object_id in catalogue.object_ids():
        found, noticed = find_stored(vault, object_id)
        findings += noticed
        if found and not is_tombstone(found[0][1]):
            protected = len(protected_files(found[0][1]))
            lacking = len(deposited_files(found[0][1])) - protected
            yield ParityCoverage(object_id=object_id, protected=protected, lacking=lacking)
