"""What ``storage retire`` does and prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.commands.vault.storage import RetirementOptions
from archiver.cli.exits import SUCCESS, status_of
from archiver.cli.run.vault.describe import description_findings
from archiver.cli.run.vault.storages.add import OBJECTS
from archiver.cli.run.vault.storages.working_vault import no_such_storage, working_vault
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.storages.next_commands import STORAGE_COMMANDS, StorageCommands
from archiver.operations.vault.storages.retire_storage import RetiredStorage, Retirement, retire_storage
from archiver.vault.description import (
    former_document,
)
from archiver.vault.errors import VaultCopyDamaged
from formats.findings import Finding, Severity
from formats.words import Counted, mark


def retire(
    folder: Path,
    storage: str,
    options: RetirementOptions,
    credentials: Path | None,
    *,
    as_json: bool,
    commands: StorageCommands = STORAGE_COMMANDS,
) -> int:
    """Take a storage out of a vault; return the exit status.

    Raises:
        BadParameter: when the vault has no such storage.
    """
    retirement = Retirement(
        storage=storage,
        reason=options.reason,
        by=options.by,
        lost=options.lost,
        despite_damage=options.despite_damage,
        commands=commands,
    )
    with (
        working_vault(folder, commands.of("retire"), credentials) as (vault, catalogue, table),
        progress(mark("Reading the other storages")) as step,
    ):
        try:
            done = retire_storage(vault, catalogue, table, retirement, clock=now, progress=step)
        except LookupError as fault:
            raise no_such_storage() from fault
    return _show_retired(done, commands, as_json=as_json)


def _show_retired(done: RetiredStorage, commands: StorageCommands, *, as_json: bool) -> int:
    status = status_of(VaultCopyDamaged(detail="")) if done.unsound else SUCCESS
    findings = [*_unsound(done), *description_findings(done.description, now().date(), commands)]
    if as_json:
        document: dict[str, Any] = {
            "storage_retired": 1,
            "status": status,
            "objects": done.objects,
            "answered": done.answered,
        }
        former = former_document(done.former)
        show_json({**document, "former": former, "findings": findings_json(findings)})
        return status
    say(
        mark("{storage} is retired: {objects} examined on the other storages, whole: {whole}."),
        storage=done.former.entry.name,
        objects=Counted(done.objects, OBJECTS),
        whole=done.objects - len(done.unsound),
    )
    show_findings(findings)
    return status


def _unsound(done: RetiredStorage) -> Iterator[Finding]:
    for name in done.unsound:
        yield Finding(
            severity=Severity.ERROR,
            code="vault-damaged-everywhere",
            where=name,
            sentence=mark("No storage that is left has this whole: ask the depositor for the package."),
        )
