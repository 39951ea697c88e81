"""What a person with a backup does next, in a refusal that speaks of its vault."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archiver.backup.description import VAULT, read_backup_description
from archiver.operations.vault.storages.next_commands import backup_commands, name_commands
from formats.errors import Failure


def name_backup_commands(failure: Failure, folder: Path) -> None:
    """Let ``failure`` name the commands of the backup in ``folder``, and those about its vault as they are typed."""
    credentials = None
    with suppress(Failure):  # what cannot be read is what the failure is about, or nothing of it
        credentials = read_backup_description(folder).credentials
    name_commands(failure, backup_commands(folder, folder / VAULT, credentials))
