"""Files of an OCFL storage root that say how it is laid out: the same in every vault, so that their bytes are known.

No command of this program needs them to find an object. Other programs do, in twenty years.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.operations.vault.repair_object import RepairRequest, repair_object
from archiver.storage.errors import StorageObjectMissing
from archiver.storage.folder import FolderStorage
from archiver.temporary_files import scratch
from archiver.vault.journal.acts import REPAIRED
from archiver.vault.journal.entry import JournalEntry, VaultAct
from archiver.vault.journal.write import record
from archiver.vault.objects import read_small
from archiver.vault.open_vault import Replica, Vault, refuse_foreign_storage
from archiver.vault.retention import retaining, term_of
from archiver.verdict import fault_line
from formats.digests import SHA512, Digest
from formats.errors import Failure, LimitExceeded
from formats.findings import Finding
from formats.ocfl.layout import root_files


@dataclass(frozen=True, kw_only=True, slots=True)
class MendedRoot:
    """Files of the storage root of ``storage`` that were written anew."""

    storage: str
    files: tuple[str, ...]


def damaged_root_files(replica: Replica) -> Iterator[str]:
    """Yield the keys of the files of a storage root that are missing, or are others.

    Raises:
        StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
    """
    for key, data in root_files().items():
        try:
            if read_small(replica.storage, key, len(data)) != data:
                yield key
        except (StorageObjectMissing, LimitExceeded):
            yield key


def mend_roots(
    vault: Vault, *, clock: Callable[[], datetime], notice: Callable[[Finding], None]
) -> list[MendedRoot]:
    """Write those files anew on every storage of ``vault``, and return where that was needed; damaged bytes stay.

    A storage that does not answer, or is another's, is passed over, and ``notice`` is given why. Where one locks they
    are locked as they were when they were made, for the years of the vault.

    Raises:
        DiskFull, DiskFault and others: what a storage answered while something was written.
    """
    done = []
    for one in vault.replicas:
        try:
            refuse_foreign_storage(one, vault.description.id)
            damaged = tuple(damaged_root_files(one))
        except Failure as failure:
            notice(replace(fault_line(failure), where=one.name))
            continue
        if damaged:
            _write(one, damaged, until=term_of(vault.description, clock(), None))
            done.append(MendedRoot(storage=one.name, files=damaged))
    record(vault, [_entry(one) for one in done], at=clock())
    return done


def _write(replica: Replica, damaged: tuple[str, ...], *, until: datetime) -> None:
    with scratch() as folder:
        right = FolderStorage(folder)
        for key, data in root_files().items():
            digest = Digest.of(data, algorithm=SHA512)
            right.put(key, io.BytesIO(data), size=len(data), digest=digest)
            if key in damaged:
                storages = (retaining(replica, until), right)
                repair_object(RepairRequest(key=key, digest=digest, size=len(data), storages=storages))


def _entry(one: MendedRoot) -> JournalEntry:
    facts: dict[str, str | int] = {"storage": one.storage, "files": len(one.files)}
    return JournalEntry(act=VaultAct.REPAIR, outcome=REPAIRED, facts=facts)
