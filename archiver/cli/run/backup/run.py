"""What ``backup run`` does."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from archiver.cli.clock import now
from archiver.cli.exits import INCOMPLETE, SUCCESS, status_of
from archiver.cli.run.backup.sources import collect_sources
from archiver.cli.terminal.console import note, notice, progress, say, show_json
from archiver.nouns import PACKAGES
from archiver.operations.backup.backup_vault import Backup, open_backup, remember_failure
from archiver.operations.backup.run_backup import RunOutcome, run_backup
from archiver.vault.errors import VaultBusy, VaultCopyDamaged
from formats.errors import Failure
from formats.words import BYTES, Counted, mark, plural

LOST = mark(
    "The practice store has lost files of patient {number}, or a disk damaged them: {files}. What earlier runs have of "
    "them stays; archiver backup status says how to put them back."
)


def run(folder: Path, *, again: bool, as_json: bool) -> int:
    """Collect the sources, back up, say what was done, and return the exit status."""
    backup = open_backup(folder)
    outcome, refused = run_once(backup, again=again)
    status = run_status(outcome, refused)
    if as_json:
        show_json({"backup_run": 1, "status": status, **_document(outcome, refused)})
    else:
        show_run(outcome)
    return status


def run_once(backup: Backup, *, again: bool = False) -> tuple[RunOutcome, Failure | None]:
    """Do one run; return what it came to, and what a source answered that could not be collected.

    Raises:
        Failure: what ended the run; it is remembered for the status.
    """
    refused = collect_sources(backup.description)
    try:
        with progress(mark("Sealing")) as step:
            outcome = run_backup(
                backup,
                clock=now,
                randomness=secrets.token_bytes,
                notice=notice,
                again=again,
                source_failure=refused.code if refused else "",
                progress=step,
            )
    except VaultBusy:
        raise  # the run that is under way says how it ends
    except Failure as failure:
        with suppress(Failure):  # the disk that refuses this is what the failure is about
            remember_failure(backup.folder, failure.code, now())
        raise
    return outcome, refused


def run_status(outcome: RunOutcome, refused: Failure | None) -> int:
    """Return the exit status of a run: what a source answered, then damage, then what is absent or lost."""
    if refused is not None:
        return status_of(refused)
    if outcome.damaged > outcome.mended:
        return status_of(VaultCopyDamaged(detail=""))
    return INCOMPLETE if outcome.absent or outcome.lost else SUCCESS


def _document(outcome: RunOutcome, refused: Failure | None) -> dict[str, Any]:
    return {
        "run": outcome.number,
        "wrote": outcome.wrote,
        "package": outcome.object_id,
        "dossiers": outcome.dossiers,
        "sealed": outcome.sealed,
        "gone": outcome.gone,
        "size": outcome.size,
        "checked": outcome.checked,
        "damaged": outcome.damaged,
        "mended": outcome.mended,
        "pruned": outcome.pruned,
        "verified": outcome.verified or None,
        "rebuilt": outcome.rebuilt,
        "absent": list(outcome.absent),
        "unassigned": outcome.unassigned,
        "lost": [{"number": number, "files": list(files)} for number, files in outcome.lost.items()],
        "source": refused.code if refused else None,
    }


def show_run(outcome: RunOutcome) -> None:
    """Say what a run came to."""
    if outcome.rebuilt:
        note(mark("What this machine remembered was lost: it was read again from the vault."))
    if not outcome.wrote:
        say(
            mark("Nothing changed since run {number}; dossiers in the vault, as the store has them: {count}"),
            number=outcome.number,
            count=outcome.dossiers,
        )
    else:
        say(
            mark("Run {number}, {size}. Dossiers sealed: {sealed} of {count}"),
            number=outcome.number,
            sealed=outcome.sealed,
            count=outcome.dossiers,
            size=Counted(outcome.size, BYTES),
        )
    if outcome.gone:
        say(mark("No more in the store, and still in earlier versions: {count}"), count=outcome.gone)
    if outcome.pruned:
        say(mark("Old versions pruned: {packages}"), packages=Counted(outcome.pruned, PACKAGES))
    if outcome.mended:
        say(mark("Copies mended from another storage: {count}"), count=outcome.mended)
    if outcome.damaged > outcome.mended:
        say(mark("Damaged copies: {count}; archiver backup status names them."), count=outcome.damaged)
    if outcome.unassigned:
        note(
            plural(
                "{count} file of the store is of nobody yet, and copied as such: give it to a patient (--assign).",
                "{count} files of the store are of nobody yet, and copied as such: give them to patients (--assign).",
            ),
            count=outcome.unassigned,
        )
    for number, files in outcome.lost.items():
        note(LOST, number=number or "–", files=", ".join(files))
    for name in outcome.absent:
        note(mark("{storage} does not answer; its copy is brought up when it does."), storage=name)
