"""One run of a backup: what changed is sealed, deposited, listed, checked, and old versions are pruned.

1. The storages are asked whether they are those of this vault. One that does not answer is gone on without, as long as
   another does; nothing is sealed where none does, or for another disk than the vault's.
2. What has to be sealed is found out (``plan_run``). Where nothing has, nothing is written.
3. Those dossiers are exported into a package, on all cores, for whoever can open the backup: the same package that
   ``archiver export`` makes. It is deposited as ``archiver vault deposit`` does, every storage or none.
4. The list of all dossiers is signed, and with the sealed index it becomes the next version of the package's object.
   Only now is there a run: a package without a list is one of a run that was ended, and is pruned by a later one.
5. Locks of everything that is still needed are lengthened; versions beyond the policy are pruned.
6. What was written, and some of what is due, is read back and compared on every storage; what a storage lacks, or has
   damaged, is mended from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archiver.assembly.request import ExportOutcome, Randomness
from archiver.backup.lost_files import NOBODY
from archiver.backup.run_list import RunList
from archiver.backup.state import state_moment, write_state
from archiver.errors import DiskFault
from archiver.handover.keyring_entry import patient_traits
from archiver.operations.backup.backup_vault import Backup, WorkingBackup, settle_unfinished, working_backup
from archiver.operations.backup.check_run import check_run, mend_copies, mend_damage, verified_moment
from archiver.operations.backup.plan_run import PlannedRun, plan_run
from archiver.operations.backup.preserve import lengthen_locks, prune
from archiver.operations.backup.stored_runs import lost_objects
from archiver.operations.backup.write_run import empty_outgoing, write_run
from archiver.practice.store import open_store
from archiver.storage.errors import StorageRefused, StorageUnreachable
from archiver.vault.checks import Check, CheckOutcome
from archiver.vault.open_vault import refuse_foreign
from formats.errors import Failure
from formats.findings import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOutcome:
    """What a run came to: ``number`` of the newest run in the vault, and whether this run ``wrote`` it.

    ``sealed`` dossiers of ``dossiers`` were sealed, in ``size`` bytes; ``gone`` are no more in the store. ``pruned``
    packages were removed; ``checked`` copies were read back, of which ``damaged`` are not whole, and ``mended`` copies
    made whole. ``absent`` are the storages that did not answer. ``unassigned`` counts files of the
    store that are in no dossier; each is sealed by itself. ``lost`` has by patient, called by number, the SHA-256 of
    the files that the store has lost.
    """

    number: int
    wrote: bool
    dossiers: int = 0
    sealed: int = 0
    gone: int = 0
    size: int = 0
    object_id: str = ""
    checked: int = 0
    damaged: int = 0
    mended: int = 0
    pruned: int = 0
    verified: str = ""
    rebuilt: bool = False
    absent: tuple[str, ...] = ()
    unassigned: int = 0
    lost: Mapping[str, Sequence[str]] = field(default_factory=dict)


def run_backup(
    backup: Backup,
    *,
    clock: Callable[[], datetime],
    randomness: Randomness,
    notice: Callable[[Finding], None],
    again: bool = False,
    source_failure: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> RunOutcome:
    """Do one run; with ``again`` everything is sealed once more. ``progress`` is told the dossiers sealed.

    ``source_failure`` is the code of what a live source answered that could not be collected: then what is in the store
    is backed up, and the copy does not count as new. ``notice`` is given what a person should know at once.

    Raises:
        StorageUnreachable, StorageForeign, StorageRefused, StorageClockDiffers, DiskFull, DiskFault: what a storage or
            the disk answered; the run before stays the newest.
        StoreUnreadable, VaultBusy, BackupForeign and others: why there is no run.
    """
    with working_backup(backup, "archiver backup run", clock=clock, notice=notice) as opened:
        # 1. the right storages
        backup, absent = _answering(backup)
        working = replace(opened, backup=backup)
        empty_outgoing(backup.folder)
        settle_unfinished(backup.vault, working.catalogue)
        # 2. what changed
        last = working.last
        lost = lost_objects(backup.vault, working.table, last.objects) if last else set[str]()
        with open_store(backup.description.store, reading=True) as store:
            plan = plan_run(
                store, backup.description, last, before=working.state.store, lost=lost, again=again
            )
        wrote = None
        if plan.needed:
            # 3. and 4.: from here on only the vault knows how far the run came
            write_state(backup.folder, replace(working.state, pending=working.state.number + 1), last)
            wrote = write_run(working, plan, clock=clock, randomness=randomness, progress=progress)
        outcome = _settled(working, plan, wrote, source_failure, whole=not absent, clock=clock)
        return replace(outcome, absent=absent)


def _answering(backup: Backup) -> tuple[Backup, tuple[str, ...]]:
    """Return the backup with the storages that answer, and the names of the others.

    Raises:
        StorageForeign: when another disk is in the place of one; what the first answers, where none does as it should.
    """
    answering, absent = [], []
    refusal: Failure | None = None
    for one in backup.vault.replicas:
        try:
            refuse_foreign(replace(backup.vault, replicas=(one,)))
        except (StorageUnreachable, StorageRefused, DiskFault) as failure:
            refusal = refusal or failure
            absent.append(one.name)
        else:
            answering.append(one)
    if refusal is not None and not answering:
        raise refusal
    return replace(backup, vault=replace(backup.vault, replicas=tuple(answering))), tuple(absent)


def _settled(
    working: WorkingBackup,
    plan: PlannedRun,
    wrote: tuple[RunList, ExportOutcome] | None,
    source_failure: str,
    *,
    whole: bool,
    clock: Callable[[], datetime],
) -> RunOutcome:
    """Follow steps 5 and 6, and remember what the run came to."""
    backup, at = working.backup, state_moment(clock())
    run = wrote[0] if wrote else working.last
    if run is None:
        raise AssertionError("the first run always writes")
    state = replace(
        working.state,
        number=run.number,
        seen=max(working.state.seen, at),
        covered=working.state.covered if source_failure else at,
        store=plan.fingerprint,
        lost=_lost(working, plan, wrote),
        failure=source_failure,
        failed=at if source_failure else "",
        pending=0,
    )
    write_state(backup.folder, state, run if wrote or working.rebuilt else None)
    # 5. locks and versions
    locked = lengthen_locks(backup, run, state.locked, at=clock())
    pruned = prune(working, run, locked, at=clock()) if (wrote or working.rebuilt) and whole else 0
    # 6. read back
    mended = mend_copies(working, run, clock=clock)
    checks = check_run(working, run, fresh=bool(wrote), clock=clock)
    mended += mend_damage(working, checks, clock=clock)
    verified = verified_moment(working, run, at=clock())
    state = replace(
        state,
        locked=locked,
        verified=state.covered if verified else state.verified,
        seen=max(state.seen, state_moment(clock())),
    )
    write_state(backup.folder, state)
    outcome = replace(
        _outcome(working, plan, run, checks),
        wrote=bool(wrote),
        mended=mended,
        pruned=pruned,
        verified=state.verified,
        lost=state.lost,
    )
    if wrote is None:
        return outcome
    exported = wrote[1]
    return replace(outcome, sealed=len(exported.dossiers), gone=plan.gone, size=exported.size)


def _outcome(working: WorkingBackup, plan: PlannedRun, run: RunList, checks: list[Check]) -> RunOutcome:
    return RunOutcome(
        number=run.number,
        wrote=False,
        dossiers=len(run.dossiers),
        object_id=run.object_id,
        checked=len(checks),
        damaged=sum(one.outcome is not CheckOutcome.OK for one in checks),
        rebuilt=working.rebuilt,
        unassigned=len(plan.unassigned),
    )


def _lost(
    working: WorkingBackup, plan: PlannedRun, wrote: tuple[RunList, ExportOutcome] | None
) -> dict[str, list[str]]:
    """Return by number of the patient what the store has lost: what was found when sealing, for what was sealed."""
    found = dict(plan.lost)
    if wrote is not None:
        sealed = {one.patient for one in wrote[1].dossiers}
        found = {one: names for one, names in found.items() if one not in sealed} | dict(wrote[1].lost)
        nobody = [one.sha256 for name, one in plan.unassigned.items() if name in wrote[0].lost]
        found |= {NOBODY: tuple(nobody)} if nobody else {}
    if not found:
        return {}
    with open_store(working.backup.description.store, reading=True) as store:
        numbers = {
            one.id: patient_traits(one).get("number") or one.id for one in store.patients() if one.id in found
        }
    return {numbers.get(one, one): list(names) for one, names in found.items()}
