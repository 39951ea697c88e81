"""Revise the description of a vault: who hosts a storage, which parity deposits get, which storages there are.

1. What an ended change began is finished (``archiver.vault.settle``): the newest description is in force everywhere.
2. The next revision becomes a version of the object of the vault on every storage, and the journal has it.
3. ``vault.json`` in the folder of the vault is replaced.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.operations.vault.storages.begin_storage import refuse_unexplained
from archiver.parity.program import find_program
from archiver.vault.additions import add_version
from archiver.vault.catalogue import open_catalogue
from archiver.vault.description import (
    DESCRIPTION,
    NAME,
    Hosting,
    VaultDescription,
    description_bytes,
)
from archiver.vault.found_object import vault_author
from archiver.vault.journal.acts import description_entry
from archiver.vault.journal.entry import JournalEntry
from archiver.vault.objects import ContentFile, write_version
from archiver.vault.open_vault import Replica, Vault
from archiver.vault.retention import retaining
from archiver.vault.settle import settled_vault
from formats.digests import SHA512, Digest
from formats.ocfl.inventory import NewFile, next_version

DESCRIPTION_MESSAGE = "description of the vault"


def revise_description(
    vault: Vault, changed: VaultDescription, entry: JournalEntry, *, clock: Callable[[], datetime]
) -> VaultDescription:
    """Follow steps 2 and 3 with the ``changed`` description, whose ``vault`` is settled; return it as it was written.

    Raises:
        CatalogueUnreadable, DiskFull, DiskFault and others: what a storage answered; JournalMissing, JournalBehind and
            others: why it could not be recorded.
    """
    description = replace(changed, revision=vault.description.revision + 1)
    data = description_bytes(description)
    files: dict[str, bytes | Path] = {DESCRIPTION.format(revision=description.revision): data}
    with open_catalogue(vault.folder) as catalogue:
        add_version(
            vault,
            catalogue,
            description.id,
            files,
            message=DESCRIPTION_MESSAGE,
            at=clock(),
            entries=[entry],
        )
    disk.write_text(vault.folder / NAME, data.decode(), mode=disk.PRIVATE, replace=True)
    return description


def write_description(replicas: Sequence[Replica], description: VaultDescription, *, until: datetime) -> None:
    """Write the first ``description`` to each of ``replicas``, which makes the object of the vault.

    Where a storage locks, its files are retained ``until`` then.

    Raises:
        DiskFull, DiskFault and others: what a storage answered.
    """
    data = description_bytes(description)
    digest = Digest.of(data, algorithm=SHA512)
    logical = DESCRIPTION.format(revision=description.revision)
    inventory, places = next_version(
        None,
        description.id,
        (NewFile(logical=logical, digest=digest),),
        created=description.created,
        message=DESCRIPTION_MESSAGE,
        author=vault_author(description),
    )
    content = {
        place: ContentFile(path=place, size=len(data), digest=digest, open=lambda: io.BytesIO(data))
        for place in places.values()
    }
    write_version([retaining(one, until) for one in replicas], inventory, content)


def revise_hosting(
    vault: Vault, storage: str, hosting: Hosting, *, clock: Callable[[], datetime]
) -> VaultDescription:
    """Write down who hosts ``storage`` from now on; the description before stays in the storages.

    Raises:
        HostingUnexplained; LookupError: when the vault has no such storage; DiskFull, DiskFault and others.
    """
    refuse_unexplained(hosting)
    vault = settled_vault(vault, at=clock())
    before = vault.description
    if storage not in {one.name for one in before.storages}:
        raise LookupError(storage)
    storages = tuple(replace(one, hosting=hosting) if one.name == storage else one for one in before.storages)
    entry = description_entry(before.revision + 1, {"storage": storage})
    return revise_description(vault, replace(before, storages=storages), entry, clock=clock)


def revise_parity(vault: Vault, percent: int, *, clock: Callable[[], datetime]) -> VaultDescription:
    """Write down the redundancy of the parity that deposits get from now on, in percent; 0: none.

    Raises:
        ExtraMissing: when there is no program for it; DiskFull, DiskFault and others.
    """
    if percent:
        find_program()
    vault = settled_vault(vault, at=clock())
    entry = description_entry(vault.description.revision + 1, {"parity_percent": percent})
    return revise_description(vault, replace(vault.description, parity_percent=percent), entry, clock=clock)
