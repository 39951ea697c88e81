"""Repair of the damaged copies of a vault: file by file, then checked anew as an audit checks.

1. What is damaged is what the last check of a copy said; a storage that did not answer is no damage. One that answers
   and does not give back a file that it lists has found its own bytes rotten: that is damage.
2. The files that a copy needs are those of another storage whose copy is whole by a check of this moment; without one,
   those of its own inventory, whose digest beside it has to fit.
3. Each is made whole (``repair_object``): from a replica, another name, parity in the object, or all together.
4. The copy is checked, and what that comes to is recorded in the journal and written: nothing counts as repaired
   because somebody wrote it.

A storage that does not answer, or in whose place another disk is, stops none of the others: nothing is written there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.operations.vault.audit import CheckTask, check_task, is_unreadable, known_damage
from archiver.operations.vault.repair_object import RepairMethod, RepairOutcome, RepairRequest, repair_object
from archiver.storage.errors import StorageObjectMissing, StorageRefused, StorageUnreachable
from archiver.storage.storage import RetentionLock, Storage
from archiver.vault.checks import Check, CheckOutcome, CheckTable
from archiver.vault.disposal.unit_tombstone import WHOLE, Generation, generation
from archiver.vault.errors import StorageForeign
from archiver.vault.journal.acts import check_entries, repair_entry
from archiver.vault.journal.write import record
from archiver.vault.objects import inventory_at, read_small
from archiver.vault.open_vault import Replica, Vault, refuse_foreign_storage
from archiver.vault.retention import term_of_object
from archiver.vault.stored_parity import is_parity_of
from formats.digests import SHA512, Digest
from formats.errors import Failure
from formats.ocfl.inventory import NAME, OBJECT_DECLARATION, Inventory
from formats.ocfl.layout import object_place
from formats.ocfl.write import sidecar_bytes, sidecar_name


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRepair:
    """What became of a damaged copy: the files that were not whole, and the check afterwards.

    Where its storage let nothing be done, there are none, and the check is that of before.
    """

    check: Check
    files: tuple[RepairOutcome, ...] = ()

    @property
    def repaired(self) -> bool:
        """Whether the copy is whole now."""
        return self.check.outcome is CheckOutcome.OK


def repair_vault(vault: Vault, table: CheckTable, *, clock: Callable[[], datetime]) -> Iterator[CopyRepair]:
    """Yield what became of each copy that the last audit found damaged, or was not given, when it is written.

    Raises:
        ExtraMissing: when parity is needed and its program is not there; DiskFull and others: what a storage answered
            that writes.
    """
    replicas = {one.name: one for one in vault.replicas}
    for one in [each for each in known_damage(table) if each.storage in replicas]:
        target = replicas[one.storage]
        if one.outcome is CheckOutcome.UNCHECKED and not is_unreadable(_task(vault, one.object_id, target)):
            continue
        try:
            refuse_foreign_storage(target, vault.description.id)
            files = tuple(_repair_copy(vault, one.object_id, target, clock))
        except (StorageUnreachable, StorageRefused, StorageForeign):
            yield CopyRepair(check=one)
            continue
        check = check_task(_task(vault, one.object_id, target), clock)
        record(vault, [repair_entry(check, files=len(files)), *check_entries([check])], at=clock())
        table.put([check])
        yield CopyRepair(check=check, files=files)


def _task(vault: Vault, object_id: str, replica: Replica) -> CheckTask:
    return CheckTask(vault_id=vault.description.id, object_id=object_id, replica=replica)


def _repair_copy(
    vault: Vault, object_id: str, target: Replica, clock: Callable[[], datetime]
) -> Iterator[RepairOutcome]:
    """Follow steps 2 and 3; yield what became of each file that was not whole."""
    others = [one for one in vault.replicas if one.name != target.name]
    furthest = max(_generation(one, object_id) for one in vault.replicas)
    # no storage gives back to another what was destroyed there
    others = [one for one in others if _generation(one, object_id) == furthest or furthest == WHOLE]
    whole = next(
        (one for one in others if check_task(_task(vault, object_id, one), clock).outcome is CheckOutcome.OK),
        None,
    )
    place = object_place(object_id)
    inventory = _inventory(whole.storage if whole else target.storage, place)
    if inventory is None:
        return
    wanted = {f"{place}/{path}": digest for path, digest in inventory.content_paths().items()}
    if whole:
        wanted |= _other_files(whole.storage, place, wanted)
    storages = [target.storage, *(one.storage for one in others)]
    source = whole or target
    until = term_of_object(vault.description, [(source, inventory)], at=clock())
    start = f"{place}/"
    for key, digest in wanted.items():
        request = RepairRequest(
            key=key,
            digest=digest,
            storages=storages,
            parity=[one for one in wanted if is_parity_of(one.removeprefix(start), key.removeprefix(start))],
            elsewhere=[one for one in wanted if one != key],
            lock=RetentionLock(until=until) if target.entry.locks else None,
        )
        outcome = repair_object(request)
        if outcome.method is not RepairMethod.SOUND:
            yield outcome


def _generation(replica: Replica, object_id: str) -> Generation:
    """Return how far the storage has the package destroyed, as far as it answers."""
    try:
        inventory = inventory_at(replica.storage, object_place(object_id))
    except Failure:
        return WHOLE
    return generation(inventory) if inventory else WHOLE


def _inventory(storage: Storage, place: str) -> Inventory | None:
    """Return the inventory at ``place``, or nothing where it is not what its digest says."""
    try:
        inventory = inventory_at(storage, place)
        if inventory is None:
            return None
        data = read_small(storage, f"{place}/{NAME}")
        beside = read_small(storage, f"{place}/{sidecar_name(inventory)}")
    except Failure:
        return None
    return inventory if beside == sidecar_bytes(Digest.of(data, algorithm=SHA512)) else None


def _other_files(storage: Storage, place: str, content: dict[str, Digest]) -> dict[str, Digest]:
    """Return the digests of what a whole copy has besides its content; the declaration, which begins it, is last."""
    keys = [one.key for one in storage.list(f"{place}/") if one.key not in content]
    last = f"{place}/{OBJECT_DECLARATION}"
    found = {}
    for key in sorted(keys, key=lambda one: (one == last, one.count("/") == last.count("/"), one)):
        try:
            found[key] = Digest.of(read_small(storage, key), algorithm=SHA512)
        except StorageObjectMissing:
            continue
    return found
