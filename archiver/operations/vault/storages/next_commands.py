"""Commands about the storages of a vault that a message names as the next thing to do: of a vault, or of a backup.

A backup has a vault, and commands of its own for it, which have its keys and credentials: who works with a backup is
never sent to those of a vault.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageCommands:
    """The command ``group`` about storages, and the command that ``mend`` stands for makes damaged copies whole."""

    group: str
    mend: str

    def of(self, name: str) -> str:
        """Return the command of the group that has this name, as it is typed."""
        return f"{self.group} {name}"


VAULT_COMMANDS = StorageCommands(group="archiver vault storage", mend="archiver vault repair")
BACKUP_COMMANDS = StorageCommands(group="archiver backup storage", mend="archiver backup run")
