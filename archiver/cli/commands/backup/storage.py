"""``archiver backup storage``: a disk or bucket added to a backup later, a lost one replaced, an old one cleared."""

from __future__ import annotations

import typer

from archiver.cli.commands.backup.options import BackupFolder
from archiver.cli.commands.backup.refusals import for_backup
from archiver.cli.commands.vault.options import Credentials, HostingOptions
from archiver.cli.commands.vault.storage import (
    ClearingOptions,
    FillingOptions,
    NewStorage,
    RetirementOptions,
    StorageName,
    add_storage_commands,
)
from archiver.cli.options.groups import taking_groups
from archiver.cli.options.output import AsJson
from archiver.cli.terminal.help import TranslatedTyper
from formats.words import mark

app = TranslatedTyper(mark("Add a disk to a backup, replace one that is lost, clear an old one."))


def register(group: typer.Typer) -> None:
    """Add the commands to the group ``backup``, in the order in which people need them."""
    group.add_typer(app, name="storage")
    add_storage_commands(app, *(for_backup(taking_groups(one)) for one in (add, list_, retire, clear)))


def add(
    *,
    backup: BackupFolder,
    address: NewStorage,
    hosting: HostingOptions,
    filling: FillingOptions,
    credentials: Credentials = None,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import storages

    return storages.add(backup, address, hosting, filling, credentials, as_json=as_json)


def list_(*, backup: BackupFolder, as_json: AsJson = False) -> None:
    from archiver.cli.run.backup import storages

    storages.list_(backup, as_json=as_json)


def retire(
    *,
    backup: BackupFolder,
    storage: StorageName,
    retirement: RetirementOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import storages

    return storages.retire(backup, storage, retirement, as_json=as_json)


def clear(
    *,
    backup: BackupFolder,
    storage: StorageName,
    options: ClearingOptions,
    as_json: AsJson = False,
) -> int:
    from archiver.cli.run.backup import storages

    return storages.clear(backup, storage, options, as_json=as_json)
