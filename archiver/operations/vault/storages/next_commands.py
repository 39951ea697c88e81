"""Commands that a message names as the next thing to do about a vault: those of a vault, or those of a backup.

A backup has a vault, and commands of its own for it, which have its keys and credentials: who works with a backup is
sent to these. Where there is none, such as for a lost catalogue, the command about a vault is named as it is typed:
with the folder of the backup's vault, and the file of its credentials.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.vault.errors import VAULT_COMMANDS, VaultFailure
from formats.errors import Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageCommands:
    """The command ``group`` about storages; ``mend`` makes damaged copies whole, ``host`` writes down who hosts.

    ``about`` are the folder that they work on, behind the name of the command, and what ``host`` needs besides, before
    the name of a storage; empty where nobody knows them.
    """

    group: str
    mend: str
    host: str
    about: str = ""

    def of(self, name: str) -> str:
        """Return the command of the group that has this name, as it is typed."""
        return f"{self.group} {name} {self.about}".rstrip()


STORAGE_COMMANDS = StorageCommands(
    group="archiver vault storage", mend="archiver vault repair", host="archiver vault host"
)


def backup_storage_commands(folder: Path, vault: Path, credentials: Path | None) -> StorageCommands:
    """Return the commands about the storages of the backup in ``folder``, whose vault is the folder ``vault``."""
    return StorageCommands(
        group="archiver backup storage",
        mend=f"archiver backup run {_quoted(folder)}",
        host=f"archiver vault host {_of_vault(vault, credentials)}",
        about=_quoted(folder),
    )


def backup_commands(folder: Path, vault: Path, credentials: Path | None) -> Mapping[str, str]:
    """Return what stands for each of ``VAULT_COMMANDS`` in a sentence about the backup in ``folder``."""
    about = _of_vault(vault, credentials)
    commands = {
        name: f"archiver vault {words} {about}"
        for name, words in (("audit", "audit --all"), ("rebuild", "rebuild"), ("repair", "repair"))
    }
    return {
        **VAULT_COMMANDS,
        **commands,
        "examine": f"archiver backup run {_quoted(folder)}",
        "verify": f"archiver vault journal verify {about}",
    }


def name_commands(failure: Failure, commands: Mapping[str, str]) -> None:
    """Let ``failure``, and every failure that it names, name ``commands`` in place of those of a vault."""
    if isinstance(failure, VaultFailure):
        failure.facts |= {name: one for name, one in commands.items() if name in failure.facts}
    for fact in failure.facts.values():
        if isinstance(fact, Failure):
            name_commands(fact, commands)


def _of_vault(vault: Path, credentials: Path | None) -> str:
    given = f" --credentials {_quoted(credentials)}" if credentials else ""
    return f"{_quoted(vault)}{given}"


def _quoted(path: Path) -> str:
    """Return a path as a shell takes it."""
    return subprocess.list2cmdline([str(path)]) if os.name == "nt" else shlex.quote(str(path))
