"""Retire a storage of a vault: nothing is written there any more, and it counts as no copy; what lies there stays.

1. Another whole copy of the vault has to be there, and every other storage has to answer.
2. Every object, by what all storages list and by the catalogue, is brought to its newest version on the others, and
   examined there: read whole, as an audit does, unless that was done within ``FRESH``. What only the storage that is to
   go has whole stands in the way, and so does what nobody has whole, unless somebody decided; from a damaged copy a
   repair may still take something.
3. A storage that is lost is not asked; what no other has whole is then named, not mended.
4. The description says so, and the journal: the storage is among those of before, with the reason. Its name is not
   given again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.operations.vault.audit import CheckTask, audit, check_task
from archiver.operations.vault.fixity_coverage import fixity_moment, found_whole
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.operations.vault.storages.revise_description import revise_description
from archiver.operations.vault.storages.stored_objects import find_stored_objects
from archiver.storage.errors import StorageDigestMismatch, StorageObjectMissing
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import CheckOutcome, CheckTable
from archiver.vault.description import FormerStorage, VaultDescription
from archiver.vault.disposal.tombstone import TOMBSTONE
from archiver.vault.errors import StorageDamagedCopy, StorageLast, StorageOnlyCopy, StorageRetired
from archiver.vault.found_object import bring_up_all, find_object, newest_inventory
from archiver.vault.index import index_object
from archiver.vault.journal.acts import STORAGE_RETIRED, storage_entry
from archiver.vault.open_vault import Replica, Vault, refuse_foreign, refuse_foreign_storage
from archiver.vault.settle import settled_vault
from archiver.worker_pool import ALONE, Workers
from formats.errors import Failure, FormatFailure
from formats.ocfl.layout import object_place

FRESH = timedelta(days=1)
"""How long ago a copy may have been found whole by an audit, not to be read again: a command that was ended goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Retirement:
    """Which storage is to go, why, and who decided.

    ``lost`` says that it will not answer any more, ``despite_damage`` that what no storage has whole is no obstacle. A
    refusal names one of ``commands`` as the next thing to do.
    """

    storage: str
    reason: str
    by: str
    lost: bool = False
    despite_damage: bool = False
    commands: StorageCommands = STORAGE_COMMANDS


@dataclass(frozen=True, kw_only=True, slots=True)
class RetiredStorage:
    """What became of it: the ``description`` now, how many objects were examined, and which no storage has whole.

    ``answered`` says whether the storage did.
    """

    description: VaultDescription
    former: FormerStorage
    objects: int
    unsound: tuple[str, ...]
    answered: bool


def retire_storage(
    vault: Vault,
    catalogue: Catalogue,
    table: CheckTable,
    retirement: Retirement,
    *,
    clock: Callable[[], datetime],
    pool: Workers = ALONE,
    progress: Callable[[int], None] = lambda _: None,
) -> RetiredStorage:
    """Retire a storage; the caller holds the lock of the vault.

    Raises:
        LookupError: when the vault has no such storage; StorageRetired: when it went before.
        StorageLast, StorageOnlyCopy, StorageDamagedCopy: why it has to stay.
        StorageUnreachable, StorageForeign and others: what a storage answered, this one too unless it is lost.
    """
    name = retirement.storage
    _refuse_retired(vault, catalogue, table, name)
    target = next((one for one in vault.replicas if one.name == name), None)
    if target is None:
        raise LookupError(name)
    # 1. the others
    others = tuple(one for one in vault.replicas if one.name != name)
    remaining = replace(vault, replicas=others)
    if not remaining.whole_replicas:
        raise StorageLast(name=name, command=retirement.commands.of("add"))
    refuse_foreign(remaining)
    remaining = settled_vault(remaining, at=clock())
    _refuse_retired(remaining, catalogue, table, name)
    # 3. one that is lost
    answered = _answers(vault, target, lost=retirement.lost)
    # 2. every object
    sources = (*remaining.whole_replicas, *((target,) if answered else ()))
    objects = find_stored_objects(sources, catalogue)
    behind = {*_bring_up_each(replace(vault, replicas=sources), catalogue, objects, at=clock())}
    unsound = _unsound(remaining, catalogue, table, objects, clock=clock, pool=pool, progress=progress)
    unsound = sorted(behind.union(unsound))
    if answered:
        _refuse_needed(vault, target, unsound, retirement, clock)
    # 4. it is among those of before
    former = FormerStorage(
        entry=target.entry, retired=fixity_moment(clock()), reason=retirement.reason, by=retirement.by
    )
    done = RetiredStorage(
        description=vault.description,
        former=former,
        objects=len(objects),
        unsound=tuple(unsound),
        answered=answered,
    )
    description = _write_down(remaining, done, clock)
    catalogue.forget_replica(name)
    table.forget_storage(name)
    return replace(done, description=description)


def _write_down(vault: Vault, done: RetiredStorage, clock: Callable[[], datetime]) -> VaultDescription:
    """Follow step 4; ``vault`` has the storages that are left."""
    name, before = done.former.entry.name, vault.description
    facts: dict[str, str | int] = {
        "reason": done.former.reason,
        "objects": done.objects,
        "damaged": len(done.unsound),
        "answered": int(done.answered),
    }
    entry = storage_entry(STORAGE_RETIRED, name, facts, agent=done.former.by)
    storages = tuple(one for one in before.storages if one.name != name)
    changed = replace(before, storages=storages, former=(*before.former, done.former))
    return revise_description(vault, changed, entry, clock=clock)


def _refuse_retired(vault: Vault, catalogue: Catalogue, table: CheckTable, name: str) -> None:
    """Refuse a storage that went before; what an ended command left of it in the tables is removed."""
    for one in vault.description.former:
        if one.entry.name == name:
            catalogue.forget_replica(name)
            table.forget_storage(name)
            raise StorageRetired(name=name, day=one.retired[: len("2026-11-29")])


def _answers(vault: Vault, target: Replica, *, lost: bool) -> bool:
    """Tell whether the storage answers as one of the vault.

    Raises:
        StorageForeign, StorageUnreachable and others: when it does not, and nobody says that it is lost.
    """
    try:
        refuse_foreign_storage(target, vault.description.id)
    except Failure:
        if not lost:
            raise
        return False
    return True


def _bring_up_each(
    vault: Vault, catalogue: Catalogue, objects: dict[str, str], *, at: datetime
) -> Iterator[str]:
    """Bring each of ``objects`` to its newest version everywhere: an ended command may have left one storage behind.

    Yield those whose newest version nobody gives back whole.

    Raises:
        DestructionUnfinished; what a storage answered.
    """
    for object_id in objects.values():
        try:
            found = find_object(vault, object_id)
        except FormatFailure:
            continue  # the check says that it is damaged
        newest = newest_inventory(found)
        if newest is None:
            continue
        try:
            lagging = bring_up_all(vault, catalogue, found, newest, at=at)
            if lagging and object_id != vault.description.id:  # that of the vault itself is in no catalogue
                index_object(vault, catalogue, object_id)
        except (StorageDigestMismatch, StorageObjectMissing):
            yield object_id


def _unsound(
    vault: Vault,
    catalogue: Catalogue,
    table: CheckTable,
    objects: dict[str, str],
    *,
    clock: Callable[[], datetime],
    pool: Workers,
    progress: Callable[[int], None],
) -> list[str]:
    """Return those of ``objects`` that no storage of ``vault`` has whole; each is read after another failed."""
    gone = {one for one, _, _ in catalogue.statements(TOMBSTONE)}
    reduced = Counter(one for one, _, _ in catalogue.statements("destruction/units-%"))
    pending, at = sorted(objects.values()), clock()
    limit = fixity_moment(at - FRESH)
    for replica in vault.whole_replicas:
        fresh = {one for one in pending if found_whole(table.find(one, replica.name), limit, at)}
        progress(len(fresh))
        tasks = [
            CheckTask(
                vault_id=vault.description.id,
                object_id=one,
                replica=replica,
                destroyed=one in gone,
                reduced=reduced[one],
            )
            for one in pending
            if one not in fresh
        ]
        checks = audit(vault, tasks, table, clock=clock, pool=pool, progress=progress)
        pending = [one.object_id for one in checks if one.outcome is not CheckOutcome.OK]
    return pending


def _refuse_needed(
    vault: Vault,
    target: Replica,
    unsound: list[str],
    retirement: Retirement,
    clock: Callable[[], datetime],
) -> None:
    """Refuse when the storage has what no other has whole.

    Raises:
        StorageOnlyCopy: when its copy is whole; StorageDamagedCopy: when it is not, and nobody decided.
    """
    mend = retirement.commands.mend
    there = [one for one in unsound if next(iter(target.storage.list(f"{object_place(one)}/")), None)]
    tasks = [CheckTask(vault_id=vault.description.id, object_id=one, replica=target) for one in there]
    whole = [one.object_id for one in tasks if check_task(one, clock).outcome is CheckOutcome.OK]
    if whole:
        raise StorageOnlyCopy(name=target.name, package=whole[0], count=len(whole), command=mend)
    if there and not retirement.despite_damage:
        raise StorageDamagedCopy(name=target.name, package=there[0], count=len(there), command=mend)
