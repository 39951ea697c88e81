"""What ``archiver vault repair`` does and prints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.terminal.console import notice, progress, say, show_findings, show_json
from archiver.operations.documents.outcomes import findings_json
from archiver.operations.journal.mend_journal import mend_journal
from archiver.operations.vault.repair_object import RepairMethod, RepairOutcome
from archiver.operations.vault.repair_vault import CopyRepair, repair_vault
from archiver.operations.vault.storage_root import mend_roots
from archiver.operations.vault.storages.absent_storages import passed_over
from archiver.vault.catalogue import open_catalogue
from archiver.vault.checks import open_checks
from archiver.vault.errors import VaultCopyDamaged
from archiver.vault.lock import vault_lock
from archiver.vault.open_vault import open_vault
from archiver.vault.settle import settle_additions
from formats.errors import Failure
from formats.findings import Finding
from formats.words import mark, plural

METHODS = {
    RepairMethod.REPLICA: mark("{key}: taken from another storage."),
    RepairMethod.OTHER_NAME: mark("{key}: its bytes lay under another name."),
    RepairMethod.PARITY: mark("{key}: mended by parity; sound blocks: {found} of {blocks}."),
    RepairMethod.LOST: mark("{key}: lost here; too few sound blocks: {found} of {blocks}."),
}

ROOT = plural(
    "The storage root of {storage}: {count} file that describes it written anew; damaged bytes stay.",
    "The storage root of {storage}: {count} files that describe it written anew; damaged bytes stay.",
)
JOURNAL = plural(
    "The journal on {storage}: {count} file written anew from the vault's folder; damaged bytes stay.",
    "The journal on {storage}: {count} files written anew from the vault's folder; damaged bytes stay.",
)
FORKED = mark(
    "The journal on {storage} tells another history, signed: nothing of it was touched (vault journal verify)."
)


def run(folder: Path, credentials: Path | None, *, as_json: bool) -> int:
    """Repair what the last audit found damaged, the journal and the storage roots; return the exit status.

    A storage that does not answer is named, and the others are repaired; so is what an ended command left unfinished.
    Where the table of checks was put aside, what it knew to be damaged is not repaired, which the status says as well.
    """
    vault = open_vault(folder, credentials)
    forgotten = list[Finding]()
    with (
        vault_lock(folder, "archiver vault repair", at=now()),
        open_catalogue(folder) as catalogue,
        open_checks(folder, forgotten.append) as table,
        progress(mark("Repairing")) as step,
    ):
        for noticed in forgotten:
            notice(noticed)
        with suppress(Failure):  # what stands in the way may be repaired now
            settle_additions(vault, catalogue, at=now())
        done = []
        for one in repair_vault(vault, table, clock=now):
            done.append(one)
            step(1)
        passed = list[Finding]()
        roots = mend_roots(vault, clock=now, notice=passed.append)
        journals = mend_journal(vault, clock=now, notice=passed.append)
        passed = [*passed_over(vault, catalogue, at=now()), *passed]
    unreached = [*{(one.code, one.where): one for one in passed}.values()]
    whole = all(one.repaired for one in done) and not any(one.forked for one in journals)
    damaged = status_of(VaultCopyDamaged(detail=""))
    status = (INCOMPLETE if unreached or forgotten else SUCCESS) if whole else damaged
    if as_json:
        copies = [_document(one) for one in done]
        journal = [asdict(one) for one in journals]
        root = [asdict(one) for one in roots]
        document = {"repaired": 1, "status": status, "copies": copies, "roots": root, "journal": journal}
        show_json({**document, "findings": findings_json(unreached)})
        return status
    for one in done:
        _show(one)
    for one_root in roots:
        say(ROOT, storage=one_root.storage, count=len(one_root.files))
    for copy in journals:
        say(FORKED if copy.forked else JOURNAL, storage=copy.storage, count=copy.files)
    _show_counts(done)
    show_findings(unreached)
    return status


def _show_counts(done: Sequence[CopyRepair]) -> None:
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
