"""Read back what a run wrote, and some of what is due; mend it; say whether everything that a run needs is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from archiver.backup.run_list import RunList
from archiver.backup.state import state_moment
from archiver.operations.backup.backup_vault import WorkingBackup
from archiver.operations.vault.audit import CheckTask, audit, due_checks
from archiver.operations.vault.repair_vault import repair_vault
from archiver.vault.checks import Check, CheckOutcome
from archiver.vault.found_object import bring_up_all, find_object, newest_inventory
from archiver.vault.index import index_object

DUE_BYTES = 4 << 30
"""Bytes that a run reads again of what is due: a disk gives them in a minute, and a line in an hour."""


def check_run(
    working: WorkingBackup, run: RunList, *, fresh: bool, clock: Callable[[], datetime]
) -> list[Check]:
    """Check the package of ``run`` on every storage where it is ``fresh``, then what is due; return the checks."""
    vault, table = working.backup.vault, working.table
    tasks = [
        CheckTask(vault_id=vault.description.id, object_id=run.object_id, replica=one)
        for one in vault.replicas
        if fresh
    ]
    size = 0
    for one in due_checks(vault, working.catalogue, table, at=clock()):
        size += one.size
        if size <= DUE_BYTES and not (fresh and one.object_id == run.object_id):
            tasks.append(one)
    return list(audit(vault, tasks, table, clock=clock))


def mend_copies(working: WorkingBackup, run: RunList, *, clock: Callable[[], datetime]) -> int:
    """Bring to each storage what it lacks of what ``run`` needs: it was not there at an earlier run; return how much.

    Raises:
        StorageDigestMismatch, DiskFull, DiskFault and others: what a storage answered.
    """
    vault, count = working.backup.vault, 0
    if len(vault.replicas) < len(vault.description.storages) or len(vault.replicas) == 1:
        return 0
    for name in sorted(run.objects):
        found = find_object(vault, name)
        newest = newest_inventory(found)
        if newest is not None and bring_up_all(vault, working.catalogue, found, newest, at=clock()):
            index_object(vault, working.catalogue, name)
            count += 1
    return count


def mend_damage(working: WorkingBackup, checks: list[Check], *, clock: Callable[[], datetime]) -> int:
    """Mend what ``checks`` found damaged from another storage; return how many copies are whole again.

    Raises:
        DiskFull, DiskFault and others: what a storage answered that writes.
    """
    if all(one.outcome is not CheckOutcome.DAMAGED for one in checks):
        return 0
    return sum(one.repaired for one in repair_vault(working.backup.vault, working.table, clock=clock))


def verified_moment(working: WorkingBackup, run: RunList, *, at: datetime) -> str:
    """Return since when everything that ``run`` needs is verified: nothing where some of it is not.

    A package is verified that one storage at least has whole, by a check within the interval of the vault. The moment
    is that of the check that is longest ago.
    """
    vault = working.backup.vault
    limit = state_moment(at - timedelta(days=vault.description.fixity_days))
    moments = []
    for name in run.objects:
        found = (working.table.find(name, one.name) for one in vault.replicas)
        whole = [one.ok_at for one in found if one and one.outcome is CheckOutcome.OK and one.ok_at > limit]
        if not whole:
            return ""
        moments.append(max(whole))
    return min(moments)
