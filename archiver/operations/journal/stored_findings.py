"""What lies in the storages of a vault, compared with its journal: deposits, and versions that no entry is about.

The inventory of an object is read once from each storage, and both comparisons are made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from archiver.operations.journal import codes
from archiver.operations.journal.codes import journal_finding
from archiver.operations.journal.deposit_ledger import AnsweredInventory, DepositLedger
from archiver.vault.catalogue import Catalogue
from archiver.vault.index import newest_first
from archiver.vault.journal.acts import found_entry
from archiver.vault.journal.version_ledger import VersionLedger
from archiver.vault.objects import find_inventory
from archiver.vault.open_vault import Vault
from formats.errors import Failure
from formats.findings import Finding
from formats.ocfl.inventory import Inventory


def stored_findings(
    vault: Vault, catalogue: Catalogue, ledger: DepositLedger, versions: VersionLedger, begun: str
) -> list[Finding]:
    """Return where the storages and the journal, which began at a moment, do not say the same; deposits are first.

    Objects are those of the catalogue, their receipts and versions those of the storages.
    """
    deposits, others = list[Finding](), list[Finding]()
    first = {vault.description.id, *catalogue.unfinished()}
    for name in chain(sorted(first), (one for one in catalogue.object_ids() if one not in first)):
        answered = list(_answered(vault, name))
        deposits += ledger.compare(catalogue, name, answered, begun)
        others += _version_findings(vault, catalogue, name, answered, versions)
    return [*deposits, *ledger.missing(), *others]


def _answered(vault: Vault, name: str) -> Iterator[AnsweredInventory]:
    """Yield what each storage answers of an object."""
    for replica in vault.replicas:
        try:
            yield replica, find_inventory(replica.storage, name)
        except Failure as failure:
            yield replica, failure


def _version_findings(
    vault: Vault,
    catalogue: Catalogue,
    name: str,
    answered: Sequence[AnsweredInventory],
    ledger: VersionLedger,
) -> Iterator[Finding]:
    """Yield the versions of an object without an entry; those of deposits are found by their receipts.

    What a command noted before it was ended is open: the next one records it. A storage that does not answer is what an
    audit says.
    """
    found = [(replica, one) for replica, one in answered if isinstance(one, Inventory)]
    noted = {version for version, _ in catalogue.unrecorded(name)}
    for _, inventory in sorted(found, key=newest_first)[:1]:
        for version in ledger.unrecorded(inventory):
            if version in noted:
                yield journal_finding(codes.VERSION_PENDING, name, version=version)
            elif found_entry(inventory, version, own=vault.description.id) is not None:
                yield journal_finding(codes.VERSION_UNRECORDED, name, version=version)
