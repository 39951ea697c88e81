"""What ``archiver backup storage`` does: what ``vault storage`` does, with the keys and credentials of the backup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archiver.backup.description import write_backup_description
from archiver.cli.commands.vault.options import HostingOptions
from archiver.cli.commands.vault.storage import ClearingOptions, FillingOptions, RetirementOptions
from archiver.cli.run.backup.init import hosting_or_own, storage_addresses
from archiver.cli.run.vault.storages import add as adding, clear as clearing, retire as retiring, show
from archiver.operations.backup.backup_vault import open_backup
from archiver.operations.vault.storages.add_storage import StorageAddition
from archiver.storage.credentials import require_credentials_file
from archiver.vault.description import description_of
from archiver.vault.disposal.signed_statement import StatementSigner
from formats.errors import Failure


def add(
    folder: Path,
    address: str,
    hosting: HostingOptions,
    filling: FillingOptions,
    credentials: Path | None,
    *,
    as_json: bool,
) -> int:
    """Add a storage to a backup and fill it, or go on with that; return the exit status.

    ``credentials`` are those of every object storage of the backup from now on, as runs need them.
    """
    before = open_backup(folder).description
    wanted = credentials.absolute() if credentials is not None else before.credentials
    if wanted != before.credentials:
        require_credentials_file(wanted)
        write_backup_description(folder, replace(before, credentials=wanted), replace=True)
    backup = open_backup(folder)
    (place,) = storage_addresses([address])
    addition = StorageAddition(
        address=place,
        hosting=hosting_or_own(hosting, [address]),
        credentials=wanted,
        unlocked=filling.unlocked,
        commands=backup.storage_commands,
    )
    try:
        return adding.fill(backup.vault.folder, addition, filling, as_json=as_json)
    except Failure:
        listed = description_of(backup.vault.folder).storages
        if wanted != before.credentials and len(listed) == len(backup.vault.description.storages):
            write_backup_description(folder, before, replace=True)  # nothing was added that needs them
        raise


def list_(folder: Path, *, as_json: bool) -> None:
    """List the storages of a backup."""
    backup = open_backup(folder)
    show.list_(backup.vault.folder, as_json=as_json, commands=backup.storage_commands)


def retire(folder: Path, storage: str, options: RetirementOptions, *, as_json: bool) -> int:
    """Take a storage out of a backup; return the exit status."""
    backup = open_backup(folder)
    return retiring.retire(
        backup.vault.folder,
        storage,
        options,
        backup.description.credentials,
        as_json=as_json,
        commands=backup.storage_commands,
    )


def clear(folder: Path, storage: str, options: ClearingOptions, *, as_json: bool) -> int:
    """Destroy what a retired storage of a backup still has, by the key of the machine; return the exit status."""
    backup = open_backup(folder)
    signer = StatementSigner(signer=backup.signer())
    return clearing.clear_by(
        backup.vault.folder,
        storage,
        options,
        signer,
        backup.description.credentials,
        as_json=as_json,
        commands=backup.storage_commands,
    )
