"""Versions in the storages of a vault that no entry of its journal is about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.operations.vault.fetch import find_stored
from archiver.vault.catalogue import Catalogue
from archiver.vault.journal.acts import found_entry
from archiver.vault.journal.version_ledger import VersionLedger
from archiver.vault.open_vault import Vault
from formats.findings import Finding


def version_findings(vault: Vault, catalogue: Catalogue, ledger: VersionLedger) -> Iterator[Finding]:
    """Yield the versions without an entry; those of deposits are found by their receipts (``DepositLedger``).

    What a command noted before it was ended is open: the next one records it. Objects are those of the catalogue.
    """
    own, first = vault.description.id, {vault.description.id, *catalogue.unfinished()}
    for name in chain(sorted(first), (one for one in catalogue.object_ids() if one not in first)):
        found, _ = find_stored(vault, name)  # a storage that does not answer is what an audit says
        noted = {version for version, _ in catalogue.unrecorded(name)}
        for _, inventory in found[:1]:
            for version in ledger.unrecorded(inventory):
                if version in noted:
                    yield journal_finding(codes.VERSION_PENDING, name, version=version)
                elif found_entry(inventory, version, own=own) is not None:
                    yield journal_finding(codes.VERSION_UNRECORDED, name, version=version)
