"""Where a journal lies: in the folder of the vault, and a copy on each storage, under the same paths.

A file of a journal is never changed, but for ``checkpoint``, the newest one; where a storage locks, each is locked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.storage.errors import StorageObjectExists, StorageObjectMissing
from archiver.storage.folder import FolderStorage
from archiver.storage.storage import Storage
from archiver.vault.errors import StorageForeign
from archiver.vault.journal.errors import JournalDiffers
from archiver.vault.objects import read_small
from archiver.vault.open_vault import Vault, is_foreign
from archiver.vault.retention import retaining, term_of
from formats.digests import SHA512, Digest

FOLDER = "journal"
"""Folder of the journal in that of the vault."""
PREFIX = "extensions/archiver-journal/"
"""How the keys of the journal begin in a storage: beside the objects of an OCFL storage root."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalPlace:
    """One copy of a journal: ``name`` is that of the storage, and empty in the folder of the vault.

    ``vault`` is the identifier of the vault of which the storage has to be one.
    """

    name: str
    storage: Storage
    prefix: str = ""
    vault: str = ""

    def find(self, path: str, limit: int) -> bytes | None:
        """Return a file of the journal, or nothing.

        Raises:
            LimitExceeded: when it has more than ``limit`` bytes; what the storage answered.
        """
        try:
            return read_small(self.storage, self.prefix + path, limit)
        except StorageObjectMissing:
            return None

    def put(self, path: str, data: bytes, *, newest: bool = False) -> None:
        """Write a file of the journal, durably; one that is there already has to be the same, or is the ``newest``.

        Raises:
            JournalDiffers: when another one is there; what the storage answered.
        """
        digest = Digest.of(data, algorithm=SHA512)
        try:
            self.storage.put(
                self.prefix + path, io.BytesIO(data), size=len(data), digest=digest, supersede=newest
            )
        except StorageObjectExists:
            if read_small(self.storage, self.prefix + path, len(data)) != data:
                raise JournalDiffers(place=self.name or FOLDER, file=path) from None

    def paths(self, prefix: str = "") -> Iterator[str]:
        """Yield the paths of the journal that begin with ``prefix``, sorted.

        Raises:
            StorageUnreachable, StorageRefused, DiskFault: what the storage answered.
        """
        return (one.key.removeprefix(self.prefix) for one in self.storage.list(self.prefix + prefix))

    def refuse_foreign(self) -> None:
        """Refuse a storage that is not one of the vault.

        Raises:
            StorageForeign; what the storage answered.
        """
        if self.vault and is_foreign(self.storage, self.vault):
            raise StorageForeign(storage=self.name)


def own_place(folder: Path) -> JournalPlace:
    """Return the copy of the journal in the ``folder`` of a vault; it is there already."""
    return JournalPlace(name="", storage=FolderStorage(folder / FOLDER))


def copies(vault: Vault, at: datetime) -> tuple[JournalPlace, ...]:
    """Return the copies on the storages; what is written where one locks is locked for the years of the vault."""
    until = term_of(vault.description, at, None)
    return tuple(
        JournalPlace(
            name=one.name,
            storage=retaining(one, until),
            prefix=PREFIX,
            vault=vault.description.id,
        )
        for one in vault.replicas
    )
