"""What entries say of the acts of a vault: outcomes and facts, the same wherever an act is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archiver.vault.checks import Check, CheckOutcome
from archiver.vault.deposit_receipt import read_deposit_receipt
from archiver.vault.disposal.destruction import RequestedPackage
from archiver.vault.journal.entry import VERSION_FACT, JournalEntry, VaultAct, journal_moment
from formats.digests import Digest
from formats.ocfl.inventory import Inventory

ACCEPTED = "accepted"
GIVEN_AGAIN = "receipt-given-again"
GRANTED = "granted"
PARITY_MADE = "parity-made"
REPAIRED = "repaired"
STILL_DAMAGED = "still-damaged"
FOUND = "version-found"
RUN_LISTED = "backup-run-listed"
REVISED = "revised"
DESTRUCTION_REQUESTED = "requested"
DESTRUCTION_WITHDRAWN = "withdrawn"
DESTRUCTION_BEGUN = "begun"
DESTRUCTION_DONE = "done"
DESTRUCTION_FACT = "destruction"
"""Fact of an entry about a destruction: the identifier of its object."""
PRUNING = "pruning"
PRUNED = "pruned"
"""Outcomes of the removal of a package that no run of a backup needs any more: about to begin, and done."""
STORAGE_ADDED = "storage-added"
STORAGE_FILLED = "storage-filled"
STORAGE_RETIRED = "storage-retired"
STORAGE_CLEARING_BEGUN = "storage-clearing-begun"
STORAGE_EMPTIED = "storage-emptied"
STORAGE_PARTLY_CLEARED = "storage-partly-cleared"
STORAGE_CLEARED = "storage-cleared"
STORAGE_FACT = "storage"
"""Fact of an entry about a storage as a whole: its name, which is never given again."""
RECEIPT_FACT = "receipt_sha256"
REASON_FACT = "reason"
UNITS_FACT = "units"
"""How many units of a package an act is about, where it is not about the package as a whole."""
_ACTS = {
    "parity": VaultAct.PARITY,
    "evidence": VaultAct.RENEWAL,
    "holds": VaultAct.HOLD,
    "destruction": VaultAct.DESTRUCTION,
    "description": VaultAct.DESCRIPTION,
    "preservation-profile": VaultAct.DESCRIPTION,
}
"""Acts by the first folder of the logical paths that their versions add."""


def deposit_entry(object_id: str, receipt: bytes, where: str, outcome: str) -> JournalEntry:
    """Return the entry of a deposit by its ``receipt``, which lists the digests of all that was deposited.

    Raises:
        VaultStatementInvalid: when it is no receipt.
    """
    found = read_deposit_receipt(receipt, where)
    return JournalEntry(
        act=VaultAct.DEPOSIT,
        object_id=object_id,
        outcome=outcome,
        facts={
            "revision": found.revision,
            "accepted_at": found.accepted_at,
            "files": found.files,
            "size": found.size,
            RECEIPT_FACT: Digest.of(receipt).hex,
        },
    )


def run_entry(object_id: str, number: int) -> JournalEntry:
    """Return the entry of the list of a backup's run, which comes into the object of its package."""
    return JournalEntry(act=VaultAct.DEPOSIT, object_id=object_id, outcome=RUN_LISTED, facts={"run": number})


def check_entries(checks: Iterable[Check]) -> Iterator[JournalEntry]:
    """Yield an entry for each check: what was wrong is not said, names of files may be in it."""
    for one in checks:
        yield JournalEntry(
            act=VaultAct.CHECK,
            object_id=one.object_id,
            outcome=one.outcome.value,
            facts={"storage": one.storage, "size": one.size, "checked_at": one.at},
        )


def description_entry(revision: int, changed: Mapping[str, str | int]) -> JournalEntry:
    """Return the entry of a new ``revision`` of the vault's description; ``changed`` says what it is about."""
    facts = {"revision": revision, **changed}
    return JournalEntry(act=VaultAct.DESCRIPTION, outcome=REVISED, facts=facts)


def storage_entry(
    outcome: str, storage: str, facts: Mapping[str, str | int], agent: str = ""
) -> JournalEntry:
    """Return the entry of what was done with a storage as a whole: added, filled, retired, cleared."""
    clearing = {STORAGE_CLEARING_BEGUN, STORAGE_EMPTIED, STORAGE_PARTLY_CLEARED, STORAGE_CLEARED}
    act = VaultAct.DESTRUCTION if outcome in clearing else VaultAct.DESCRIPTION
    return JournalEntry(act=act, outcome=outcome, agent=agent, facts={STORAGE_FACT: storage, **facts})


def parity_entry(object_id: str, *, files: int, size: int, percent: int) -> JournalEntry:
    """Return the entry of parity: so many ``files`` got it, of ``percent`` of their bytes, ``size`` bytes in all."""
    facts: dict[str, str | int] = {"files": files, "size": size, "redundancy_percent": percent}
    return JournalEntry(act=VaultAct.PARITY, object_id=object_id, outcome=PARITY_MADE, facts=facts)


def found_entry(inventory: Inventory, version: str, *, own: str) -> JournalEntry | None:
    """Return the entry of a ``version`` that was found without any, or nothing of a deposit, which is made again.

    ``own`` is the object of the vault.
    """
    names = [*inventory.versions]
    before = names[: names.index(version)]
    there = set(inventory.logical_paths(before[-1])) if before else set()
    added = sorted(set(inventory.logical_paths(version)) - there)
    if any(one.startswith("receipts/") for one in added):
        return None
    acts = (_ACTS.get(one.partition("/")[0]) for one in added)
    return JournalEntry(
        act=next((one for one in acts if one), VaultAct.DEPOSIT),
        object_id="" if inventory.id == own else inventory.id,
        outcome=FOUND,
        facts={VERSION_FACT: version, "created": journal_moment(inventory.versions[version].created)},
    )


def repair_entry(check: Check, *, files: int) -> JournalEntry:
    """Return the entry of the repair of a copy, of which so many ``files`` were not whole, by the check afterwards."""
    return JournalEntry(
        act=VaultAct.REPAIR,
        object_id=check.object_id,
        outcome=REPAIRED if check.outcome is CheckOutcome.OK else STILL_DAMAGED,
        facts={"storage": check.storage, "files": files},
    )


def destruction_entry(
    act: VaultAct, request: str, package: RequestedPackage, outcome: str, agent: str = ""
) -> JournalEntry:
    """Return the entry of what became of a ``package`` of a ``request`` of destruction, or of some of its units."""
    facts: dict[str, str | int] = {DESTRUCTION_FACT: request}
    if package.only:
        facts[UNITS_FACT] = len(package.only)
    return JournalEntry(act=act, object_id=package.object_id, outcome=outcome, agent=agent, facts=facts)


def destroys_whole(entry: JournalEntry) -> bool:
    """Whether an entry is about the destruction of a whole package: of one that lost units, the rest stays."""
    return entry.act is VaultAct.DESTRUCTION and UNITS_FACT not in entry.facts


def removes_whole(entry: JournalEntry) -> bool:
    """Whether a whole package is not looked for any more after an entry: its removal began, or is done.

    What was asked for, withdrawn or refused removes nothing.
    """
    outcomes = {DESTRUCTION_BEGUN, DESTRUCTION_DONE, PRUNING, PRUNED}
    return destroys_whole(entry) and entry.outcome in outcomes


def access_entry(object_id: str, *, files: int, agent: str, reason: str) -> JournalEntry:
    """Return the entry of an access: so many ``files`` are about to be given to somebody who says why."""
    facts: dict[str, str | int] = {"files": files}
    if reason:
        facts[REASON_FACT] = reason
    return JournalEntry(act=VaultAct.ACCESS, object_id=object_id, outcome=GRANTED, agent=agent, facts=facts)
