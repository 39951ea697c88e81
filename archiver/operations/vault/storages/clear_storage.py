"""Clear a storage that was retired: every copy of patients' records there is destroyed, and a signed statement says so.

1. A whole copy of the vault has to be there, and every storage in service to answer.
2. The storage is known by the object of the vault, which is removed last, its declaration after all else. One that has
   a version of it from after the retirement is in service (``retired_disk``). Files that are no part of a vault stay.
3. The journal has what lies there before anything is removed. Everything is removed that no lock keeps, every version
   of it, and what is left is listed again. What a lock keeps is counted, with the day on which the last one ends: the
   same command, given again then, goes on. The journal tells what all runs together destroyed (``clearing_history``),
   and, before the declaration is removed, that nothing else is left.
4. When nothing is left, a statement is signed, which counts all of that, and becomes part of the object of the vault,
   with the journal and the description. Where a storage was destroyed otherwise (a shredded disk), the statement says
   how, and nothing is asked.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from archiver import disk
from archiver.operations.vault.fixity_coverage import fixity_moment
from archiver.operations.vault.storages.clearing_history import (
    ClearingHistory,
    FileCounts,
    begun_run,
    ended_run,
    recorded_clearing,
)
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.operations.vault.storages.retired_disk import refuse_another_disk
from archiver.operations.vault.storages.revise_description import revise_description
from archiver.storage.folder import FolderStorage
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import ObjectVersion, Storage, StoredObject
from archiver.vault.additions import add_version
from archiver.vault.catalogue import Catalogue
from archiver.vault.description import FormerStorage
from archiver.vault.disposal.signed_statement import StatementSigner, signed_statement
from archiver.vault.errors import StorageForeign, StorageInService, StorageLast, StorageRetired
from archiver.vault.found_object import find_object
from archiver.vault.index import stored_bytes
from archiver.vault.journal.acts import (
    STORAGE_CLEARED,
    STORAGE_CLEARING_BEGUN,
    STORAGE_EMPTIED,
    STORAGE_PARTLY_CLEARED,
    description_entry,
    storage_entry,
)
from archiver.vault.journal.read import own_entries
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault, open_replica, refuse_foreign
from archiver.vault.settle import settled_vault
from formats.ocfl.inventory import OBJECT_DECLARATION
from formats.ocfl.layout import EXTENSIONS, object_place, root_files

STATEMENT = "storages/{name}/cleared.json"
"""Logical path, in the object of the vault, of the statement that a storage was cleared."""
_OWN = re.compile(rf"(?:[0-9a-f]{{3}}/){{3}}|{EXTENSIONS}/archiver-")
"""How the keys begin that a vault gives: of objects, and of its own extensions; a storage root has three besides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clearing:
    """Which storage is to be cleared, who says so, and where the statement goes.

    ``means`` says how the storage was destroyed, where that was not by this program. A refusal names one of
    ``commands`` as the next thing to do.
    """

    storage: str
    by: str
    signer: StatementSigner
    folder: Path
    credentials: Path | None = None
    means: str = ""
    commands: StorageCommands = STORAGE_COMMANDS


@dataclass(frozen=True, kw_only=True, slots=True)
class ClearedStorage:
    """What was removed now: ``files`` (each version counts) of ``size`` bytes; ``others`` of no vault stay.

    ``history`` has what all runs destroyed, of which this is the last. ``locked`` counts what a lock keeps, the last
    until ``until`` (ISO 8601). ``paths`` are the statement and its signature, once nothing is left.
    """

    storage: str
    history: ClearingHistory
    files: int = 0
    size: int = 0
    others: int = 0
    locked: int = 0
    until: str = ""
    paths: tuple[Path, ...] = ()


def clear_storage(
    vault: Vault,
    catalogue: Catalogue,
    clearing: Clearing,
    *,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda _: None,
) -> ClearedStorage:
    """Clear a storage that was retired; the caller holds the lock of the vault.

    Raises:
        LookupError: when the vault never had it; StorageInService: when it is no former storage.
        StorageRetired: when it was cleared before; StorageLast: when no whole copy is in service.
        StorageForeign, StorageNotRetired: when another disk is in its place.
        Failure: what a storage answered: the same command goes on.
    """
    _former(vault, clearing)
    # 1. the vault is elsewhere
    if not vault.whole_replicas:
        raise StorageLast(name=clearing.storage, command=clearing.commands.of("add"))
    refuse_foreign(vault)
    vault = settled_vault(vault, at=clock())
    former = _former(vault, clearing)
    at = clock().replace(microsecond=0)
    history = recorded_clearing(own_entries(vault.folder), clearing.storage)
    done = ClearedStorage(storage=clearing.storage, history=history)
    if not clearing.means:
        done = _removed(vault, former, clearing, history, clock, progress)
        if done.locked:
            removed = {"files": done.files, "size": done.size, "locked": done.locked}
            _record(vault, clearing, STORAGE_PARTLY_CLEARED, removed, clock())
            return done
    # 4. the statement
    files = _stored_statement(vault, done.storage)
    if not files:
        data = _statement(vault, former, clearing, done, at)
        files = signed_statement(STATEMENT.format(name=done.storage), data, clearing.signer, at=at)
        destroyed = done.history.destroyed
        facts: dict[str, str | int] = {**asdict(destroyed), "means": clearing.means}
        entries = [storage_entry(STORAGE_CLEARED, done.storage, facts, agent=clearing.by)]
        own, message = vault.description.id, "storage cleared"
        add_version(vault, catalogue, own, files, message=message, at=at, entries=entries)
    paths = tuple(_write_out(files, clearing.folder, done.storage))
    cleared = replace(former, cleared=fixity_moment(at), means=clearing.means)
    changed = tuple(cleared if one == former else one for one in vault.description.former)
    noted = description_entry(vault.description.revision + 1, {"storage": done.storage})
    revise_description(vault, replace(vault.description, former=changed), noted, clock=clock)
    return replace(done, paths=paths)


def _former(vault: Vault, clearing: Clearing) -> FormerStorage:
    name, command = clearing.storage, clearing.commands.of("retire")
    for one in vault.description.former:
        if one.entry.name == name:
            if one.cleared:
                raise StorageRetired(name=name, day=one.retired[: len("2026-11-29")])
            for other in vault.description.storages:
                if other.address == one.entry.address:
                    raise StorageInService(name=other.name, command=command)
            return one
    if any(one.name == name for one in vault.description.storages):
        raise StorageInService(name=name, command=command)
    raise LookupError(name)


def _removed(
    vault: Vault,
    former: FormerStorage,
    clearing: Clearing,
    history: ClearingHistory,
    clock: Callable[[], datetime],
    progress: Callable[[int], None],
) -> ClearedStorage:
    """Follow steps 2 and 3; ``history`` is that of the runs before."""
    storage = open_replica(vault.folder, former.entry, clearing.credentials).storage
    own = f"{object_place(vault.description.id)}/"
    counted = _counted(storage)
    # without that object it is another's, unless nothing is left: the last run was ended after its last removal
    if (counted.files or not history.emptied) and not any(_each(storage, own)):
        raise StorageForeign(storage=former.entry.address)
    refuse_another_disk(vault, former, storage)
    at = clock().replace(microsecond=0)
    history = begun_run(history, at.isoformat(), counted)
    _record(vault, clearing, STORAGE_CLEARING_BEGUN, asdict(counted), at)
    counts = Counter[str]()
    until = _remove_all(storage, counts, clock(), lambda key: not key.startswith(own), progress)
    if not counts["locked"]:
        others = _remove_all(
            storage, counts, clock(), lambda key: key != f"{own}{OBJECT_DECLARATION}", progress
        )
        until = max(until, others)
    if not counts["locked"]:
        if not history.emptied:
            _record(vault, clearing, STORAGE_EMPTIED, {}, clock())
        until = max(until, _remove_all(storage, counts, clock(), lambda _: True, progress))
    return ClearedStorage(
        storage=clearing.storage,
        history=ended_run(history, _counted(storage)),
        files=counts["files"],
        size=counts["size"],
        others=sum(not _is_own(one.key) for one in storage.list()),
        locked=counts["locked"],
        until=until,
    )


def _record(
    vault: Vault, clearing: Clearing, outcome: str, facts: Mapping[str, str | int], at: datetime
) -> None:
    record(vault, [storage_entry(outcome, clearing.storage, facts, agent=clearing.by)], at=at)


def _each(storage: Storage, prefix: str = "") -> Iterable[StoredObject | ObjectVersion]:
    """Return what there is on a storage below a prefix, every version of it."""
    return storage.versions(prefix) if isinstance(storage, ObjectStore) else storage.list(prefix)


def _counted(storage: Storage) -> FileCounts:
    """Count what there is of a vault on a storage, every version of it."""
    files = size = 0
    for one in _each(storage):
        if _is_own(one.key):
            files, size = files + 1, size + one.size
    return FileCounts(files=files, size=size)


def _is_own(key: str) -> bool:
    """Tell whether a key is one that a vault gives."""
    return bool(_OWN.match(key)) or key in root_files()


def _remove_all(
    storage: Storage,
    counts: Counter[str],
    at: datetime,
    wanted: Callable[[str], bool],
    progress: Callable[[int], None],
) -> str:
    """Remove what is ``wanted`` of a vault's own files, and count it; return when the last lock ends, or nothing."""
    until = ""
    if isinstance(storage, ObjectStore):
        storage.abort_uploads("")
        for one in [each for each in storage.versions() if _is_own(each.key) and wanted(each.key)]:
            locked = _remove_version(storage, one, at)
            counts["locked" if locked else "files"] += 1
            counts["size"] += 0 if locked else one.size
            until = max(until, locked)
            progress(1)
        return until
    tops = set[str]()
    for stored in [each for each in storage.list() if _is_own(each.key) and wanted(each.key)]:
        storage.remove(stored.key)
        tops.add(stored.key.partition("/")[0])
        counts["files"] += 1
        counts["size"] += stored.size
        progress(1)
    if isinstance(storage, FolderStorage):
        for top in sorted(one for one in tops if one not in root_files()):
            storage.remove_unfinished(top)
    return until


def _remove_version(storage: ObjectStore, one: ObjectVersion, at: datetime) -> str:
    """Remove one version, unless a lock keeps it; return until when then."""
    known = None if one.deletion else storage.find(one.key, one.version)
    if known is not None and known.lock is not None and known.lock.until > at:
        return known.lock.until.isoformat(timespec="seconds")
    storage.remove_version(one.key, one.version)
    return ""


def _stored_statement(vault: Vault, name: str) -> Mapping[str, bytes]:
    """Return the statement that an ended command signed, with its signature, or nothing."""
    replica, found = next((one, known) for one, known in find_object(vault, vault.description.id) if known)
    path = STATEMENT.format(name=name)
    names = [one for one in found.logical_paths() if one == path or one.startswith(f"{path}.")]
    return {one: stored_bytes(replica, found, one) for one in names}


def _statement(
    vault: Vault, former: FormerStorage, clearing: Clearing, done: ClearedStorage, at: datetime
) -> bytes:
    document = {
        "storage_cleared": 1,
        "vault": vault.description.id,
        "storage": former.entry.name,
        "address": former.entry.address,
        "hosting": asdict(former.entry.hosting),
        "retired": former.retired,
        "reason": former.reason,
        "by": clearing.by,
        "at": at.isoformat(),
        "means": clearing.means,
        "began": done.history.began or at.isoformat(),
        "runs": done.history.runs,
        "files": done.history.destroyed.files,
        "size": done.history.destroyed.size,
        "counts_complete": done.history.counts_complete,
        "other_files": done.others,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _write_out(files: Mapping[str, bytes], folder: Path, name: str) -> Iterator[Path]:
    """Write the statement and its signature for the person."""
    disk.make_private_folder(folder)
    for logical, data in files.items():
        path = folder / f"{name}-{PurePosixPath(logical).name}"
        with disk.write_aside(path, replace=True) as stream:
            stream.write(data)
        yield path
