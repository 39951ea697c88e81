"""What ``archiver vault repair`` does and prints."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS, status_of
from archiver.cli.terminal.console import progress, say, show_json
from archiver.operations.vault.repair_object import RepairMethod, RepairOutcome
from archiver.operations.vault.repair_vault import CopyRepair, repair_vault
from archiver.vault.checks import open_checks
from archiver.vault.errors import VaultCopyDamaged
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault
from formats.words import mark, plural

METHODS = {
    RepairMethod.REPLICA: mark("{key}: taken from another storage."),
    RepairMethod.OTHER_NAME: mark("{key}: its bytes lay under another name."),
    RepairMethod.PARITY: mark("{key}: mended by parity; sound blocks: {found} of {blocks}."),
    RepairMethod.LOST: mark("{key}: lost here; too few sound blocks: {found} of {blocks}."),
}


def run(folder: Path, credentials: Path | None, *, as_json: bool) -> int:
    """Repair the copies that the last audit found damaged, and return the exit status."""
    vault = open_vault(folder, credentials)
    with (
        vault_lock(folder, "archiver vault repair", at=now()),
        open_checks(folder) as table,
        progress(mark("Repairing")) as step,
    ):
        done = []
        for one in repair_vault(vault, table, clock=now):
            done.append(one)
            step(1)
    whole = all(one.repaired for one in done)
    status = SUCCESS if whole else status_of(VaultCopyDamaged(detail=""))
    if as_json:
        show_json({"repaired": 1, "status": status, "copies": [_document(one) for one in done]})
        return status
    for one in done:
        _show(one)
    say(
        plural("{count} copy is whole again.", "{count} copies are whole again."),
        count=sum(one.repaired for one in done),
    )
    left = sum(not one.repaired for one in done)
    if left:
        say(
            plural(
                "{count} copy is still damaged: delete nothing, and ask the depositor for the package.",
                "{count} copies are still damaged: delete nothing, and ask the depositors for the packages.",
            ),
            count=left,
        )
    return status


def _document(one: CopyRepair) -> dict[str, Any]:
    return {
        "package": one.check.object_id,
        "storage": one.check.storage,
        "outcome": one.check.outcome.value,
        "detail": one.check.detail,
        "files": [asdict(file) for file in one.files],
    }


def _show(one: CopyRepair) -> None:
    say(mark("{package} on {storage}:"), package=one.check.object_id, storage=one.check.storage)
    for file in one.files:
        _show_file(file)
    if one.check.detail:
        say(mark("  still wrong: {detail}"), detail=one.check.detail)


def _show_file(file: RepairOutcome) -> None:
    say(METHODS[file.method], key=file.key, found=file.found, blocks=file.blocks)
    if file.damaged:
        say(mark("  the damaged bytes stay: {place}"), place=file.damaged)
