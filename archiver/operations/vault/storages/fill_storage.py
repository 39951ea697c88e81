"""Fill a storage that was added: every object from a whole copy, checked after it was written; then it is a replica.

1. What has to be there: every object on any other storage, by their own lists and by the catalogue.
2. Each is brought to its newest version from the first storage that gives it back as its inventory lists it; a copy
   that does not is examined, and what is found out is recorded, so that ``vault repair`` mends it. Where a storage
   locks, the files of an object are retained until its term ends, as a deposit has them.
3. Each is checked where it was written, as an audit checks, and that is recorded. What was found whole there since the
   storage was added is not copied again: a command that was ended is gone on with.
4. When nothing is missing, the copy of the journal is completed and verified, and the description names the storage as
   a whole copy. What no storage has whole stands in the way, unless somebody decided to go on without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from archiver.operations.journal.restore_journal import complete_copy
from archiver.operations.journal.verify_copy import verify_copy
from archiver.operations.vault.audit import CheckTask, audit, check_task
from archiver.operations.vault.storages.revise_description import revise_description
from archiver.operations.vault.storages.stored_objects import find_stored_objects
from archiver.storage.storage import Storage
from archiver.vault.catalogue import Catalogue
from archiver.vault.checks import Check, CheckOutcome, CheckTable
from archiver.vault.description import VaultDescription
from archiver.vault.disposal.errors import DestructionUnfinished
from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.disposal.unit_tombstone import generation
from archiver.vault.found_object import newest_inventory
from archiver.vault.index import index_objects
from archiver.vault.journal.acts import STORAGE_FILLED, check_entries, storage_entry
from archiver.vault.journal.errors import JournalDiffers
from archiver.vault.journal.open_journal import LOCK, PATIENCE
from archiver.vault.journal.places import copies, own_place
from archiver.vault.journal.write import record
from archiver.vault.lock import vault_lock
from archiver.vault.objects import WRITERS, bring_up, find_inventory, settle_head
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.retention import SHORTEST, extend_locks, retaining, term_of, term_of_object
from formats.errors import Failure, FormatFailure
from formats.findings import Severity
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

TOGETHER = 64
"""Objects that are copied at a time, and then checked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageFilling:
    """How far a storage is filled: it has to have so many ``objects``, of which ``copied`` came now, in ``size`` bytes.

    ``damaged`` are objects that no storage has whole, ``unsound`` those that are not whole where they were written;
    ``left`` counts those that were not tried. ``whole`` says that it counts as a copy now.
    """

    storage: str
    objects: int
    copied: int = 0
    size: int = 0
    left: int = 0
    damaged: tuple[str, ...] = ()
    unsound: tuple[str, ...] = ()
    whole: bool = False


@dataclass(kw_only=True, slots=True)
class _Work:
    """What step 2 works with, and what it found out."""

    vault: Vault
    target: Replica
    clock: Callable[[], datetime]
    damaged: list[str] = field(default_factory=list)
    found: list[Check] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Copy:
    """An object that is to be copied: the newest inventories that other storages have, and that on the target.

    They are the same, unless one is damaged: each is believed of its own storage alone.
    """

    object_id: str
    newest: Inventory
    sources: Sequence[tuple[Replica, Inventory]]
    before: Inventory | None


def fill_storage(
    vault: Vault,
    catalogue: Catalogue,
    table: CheckTable,
    name: str,
    *,
    clock: Callable[[], datetime],
    most: int = 0,
    despite_damage: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> StorageFilling:
    """Fill the storage ``name``, with ``most`` objects at most where that is not 0; the caller holds the vault's lock.

    Raises:
        DestructionUnfinished: when a destruction was begun and not carried out.
        DiskFull, DiskFault, StorageUnreachable and others: what a storage answered; what was copied stays, and counts.
    """
    target = next(one for one in vault.replicas if one.name == name)
    # 1. what has to be there
    objects = find_stored_objects(vault.whole_replicas, catalogue)
    pending = [one for one in sorted(objects.values()) if not _is_done(vault, catalogue, table, target, one)]
    progress(len(objects) - len(pending))
    wanted = pending[: most or len(pending)]
    work = _Work(vault=vault, target=target, clock=clock)
    # 2. and 3. copied and checked
    size, copied, unsound = 0, 0, list[str]()
    tasks = _copied(work, catalogue, iter(wanted), progress)
    for check in audit(vault, tasks, table, clock=clock):
        size += check.size
        copied += check.outcome is CheckOutcome.OK
        if check.outcome is not CheckOutcome.OK:
            unsound.append(check.object_id)
    _record_damage(work, table)
    filling = StorageFilling(
        storage=name,
        objects=len(objects),
        copied=copied,
        size=size,
        left=len(pending) - len(wanted),
        damaged=tuple(work.damaged),
        unsound=tuple(unsound),
    )
    # 4. a whole copy
    if filling.left or unsound or (work.damaged and not despite_damage):
        return filling
    _finish(vault, target, filling, clock=clock)
    return replace(filling, whole=True)


def _is_done(vault: Vault, catalogue: Catalogue, table: CheckTable, target: Replica, object_id: str) -> bool:
    """Tell whether an object is on the target already, whole by a check since it was added, and in the catalogue."""
    last = table.find(object_id, target.name)
    if last is None or last.outcome is not CheckOutcome.OK or last.ok_at < target.entry.filling:
        return False
    newest = newest_inventory([(one, _readable_inventory(one, object_id)) for one in vault.whole_replicas])
    if newest is None or _readable_inventory(target, object_id) != newest:
        return False
    line = f"{target.name} {newest.head}"
    return object_id == vault.description.id or line in catalogue.heads(object_id).splitlines()


def _copied(
    work: _Work, catalogue: Catalogue, wanted: Iterator[str], progress: Callable[[int], None]
) -> Iterator[CheckTask]:
    """Follow step 2, some objects at a time, and yield what is to be checked of them."""
    vault, target = work.vault, work.target
    with ThreadPoolExecutor(WRITERS) as writers:
        while batch := [*islice(wanted, TOGETHER)]:
            known = [_found(vault, target, one) for one in batch]
            present = [one for one in known if one is not None]
            done = [*writers.map(partial(_copy, work), present)]
            work.damaged += [name for name, one in zip(batch, known, strict=True) if one is None] + [
                one.object_id for one, copied in zip(present, done, strict=True) if not copied
            ]
            there = [one for one, copied in zip(present, done, strict=True) if copied]
            _index(vault, catalogue, there)
            for one in there:
                yield CheckTask(
                    vault_id=vault.description.id,
                    object_id=one.object_id,
                    replica=target,
                    destroyed=is_tombstone(one.newest),
                    reduced=generation(one.newest)[1],
                )
            progress(len(batch))


def _index(vault: Vault, catalogue: Catalogue, copied: Sequence[_Copy]) -> None:
    """Say in the catalogue where the objects lie now; what cannot be read of one is said by the audit."""
    names = [one.object_id for one in copied if one.object_id != vault.description.id]
    try:
        index_objects(vault, catalogue, names)
    except FormatFailure:
        for name in names:
            with suppress(FormatFailure):
                index_objects(vault, catalogue, [name])


def _found(vault: Vault, target: Replica, object_id: str) -> _Copy | None:
    """Return what is to be copied of an object, or nothing where no storage has an inventory of it that can be read.

    Raises:
        DestructionUnfinished; StorageUnreachable, StorageRefused, DiskFault: what a storage answered.
    """
    found = [(one, _readable_inventory(one, object_id)) for one in vault.whole_replicas]
    newest = newest_inventory(found)
    if newest is None:
        return None
    before = _readable_inventory(target, object_id)
    known = {generation(one) for one in (before, *(one for _, one in found)) if one is not None}
    if len(known) > 1:
        raise DestructionUnfinished(package=object_id)
    length = len(newest.versions)
    sources = [(one, each) for one, each in found if each is not None and len(each.versions) == length]
    return _Copy(object_id=object_id, newest=newest, sources=sources, before=before)


def _readable_inventory(replica: Replica, object_id: str) -> Inventory | None:
    try:
        return find_inventory(replica.storage, object_id)
    except FormatFailure:
        return None


def _copy(work: _Work, one: _Copy) -> bool:
    """Bring an object to the target from the first storage that gives it back; tell whether one does.

    Raises:
        Failure: what the target answered, or every storage that could not be read.
    """
    description, target, at = work.vault.description, work.target, work.clock()
    until = _term(description, one, at)
    storage = retaining(target, until)
    silent: Failure | None = None
    for source, inventory in one.sources:
        try:
            settle_head(source.storage, inventory)
            bring_up(source.storage, storage, inventory, one.before)
            if one.before is not None:
                extend_locks(target, one.object_id, until)
        except Failure as failure:
            task = CheckTask(vault_id=description.id, object_id=one.object_id, replica=source)
            check = check_task(task, work.clock)
            if check.outcome is CheckOutcome.OK:
                raise  # it is the target that fails
            work.found.append(check)
            silent = failure if check.outcome is CheckOutcome.UNCHECKED else silent
        else:
            return True
    if silent is not None:
        raise silent
    if one.before is None:
        _remove_unnamed(storage, one.object_id)
    return False


def _term(description: VaultDescription, one: _Copy, at: datetime) -> datetime:
    """Return until when an object is retained on the target: by its deposits; in a backup, for all its days from now.

    The notes of a backup say until when an object is locked on every storage.
    """
    until = term_of_object(description, one.sources, at=at)
    if description.lock_days:
        until = max(until, term_of(description, at, None))
    return max(until, at + SHORTEST + timedelta(minutes=1))


def _remove_unnamed(storage: Storage, object_id: str) -> None:
    """Remove what was written of an object before its copy turned out to be damaged."""
    for one in [*storage.list(f"{object_place(object_id)}/")]:
        storage.remove(one.key)


def _record_damage(work: _Work, table: CheckTable) -> None:
    """Record the copies that did not give an object back: the next repair mends them."""
    if work.found:
        record(work.vault, check_entries(work.found), at=work.clock())
        table.put(work.found)


def _finish(vault: Vault, target: Replica, filling: StorageFilling, *, clock: Callable[[], datetime]) -> None:
    """Follow step 4.

    Raises:
        JournalDiffers: when the copy of the journal is not what the folder of the vault has.
    """
    with vault_lock(vault.folder, "archiver vault storage add", at=clock(), name=LOCK, patience=PATIENCE):
        (place,) = (one for one in copies(vault, clock()) if one.name == target.name)
        complete_copy(own_place(vault.folder), place)
        wrong = [one for one in verify_copy(place).findings if one.severity is Severity.ERROR]
        if wrong:
            raise JournalDiffers(place=target.name, file=wrong[0].where)
    description = vault.description
    storages = tuple(
        replace(one, filling="") if one.name == target.name else one for one in description.storages
    )
    facts: Mapping[str, str | int] = {"objects": filling.objects, "damaged": len(filling.damaged)}
    entry = storage_entry(STORAGE_FILLED, target.name, facts)
    revise_description(vault, replace(description, storages=storages), entry, clock=clock)
