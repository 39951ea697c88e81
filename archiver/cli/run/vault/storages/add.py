"""What ``storage add`` does and prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.commands.vault.options import HostingOptions
from archiver.cli.commands.vault.storage import FillingOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.run.vault.describe import description_findings, hosting_of
from archiver.cli.run.vault.storages.working_vault import working_vault
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.cli.terminal.language import localize
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.vault.storages.add_storage import StorageAddition, add_storage
from archiver.operations.vault.storages.fill_storage import StorageFilling, fill_storage
from archiver.operations.vault.storages.next_commands import StorageCommands
from archiver.vault.description import (
    description_of,
)
from archiver.vault.errors import VaultCopyDamaged
from archiver.vault.open_vault import refuse_foreign
from archiver.vault.settle import settle_additions
from formats.findings import Finding, Severity
from formats.words import BYTES, Counted, mark, plural

OBJECTS = plural("{count} object", "{count} objects")


def add(
    folder: Path,
    address: str,
    hosting: HostingOptions,
    filling: FillingOptions,
    credentials: Path | None,
    *,
    as_json: bool,
) -> int:
    """Add a storage and fill it, or go on with that; return the exit status."""
    addition = StorageAddition(
        address=address, hosting=hosting_of(hosting), credentials=credentials, unlocked=filling.unlocked
    )
    return fill(folder, addition, filling, as_json=as_json)


def fill(folder: Path, addition: StorageAddition, filling: FillingOptions, *, as_json: bool) -> int:
    """Add the storage of ``addition`` to the vault in ``folder`` and fill it; return the exit status."""
    with (
        working_vault(folder, addition.commands.of("add"), addition.credentials) as (vault, catalogue, table),
        progress(mark("Filling the storage")) as step,
    ):
        refuse_foreign(vault)
        settle_additions(vault, catalogue, at=now())
        wider, name = add_storage(vault, addition, clock=now)
        done = fill_storage(
            wider,
            catalogue,
            table,
            name,
            clock=now,
            most=filling.most,
            despite_damage=filling.despite_damage,
            progress=step,
        )
    return _show_filling(folder, done, addition.commands, as_json=as_json)


def _show_filling(folder: Path, done: StorageFilling, commands: StorageCommands, *, as_json: bool) -> int:
    bad = (*done.damaged, *done.unsound)
    status = status_of(VaultCopyDamaged(detail="")) if bad else SUCCESS if done.whole else INCOMPLETE
    described = description_findings(description_of(folder), now().date(), commands)
    findings = [*_damage(done, commands.mend), *described]
    if as_json:
        document = {
            "storage_filled": 1,
            "status": status,
            "storage": done.storage,
            "whole": done.whole,
            "objects": done.objects,
            "copied": done.copied,
            "size": done.size,
            "left": done.left,
        }
        show_json({**document, "findings": findings_json(findings)})
        return status
    say(
        mark("{storage}: {objects} copied and read back, {size}; the vault has {total}."),
        storage=done.storage,
        objects=Counted(done.copied, OBJECTS),
        size=Counted(done.size, BYTES),
        total=Counted(done.objects, OBJECTS),
    )
    if done.whole:
        say(mark("{storage} is a whole copy from now on."), storage=done.storage)
    else:
        say(
            mark("{storage} is being filled and counts as no copy yet: give the same command again."),
            storage=done.storage,
        )
    show_findings(findings)
    return status


def _damage(done: StorageFilling, mend: str) -> Iterator[Finding]:
    for name in done.damaged:
        yield Finding(
            severity=Severity.ERROR,
            code="vault-damaged-everywhere",
            where=name,
            sentence=mark("No storage has this whole, and it was not copied: run {command}."),
            facts={"command": mend},
        )
    for name in done.unsound:
        yield Finding(
            severity=Severity.ERROR,
            code=VaultCopyDamaged.code,
            where=f"{done.storage}: {name}",
            sentence=VaultCopyDamaged.sentence,
            facts={
                "detail": localize(mark("it is not whole after it was written; run {command}"), command=mend)
            },
        )
