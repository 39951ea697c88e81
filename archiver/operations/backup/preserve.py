"""Preserve the versions of a backup: locks are lengthened as long as something is needed, and what is not is pruned.

1. Needed is every package that a run names which the policy preserves (``archiver.backup.policy``), and always every
   package of the newest run: nothing that is the only copy of a dossier of the store is ever removed.
2. On a storage that locks, everything that is needed is locked for the days that are agreed, again when half are left.
3. A package that is not needed is removed from a storage when its lock has ended there; what refuses stays.
4. A package without a list, which a run left that was ended, is needed by none.

Each removal is in the journal of the vault, before and after. The declaration of an object goes last, and then its
entry in the catalogue: an ended removal is gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from archiver.backup.errors import BackupListInvalid
from archiver.backup.run_list import RunList
from archiver.backup.state import state_moment
from archiver.operations.backup.backup_vault import Backup, WorkingBackup
from archiver.operations.backup.stored_runs import StoredRun, read_stored_run, stored_runs
from archiver.storage.errors import StorageObjectLocked, StorageObjectMissing
from archiver.vault.catalogue import IndexedObject
from archiver.vault.journal.acts import PRUNED, PRUNING
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Replica
from archiver.vault.retention import extend_locks
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import object_place, root_files


def lengthen_locks(
    backup: Backup, run: RunList, locked: Mapping[str, str], *, at: datetime
) -> dict[str, str]:
    """Follow step 2 for what ``run`` needs and the vault itself; return until when each object is locked.

    Raises:
        StorageLockUnheld, StorageUnreachable, StorageRefused, StorageClockDiffers: what a storage answered.
    """
    replicas = [one for one in backup.vault.replicas if one.entry.locks]
    if not replicas:
        return {}
    days = backup.description.lock_days
    until = at + timedelta(days=days)
    soon = state_moment(at + timedelta(days=days / 2))
    own = backup.vault.description.id
    result = dict(locked)
    for name in (own, *sorted(run.objects)):
        if result.get(name, "") < soon:
            for one in replicas:
                extend_locks(one, name, until)
                _extend_root(one, until, whole=name == own)
            result[name] = state_moment(until)
    return result


def _extend_root(replica: Replica, until: datetime, *, whole: bool) -> None:
    for key in root_files() if whole else ():
        replica.storage.extend_lock(key, until)


def prune(working: WorkingBackup, run: RunList, locked: Mapping[str, str], *, at: datetime) -> int:
    """Follow steps 1, 3 and 4; return how many packages were removed from every storage.

    A list that cannot be relied on keeps every package: nobody knows what it needs.

    Raises:
        StorageUnreachable, StorageRefused, DiskFault: what a storage answered.
    """
    backup = working.backup
    runs = stored_runs(backup.vault, working.catalogue)
    chosen = backup.description.policy.preserved((one.number, one.at) for one in runs)
    try:
        needed = run.objects | set(_needed(runs, chosen, backup, at))
    except BackupListInvalid:
        return 0
    count, now = 0, state_moment(at)
    for name in sorted({one for one, _, _ in working.catalogue.objects()} - needed):
        if locked.get(name, "") <= now:
            working.catalogue.begin(name)
            _note(backup, name, PRUNING, at)
            removed = [_remove(one, name) for one in backup.vault.replicas]
            if all(removed):
                with working.catalogue.transaction():
                    working.catalogue.write(
                        IndexedObject(object_id=name, receipts=(), statements=(), heads=())
                    )
                working.table.forget(name)
                _note(backup, name, PRUNED, at)
                count += 1
    return count


def _note(backup: Backup, name: str, outcome: str, at: datetime) -> None:
    """Write into the journal of the vault what is about to be removed, and what was."""
    record(
        backup.vault,
        [JournalEntry(act=VaultAct.DESTRUCTION, object_id=name, outcome=outcome)],
        at=at,
    )


def _needed(runs: list[StoredRun], chosen: set[int], backup: Backup, at: datetime) -> Iterator[str]:
    for one in runs:
        if one.number in chosen:
            yield from read_stored_run(one, backup.trust(at)).objects


def _remove(replica: Replica, name: str) -> bool:
    """Remove an object from a storage; tell whether nothing of it is left."""
    place = object_place(name)
    keys = [one.key for one in replica.storage.list(f"{place}/")]
    declaration = f"{place}/{OBJECT_DECLARATION}"
    try:
        for key in sorted(keys, key=lambda one: one == declaration):
            replica.storage.remove(key)
    except StorageObjectMissing:
        return False
    except StorageObjectLocked:
        return False
    return True
