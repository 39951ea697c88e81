"""A vault of which one storage is added, retired or cleared: locked, with its tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from archiver.cli.clock import now
from archiver.cli.terminal.console import notice
from archiver.cli.terminal.language import localize
from archiver.vault.catalogue import Catalogue, open_catalogue
from archiver.vault.checks import CheckTable, open_checks
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import Vault, open_vault
from formats.words import mark


@contextmanager
def working_vault(
    folder: Path, command: str, credentials: Path | None
) -> Iterator[tuple[Vault, Catalogue, CheckTable]]:
    """Take the lock of the vault for a command about its storages, and open what it works with."""
    open_vault(folder, credentials)  # whoever is refused leaves no lock behind
    with (
        vault_lock(folder, command, at=now()),
        open_catalogue(folder) as catalogue,
        open_checks(folder, notice) as table,
    ):
        yield open_vault(folder, credentials), catalogue, table


def no_such_storage() -> typer.BadParameter:
    """Return the refusal of a name that no storage of the vault has."""
    return typer.BadParameter(localize(mark("the vault has no such storage")), param_hint="STORAGE")
